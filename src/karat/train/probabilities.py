"""Class probabilities over all classes, whichever of them a fit has seen."""

import numpy as np


def spread(found: np.ndarray, present: np.ndarray, classes: int) -> np.ndarray:
    """Probabilities (n, classes) float64 from those of the classes that were present (n, len(present))."""
    if len(present) == classes:
        return np.asarray(found, np.float64)
    out = np.zeros((len(found), classes))
    out[:, present] = found
    return out


def class_count(target: np.ndarray, classes: int) -> int:
    """The number of classes: as told, or one more than the highest code."""
    return classes or int(target.max(initial=0)) + 1


def is_classes(target: np.ndarray) -> bool:
    """Codes of classes are integers; numbers are floats."""
    return bool(np.issubdtype(target.dtype, np.integer))
