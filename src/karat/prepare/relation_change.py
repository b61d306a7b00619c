"""Does what a feature says of the target change over time? Then a random split promises what tomorrow will not keep."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.prepare.columns import codes, numbers
from karat.prepare.target import Target

CHANGED = 0.3  # a medium difference of correlations (Cohen 1988, q)
CHANCE = 0.01  # of a false alarm over all pairs tried (Bonferroni)
LEAST = 50  # records of each part: the same as MIN_RECORDS of time_order.py
MOST = 20_000  # cost: records of each part that are looked at
MOST_VALUES = 10  # cost: of a category or a target, the most frequent


def relation_change(block: Block, target: Target, when: np.ndarray) -> str:
    """Of which feature the correlation with the target differs most between the first and the last third, in words.

    Ranks of numbers and each frequent value of categories are correlated with the target's ranks or classes; a
    difference counts where Fisher's z is beyond chance over all pairs and at least of medium size.

    Parameters
    ----------
    block : Block
    target : Target
    when : ndarray of float64, shape (n,)

    Returns
    -------
    str : such as "tariff tells early records +0.52, late ones -0.47"; empty where no change is seen.
    """
    known = np.flatnonzero(~target.missing)
    known = known[np.argsort(when[known], kind="stable")]
    size = min(len(known) // 3, MOST)
    if size < LEAST or when[known[0]] == when[known[-1]]:
        return ""
    early, late = known[: len(known) // 3][:size], known[-(len(known) // 3) :][-size:]
    truth = [_answers(target, part) for part in (early, late)]
    best, words, pairs = 0.0, "", 0
    for name, view in _views(block, early):
        before, after = (_correlations(view[part], answers) for part, answers in zip((early, late), truth, strict=True))
        change = np.abs(np.arctanh(before) - np.arctanh(after)).ravel()
        pairs += len(change)
        at = int(change.argmax())
        if change[at] > best:
            best = float(change[at])
            words = f"{name} tells early records {before.ravel()[at]:+.2f}, late ones {after.ravel()[at]:+.2f}"
    surely = -NormalDist().inv_cdf(CHANCE / 2 / max(pairs, 1)) * np.sqrt(2 / (size - 3))
    return words if best >= max(CHANGED, surely) else ""


def _views(block: Block, early: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Features by name: (n, p) numbers, or one indicator for each value that is frequent in early records."""
    for column in block.schema.features:
        if column.role is Role.NUMBER:
            yield column.name, numbers(block, column.name).astype(np.float64)[:, None]
        elif column.role is Role.CATEGORY:
            coded = codes(block, column.name)[0]
            sizes = np.bincount(coded[early][coded[early] >= 0])
            frequent = np.argsort(-sizes, kind="stable")[:MOST_VALUES]
            if len(frequent):
                yield column.name, (coded[:, None] == frequent).astype(np.float64)


def _answers(target: Target, part: np.ndarray) -> np.ndarray:
    """(m, q) ranks of a number, or an indicator for each frequent class."""
    values = target.values[part]
    if not target.classes:
        return _ranks(values[:, None].astype(np.float64))
    many = np.bincount(target.values[~target.missing].astype(np.int64))
    frequent = np.argsort(-many, kind="stable")[: 1 if len(many) == 2 else MOST_VALUES]
    return (values[:, None] == frequent).astype(np.float64)


def _correlations(view: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """(p, q) in (-1, 1): of ranks, gaps in the middle; 0 where something is constant."""
    ranks = _ranks(view)
    ranks, answers = ranks - ranks.mean(axis=0), answers - answers.mean(axis=0)
    scale = np.sqrt(np.outer((ranks**2).sum(axis=0), (answers**2).sum(axis=0)))
    together = np.divide(ranks.T @ answers, scale, out=np.zeros(scale.shape), where=scale > 0)
    return np.clip(together, -0.999, 0.999)


def _ranks(view: np.ndarray) -> np.ndarray:
    """Ranks in [0, 1] by column, equal values their mean; gaps .5."""
    out = np.full(view.shape, 0.5)
    for at, values in enumerate(view.T):
        there = ~np.isnan(values)
        _, code, sizes = np.unique(values[there], return_inverse=True, return_counts=True)
        middle = np.cumsum(sizes) - (sizes - 1) / 2
        out[there, at] = middle[code] / max(int(there.sum()), 1)
    return out
