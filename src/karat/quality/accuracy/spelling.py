"""Values and words that are misspelt."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.counts import ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy._slips import Slip, Speller
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict

MOST_DISTINCT = 50_000
WORTH_SAYING = 0.3
SHORT, SHORT_CEILING = 4, 0.45  # letters; among words so short near misses are words of their own
WORD_CEILING = 0.93  # other words of the value may be wrong too
WORD = re.compile(r"[^\W\d_]{4,}")
NOT_SPELT = (Role.TARGET, Role.TEXT, Role.TIME, Role.NUMBER, Role.USER, Role.ITEM)  # part 2 is no slip for part 1


@dataclass(frozen=True)
class Misspellings(ByValue):
    """A rare value, or a rare word in a value, is a small edit away from a frequent one of the same column.

    How likely that is a slip and not a rare name follows from the column itself: where frequent values lie as close
    together (Smith, Smyth), a rare near miss says little; where letters follow each other as nowhere else (hosxital),
    it says much. Numbers inside values must agree, so that codes and versions are left alone. Chinese signs that look
    alike count as near.

    Why it hurts: each slip makes a category of its own, and hides its record from every group and join.

    Source: Damerau (1964), A technique for computer detection and correction of spelling errors.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "syntactic data accuracy"

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Asks each value, then each of its words."""
        held = counts.columns[column.name]
        if column.role in NOT_SPELT or column.numeric or not 2 <= len(held.values) <= MOST_DISTINCT:
            return None
        whole = Speller(list(held.values), held.counts)
        words = _word_speller(held.values, held.counts)

        def asked(distinct: Distinct) -> Iterable[Verdict]:
            texts = list(distinct.texts)
            nulls = set(column.nulls)
            slips = whole.slips([text for text in texts if text not in nulls])
            inside = _inside(texts, words)
            for at, text in enumerate(texts):
                slip = slips.get(text)
                if slip and slip.confidence >= WORTH_SAYING:
                    message = f"{text!r} is spelt almost like {slip.meant!r}, which stands in {slip.count:,} cells"
                    yield Verdict(at, slip.confidence, message, slip.meant)
                elif inside and text not in nulls:
                    yield from _by_word(at, text, inside)

        return asked


def _inside(texts: list[str], speller: Speller | None) -> dict[str, Slip]:
    """The slips among the words of some values."""
    if speller is None or not speller.prior:
        return {}
    words = sorted({word for text in texts for word in WORD.findall(text)})
    return {word: slip for word, slip in speller.slips(words).items() if slip.confidence >= WORTH_SAYING}


def _word_speller(texts: tuple[str, ...], counts: np.ndarray) -> Speller | None:
    """A speller for the words of a column; None where values are single words."""
    tally: dict[str, int] = {}
    several = 0
    for text, count in zip(texts, counts.tolist(), strict=True):
        words = set(WORD.findall(text))
        several += len(words) > 0 and words != {text}
        for word in words:
            tally[word] = tally.get(word, 0) + count
    return Speller(list(tally), np.array(list(tally.values()))) if several and len(tally) <= MOST_DISTINCT else None


def _by_word(at: int, text: str, known: dict[str, Slip]) -> Iterable[Verdict]:
    slips = {word: known[word] for word in WORD.findall(text) if word in known}
    if slips:
        mended = WORD.sub(lambda match: slips[match[0]].meant if match[0] in slips else match[0], text)
        named = ", ".join(
            f"{word!r} is spelt almost like {slip.meant!r} ({slip.count:,} cells)" for word, slip in slips.items()
        )
        sure = max(
            min(slip.confidence, SHORT_CEILING if len(slip.meant) <= SHORT else WORD_CEILING) for slip in slips.values()
        )
        yield Verdict(at, sure, named, mended)
