"""Words that hurt, in texts of a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.finding import Dimension
from karat.quality.by_text import ByText
from karat.quality.by_value import Rule, ValueVerdict
from karat.quality.distinct import Distinct
from karat.quality.flagged_lists import CHINESE_ADULT, CHINESE_INSULTS, ENGLISH_ADULT, ENGLISH_INSULTS

LATIN = rf"(?i)\b(?P<word>{ENGLISH_ADULT}|{ENGLISH_INSULTS})\b"
HAN = rf"(?i)(?P<word>{CHINESE_ADULT}|{CHINESE_INSULTS})"
ONCE = 0.2  # definition: below 0.5, a suspicion that no score counts: how sure one such word is
# unproven: below .5, so that it is not counted
MOST = 0.45  # whether it is a fault depends on what the model is for: never counted, never mended unasked


@dataclass(frozen=True)
class ToxicWords(ByText):
    """Insults, pornography and the like in texts: suspicious only, for a person to decide.

    A model that writes repeats what it has read; one that only sorts complaints must know such words. The lists are
    short, English and Chinese, of words without an innocent second meaning; an angry customer is told as well.

    Source: Gehman et al. (2020), RealToxicityPrompts, for why; the lists are our own.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def text_rule(self, counts: ColumnCounts) -> Rule:
        """The same question for every column."""
        return _toxic


def _toxic(seen: Distinct) -> Iterator[ValueVerdict]:
    texts = seen.array
    latin = np.asarray(pc.count_substring_regex(texts, LATIN))
    han = np.asarray(pc.count_substring_regex(texts, HAN))
    places = np.flatnonzero(latin + han)
    if not len(places):
        return
    some = texts.take(pa.array(places))
    words = [pc.struct_field(pc.extract_regex(some, pattern), "word").to_pylist() for pattern in (LATIN, HAN)]
    for at, word, sign in zip(places.tolist(), *words, strict=True):
        n = int(latin[at] + han[at])
        examples = " and ".join(_veiled(match) for match in (word, sign) if match)
        yield ValueVerdict(
            at, min(MOST, ONCE + 0.1 * (n - 1)), f"{n} word{'s' * (n > 1)} of insult or filth, such as {examples}"
        )


def _veiled(word: str) -> str:
    return word[0] + "*" * (len(word) - 1)
