"""What units give back: what a source has read, a fitted transform, a fitted model."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from karat.core.block import Block


class SourceReading(Protocol):
    """What a source gives: columns, batches, and the stretches that could not be read."""

    names: tuple[str, ...]
    quarantine: list[dict[str, Any]]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """String columns (binary for images), null = blank; ``quarantine`` is whole once this is exhausted."""
        ...


class Fitted(Protocol):
    """A fitted transform: a frozen dataclass of plain values, texts and NumPy arrays, with ``column`` or ``columns``.

    Optional: ``sparse = True`` where features are CSR; ``rises = True`` where its one feature rises with its column;
    a static ``to_onnx(graph, parts, schema)``, which writes the nodes of ``apply`` for all fitted transforms of its
    class (see ``karat.core.onnx_graph``), so that a model behind it can be served.
    """

    @property
    def width(self) -> int:
        """Number of features."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """One name a feature."""
        ...

    def apply(self, block: Block, positions: np.ndarray | None = None) -> Any:
        """Features (n, width) of the records at the positions, or of all: dense float32 or CSR."""
        ...


class Model(Protocol):
    """A fitted learner and what it cost.

    A model may also have ``to_onnx(graph, features, any_input) -> str``, which writes the nodes of ``predict`` (see
    ``karat.core.onnx_graph``) so that it can be served, and ``explain(features, background, output) -> (base, parts)``,
    which takes margins apart: parts (n, d) that sum with the base to them, or None.
    """

    @property
    def cost(self) -> dict[str, float]:
        """Seconds, cpu_seconds and peak_memory_bytes measured, energy_joule estimated."""
        ...

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        ...
