"""Classifiers in fastText's file format, read without its library."""

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.quality.text_bytes import slices, text_array, text_bytes

# the file format of fastText's program, version 12
MAGIC, VERSION = 793712314, 12
SUPERVISED = 3
TREE, SAMPLED, SOFTMAX, EACH = 1, 2, 3, 4
LOSSES = {SOFTMAX: "softmax", EACH: "one vs all", SAMPLED: "negative sampling"}
AFTER_WORD = 9  # bytes after each word: how often it occurs, and whether it is a label
LEFT_OUT = -1
CENTROIDS = 256
MOST_ENTRIES = 1 << 28  # cost: words of a file that is believed; more is a broken file
PREFIX = "__label__"


@dataclass(frozen=True, eq=False)
class FastTextModel:
    """A supervised fastText model.

    Parameters
    ----------
    labels : tuple of str
        Without their prefix, in the file's order.
    words : tuple of (uint8, int64, int32) arrays
        Known words and labels: bytes, offsets, hash table.
    shape : tuple
        Words, buckets, least and most letters of a run, rows of the buckets.
    longest : int
        Words of the longest run.
    rows, out : ndarray of float32, shapes (words + buckets, d) and (labels, d)
    each : bool
        Each label is answered for itself; else they share a probability of 1.
    """

    labels: tuple[str, ...]
    words: tuple[np.ndarray, np.ndarray, np.ndarray]
    shape: tuple[int, int, int, int, np.ndarray]
    longest: int
    rows: np.ndarray
    out: np.ndarray
    each: bool

    def probabilities(self, texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> np.ndarray:
        """(n, labels) float64, as fastText gives them for the text on one line."""
        from karat.kernels.fasttext_lines import mean_rows

        column = text_array(texts)
        answers = np.zeros((len(column), len(self.labels)))
        prefix = np.frombuffer(PREFIX.encode(), np.uint8)
        for begin, some in slices(column):
            data, offsets = text_bytes(some)
            means = np.zeros((len(some), self.rows.shape[1]))
            mean_rows(data, offsets, self.words, prefix, self.shape, self.longest, self.rows, means)
            answers[begin : begin + len(some)] = self._answers(means @ self._out.T)
        return answers

    @cached_property
    def _out(self) -> np.ndarray:
        return self.out.astype(np.float64)

    def _answers(self, scores: np.ndarray) -> np.ndarray:
        if self.each:
            return 1 / (1 + np.exp(-np.clip(scores, -50, 50)))
        powered = np.exp(scores - scores.max(axis=1, keepdims=True))
        whole: np.ndarray = powered / powered.sum(axis=1, keepdims=True)
        return whole

    @classmethod
    def read(cls, path: str | Path) -> "FastTextModel":
        """The model of a ``.bin`` or ``.ftz`` file; the matrix of a ``.bin`` stays on disk until a row is asked for.

        Raises
        ------
        InputError
            The file is none, is cut short, or holds word vectors or a tree of labels.

        Source: the file format of fastText; Joulin et al. (2017), arXiv 1607.01759, and (2016), arXiv 1612.03651.
        """
        try:
            with Path(path).open("rb") as file:
                return _ModelReader(Path(path), file).model()
        except (OSError, struct.error, ValueError, IndexError, MemoryError, OverflowError) as error:
            reason = str(error).split("\n")[0][:120] or type(error).__name__
            raise InputError(
                f"{path} is not a fastText model that can be read ({reason})", "Download it again"
            ) from error


def is_fasttext(path: Path) -> bool:
    """Does the file begin as fastText's files do?"""
    with path.open("rb") as file:
        return file.read(4) == struct.pack("<i", MAGIC)


class _ModelReader:
    """Reads one file from its beginning to its end."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file, self._size = path, file, path.stat().st_size

    def model(self) -> FastTextModel:
        magic, version = self._numbers("ii")
        if (magic, version) != (MAGIC, VERSION):
            raise ValueError(f"it begins with {magic}, version {version}")
        dim, _, _, _, _, longest, loss, kind, buckets, least, most, _ = self._numbers("12i")
        self._numbers("d")
        if kind != SUPERVISED:
            self._refuse("holds word vectors, not a classifier")
        if loss not in LOSSES:
            self._refuse("has a tree of labels (hierarchical softmax)")
        known, words, kept = self._words(buckets)
        rows = self._matrix(packed=self._numbers("?")[0])
        out = self._matrix(packed=self._numbers("?")[0])
        if rows.shape[1] != dim or out.shape != (len(known) - words, dim):
            raise ValueError(f"matrices of {rows.shape} and {out.shape} for {len(known) - words} labels, {dim} wide")
        needed = words + (int(kept.max(initial=LEFT_OUT)) + 1 if len(kept) else buckets)
        if len(rows) < needed and (longest > 1 or most > 0):
            raise ValueError(f"{len(rows)} rows where {needed} are needed")
        from karat.kernels.fasttext_lines import word_table

        offsets = np.cumsum([0, *map(len, known)])
        data = np.frombuffer(b"".join(known) or b"\0", np.uint8)
        labels = tuple(label.decode("utf-8", "replace").removeprefix(PREFIX) for label in known[words:])
        shape = (words, max(buckets, 1), least, most, kept)
        each = loss in (EACH, SAMPLED)
        return FastTextModel(labels, (data, offsets, word_table(data, offsets)), shape, longest, rows, out, each)

    def _refuse(self, what: str) -> NoReturn:
        raise InputError(f"{self._path} {what}", "Train it with softmax or one-vs-all labels")

    def _numbers(self, form: str) -> Any:
        size = struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", self._file.read(size))

    def _words(self, buckets: int) -> tuple[list[bytes], int, np.ndarray]:
        """Words and labels, how many are words, and the row of each bucket where not all were kept."""
        size, words, labels, _, pruned = self._numbers("iiiqq")
        if not 0 <= size <= MOST_ENTRIES or words + labels != size or labels < 2:
            raise ValueError(f"{words} words and {labels} labels of {size}")
        known, at = [], self._file.tell()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            for _ in range(size):
                end = whole.find(b"\0", at)
                if end < 0:
                    raise ValueError("it is cut short")
                known.append(whole[at:end])
                at = end + 1 + AFTER_WORD
        self._file.seek(at)
        kept = np.zeros(0, np.int64)
        if pruned >= 0:
            pairs = np.frombuffer(self._bytes(8 * pruned), "<i4").reshape(-1, 2)
            kept = np.full(max(buckets, 1), LEFT_OUT, np.int64)
            kept[pairs[:, 0]] = pairs[:, 1]
        return known, words, kept

    def _bytes(self, size: int) -> bytes:
        if size < 0 or self._file.tell() + size > self._size:
            raise ValueError("it is cut short")
        return self._file.read(size)

    def _matrix(self, *, packed: bool) -> np.ndarray:
        if packed:
            return self._unpacked()
        rows, wide = self._numbers("qq")
        size, at = 4 * rows * wide, self._file.tell()
        if min(rows, wide) < 1 or at + size > self._size:
            raise ValueError("it is cut short")
        self._file.seek(size, 1)
        return np.memmap(self._path, "<f4", "r", at, (rows, wide))

    def _unpacked(self) -> np.ndarray:
        """A product-quantised matrix, written out."""
        normed, rows, wide, size = self._numbers("?qqi")
        codes = np.frombuffer(self._bytes(size), np.uint8).reshape(rows, -1)
        whole = self._quantised(codes)
        if normed:
            norms = np.frombuffer(self._bytes(rows), np.uint8).reshape(rows, 1)
            whole = whole * self._quantised(norms)
        if whole.shape != (rows, wide):
            raise ValueError(f"a matrix of {whole.shape} where {(rows, wide)} is said")
        return np.ascontiguousarray(whole, np.float32)

    def _quantised(self, codes: np.ndarray) -> np.ndarray:
        wide, parts, own, last = self._numbers("4i")
        centroids = np.frombuffer(self._bytes(4 * wide * CENTROIDS), "<f4")
        if parts != codes.shape[1] or (parts - 1) * own + last != wide:
            raise ValueError(f"{parts} codes of {own} for {wide} numbers")
        columns = []
        for at in range(parts):
            begin, size = at * CENTROIDS * own, last if at == parts - 1 else own
            columns.append(centroids[begin : begin + CENTROIDS * size].reshape(CENTROIDS, size)[codes[:, at]])
        return np.concatenate(columns, axis=1)
