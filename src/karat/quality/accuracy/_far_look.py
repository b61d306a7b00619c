"""Few records held against the models of their numbers, quickly: which of them hold a number that is far out."""

import math

import numpy as np

from karat.core.record_cells import RecordCells
from karat.quality.accuracy._conditional import CLIP, Conditional
from karat.quality.accuracy._mechanisms import ASKED, SUSPECT

NEARLY = 1 - 1e-9  # definition: sums in another order round otherwise; what is nearly far out is looked at whole


class FarLook:
    """Finds records that ``ScaledRecords.blamed`` may have something to say about.

    Every record is held against the models of all folds, so that it does not matter to which one it belongs.

    Parameters
    ----------
    steps : mapping of str to float
        On which step each column's numbers are; 0 for none.
    """

    def __init__(self, model: Conditional, steps: dict[str, float]) -> None:
        self.model = model
        self.log = np.array([scale.log for scale in model.scales])
        self.middle = np.array([scale.middle for scale in model.scales])
        self.spread = np.array([scale.spread for scale in model.scales])
        self.scales = [(name, s.log, s.middle, s.spread) for name, s in zip(model.names, model.scales, strict=True)]
        self.steps = np.array([steps[name] for name in model.names])
        self.grid = np.where(self.steps > 0, self.steps, 1.0)
        folds, p, m = model.weights.shape
        weights = model.weights.reshape(folds * p, m).T
        self.weights, self.base = np.ascontiguousarray(weights[:p]), weights[-1]  # of numbers, and whatever they are
        self.folds, self.any_log = folds, bool(self.log.any())
        self.limit = NEARLY * np.maximum(model.edge, SUSPECT) * model.width
        self.near = NEARLY * ASKED * model.width
        self.marks: dict[str, dict[str, np.ndarray]] = {}
        for at, (name, value) in enumerate(model.marks):
            self.marks.setdefault(name, {})[value] = weights[p + at]

    def doubted(self, cells: RecordCells) -> list[int]:
        """Positions of the records."""
        if cells.size == 1 and not self._near_alone(cells):
            return []
        numbers = np.array([cells.numbers(name) for name in self.model.names]).T
        plain = np.where(self.log, np.log(np.where(numbers > 0, numbers, np.nan)), numbers) if self.any_log else numbers
        scaled = (plain - self.middle) / self.spread
        known = np.isfinite(scaled)
        scaled = np.where(known, scaled, 0.0)
        expected = np.minimum(np.maximum(scaled, -CLIP), CLIP) @ self.weights + self.base
        for name, places in self.marks.items():
            for at, text in enumerate(cells.texts(name)):
                if text in places:
                    expected[at] += places[text]
        apart = np.abs(scaled[:, None] - expected.reshape(cells.size, self.folds, -1))
        off = apart.max(axis=1) * known
        near = off > self.near
        if not near.any():  # the common case, and the one that must be quick
            return []
        grid = np.nan_to_num(numbers) / self.grid
        off_step = (self.steps > 0) & (np.abs(grid - np.round(grid)) > NEARLY * 1e-6)
        asked = (off > self.limit) | (near & off_step)
        doubted: list[int] = np.flatnonzero(asked.any(axis=1)).tolist()
        return doubted

    def _near_alone(self, cells: RecordCells) -> bool:
        """May a number of the one record be far out? With as few arrays as can be: each costs more than its sums."""
        scaled = [0.0] * len(self.scales)
        known = []
        for at, (name, log, middle, spread) in enumerate(self.scales):
            number = cells.numbers(name)[0]
            if log:
                number = math.log(number) if number > 0 else math.nan
            number = (number - middle) / spread
            if math.isfinite(number):
                scaled[at] = number
                known.append(at)
        own = np.array(scaled)
        expected = np.minimum(np.maximum(own, -CLIP), CLIP) @ self.weights + self.base
        for name, places in self.marks.items():
            text = cells.texts(name)[0]
            if text in places:
                expected += places[text]
        near = np.abs(expected.reshape(self.folds, -1) - own) > self.near
        return bool(near.any() if len(known) == len(scaled) else near[:, known].any())
