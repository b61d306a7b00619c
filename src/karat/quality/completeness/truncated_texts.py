"""Texts of a table that break off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import lgamma, log
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.degrees import LARGE_SAMPLE, MOST, SELDOM
from karat.core.finding import Dimension
from karat.quality.by_text import ByText
from karat.quality.by_value import Rule, ValueVerdict
from karat.quality.completeness._cut_signs import FUNCTION_WORDS, HAN_HANGS, WORD, WordCounts
from karat.quality.completeness._endings import FINISHED
from karat.quality.distinct import Distinct

SHORTEST = 20  # a width below is the length of a word or two; unproven: a judgement
LONGEST = 1 << 20  # and more is one length; cost: 8 MB of counts; wider columns go untold
AROUND = 10  # lengths on each side that a pile is compared with; unproven: more bridge other piles
NEXT = 3  # the nearest of them, as many as it itself where most texts are about as long; unproven: more hide piles
MOST_BYTES = 1 << 23  # of text that the vocabulary is taken from; cost: bounds time
CHANCE = -14.0  # natural logarithm of the most a pile may be owed to chance; definition: one in a million
FOLDED = r"(?i)(?:\[?(?:read|see|show|learn) more\]?|\.\.\.\s?more|\[truncated\]|展开全文|查看全部|阅读全文|查看更多|显示全部)[^\p{L}\p{N}]*$"  # noqa: E501
MORE = 2.5  # times as many as a length beside it; unproven: lower names habits
SMILEY = re.compile(r"[:;=]['-]?\($")
UNITS = {"characters": pc.utf8_length, "bytes": pc.binary_length}


@dataclass(frozen=True)
class Pile:
    """A length that far more texts have than its neighbours.

    Parameters
    ----------
    unit : str
        characters or bytes, as UTF-8.
    least, most, texts : int
        In bytes the last letter may not have fitted whole.
    sure : float
        Share of them that other lengths do not explain.
    """

    unit: str
    least: int
    most: int
    texts: int
    sure: float


@dataclass(frozen=True)
class TruncatedTexts(ByText):
    """Texts that were cut: many at one length, in the middle of a word or sentence; or one unfinished among finished.

    A column of 255 characters keeps the beginning of every longer text and says nothing about it; an export folds
    long texts behind "read more". What was cut off is lost, and a model learns that texts stop anywhere. Two things
    are learned from the column: whether its texts pile up at one length, counted in characters and in bytes, and
    whether they usually end with a mark. A column of titles or short messages has no such habit and is left alone.

    Parameters
    ----------
    habit : float
        Share of texts, in [0, 1], that end with a mark from which on one that does not is odd.

    Source: ISO/IEC 5259-2, value completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value completeness of texts"
    at_the_door: ClassVar[bool] = True

    habit: float = 0.93

    def text_rule(self, counts: ColumnCounts) -> Rule | None:
        """Piles and habits of the column."""
        texts = counts.texts.cast(pa.large_string())
        if len(texts) < LARGE_SAMPLE:
            return None
        finished = np.asarray(pc.match_substring_regex(texts, FINISHED))
        piles = [pile for unit in UNITS if (pile := _pile(texts, unit, finished))]
        piles = sorted(piles, key=lambda pile: -pile.texts / (1 if pile.unit == "characters" else 1.2))
        near, words = int(np.median(np.asarray(pc.utf8_length(texts))) // 4), _vocabulary(texts)
        return partial(self._cut, piles=piles[:1], finishing=float(finished.mean()), words=words, near=near)

    def _cut(
        self, seen: Distinct, piles: list[Pile], finishing: float, words: WordCounts, near: int
    ) -> Iterator[ValueVerdict]:
        texts = seen.array
        finished = np.asarray(pc.match_substring_regex(texts, FINISHED))
        folded = np.asarray(pc.match_substring_regex(texts, FOLDED))
        reported = folded.copy()
        for at in np.flatnonzero(folded).tolist():
            yield ValueVerdict(at, 0.8, f"the rest is folded away: it ends {_end(seen.texts[at])}")
        for pile in piles:
            sizes = np.asarray(UNITS[pile.unit](texts))
            here = (sizes >= pile.least) & (sizes <= pile.most)
            for at in np.flatnonzero(here & ~reported).tolist():
                reported[at] = True
                sure = pile.sure if not finished[at] else 0.3 * pile.sure
                yield ValueVerdict(
                    at,
                    round(sure, 4),
                    f"{pile.texts} texts have {_range(pile)} {pile.unit}, far more than any length beside it: "
                    f"cut at the column's width; it ends {_end(seen.texts[at])}",
                )
        open_ = np.flatnonzero(~finished & ~reported & (np.asarray(pc.utf8_length(texts)) >= min(near, SHORTEST)))
        for at in open_.tolist():
            sure, why = _sign(seen.texts[at].rstrip(), words)
            if finishing >= self.habit:
                sure = max(sure, 0.9 * finishing * min(1.0, 0.5 + sure))
                habit = f"{finishing:.0%} of the column's texts end with a mark, this one has none"
                why = f"{habit}; {why}" if why else habit
            if why and sure >= 0.05:
                yield ValueVerdict(at, round(sure, 4), f"it seems cut off: {why}; it ends {_end(seen.texts[at])}")


def _pile(texts: pa.Array, unit: str, finished: np.ndarray) -> Pile | None:
    """The longest length at which unfinished texts pile up."""
    sizes = np.asarray(UNITS[unit](texts)).astype(np.int64)
    counts = np.bincount(np.minimum(sizes, LONGEST))
    if np.quantile(sizes, 0.25) > MOST * sizes.max():  # all are about as long: by nature, or a code
        return None
    lost = 3 if unit == "bytes" else 0  # of a letter that did not fit
    best = None
    for size in np.flatnonzero(counts[:LONGEST] >= 4).tolist():
        if size < SHORTEST:
            continue
        beside = max(_beside(counts, size, lost, reach) for reach in (NEXT, AROUND))
        here = (sizes >= size - lost) & (sizes <= size)
        if (sizes > size).sum() > SELDOM * here.sum():  # a width lets nothing longer through
            continue
        n, usual = int(here.sum()), beside * (lost + 1)
        if n < MORE * usual or _tail(n, usual) > CHANCE:
            continue
        # Texts made by one template have one length, too; but they end alike.
        ends = len(set(pc.utf8_slice_codeunits(texts.filter(pa.array(here)), -3).to_pylist()))
        if finished[here].mean() <= 0.5 and ends >= 0.6 * min(n, 20):
            best = Pile(unit, size - lost, size, n, min(0.97, 1 - usual / n))
    return best


def _beside(counts: np.ndarray, size: int, lost: int, reach: int) -> float:
    """How many texts a length has beside this one, on the side that has more."""
    below, above = counts[max(0, size - lost - reach) : size - lost], counts[size + 1 : size + 1 + reach]
    return max(float(below.mean()), float(above.mean()) if len(above) else 0.0, 0.5)


def _tail(n: int, mean: float) -> float:
    """Natural logarithm of a bound on a Poisson variable being n or more, n > mean."""
    return n * log(mean) - mean - lgamma(n + 1) - log(1 - mean / (n + 1))


def _vocabulary(texts: pa.Array) -> WordCounts:
    """How often each word of Latin letters occurs."""
    fits = int(np.searchsorted(np.cumsum(np.asarray(pc.binary_length(texts))), MOST_BYTES))
    parts = pc.list_flatten(pc.split_pattern_regex(pc.utf8_lower(texts.slice(0, max(fits, 1))), r"[^\p{L}'’]+"))
    plain = parts.filter(pc.match_substring_regex(parts, r"^[a-z'’]{1,24}$"))
    occurring = pc.value_counts(plain)
    names, counts = (occurring.field(name).to_pylist() for name in ("values", "counts"))
    return WordCounts(dict(zip(names, counts, strict=True)))


def _sign(text: str, words: WordCounts) -> tuple[float, str]:
    """How likely a text without a mark at its end was cut, from its last word alone, and why."""
    mark = text[-1:]
    if mark in ",，、（【「“《" or (mark == "(" and not SMILEY.search(text)):
        return 0.4, f"it ends with {mark!r}"
    if HAN_HANGS.search(text):
        return 0.35, f"it ends with {mark!r}"
    last_words = WORD.findall(text[-60:])
    last = last_words[-1] if last_words and text.endswith(last_words[-1]) else ""
    if len(last_words) < 4 or not last.isascii() or not last.islower():
        return 0.0, ""
    if FUNCTION_WORDS.fullmatch(last):
        return 0.4, f"it ends with the word {last!r}"
    if 1 < len(last) <= 12 and words.counts.get(last, 0) <= 1 and words.longer(last) >= 3:
        return 0.6, f"its last word {last!r} is the beginning of another"
    return 0.0, ""


def _range(pile: Pile) -> str:
    return f"exactly {pile.most}" if pile.least == pile.most else f"{pile.least} to {pile.most}"


def _end(text: str) -> str:
    return repr(" ".join(text[-80:].split())[-30:])
