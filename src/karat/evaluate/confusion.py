"""Which class was taken for which."""

import numpy as np


def decided(answer: np.ndarray) -> np.ndarray:
    """The likeliest class (n,) of probabilities (n, k); the first among equals."""
    return np.asarray(answer.argmax(1))


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Counts (classes, classes) int64: row = true class, column = found class."""
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def precision_recall(truth: np.ndarray, answer: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and F1 by class (m,): of the second one for two classes, else of all that occur.

    0 where nothing was found or nothing was there to find.
    """
    k = answer.shape[1]
    counts = confusion_matrix(truth, decided(answer), k)
    right, predicted, there = np.diag(counts), counts.sum(0), counts.sum(1)
    precision = right / np.maximum(predicted, 1)
    recall = right / np.maximum(there, 1)
    f1 = 2 * right / np.maximum(predicted + there, 1)
    chosen = np.array([1]) if k == 2 else np.flatnonzero(predicted + there)
    return precision[chosen], recall[chosen], f1[chosen]
