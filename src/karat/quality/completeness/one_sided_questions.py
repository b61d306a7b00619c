"""Questions nearly all of one kind, and answers nearly all of one length."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import MIXED_SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import ISO_5259_2, Check
from karat.quality.questions import asked
from karat.quality.topics import directions, grouped, terms
from karat.quality.turns import KIND, exchanges, no_chat

TOPICS = 16  # unproven: groups of questions; fewer make every set one-sided
# unproven: wider bands make every set one-sided
LENGTHS = (0, 16, 64, 256, 1024, 4096, 1 << 62)  # characters, four times as many from band to band


@dataclass(frozen=True)
class OneSidedQuestions(Check):
    """A file whose questions are mostly of one topic, or whose answers are mostly of one length.

    A model learns what it is shown most: short answers everywhere, arithmetic in place of talk. Topics are groups of
    questions with words in common; the finding names the words. Files of fewer than a hundred records are not judged.

    Parameters
    ----------
    most : float
        Share in [0, 1] of one topic or one band of lengths above which it is told.

    Source: ISO/IEC 5259-2, diversity; Zhou et al. (2023), LIMA: Less Is More for Alignment.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "diversity"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    most: float = 0.6

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return no_chat(schema)

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        messages = [message for share, message in self._shares(state, schema) if share > self.most]
        return self.found(len(messages), confidence=0.6, message=messages)

    def measures(self, state: RecordSample, schema: Schema, findings: pa.Table) -> list[Measure]:
        shares = [share for share, _ in self._shares(state, schema)]
        size = len(state.rows)
        return [Measure(self.measure_name, ISO_5259_2, round(max(0.0, s - self.most) * size), size) for s in shares[:1]]

    def _shares(self, state: RecordSample, schema: Schema) -> list[tuple[float, str]]:
        if len(state.rows) < MIXED_SAMPLE:
            return []
        return derived(state, "one-sided", lambda: [_topic(state.block(schema)), _length(state.block(schema))])


def _topic(block: Block) -> tuple[float, str]:
    texts = asked(block).fill_null("")
    home = grouped(directions(texts), TOPICS)
    sizes = np.bincount(home, minlength=TOPICS)
    top = int(np.argmax(sizes))
    share = float(sizes[top] / len(texts))
    words = ", ".join(map(repr, terms(texts, home == top)))
    return share, f"{share:.0%} of the questions are of one topic of {TOPICS}, identified by the words {words}"


def _length(block: Block) -> tuple[float, str]:
    pairs = exchanges(block)
    sizes = pc.utf8_length(pairs.answer.fill_null("")).to_numpy()
    band = np.searchsorted(np.array(LENGTHS), sizes, side="right") - 1
    counts = np.bincount(band, minlength=len(LENGTHS))
    top = int(np.argmax(counts))
    share = float(counts[top] / max(1, len(sizes)))
    return share, f"{share:.0%} of the answers have {LENGTHS[top]} to {LENGTHS[top + 1]} characters"
