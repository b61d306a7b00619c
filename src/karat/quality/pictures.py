"""The figures of all pictures of a data set: the state that the checks of pictures share."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Role, Schema

MAX_LOOKS = 65_536  # cost: thumbnails in memory; beyond, a sample by hash
LONELY = 20.0  # unproven: pictures of a usual set that stand beside those measured here


@dataclass(frozen=True)
class PictureFigures:
    """Figures of every picture, and a thumbnail of up to ``MAX_LOOKS`` of them, those with the smallest keys.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
    keys : ndarray of uint64, shape (n,)
        As in ``Block.keys``.
    figures : ndarray of float32, shape (n, f)
        ``SIZES``, then ``karat.kernels.pixels.FIGURES``; NaN where there is no picture that can be read.
    hashes : ndarray of uint64, shape (n,)
        Of what is seen; 0 where nothing is.
    looks : ndarray of uint8, shape (k, 16, 16, 3)
    looked : ndarray of int64, shape (k,)
        Positions in ``rows`` of the thumbnails, rising.
    labels, names : pyarrow.Array of string, length n
        The target and the path; null where there is none.
    names_of : tuple of str
        What the columns of ``figures`` are called.
    """

    rows: np.ndarray
    keys: np.ndarray
    figures: np.ndarray
    hashes: np.ndarray
    looks: np.ndarray
    looked: np.ndarray
    labels: pa.Array
    names: pa.Array
    names_of: tuple[str, ...]

    @classmethod
    def of(cls, block: Block) -> "PictureFigures":
        """The figures of one block's pictures, those of its first column of pictures; computed once per block."""
        return block.memo("pictures", lambda: _measured(block))

    def merge(self, other: Self) -> "PictureFigures":
        return PictureFigures(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.keys, other.keys]),
            np.concatenate([self.figures, other.figures]),
            np.concatenate([self.hashes, other.hashes]),
            np.concatenate([self.looks, other.looks]),
            np.concatenate([self.looked, other.looked + len(self.rows)]),
            pa.concat_arrays([self.labels, other.labels]),
            pa.concat_arrays([self.names, other.names]),
            self.names_of,
        )._bounded()

    def _bounded(self) -> "PictureFigures":
        if len(self.looked) <= MAX_LOOKS:
            return self
        order = np.argsort(self.keys[self.looked], kind="stable")
        keep = np.sort(order[:MAX_LOOKS])
        return PictureFigures(
            self.rows,
            self.keys,
            self.figures,
            self.hashes,
            self.looks[keep],
            self.looked[keep],
            self.labels,
            self.names,
            self.names_of,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> np.ndarray:
        """One figure of all pictures, (n,) float64."""
        return self.figures[:, self.names_of.index(name)].astype(np.float64)

    @property
    def readable(self) -> np.ndarray:
        """(n,) bool: where there is a picture that can be read."""
        return np.isfinite(self.figures[:, 0])

    @cached_property
    def forms(self) -> np.ndarray:
        """(n,) the formats, as the bytes say."""
        from karat.kernels.pixels_decoded import FORMS

        return np.array(FORMS)[np.nan_to_num(self["form"]).astype(int)]


def _measured(block: Block) -> PictureFigures:
    from karat.kernels.perceptual_hash import LOOK, SIZES, looked_at
    from karat.kernels.pixels import FIGURES

    name = image_column(block.schema)
    cells = block.table.column(name) if name else pa.chunked_array([pa.nulls(len(block), pa.binary())])
    seen = looked_at(cell.as_py() for cell in cells) if name else []
    size = len(SIZES) + len(FIGURES)
    return PictureFigures(
        block.rows,
        block.keys,
        np.array([picture.figures for picture in seen], np.float32).reshape(-1, size),
        np.array([picture.hash for picture in seen], np.uint64),
        np.array([picture.look for picture in seen], np.uint8).reshape(-1, LOOK, LOOK, 3),
        np.arange(len(seen)),
        _words(block, block.schema.target.name if block.schema.target else None),
        _words(block, path_column(block.schema)),
        (*SIZES, *FIGURES),
    )._bounded()


def _words(block: Block, name: str | None) -> pa.Array:
    return block.text(name).cast(pa.string()) if name else pa.nulls(len(block), pa.string())


def image_column(schema: Schema) -> str | None:
    """The column of pictures, held as bytes; the first where there are several."""
    return next((column.name for column in schema.with_role(Role.IMAGE) if column.type == "binary"), None)


def path_column(schema: Schema) -> str | None:
    """The column that says where a picture came from."""
    return next((c.name for c in schema if c.name == "path" or (c.role is Role.ID and c.type == "string")), None)


def usual(values: np.ndarray, prior: tuple[float, float]) -> tuple[float, float]:
    """The middle and the spread of a figure in this set, by median and median deviation.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        NaN where there is none.
    prior : (float, float)
        Middle and spread in usual pictures; it counts as ``LONELY`` pictures, so that a handful is judged by it. A
        middle of NaN: there is none that is usual, and the set's own stands.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return prior
    middle = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - middle)))
    share = len(known) / (len(known) + LONELY)
    usual_middle = prior[0] if np.isfinite(prior[0]) else middle
    return share * middle + (1 - share) * usual_middle, share * spread + (1 - share) * prior[1]


def belief(beyond: np.ndarray, softness: float) -> np.ndarray:
    """Confidence in [0, 0.99]: one half at the limit, rising with the distance beyond it; NaN gives 0."""
    sure = 1 / (1 + np.exp(-np.clip(beyond / max(softness, 1e-9), -30, 30)))
    return np.where(np.isfinite(beyond), np.minimum(sure, 0.99), 0.0)


class OfPictures:
    """What checks of pictures share."""

    kinds: ClassVar[frozenset[str]] = frozenset({"image"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if image_column(schema) else DoesNotApply("no column of pictures")

    def learn(self, block: Block) -> PictureFigures:
        return PictureFigures.of(block)
