"""Classes whose pictures are one scene taken again and again."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import Dimension
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.consistency.picture_pairs import same, signatures
from karat.quality.pictures import OfPictures, PictureFigures, image_column

# cost: bounds time; the share is that of the sample
MAX_COMPARED = 1_000  # pictures of a class, drawn by the hash of their number


@dataclass(frozen=True)
class UnvariedImages(OfPictures, Check):
    """Classes of pictures, or a whole set without classes, that hold few scenes taken many times.

    Frames of one film, or one object turned a little, look like much data and teach little: the model knows the scene
    and not the class, and with frames of one film on both sides of a split its score says nothing. Half of a class's
    pictures must have another of the class that shows nearly the same. The message adds how many pictures that have
    nothing in common would vary as much (the Vendi score: the exponential of the entropy of their likenesses).

    Source: Friedman & Dieng (2023), The Vendi score: a diversity evaluation metric; ISO/IEC 5259-2, diversity.

    Parameters
    ----------
    min_pictures : int
        Of a class, exact copies left out.
    alike : float
        Likeness in [0, 1] to the nearest other picture of the class; handwritten digits of one class reach 0.95.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    at_the_door: ClassVar[bool] = False

    min_pictures: int = 30
    alike: float = 0.97

    def conclude(self, state: PictureFigures, schema: Schema) -> pa.Table:
        first = same(state)
        coded = pc.dictionary_encode(state.labels)
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        once = np.flatnonzero(first[state.looked] == state.looked)  # places among the thumbnails
        alike = []
        for code in np.unique(codes[state.looked[once]]).tolist():
            mine = once[codes[state.looked[once]] == code]
            order = np.argsort(state.keys[state.looked[mine]], kind="stable")[:MAX_COMPARED]
            marks = signatures(state.looks[mine[order]])
            marks = marks[marks.any(axis=1)]
            if len(marks) < self.min_pictures or (code < 0 and len(coded.dictionary)):
                continue
            near = _nearest(marks)
            if near >= self.alike:
                whose = f"of class {coded.dictionary[code].as_py()!r}" if code >= 0 else "here"
                alike.append(
                    (coded.dictionary[code].as_py() if code >= 0 else None, whose, len(marks), near, vendi(marks))
                )
        return self.found(
            len(alike),
            column=schema.target.name if schema.target else image_column(schema),
            value=[value for value, *_ in alike],
            confidence=0.8,
            message=[
                f"half of the {n:,} pictures {whose} that were compared have another that is {near:.0%} alike or more; "
                f"together they vary as {varied:.0f} pictures without anything in common would"
                for _, whose, n, near, varied in alike
            ],
        )


def _nearest(marks: np.ndarray) -> float:
    """The median likeness to the nearest other, of signatures (n, d) of length 1."""
    likeness = marks @ marks.T
    np.fill_diagonal(likeness, -1)
    return float(np.median(likeness.max(axis=1)))


def vendi(marks: np.ndarray) -> float:
    """How many pictures without anything in common vary as much as those with signatures (n, d) of length 1."""
    values = np.linalg.eigvalsh((marks.T @ marks).astype(np.float64) / len(marks))
    values = values[values > 1e-9]
    return float(np.exp(-(values * np.log(values)).sum()))
