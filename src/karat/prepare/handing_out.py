"""Prepared features for other libraries: NumPy, Arrow, PyTorch, TensorFlow."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.prepare.columns import Positions
from karat.prepare.features import FittedPreparation
from karat.prepare.target import Target


@dataclass(frozen=True, eq=False)
class Prepared:
    """Features and target of some records.

    Parameters
    ----------
    features : ndarray of float32 or CSR matrix, shape (n, d)
    target : ndarray or None, shape (n,)
        Class codes int64 or numbers float64.
    names : list of str
        One a feature.
    """

    features: Any
    target: np.ndarray | None
    names: list[str]

    def to_numpy(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Dense features (n, d) float32, and the target."""
        dense = self.features if isinstance(self.features, np.ndarray) else self.features.toarray()
        return dense, self.target

    def to_arrow(self) -> pa.Table:
        """One float column a feature, and ``target``; text features are refused, they would be too many columns."""
        if not isinstance(self.features, np.ndarray):
            raise OptionError("text features are sparse, which Arrow cannot hold", "Use to_numpy or features")
        columns: dict[str, Any] = {name: self.features[:, at] for at, name in enumerate(self.names)}
        if self.target is not None:
            columns["target"] = self.target
        return pa.table(columns)

    def to_torch(self) -> Any:
        """A ``torch.utils.data.TensorDataset``; sparse features become dense."""
        torch = _imported("torch", "karat[torch]")
        features, target = self.to_numpy()
        held = [torch.from_numpy(np.ascontiguousarray(features))]
        if target is not None:
            held.append(torch.from_numpy(np.ascontiguousarray(target)))
        return torch.utils.data.TensorDataset(*held)

    def to_tf(self) -> Any:
        """A ``tf.data.Dataset`` of records; sparse features become dense."""
        tf = _imported("tensorflow", "tensorflow")
        features, target = self.to_numpy()
        return tf.data.Dataset.from_tensor_slices(features if target is None else (features, target))


def prepared(
    fitted: FittedPreparation, block: Block, target: Target | None = None, positions: Positions = None
) -> Prepared:
    """The records at the positions, or all of them, prepared; where a target is given, only those that have one."""
    at = np.arange(len(block)) if positions is None else np.asarray(positions)
    if target is None:
        return Prepared(fitted.apply(block, at), None, fitted.names)
    at = at[~target.missing[at]]
    return Prepared(fitted.apply(block, at), target.values[at], fitted.names)


def _imported(library: str, extra: str) -> Any:
    try:
        return import_module(library)
    except ImportError:
        raise OptionError(f"{library} is not installed", f"Run pip install '{extra}'") from None
