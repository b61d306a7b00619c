"""Class probabilities over all classes, whichever of them a fit has seen."""

import numpy as np


def spread(shares: np.ndarray, present: np.ndarray, classes: int) -> np.ndarray:
    """Probabilities (n, classes) float64 from those of the classes that were present (n, len(present))."""
    if len(present) == classes:
        return np.asarray(shares, np.float64)
    out = np.zeros((len(shares), classes))
    out[:, present] = shares
    return out


def class_count(target: np.ndarray, classes: int) -> int:
    """The number of classes: as told, or one more than the highest code."""
    return classes or int(target.max(initial=0)) + 1


def is_classes(target: np.ndarray) -> bool:
    """Codes of classes are integers; numbers are floats."""
    return bool(np.issubdtype(target.dtype, np.integer))


def probabilities(answer: np.ndarray, classes: int) -> np.ndarray:
    """Probabilities (n, classes) of log-odds: (n, 1) towards the second of two, else (n, classes) by softmax."""
    if classes == 1:
        return np.ones((len(answer), 1))
    if answer.shape[1] == 1:
        second = 1 / (1 + np.exp(-np.clip(answer, -500, 500)))
        return np.hstack([1 - second, second])
    powers = np.exp(answer - answer.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))
