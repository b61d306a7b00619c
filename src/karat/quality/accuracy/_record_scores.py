"""How unusual records are: a forest, tails, nearest neighbours and correlations, on one scale."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.quality.accuracy._record_features import RecordFeatures

TREES = 25  # benchmarks/unusual_records.md: AUROC as with 100 trees, at a quarter of the time
NEIGHBOURS = 10  # Breunig et al. (2000), LOF: at least ten, or chance decides
REFERENCE = 4_096  # cost: records that others are compared with
REFERENCE_CELLS = 1 << 18  # cost: of those records; wide tables compare with fewer
LEAST_REFERENCE = 256  # cost: at least so many, however wide
COMPARISONS = 1 << 27  # cost: of all records with those; beyond 32,768 records there are fewer, down to the next line
LONG_REFERENCE = 512  # benchmarks/unusual_records.md: .004 of AUROC below 4,096, at a quarter of the time
# share of records, the most usual ones, that means and correlations are taken of: benchmarks/unusual_records.md
KEPT = 0.9
SHRUNK = 0.05  # benchmarks/unusual_records.md: of the mean variance, added to each: constant directions stay finite
FEW = 3  # display: of a small table, so many records may be named
DIGITS = 6  # display: of a score; blocks of other sizes add up in another order
USUAL_TOP = 0.9  # definition: the unit of each part of a score is the distance from its median to its upper tenth


@dataclass(frozen=True, eq=False)
class PartScale:
    """One part's scale: the median is 0 and the upper tenth 1, after a logarithm."""

    size: float
    middle: float
    step: float

    @classmethod
    def of(cls, raw: np.ndarray) -> "PartScale":
        positive = raw[raw > 0]
        size = float(np.median(positive)) if len(positive) else 1.0
        logs = np.log1p(raw / size)
        middle, top = (float(value) for value in np.quantile(logs, [0.5, USUAL_TOP]))
        step = top - middle if top > middle else float(logs.std()) or 1.0
        return cls(size, middle, step)

    def standing(self, raw: np.ndarray) -> np.ndarray:
        return np.asarray((np.log1p(raw / self.size) - self.middle) / self.step)


