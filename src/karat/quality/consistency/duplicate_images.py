"""Pictures that stand there twice."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.consistency._picture_pairs import same
from karat.quality.measured_pictures import path_of
from karat.quality.pictures import Pictures, image_column

PARTS = (
    "train",
    "training",
    "test",
    "testing",
    "val",
    "valid",
    "validation",
    "dev",
    "训练",
    "训练集",
    "测试",
    "测试集",
    "验证",
)


@dataclass(frozen=True)
class DuplicateImages(Check):
    """A picture that shows to the last pixel what an earlier one shows, whatever its name and format.

    A copy counts double in training, and with one copy in training and one in the test the score is flattered; the
    message says where a copy stands in another part or under another label. Pictures of one colour show nothing and
    repeat nothing.

    Source: Barz & Denzler (2020), Do we train on test data? ``value`` is the path of the copy.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    kinds: ClassVar[frozenset[str]] = frozenset({"images"})
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if image_column(schema) else DoesNotApply("no column of pictures")

    def learn(self, block: Block) -> Pictures:
        return Pictures.of(block)

    def judge(self, state: Pictures, block: Block, before: Any = None) -> pa.Table:
        first = same(state)
        place = np.searchsorted(state.rows, block.rows)
        at = np.flatnonzero((first[place] >= 0) & (first[place] < place))
        kept = first[place[at]]
        return self.found(
            len(at),
            row=block.rows[at],
            column=image_column(block.schema),
            value=path_of(block, at),
            confidence=0.99,
            message=[
                f"shows exactly what {called(state, int(one))} shows{beside(state, int(two), int(one))}"
                for one, two in zip(kept, place[at], strict=True)
            ],
        )

    def total(self, state: Pictures, schema: Schema) -> int:
        return int(state.readable.sum())


def called(pictures: Pictures, at: int) -> str:
    """How a picture is called: its record, and its path where there is one."""
    name = pictures.names[at].as_py()
    return f"record {pictures.rows[at]}" + (f" ({name})" if name else "")


def beside(pictures: Pictures, one: int, other: int) -> str:
    """What makes a pair worse: another label, or another part of the data."""
    out = ""
    label, given = pictures.labels[one].as_py(), pictures.labels[other].as_py()
    if label is not None and given is not None and label != given:
        out += f", labelled {given!r} there and {label!r} here"
    mine, yours = (_part(pictures.names[at].as_py()) for at in (one, other))
    return out + (f"; one stands in {yours!r}, the other in {mine!r}" if mine and yours and mine != yours else "")


def _part(path: str | None) -> str:
    return next((piece for piece in (path or "").split("/")[:-1] if piece.lower() in PARTS), "")
