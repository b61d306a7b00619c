"""Rules for texts: a statistic, its limit, and where both come from; decided from statistics, never from texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.core.finding import Dimension

ANY, LATIN, CHINESE, OTHER = "any", "latin", "chinese", "other"
SPACED = f"{LATIN} {OTHER}"
GOPHER = "Rae et al. (2021), Gopher, arXiv 2112.11446, table A1 and appendix A1.1"
C4 = "Raffel et al. (2020), T5 and C4, JMLR 21/140, section 2.2"
FINEWEB = "Penedo et al. (2024), FineWeb, arXiv 2406.17557, section 3.6"
REFINEDWEB = "Penedo et al. (2023), RefinedWeb, arXiv 2306.01116, appendix G.2; line rules as DCLM wrote them down"
Numbers = dict[str, np.ndarray]


@dataclass(frozen=True)
class TextRule:
    """One reason to drop a text.

    Parameters
    ----------
    code : str
        Stable handle, written to the ledger.
    family : str
        The rules it was published with.
    dimension : Dimension
        What a text that breaks it lacks.
    top : tuple of str
        Statistics that are added up (columns of ``karat.kernels.text_columns.COLUMNS``).
    bottom : str
        The statistic they are divided by; "" for a plain count. A share of nothing breaks no rule.
    low, high : float or None
        The least and the greatest value that is kept; one of them is None.
    source : str
        Paper or program.
    published : float
        The value given there.
    says : str
        What is wrong with a text that breaks it, in words.
    repeated : str
        A count that must be 2 or more for the measure not to be 0, "" for none.
    script : str
        ``any``, or some of ``latin``, ``chinese`` and ``other``: texts it is asked of.
    size, least_size : str, int
        A statistic, and how much of it a text must have to be asked; "" for any text.
    parameter : str
        The parameter of its check that is its limit.
    """

    code: str
    family: str
    dimension: Dimension
    top: tuple[str, ...]
    bottom: str
    low: float | None
    high: float | None
    source: str
    published: float
    says: str
    repeated: str = ""
    script: str = ANY
    size: str = ""
    least_size: int = 0
    parameter: str = ""

    @property
    def limit(self) -> float:
        """The value at which a text is still kept."""
        return float(self.low if self.low is not None else self.high or 0)

    def with_limit(self, limit: float) -> "TextRule":
        """The same rule, drawn elsewhere."""
        return replace(self, low=limit) if self.low is not None else replace(self, high=limit)

    def measure(self, numbers: Numbers) -> np.ndarray:
        """(n,) float64: the value of each text; NaN where there is nothing to divide by, or the script is another."""
        value: np.ndarray = np.asarray(sum(numbers[name].astype(np.float64) for name in self.top))
        if self.repeated:
            value = np.where(numbers[self.repeated] >= 2, value, 0.0)
        if self.bottom:
            under = numbers[self.bottom].astype(np.float64)
            value = np.divide(value, under, out=np.full(len(value), np.nan), where=under > 0)
        if self.size:
            value = np.where(numbers[self.size] >= self.least_size, value, np.nan)
        return value if self.script == ANY else np.where(np.isin(scripts(numbers), self.script.split()), value, np.nan)

    def breaks(self, value: np.ndarray) -> np.ndarray:
        """(n,) bool: beyond the limit; a text at the limit is kept."""
        return value < self.low if self.low is not None else value > self.limit


def scripts(numbers: Numbers) -> np.ndarray:
    """(n,) str: how each text is written; Chinese and Japanese from 30 % of the letters, else Latin from half."""
    letters = numbers["letters"]
    chinese = (10 * (numbers["han"] + numbers["kana"]) >= 3 * letters) & (letters > 0)
    return np.where(chinese, CHINESE, np.where(2 * numbers["latin"] >= letters, LATIN, OTHER))


@dataclass(frozen=True, eq=False)
class RuleDecision:
    """What the rules say of each text.

    Parameters
    ----------
    keep : ndarray of bool, shape (n,)
    check : pyarrow.Array of string
        The first rule that a text breaks; null when kept.
    measure, limit : ndarray of float64, shape (n,)
        Of that rule; NaN when kept.
    failing : dict of str to ndarray of int64
        Every rule that some text breaks, in the profile's order, and the positions of those texts.
    """

    keep: np.ndarray
    check: pa.Array
    measure: np.ndarray
    limit: np.ndarray
    failing: dict[str, np.ndarray]

    def table(self) -> pa.Table:
        """keep, check, measure and limit as columns."""
        gone = ~self.keep
        return pa.table(
            {
                "keep": pa.array(self.keep),
                "check": self.check,
                "measure": pa.array(self.measure, mask=~gone),
                "limit": pa.array(self.limit, mask=~gone),
            }
        )


def decided(scores: pa.Table, rules: Sequence[TextRule], limits: Mapping[str, float] | None = None) -> RuleDecision:
    """Decide from statistics; see ``karat.clean.judging_text.decide``."""
    limits = limits or {}
    unknown = sorted(set(limits) - {rule.code for rule in rules})
    if unknown:
        raise OptionError.unknown("rule", unknown[0], [rule.code for rule in rules])
    numbers = numbers_of(scores)
    count = scores.num_rows
    first = np.full(count, -1, np.int16)
    measure, limit = np.full(count, np.nan), np.full(count, np.nan)
    failing: dict[str, np.ndarray] = {}
    for at, base in enumerate(rules):
        rule = base.with_limit(limits[base.code]) if base.code in limits else base
        value = rule.measure(numbers)
        rows = np.flatnonzero(rule.breaks(value))
        if len(rows):
            failing[rule.code] = rows
            new = rows[first[rows] < 0]
            first[new], measure[new], limit[new] = at, value[new], rule.limit
    codes = pa.array([rule.code for rule in rules], pa.string())
    check = pc.take(codes, pa.array(first, mask=first < 0)) if len(rules) else pa.nulls(count, pa.string())
    return RuleDecision(first < 0, check, measure, limit, failing)


def numbers_of(scores: pa.Table) -> Numbers:
    """The columns of a table of statistics as arrays."""
    return {name: scores.column(name).to_numpy() for name in scores.column_names}


EMPTY = TextRule(
    "empty",
    "all",
    Dimension.COMPLETENESS,
    ("spaced_words",),
    "",
    1,
    None,
    "karat",
    1,
    "it holds nothing but white space",
    parameter="min_words",
)
