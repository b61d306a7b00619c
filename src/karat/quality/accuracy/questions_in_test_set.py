"""Questions that stand in a test set."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.by_exchange import AnsweredExchange
from karat.quality.questions import asked, numbers
from karat.quality.turns import KIND, no_chat

TOLD = 0.3  # display: overlap from which it is told; lower names chance
SHOWN = 120  # display: characters of the test question


@dataclass(frozen=True)
class QuestionsInTestSet(Check):
    """Questions that stand in one of the user's own test sets, whole or for the most part.

    A model trained on its test is praised for its memory. A question is told when half of the runs of five words of a
    test question stand in it, in any case and punctuation, and all the numbers of that question with them: the same
    exercise with other numbers is none of the test's.

    Parameters
    ----------
    share : float
        Share of a test question's runs of words in [0, 1] from which on it counts.
    files : tuple of str
        Files of questions that must not occur.

    Source: Brown et al. (2020), Language Models are Few-Shot Learners, appendix C; ISO/IEC 5259-2, data accuracy
    assurance.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "data accuracy assurance"
    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset({"test_sets", "test_questions"})

    share: float = 0.5
    files: tuple[str, ...] = ()

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema)

    def learn(self, block: Block) -> AnsweredExchange:
        return AnsweredExchange(len(block))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        texts, tests = asked(block), block.extra["test_questions"]
        overlaps = block.extra["test_sets"].find(texts)
        overlaps = overlaps.filter(pa.array(overlaps["overlap"].to_numpy() >= TOLD))
        best: dict[int, tuple[float, float, int]] = {}
        for row, test, overlap in zip(*(overlaps[name].to_pylist() for name in overlaps.column_names[:3]), strict=True):
            same = numbers(tests[test]) <= numbers(texts[row].as_py())
            sure = 0.97 if overlap >= 1 else 0.6 + 0.37 * overlap if same and overlap >= self.share else 0.4 * overlap
            best[row] = max(best.get(row, (0.0, 0.0, 0)), (sure, overlap, test))
        at = np.array(sorted(best), np.int64)
        matches = [best[int(row)] for row in at]
        messages = [
            f"{overlap:.0%} of the word n-grams of test question {test} occur here: "
            f"{' '.join(tests[test].split())[:SHOWN]!r}"
            for _, overlap, test in matches
        ]
        sure = [round(match[0], 4) for match in matches]
        return self.found(len(at), row=block.rows[at], confidence=sure, message=messages)

    def total(self, state: AnsweredExchange, schema: Schema) -> int:
        return state.answers
