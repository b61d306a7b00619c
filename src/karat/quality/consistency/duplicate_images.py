"""Pictures that stand there twice."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE, Dimension
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency.picture_pairs import same
from karat.quality.measured_pictures import path_of
from karat.quality.pictures import OfPictures, PictureFigures

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
class DuplicateImages(OfPictures, Check):
    """A picture that shows to the last pixel what an earlier one shows, whatever its name and format.

    A copy counts double in training, and with one copy in training and one in the test the score is flattered; the
    message says where a copy stands in another part or under another label. Pictures of one colour show nothing and
    repeat nothing.

    The first of them is named too, at an even chance: which of two is one too many, the pixels do not say. It counts in
    no score, waits for nobody and is never dropped.

    Source: Barz & Denzler (2020), Do we train on test data? ``value`` is the path of the copy.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of equal pictures the first in the file is kept"
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    def judge(self, state: PictureFigures, block: Block, before: Any = None) -> pa.Table:
        first = same(state)
        place = np.searchsorted(state.rows, block.rows)
        later = (first[place] >= 0) & (first[place] < place)
        again = derived(state, "again", lambda: _again(first))[place]
        at = np.flatnonzero(later | (again >= 0))
        other = np.where(later, first[place], again)[at]
        return self.found(
            len(at),
            row=block.rows[at],
            value=path_of(block, at),
            confidence=np.where(later[at], 0.99, SURE),
            message=[
                f"shows exactly what {called(state, int(twin))} shows{beside(state, int(own), int(twin))}"
                for twin, own in zip(other, place[at], strict=True)
            ],
        )

    def measures(self, state: PictureFigures, schema: Schema, findings: pa.Table) -> list[Measure]:
        return super().measures(state, schema, surer(findings))

    def total(self, state: PictureFigures, schema: Schema) -> int:
        return int(state.readable.sum())


def _again(first: np.ndarray) -> np.ndarray:
    """(n,) position of the next picture that shows the same as a first one; -1 elsewhere."""
    later = np.flatnonzero((first >= 0) & (first < np.arange(len(first))))
    out = np.full(len(first), -1)
    out[first[later[::-1]]] = later[::-1]
    return out


def surer(findings: pa.Table) -> pa.Table:
    """The findings that are more than an even chance: of each pair the later one alone."""
    return findings.filter(pc.greater(findings["confidence"], SURE))


def called(pictures: PictureFigures, at: int) -> str:
    """How a picture is called: its record, and its path where there is one."""
    name = pictures.names[at].as_py()
    return f"record {pictures.rows[at]}" + (f" ({name})" if name else "")


def beside(pictures: PictureFigures, own: int, other: int) -> str:
    """What makes a pair worse: another label, or another part of the data."""
    out = ""
    label, other_label = pictures.labels[own].as_py(), pictures.labels[other].as_py()
    if label is not None and other_label is not None and label != other_label:
        out += f", labelled {other_label!r} there and {label!r} here"
    mine, yours = (_part(pictures.names[at].as_py()) for at in (own, other))
    return out + (f"; one is in {yours!r}, the other is in {mine!r}" if mine and yours and mine != yours else "")


def _part(path: str | None) -> str:
    return next((piece for piece in (path or "").split("/")[:-1] if piece.lower() in PARTS), "")
