"""Few records held against the models of their numbers, quickly: which of them hold a number that is far out."""

import numpy as np

from karat.core.record_cells import RecordCells
from karat.quality.accuracy._conditional import Conditional, heard
from karat.quality.accuracy._mechanisms import ASKED, SUSPECT

NEARLY = 1 - 1e-9  # definition: sums in another order round otherwise; what is nearly far out is looked at whole


class FarLook:
    """Finds records that ``ScaledRecords.blamed`` may have something to say about.

    Every record is held against the models of all folds, so that it does not matter to which one it belongs.

    Parameters
    ----------
    model : Conditional
    steps : mapping of str to float
        On which step each column's numbers are; 0 for none.
    """

    def __init__(self, model: Conditional, steps: dict[str, float]) -> None:
        self.model = model
        self.log = np.array([scale.log for scale in model.scales])
        self.middle = np.array([scale.middle for scale in model.scales])
        self.spread = np.array([scale.spread for scale in model.scales])
        self.steps = np.array([steps[name] for name in model.names])
        self.grid = np.where(self.steps > 0, self.steps, 1.0)
        folds, p, m = model.weights.shape
        self.weights = model.weights.reshape(folds * p, m).T
        self.folds = folds
        self.limit = NEARLY * np.maximum(model.edge, SUSPECT) * model.width
        self.near = NEARLY * ASKED * model.width
        self.marks: dict[str, dict[str, int]] = {}
        for at, (name, value) in enumerate(model.marks):
            self.marks.setdefault(name, {})[value] = p + at

    def doubted(self, cells: RecordCells) -> list[int]:
        """Positions of the records."""
        p = len(self.model.names)
        numbers = np.array([cells.numbers(name) for name in self.model.names]).T
        with np.errstate(invalid="ignore", divide="ignore"):
            scaled = (np.where(self.log, np.log(numbers), numbers) - self.middle) / self.spread
        scaled = np.where(np.isfinite(scaled), scaled, np.nan)
        witnesses = np.zeros((cells.size, p + len(self.model.marks) + 1))
        witnesses[:, :p] = heard(scaled)
        witnesses[:, -1] = 1.0
        for name, places in self.marks.items():
            for at, text in enumerate(cells.texts(name)):
                if text in places:
                    witnesses[at, places[text]] = 1.0
        expected = (witnesses @ self.weights).reshape(cells.size, self.folds, p)
        off = np.abs(np.nan_to_num(scaled[:, None] - expected)).max(axis=1)
        grid = np.nan_to_num(numbers) / self.grid
        off_step = (self.steps > 0) & (np.abs(grid - np.round(grid)) > NEARLY * 1e-6)
        asked = (off > self.limit) | ((off > self.near) & off_step)
        doubted: list[int] = np.flatnonzero(asked.any(axis=1)).tolist()
        return doubted