@dataclass(frozen=True, eq=False)
class RecordScores:
    """Learned from a sample of records; scores any record that has the same columns.

    Parts: how few cuts set a record apart (isolation forest), how rare its values are one by one (empirical tails),
    how far its nearest neighbours are, that distance beside their own, and how far it is from the middle once the
    columns' correlations are taken out.

    Sources: Liu, Ting & Zhou (2008), Isolation forest; Li et al. (2022), ECOD; Ramaswamy et al. (2000), Efficient
    algorithms for mining outliers; Breunig et al. (2000), LOF; Rousseeuw & Van Driessen (1999), minimum covariance
    determinant (one step of it).
    """

    features: RecordFeatures
    forest: Any
    neighbours: Any
    keys: np.ndarray
    own: np.ndarray
    middle: np.ndarray
    rotated: np.ndarray
    units: tuple[PartScale, ...]
    sample: np.ndarray

    @classmethod
    def of(cls, sample: Block, records: int = 0) -> "RecordScores | None":
        """What a sample of a data set of so many records teaches; None where fewer than two columns tell them apart."""
        from sklearn.ensemble import IsolationForest
        from sklearn.neighbors import NearestNeighbors

        features = RecordFeatures.of(sample)
        if len(features.names) < 2:
            return None
        places = features.places(sample)
        forest = IsolationForest(n_estimators=TREES, random_state=0).fit(_cuts(features, places, sample))
        size = min(_references(max(records, len(sample)), places.shape[1]), len(sample))
        near = NearestNeighbors(n_neighbors=min(NEIGHBOURS + 1, size), algorithm="brute").fit(places[:size])
        own = _means(near.kneighbors(places[:size])[0], np.ones(size, bool))
        middle, rotated = _correlations(places)
        draft = cls(features, forest, near, np.sort(sample.keys[:size]), own, middle, rotated, (), np.zeros(0))
        parts = draft._parts(sample)
        units = tuple(PartScale.of(part) for part in parts)
        scores = np.sort(_together(units, parts))
        return cls(features, forest, near, draft.keys, own, middle, rotated, units, scores)

    def scores(self, block: Block) -> np.ndarray:
        """(n,) float64: around 0 for a usual record, about 1 for one in ten, without an upper end."""
        return _together(self.units, self._parts(block))

    def limit(self, records: int, expected: float, most: float) -> float:
        """The score above which records are named.

        The usual tail, on its logarithmic scale, is that of the normal distribution that has the same median and upper
        tenth: up to a tenth of the records may be unusual without moving it.

        Parameters
        ----------
        records : int
            In the whole data set.
        expected : float
            So many records of the usual tail may lie beyond, in the whole data set.
        most : float
            Share of the records that may be named; at least ``FEW`` records may.
        """
        middle, top = (float(value) for value in np.quantile(self.sample, [0.5, USUAL_TOP]))
        normal = NormalDist()
        far = normal.inv_cdf(1 - min(expected / records, 1 - USUAL_TOP))
        tail = middle + (top - middle) * far / normal.inv_cdf(USUAL_TOP)
        allowed = min(max(FEW, int(most * len(self.sample))), len(self.sample) - 1)
        return max(tail, float(self.sample[-1 - allowed]))

    def shares(self, block: Block) -> np.ndarray:
        """(n, columns): the share of each column in a record's distance from its nearest neighbours; they sum to 1."""
        places, owners = self.features.places(block), self.features.owners
        away = (places - self._around(block, places)) ** 2
        each = np.stack([away[:, owners == at].sum(axis=1) for at in range(len(self.features.names))], axis=1)
        return np.asarray(each / np.maximum(each.sum(axis=1, keepdims=True), 1e-12))

    def usual(self, block: Block) -> np.ndarray:
        """(n, numbers): what the nearest neighbours of each record have in the columns of numbers, on average."""
        around = self._around(block, self.features.places(block))[:, : len(self.features.numbers)]
        scale = np.array([column.spread for column in self.features.numbers])
        return np.asarray(around * scale + np.array([column.middle for column in self.features.numbers]))

    def _around(self, block: Block, places: np.ndarray) -> np.ndarray:
        """(n, d) the mean place of each record's nearest neighbours, itself left out."""
        reference = self.neighbours._fit_X
        _, at = self.neighbours.kneighbors(places)
        member = np.isin(block.keys, self.keys)
        at = np.where(member[:, None], at[:, 1:], at[:, :-1])
        return np.asarray(reference[at].mean(axis=1))

    def _parts(self, block: Block) -> list[np.ndarray]:
        places = self.features.places(block)
        if not len(block):
            return [np.zeros(0)] * 5
        away, at = self.neighbours.kneighbors(places)
        member = np.isin(block.keys, self.keys)
        near = _means(away, member)
        theirs = _means(self.own[at], member)
        floor = 0.01 * float(np.median(self.own)) + 1e-9
        cut = -self.forest.score_samples(_cuts(self.features, places, block))
        turned = (((places - self.middle) @ self.rotated) ** 2).sum(axis=1)
        return [cut, self.features.tails(block).sum(axis=1), near, (near + floor) / (theirs + floor), turned]


def _references(records: int, wide: int) -> int:
    """How many records others are compared with, in a data set of so many records and places."""
    by_length = max(LONG_REFERENCE, COMPARISONS // records)
    return min(REFERENCE, by_length, max(LEAST_REFERENCE, REFERENCE_CELLS // wide))


def _cuts(features: RecordFeatures, places: np.ndarray, block: Block) -> np.ndarray:
    """What the forest cuts: the scaled numbers, and how rare each level is."""
    many = len(features.numbers)
    return np.hstack([places[:, :many], *(column.tail(block)[:, None] for column in features.levels)])


def _means(away: np.ndarray, member: np.ndarray) -> np.ndarray:
    """(n,) means over the neighbours; a record of the reference is its own nearest one, which is left out."""
    if away.shape[1] < 2:
        return np.asarray(away.mean(axis=1))
    return np.where(member, away[:, 1:].mean(axis=1), away[:, :-1].mean(axis=1))


def _together(units: tuple[PartScale, ...], parts: list[np.ndarray]) -> np.ndarray:
    each = [unit.standing(part) for unit, part in zip(units, parts, strict=True)]
    return np.asarray(np.round(np.mean(each, axis=0), DIGITS))


def _correlations(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle (d,) and the directions (d, d), each in its own deviations, of the most usual records."""
    kept = places
    for share in (1.0, KEPT):
        middle = kept.mean(axis=0)
        spread, turn = np.linalg.eigh(np.atleast_2d(np.cov(kept.T)))
        spread = np.maximum(spread, 0)
        rotated = turn / np.sqrt(spread + SHRUNK * max(float(spread.mean()), 1e-12))
        if share == 1.0:
            far = (((places - middle) @ rotated) ** 2).sum(axis=1)
            kept = places[far <= np.quantile(far, KEPT)]
    return middle, rotated
