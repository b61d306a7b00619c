"""Which items to label next: those whose answer is expected to change the model most per second of work."""

import json
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError, OptionError
from karat.label._given import probabilities
from karat.label._spread import compact, near_all

# cosine from which two items ask the same; flat from 0.905 to 0.974 (benchmarks/constants.md): less passes over
# different items
SAME = 0.95
# unproven: more stops sooner
SURE_ENOUGH = 0.03  # share of a batch that the model is expected to get wrong, below which asking on is idle


def next_items(
    pred_probs: Any = None,
    features: Any = None,
    budget: int = 20,
    *,
    labelled: Any = None,
    seconds: Any = None,
    seed: int = 0,
) -> pa.Table:
    """Up to ``budget`` items to ask a person about, the most useful first, no two of them alike.

    An item is worth asking about where the model is torn between classes or where several models disagree, and where it
    takes little time; every choice makes its neighbours less worth asking about. Without a model (cold start) the items
    that stand for most others come first.

    Parameters
    ----------
    pred_probs : array-like, shape (n, k) or (m, n, k), optional
        Probabilities of one model, or of m models.
    features : array (n, d) or CSR matrix, optional
        What the items are like; wanted where there are no probabilities. Without features nothing is known of
        likeness.
    budget : int
        At least 1.
    labelled : array-like of bool, shape (n,), or of positions, optional
        Items that have an answer: never asked about, and their neighbours less.
    seconds : array-like of float, shape (n,), optional
        Time that an answer takes, > 0.
    seed : int
        Draws the projection that likeness is measured in.

    Returns
    -------
    pyarrow.Table : ``row``, ``score`` (usefulness, 1 for the first), ``why``. The schema's metadata has, under
        ``karat``, ``expected_wrong`` (share of the batch that the model is expected to get wrong; null on a cold
        start) and ``stop``: true when so few are that more labels are not worth their time.

    Raises
    ------
    OptionError : a budget below 1, or neither probabilities nor features.
    InputError : lengths that differ, probabilities or seconds that cannot be.

    Source: Settles (2009), Active Learning Literature Survey; Zhdanov (2019), diverse mini-batches.

    Examples
    --------
    >>> next_items([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]], budget=2)["row"].to_pylist()
    [1, 2]
    """
    if budget < 1:
        raise OptionError(f"budget is {budget}", "Use 1 or more")
    if pred_probs is None and features is None:
        raise OptionError("next_items was given neither probabilities nor features", "Pass one of them")
    models = _models(pred_probs)
    size = models.shape[1] if models is not None else int(features.shape[0])
    if features is not None and features.shape[0] != size:
        raise InputError(
            f"features has {features.shape[0]:,} rows, and there are {size:,} items", "Give one row per item"
        )
    answered = _mask(labelled, size)
    spots = compact(features, seed) if features is not None else None
    worth, torn = _worth(models, spots, size)
    worth = worth / _seconds(seconds, size)
    chosen, scores = _batch(worth, spots, answered, budget)
    wrong = float(1 - models.mean(axis=0)[chosen].max(axis=1).mean()) if models is not None and len(chosen) else None
    table = pa.table(
        {
            "row": pa.array(chosen, pa.int64()),
            "score": pa.array(scores, pa.float64()),
            "why": pa.array([_reason(torn, at) for at in chosen], pa.string()),
        }
    )
    estimate = {"expected_wrong": wrong, "stop": not len(chosen) or (wrong is not None and wrong < SURE_ENOUGH)}
    return table.replace_schema_metadata({"karat": json.dumps(estimate)})


def _models(pred_probs: Any) -> np.ndarray | None:
    if pred_probs is None:
        return None
    parts = np.asarray(pred_probs, np.float64)
    stacked = parts if parts.ndim == 3 else parts[None]
    return np.stack([probabilities(part) for part in stacked])


def _mask(labelled: Any, size: int) -> np.ndarray:
    out = np.zeros(size, bool)
    if labelled is None:
        return out
    marks = np.asarray(labelled)
    if marks.dtype == bool and len(marks) != size:
        raise InputError(f"labelled has {len(marks):,} marks, and there are {size:,} items", "Give one mark per item")
    if marks.dtype != bool and len(marks) and (marks.min() < 0 or marks.max() >= size):
        raise InputError(
            f"labelled names position {int(marks.max())}, and there are {size:,} items", f"Use 0 to {size - 1:,}"
        )
    out[marks if marks.dtype == bool else marks.astype(np.int64)] = True
    return out


def _seconds(seconds: Any, size: int) -> np.ndarray:
    if seconds is None:
        return np.ones(size)
    out = np.asarray(seconds, np.float64)
    bad = ~(out > 0)
    if out.shape != (size,) or bad.any():
        fault = f"{int(bad.sum()):,} others (row {int(bad.argmax())})" if out.shape == (size,) else f"shape {out.shape}"
        raise InputError(f"seconds must be positive, one number per item, but has {fault}", "Correct it")
    return out


def _worth(
    models: np.ndarray | None, spots: np.ndarray | None, size: int
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray] | None]:
    """(n,) usefulness of each item alone; and how torn and how disputed it is."""
    if models is None:
        like = np.ones(size) if spots is None else np.maximum(near_all(spots), 1e-3)
        return like / like.max(), None
    mean = models.mean(axis=0)
    highest = np.sort(mean, axis=1)[:, ::-1]
    torn = 1 - (highest[:, 0] - highest[:, 1]) if mean.shape[1] > 1 else np.zeros(len(mean))
    own = -(models * np.log(np.maximum(models, 1e-12))).sum(axis=2).mean(axis=0)
    whole = -(mean * np.log(np.maximum(mean, 1e-12))).sum(axis=1)
    disputed = np.maximum(whole - own, 0) / max(np.log(mean.shape[1]), 1e-12)
    return torn + disputed, (torn, disputed)


def _batch(
    worth: np.ndarray, spots: np.ndarray | None, answered: np.ndarray, budget: int
) -> tuple[np.ndarray, np.ndarray]:
    """Greedy: the most useful item, then the most useful of those not like it.

    At first every likeness counts, so that the items represent all; once some are answered, only that to an item's
    nearest, a share of 1 / budget: in some spaces all items of a rare class are alike, and one would shut out the rest.
    """
    left = np.where(answered, 0.0, worth)
    if spots is not None and answered.any():
        known = spots[np.flatnonzero(answered)]
        for part in range(0, len(known), 512):
            like = (spots @ known[part : part + 512].T).max(axis=1)
            left = np.where(like >= SAME, 0.0, left)
    out: list[int] = []
    scores: list[float] = []
    first = float(left.max(initial=0.0))
    while len(out) < budget:
        best = int(left.argmax()) if len(left) else 0
        if not len(left) or left[best] <= 0:
            break
        out.append(best)
        scores.append(float(left[best] / first))
        if spots is not None:
            like = np.clip(spots @ spots[best], 0.0, 1.0)
            alike = like**2
            if answered.any():
                far = float(np.quantile(like, 1 - 1 / budget))  # of a batch each stands for its part of all items
                alike = np.maximum(like - far, 0.0) / max(1 - far, 1e-9)
            left = np.where(like >= SAME, 0.0, left * (1 - alike))
        left[best] = 0.0
    return np.array(out, np.int64), np.array(scores)


def _reason(torn: tuple[np.ndarray, np.ndarray] | None, at: int) -> str:
    if torn is None:
        return "represents many others"
    first, second = float(torn[0][at]), float(torn[1][at])
    if second > first:
        return f"the models disagree ({second:.0%})"
    return f"the model is torn between two classes (margin {1 - first:.0%})"
