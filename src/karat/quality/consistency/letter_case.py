"""One word in several cases or widths: which spelling a column prefers."""

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.finding import FORM
from karat.core.state import derived
from karat.quality.by_value import ValueVerdict, share
from karat.quality.distinct import Distinct
from karat.quality.null_words import FEW

WIDE = r"[\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}]"
# definition: Unicode, Halfwidth and Fullwidth Forms; letters and digits alone, then all of them
TO_HALF = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
TO_HALF_ALL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # definition: Unicode
SYMBOL = 2  # characters: in mW and MW, A and a, the case carries a meaning; flat from 1 to 4 (benchmarks/constants.md)
# flat from 0.00251 to 0.00995 (benchmarks/constants.md): share of records from which capitals are a habit
SHOUTING = 0.005
FEW_WIDE = 0.2  # flat from 0.111 to 0.333 (benchmarks/constants.md): share of records from which full width is a habit
# of the cells with letters, in so many words, are in one case: a word of the column in another is out of its case
OWN_CASE, OWN_WORDS = 0.98, 3  # unproven


def case_slips(seen: Distinct, tally: ColumnCounts) -> Iterable[ValueVerdict]:
    """Values that are a more frequent value in other case."""
    preferred = derived(tally, "preferred case", lambda: _preferred(tally))
    lower = pc.utf8_lower(seen.array)
    known = (
        pc.is_in(lower, pa.array(list(preferred), pa.string())).to_numpy(zero_copy_only=False) if preferred else None
    )
    own = derived(tally, "own case", lambda: _own_case(tally)) if preferred else ""
    for at in np.flatnonzero(known).tolist() if known is not None else ():
        best, n, others = preferred[lower[at].as_py()]
        if seen.texts[at] != best:
            clear = n >= 20 * others or (n > others and case_of(best) == own != case_of(seen.texts[at]))
            sure = 0.96 if clear and len(best) > SYMBOL else 0.45
            yield ValueVerdict(at, sure, f"{share(n, tally.records)} hold the same word as {best!r}", best, kind=FORM)


def _own_case(tally: ColumnCounts) -> str:
    """The case that nearly all texts of a column are in; "" where there is none."""
    cells: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for text, count in zip(tally.values, tally.counts.tolist(), strict=True):
        if case := case_of(text):
            cells[case] += count
            words[case] += 1
    case, most = max(cells.items(), key=lambda item: item[1], default=("", 0))
    return case if words[case] >= OWN_WORDS and most >= OWN_CASE * cells.total() else ""


def case_of(text: str) -> str:
    """Lower, upper or mixed for a text with letters; empty for one without."""
    return "lower" if text.islower() else "upper" if text.isupper() else "mixed" if text.upper() != text.lower() else ""


def shouted(seen: Distinct, tally: ColumnCounts) -> Iterable[ValueVerdict]:
    """Several words in capitals in a column that hardly ever shouts."""
    if len(seen.texts) <= FEW and not any(map(_may_be_loud, seen.texts)):
        return
    loud = _loud(seen.array)
    if not loud.any():
        return
    cells = derived(tally, "loud cells", lambda: int(tally.counts[_loud(pa.array(tally.values, pa.string()))].sum()))
    if cells > max(1.0, SHOUTING * tally.records) or _quiet(tally) < tally.records / 2:
        return
    words = derived(tally, "quiet words", lambda: _quiet_words(tally))
    for at in np.flatnonzero(loud).tolist():
        known = all(word.lower() in words for word in re.findall(r"[^\W\d_]{3,}", seen.texts[at]))
        yield ValueVerdict(
            at, 0.65 if known else 0.4, f"all in capitals, as only {share(cells, tally.records)} of the column are"
        )


def _may_be_loud(text: str) -> bool:
    """Can several words of a text be in capitals? A quick look that misses none."""
    return " " in text and sum(map(str.isupper, text)) >= 6  # definition: two words of three capitals, as in _loud


def _loud(texts: pa.Array) -> np.ndarray:
    return pc.match_substring_regex(texts, r"^[^\p{Ll}]*\p{Lu}{3,}[^\p{Ll}]* [^\p{Ll}]*\p{Lu}{3,}[^\p{Ll}]*$").to_numpy(
        zero_copy_only=False
    )


def _quiet(tally: ColumnCounts) -> int:
    """Cells with small letters."""
    quiet = pc.match_substring_regex(pa.array(tally.values, pa.string()), r"\p{Ll}").to_numpy(zero_copy_only=False)
    return int(tally.counts[quiet].sum())


def _quiet_words(tally: ColumnCounts) -> frozenset[str]:
    """Words that the column also writes with small letters, in lower case: acronyms are not among them."""
    return frozenset(
        word.lower() for text in tally.values for word in re.findall(r"\w*[^\W\d_]{3,}", text) if not word.isupper()
    )


def _preferred(tally: ColumnCounts) -> dict[str, tuple[str, int, int]]:
    """For each word in several cases, or in a short list of words: the commonest spelling, its cells, all others'."""
    array = pa.array(tally.values, pa.string())
    lower = pc.utf8_lower(array)
    few = len(tally.values) <= 2000 and tally.counts.sum() >= 5 * max(1, len(tally.values))
    if not few:
        often = pc.value_counts(lower)
        several = often.field(0).filter(pc.greater(often.field(1), 1))
        pick = pc.is_in(lower, several).to_numpy(zero_copy_only=False)
    else:
        pick = np.ones(len(tally.values), bool)
    groups: dict[str, list[int]] = {}
    for at in np.flatnonzero(pick).tolist():
        groups.setdefault(lower[at].as_py(), []).append(at)
    out = {}
    for word, places in groups.items():
        best = min(places, key=lambda at: (-int(tally.counts[at]), tally.values[at]))
        n = int(tally.counts[best])
        if n >= 3:
            out[word] = (tally.values[best], n, max(1, int(tally.counts[places].sum()) - n))
    return out


def wide_letters(seen: Distinct, tally: ColumnCounts, *, number: bool) -> Iterable[ValueVerdict]:
    """Letters and digits in full width where the column's are in half width."""
    if len(seen.texts) <= FEW and all(map(str.isascii, seen.texts)):
        return
    wide = pc.match_substring_regex(seen.array, WIDE).to_numpy(zero_copy_only=False)
    if not wide.any():
        return
    cells = derived(tally, "wide cells", lambda: _wide_cells(tally))
    if cells > FEW_WIDE * tally.records:
        return
    for at in np.flatnonzero(wide).tolist():
        text = seen.texts[at].translate(TO_HALF_ALL if number else TO_HALF)
        yield ValueVerdict(
            at, 0.9, f"full-width letters or digits, as in only {share(cells, tally.records)} of the column", text
        )


def _wide_cells(tally: ColumnCounts) -> int:
    hit = pc.match_substring_regex(pa.array(tally.values, pa.string()), WIDE).to_numpy(zero_copy_only=False)
    return int(tally.counts[hit].sum())
