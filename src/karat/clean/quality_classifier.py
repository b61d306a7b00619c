"""How good a text is, learned from a user's own good and bad examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.quality.text_bytes import slices, text_array, text_bytes

BITS = 18  # cost: of the table of weights; fewer let more runs share one
PASSES = 4  # cost: over the examples; more fit them closer
RATE = 0.3  # unproven: of learning, falling to nothing
FOLDS = 4  # unproven: parts, each scored by what the others teach
MIN_EXAMPLES = 4  # definition: one for each of the ``FOLDS``
STEPS = 100  # cost: of Newton's method, for two numbers
Texts: TypeAlias = Sequence[str | None] | pa.Array | pa.ChunkedArray


@dataclass(frozen=True, eq=False)
class QualityModel:
    """Weights of hashed runs of words, and how their sum becomes a probability.

    Parameters
    ----------
    weights : ndarray of float32, shape (2 ** 18,)
    bias, slope, level : float
        ``p = 1 / (1 + exp(-(slope * margin + level)))``, ``margin`` the text's weights over the root of their number.
    """

    weights: np.ndarray
    bias: float
    slope: float
    level: float

    def score(self, texts: Texts) -> np.ndarray:
        """(n,) float64: the probability that a text is of the good kind, where both kinds are equally frequent.

        A text without a word gets what no evidence gives.
        """
        return _probability(self.slope * _margins(text_array(texts), self.weights, self.bias) + self.level)

    def save(self, path: str | Path) -> Path:
        """Write the model as ``.npz``; returns where it lies."""
        with Path(path).open("wb") as file:
            numbers = np.array([self.bias, self.slope, self.level])
            np.savez_compressed(file, weights=self.weights, numbers=numbers)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> "QualityModel":
        """A model that was saved. Raises InputError where the file is none."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                weights, numbers = arrays["weights"], arrays["numbers"].tolist()
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).split("\n")[0][:120]
            raise InputError(
                f"{path} is not a saved quality model ({reason})", "Train the model again and save it"
            ) from error
        return cls(weights, *numbers)


def train(good: Texts, bad: Texts, *, seed: int = 0) -> QualityModel:
    """Learn to tell good texts from bad ones.

    Logistic regression on hashed runs of one to three words (characters where a script writes without spaces), as
    fastText classifiers are used to filter web text. The probability is calibrated on texts the weights have not
    seen; both kinds count the same, however many examples there are of each.

    Parameters
    ----------
    good, bad : sequences of str or Arrow string arrays
        The user's own examples, at least four of each; a few hundred are better.
    seed : int
        Order of the examples.

    Raises
    ------
    InputError
        Fewer than four good or bad examples with a word in them.

    Source: Joulin et al. (2017), Bag of Tricks for Efficient Text Classification; Li et al. (2024), DataComp-LM;
    Platt (1999) for the calibration.
    """
    parts = [text_array(good), text_array(bad)]
    for name, part in zip(("good", "bad"), parts, strict=True):
        if len(part) < MIN_EXAMPLES:
            raise InputError(
                f"{len(part)} {name} examples are too few to train a quality model", f"Give at least {MIN_EXAMPLES}"
            )
    texts = pa.concat_arrays(parts)
    truth = np.repeat([1.0, 0.0], [len(part) for part in parts])
    importance = np.where(truth == 1, len(truth) / (2 * len(parts[0])), len(truth) / (2 * len(parts[1])))
    order = np.random.default_rng(seed).permutation(len(truth))
    margins = np.zeros(len(truth))
    fold = np.empty(len(truth), np.int64)
    for kind in (1.0, 0.0):
        mine = order[truth[order] == kind]
        fold[mine] = np.arange(len(mine)) % FOLDS
    for left_out in range(FOLDS):
        inside = order[fold[order] != left_out]
        weights, bias = _learned(texts, truth, importance, inside)
        outside = np.flatnonzero(fold == left_out)
        margins[outside] = _margins(texts.take(pa.array(outside)), weights, bias)
    slope, level = _calibrated(margins, truth, importance)
    weights, bias = _learned(texts, truth, importance, order)
    return QualityModel(weights, bias, slope, level)


def _learned(texts: pa.Array, truth: np.ndarray, importance: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, float]:
    from karat.kernels.weighted_grams import descend

    data, offsets = text_bytes(texts)
    weights, squares = np.zeros(1 << BITS, np.float32), np.zeros(1 << BITS, np.float32)
    bias = 0.0
    for at in range(PASSES):
        rate = RATE * (1 - at / PASSES)
        bias = descend(data, offsets, order, truth, importance, rate, weights, squares, bias)
    return weights, bias


def _margins(texts: pa.Array, weights: np.ndarray, bias: float) -> np.ndarray:
    from karat.kernels.weighted_grams import sums

    total, counts = np.zeros(len(texts)), np.zeros(len(texts), np.int64)
    for begin, some in slices(texts):
        data, offsets = text_bytes(some)
        sums(data, offsets, weights, total[begin : begin + len(some)], counts[begin : begin + len(some)])
    return total / np.sqrt(np.maximum(1, counts)) + bias


def _probability(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logit, -50, 50)))


def _calibrated(margins: np.ndarray, truth: np.ndarray, importance: np.ndarray) -> tuple[float, float]:
    """Slope and level of Platt's sigmoid, by Newton's method; targets are drawn in, so that both stay finite."""
    counts = np.where(truth == 1, (truth == 1).sum(), (truth == 0).sum())
    goal = np.where(truth == 1, (counts + 1) / (counts + 2), 1 / (counts + 2))
    known = np.stack([margins, np.ones(len(margins))], axis=1)
    fitted = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = _probability(known @ fitted)
        slope = known.T @ (importance * (goal - chance))
        curve = (known * (importance * chance * (1 - chance))[:, None]).T @ known + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        fitted += step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max())))
        if float(np.abs(step).max()) < 1e-9:
            break
    return float(max(fitted[0], 0.0)), float(fitted[1])
