"""Nearly the same text with different labels."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._labelled_texts import LabelledTexts, Rivals, rivals, same_words
from karat.quality.consistency.record_hash import compared

SHOWN = 60  # display: characters of the other text
LONG = 16  # words; a single word of a longer text rarely turns its label; unproven
OTHER_WORDS = 0.5  # of a short text; unproven
OTHER_NUMBERS = 0.7  # unproven: other numbers may be another case with its own label
EVEN = 0.45  # each of two labels is as likely the wrong one; definition: below .5
TOLD_FROM = 0.1  # display: less likely is not told


@dataclass(frozen=True)
class NearDuplicateLabels(Check):
    """Texts that are all but equal and differ in the label.

    A copy with another case, punctuation or a few other words mostly means the same, so that one of the labels is
    wrong; a model is taught both, and where one lies in the test it is marked for it. What most near-duplicates say
    is believed; of two, neither. Words that carry meaning and stand in only one of the texts count against it ("not
    good", 不好), and so does a data set whose near-duplicates often differ in the label. What is equal to the letter is
    told by ``ConflictingLabels``. Beyond 32,768 records a sample is compared.

    Parameters
    ----------
    least : float
        Share of the words, in order, that two texts must have in common.

    Source: ISO/IEC 5259-2, data label consistency; Lee et al. (2022), Deduplicating Training Data Makes Language
    Models Better.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data label consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    least: float = 0.8

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None or schema.task == "regression":
            return DoesNotApply("no target, or a number")
        texts = any(column.role is Role.TEXT for column in schema.columns)
        return None if texts and compared(schema, target=False) else DoesNotApply("no text beside the target")

    def learn(self, block: Block) -> LabelledTexts:
        return LabelledTexts.of(block, block.schema.target.name if block.schema.target else "")

    def judge(self, state: LabelledTexts, block: Block, before: Any = None) -> pa.Table:
        contested, decisive = derived(state, f"rivals {self.least}", lambda: rivals(state, self.least))
        mine = [at for at in contested if _holds(block.rows, int(state.rows[at]))]
        each = [(at, *_verdict(state, at, contested[at], decisive)) for at in mine]
        each = [verdict for verdict in each if verdict[2] >= TOLD_FROM]
        return self.found(
            len(each),
            row=[int(state.rows[at]) for at, *_ in each],
            column=block.schema.target.name if block.schema.target else "",
            value=[state.labels[at].as_py() for at, *_ in each],
            suggestion=[label for _, label, _ in each],
            confidence=[round(sure, 4) for _, _, sure in each],
            message=[_message(state, contested[at]) for at, *_ in each],
        )

    def total(self, state: LabelledTexts, schema: Schema) -> int:
        return state.records


def _verdict(state: LabelledTexts, at: int, rivals: Rivals, decisive: tuple[float, float]) -> tuple[str | None, float]:
    """The label that the others speak for, if any, and how sure it is that the own one is wrong."""
    own = state.labels[at].as_py()
    votes = rivals.votes.copy()
    votes[own] += 1
    (best, most), second = votes.most_common(1)[0], sorted(votes.values())[-2]
    pair, size = rivals.nearest, len(state.texts[at].as_py())
    likely = decisive[same_words(pair)] * (1.0 if pair.same_numbers else OTHER_NUMBERS)
    words = size / (2 if _han(state.texts[at].as_py()) else 6)
    if pair.swapped and (words < LONG or len(pair.swapped) > 0.15 * words):
        likely *= OTHER_WORDS
    if most == second:
        return None, likely * EVEN
    if best == own:
        return None, 0.0
    return best, likely * min(0.95, most / votes.total())


def _message(state: LabelledTexts, rivals: Rivals) -> str:
    shown = " ".join(state.texts[rivals.other].as_py().split())[:SHOWN]
    said = ", ".join(
        f"{label!r} {n}" for label, n in sorted(rivals.votes.items(), key=lambda vote: (-vote[1], vote[0]))[:3]
    )
    out = (
        f"record {state.rows[rivals.other]} is {rivals.nearest.share:.0%} the same text and is called "
        f"{state.labels[rivals.other].as_py()!r}: {shown!r}; all near-duplicates: {said}"
    )
    swapped = ", ".join(map(repr, rivals.nearest.swapped[:4]))
    return out + (f"; they differ in {swapped}" if swapped else "")


def _holds(rows: np.ndarray, row: int) -> bool:
    at = int(np.searchsorted(rows, row))
    return at < len(rows) and int(rows[at]) == row


def _han(text: str) -> bool:
    return sum("\u3400" <= letter <= "\u9fff" for letter in text[:200]) > len(text[:200]) * 0.3
