"""Values that stand for a missing one: NULL words in English and Chinese, and codes such as -200 or 9999.

Words are known beforehand; codes are learned from the distribution: a value of code shape that stands at the edge, far
from the rest, and is repeated. Source: Pearson, The problem of disguised missing data, SIGKDD Explorations 2006.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import REPEATEDLY
from karat.quality.null_words import AMBIGUOUS_WORDS, MARKS, NULL_WORDS, WEAK_WORDS, array_of

DATE_CODES = [
    "0001-01-01",
    "1900-01-01",
    "1899-12-30",
    "1899-12-31",
    "1970-01-01",
    "1904-01-01",
    "2099-12-31",
    "9999-12-31",
    "1800-01-01",
    "1901-01-01",
    "2999-12-31",
    "9999-01-01",
]
SURE_WORDS, ALL_WORDS = NULL_WORDS - AMBIGUOUS_WORDS - MARKS, NULL_WORDS | WEAK_WORDS
FAR = 3.0  # unproven: gap to the rest, in widths of the rest's outer twentieth; lower takes outlying numbers for codes
DAY_US = 86_400_000_000  # definition: microseconds


def null_words(texts: pa.Array, strong_only: bool = False) -> np.ndarray:
    """Which texts say that nothing is known; case, width of characters and outer white space do not matter.

    Parameters
    ----------
    texts : pyarrow.Array of string, length n
    strong_only : bool
        Leave out words that a category may bear, such as "none" and "unknown".

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_normalize(texts, form="NFKC")))
    return np.asarray(pc.is_in(plain, array_of(SURE_WORDS if strong_only else ALL_WORDS).cast(texts.type)))


@dataclass(frozen=True)
class Isolation:
    """How a value stands to the rest of its column.

    Parameters
    ----------
    count : int
        How often it occurs.
    gap, edge : float
        Distance to the nearest other value; distance from there to the rest's 5 % (95 %) quantile.
    neighbour : int
        The highest count among the three nearest values.
    wrong_sign : bool
        Negative, where no other value is.
    distinct : int
        Distinct values of the rest.
    spread : float
        From the lowest to the highest of the rest.
    """

    value: float
    count: int
    gap: float
    edge: float
    neighbour: int
    wrong_sign: bool
    distinct: int
    spread: float

    @property
    def apart(self) -> bool:
        """Is the gap wider than those within the rest, and than half its outer twentieth?"""
        return self.distinct > 1 and self.gap > max(self.edge / 2, FAR * self.spread / self.distinct)

    @property
    def far(self) -> bool:
        """Is it beyond doubt no part of the rest?"""
        if self.count < REPEATEDLY or not (self.apart or self.value == -1):
            return False
        if self.wrong_sign and self.value <= -9:
            return self.gap > self.edge and self.count > self.neighbour
        if self.value == -1:
            return self.wrong_sign and self.distinct > 20 and self.count >= 5 * max(1, self.neighbour)
        lonely = self.gap > FAR * self.spread
        return self.gap > FAR * self.edge and (lonely or self.count > self.neighbour)


def code_shaped(value: float) -> bool:
    """Would a person type this number to say "missing": -1, nines, a round negative hundred?"""
    size = abs(value)
    if value == -1:
        return True
    whole = f"{size:g}".replace(".", "")
    nines = len(whole) > 1 and set(whole) == {"9"}
    return nines or (value < 0 and (size in (8, 9, 88, 888, 8888, 32768) or (size >= 100 and size % 100 == 0)))


def isolation(values: np.ndarray, counts: np.ndarray, codes: Sequence[float]) -> list[Isolation]:
    """How each code stands to the values that are no code.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        Distinct, no NaN.
    counts : ndarray of int64, shape (k,)
    codes : sequence of float
        Suspected codes among the values.
    """
    order = np.argsort(values, kind="stable")
    values, counts = values[order], counts[order]
    rest = ~np.isin(values, np.array(codes, np.float64))
    if not rest.any():
        return []
    known, times = values[rest], counts[rest]
    share = np.cumsum(times) / times.sum()
    low = known[int(np.searchsorted(share, 0.05))]
    high = known[min(int(np.searchsorted(share, 0.95)), len(known) - 1)]
    out = []
    for code in codes:
        count = int(counts[values == code].sum())
        if code < known[0]:
            gap, edge, near = known[0] - code, low - known[0], times[:3]
        elif code > known[-1]:
            gap, edge, near = code - known[-1], known[-1] - high, times[-3:]
        else:
            continue
        sign = bool(code < 0 <= known[0])
        spread = float(known[-1] - known[0])
        out.append(Isolation(code, count, float(gap), float(edge), int(near.max()), sign, len(known), spread))
    return out


def null_codes(columns: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, tuple[float, ...]]:
    """Codes that mean missing, by column.

    A code that is beyond doubt in one column is believed in the others wherever it stands apart there too.

    Parameters
    ----------
    columns : mapping of str to (values, counts)
        Per numeric column its distinct numbers (k,) float64 without NaN, and how often each occurs (k,) int64.

    Examples
    --------
    >>> values = np.array([-200.0, 1.5, 1.7, 1.9, 2.0, 2.2])
    >>> null_codes({"co": (values, np.array([40, 3, 4, 5, 4, 3]))})
    {'co': (-200.0,)}
    """
    stand = {name: _outer(values, counts) for name, (values, counts) in columns.items()}
    sure = {name: {code.value for code in outer if code.far} for name, outer in stand.items()}
    table_wide = {value for outer in sure.values() for value in outer if abs(value) > 9}
    out = {}
    for name, outer in stand.items():
        also = {code.value for code in outer if code.value in table_wide and code.apart}
        codes = sorted(sure[name] | also)
        if codes:
            out[name] = tuple(codes)
    return out


def _outer(values: np.ndarray, counts: np.ndarray) -> list[Isolation]:
    """Code-shaped values at either end of a column, from outside in."""
    if len(values) < 3:
        return []
    order = np.sort(values)
    suspects: list[float] = []
    for side in (order, order[::-1]):
        for value in side[:4].tolist():
            if not code_shaped(value):
                break
            suspects.append(value)
    isolated = isolation(values, counts, sorted(set(suspects)))
    kept = [code.value for code in isolated if code.apart or code.value == -1]
    return isolation(values, counts, kept) if len(kept) < len(isolated) else isolated


def date_codes(days: np.ndarray, counts: np.ndarray) -> list[int]:
    """Dates that mean missing, as positions in ``days``.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (k,)
        Distinct dates.
    counts : ndarray of int64, shape (k,)
    """
    codes = np.array(DATE_CODES, "datetime64[D]")
    is_code = np.isin(days, codes)
    rest = np.sort(days[~is_code])
    if not is_code.any() or len(rest) < 2:
        return []
    span = max(365, int((rest[-1] - rest[0]).astype(int)) // 2)
    out = []
    for at in np.flatnonzero(is_code).tolist():
        gap = max(int((rest[0] - days[at]).astype(int)), int((days[at] - rest[-1]).astype(int)))
        if gap > 0 and (gap > span or (counts[at] >= REPEATEDLY and gap > 365)):
            out.append(at)
    return out
