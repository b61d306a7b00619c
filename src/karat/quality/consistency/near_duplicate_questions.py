"""Questions that repeat an earlier one, all but a few words."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import SURE, Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._question_pairs import Alike, Questions, alike
from karat.quality.final_answers import FREE, comparable
from karat.quality.turns import KIND, no_chat

SHOWN = 90  # display: characters of the other question
LONG = 16  # words; a single word of a longer question weighs little; unproven
GOES = 0.45  # its only likeness is to a question that goes itself; definition: below .5, so that it stays
OTHER_TASK = 0.3  # the same words with other numbers in them are another exercise; benchmarks/instructions.md


@dataclass(frozen=True)
class NearDuplicateQuestions(Check):
    """A question that repeats an earlier one in other case, punctuation or a few other words.

    What is asked twice counts twice, and with one copy in training and one in the test a model is praised for its
    memory. Exercises of one pattern with other numbers, and short questions about another thing, are different
    questions, and so is what has another short answer; they are told, not counted. Beyond 262,144 records a sample is
    compared.

    Parameters
    ----------
    least : float
        Share of the words, in order, that two questions must have in common to be told.

    Source: ISO/IEC 5259-2, data record consistency; Lee et al. (2022), Deduplicating Training Data Makes Language
    Models Better. ``value`` holds the number of the record that is repeated.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of questions that say the same the first in the file is kept"
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    least: float = 0.75

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema)

    def learn(self, block: Block) -> Questions:
        return Questions.of(block)

    def judge(self, state: Questions, block: Block, before: Any = None) -> pa.Table:
        repeats: dict[int, tuple[Alike, float]] = derived(
            state, f"told {self.least}", lambda: _repeats(state, self.least)
        )
        mine = [repeat for place, repeat in repeats.items() if _holds(block.rows, int(state.rows[place]))]
        return self.found(
            len(mine),
            row=[int(state.rows[pair.later]) for pair, _ in mine],
            value=[str(state.rows[pair.earlier]) for pair, _ in mine],
            confidence=[round(sure, 4) for _, sure in mine],
            message=[_message(state, pair) for pair, _ in mine],
        )

    def total(self, state: Questions, schema: Schema) -> int:
        return state.records


def _repeats(state: Questions, least: float) -> dict[int, tuple[Alike, float]]:
    """By place of the later question the pair that is told, and how sure it is.

    What repeats a question is compared with those that are kept: none goes for its likeness to one that goes.
    """
    out: dict[int, tuple[Alike, float]] = {}
    for later, pairs in alike(state.texts, least).items():
        judged = [(pair, _sure(state, pair)) for pair in pairs]
        kept = [
            candidate for candidate in judged if candidate[0].earlier not in out or out[candidate[0].earlier][1] < SURE
        ]
        best = max(kept, key=lambda candidate: candidate[1]) if kept else (judged[0][0], min(judged[0][1], GOES))
        out[later] = best
    return out


def _holds(rows: np.ndarray, row: int) -> bool:
    at = int(np.searchsorted(rows, row))
    return at < len(rows) and int(rows[at]) == row


def _answers(state: Questions, pair: Alike) -> str:
    """Do the answers agree: "same", "other", or "open" where that cannot be told?"""
    kinds = int(state.kinds[pair.later]), int(state.kinds[pair.earlier])
    texts = state.finals[pair.later].as_py(), state.finals[pair.earlier].as_py()
    if None in texts or -1 in kinds:
        return "open"
    own, other = comparable(texts[0], kinds[0]), comparable(texts[1], kinds[1])
    if own == other:
        return "same"
    from rapidfuzz.distance import Indel

    if Indel.normalized_similarity(texts[0], texts[1]) >= 0.8 and FREE in kinds:
        return "same"
    return "other" if own[0] == other[0] and own[0] != "free" else "open"


def _sure(state: Questions, pair: Alike) -> float:
    """How likely it is that both ask the same."""
    answers = _answers(state, pair)
    if not pair.same_numbers:
        return OTHER_TASK
    if pair.share == 1.0:
        return 0.45 if answers == "other" else 0.97 if answers == "same" else 0.9
    size = len(state.texts[pair.later].as_py()) / (2 if _han(state.texts[pair.later].as_py()) else 6)
    weight = len(pair.swapped) / max(1.0, size)  # swapped words, as a share of all
    if answers == "same":
        return 0.95 if weight < 0.3 or not pair.swapped else 0.6
    if answers == "other":
        return 0.35
    if not pair.swapped:
        return 0.9
    return 0.85 if size >= LONG and weight <= 0.15 else 0.4


def _han(text: str) -> bool:
    return sum("\u3400" <= letter <= "\u9fff" for letter in text[:200]) > len(text[:200]) * 0.3


def _message(state: Questions, pair: Alike) -> str:
    shown = " ".join(state.texts[pair.earlier].as_py().split())[:SHOWN]
    message = f"asks what record {state.rows[pair.earlier]} asks, {pair.share:.0%} of the words alike: {shown!r}"
    if not pair.same_numbers:
        return message + "; the numbers differ"
    swapped = ", ".join(map(repr, pair.swapped[:6]))
    return message + (f"; they differ in {swapped}" if swapped else "") + f"; answers: {_answers(state, pair)}"
