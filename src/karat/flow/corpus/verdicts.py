"""What becomes of each document: kept, or dropped by one step, with the value measured and the limit."""

from dataclasses import dataclass, field

import numpy as np

KEPT = -1


@dataclass
class Verdicts:
    """One entry per document; the first step that drops a document has the last word.

    Parameters
    ----------
    step : ndarray of int16, shape (n,)
        Position in ``steps``; ``KEPT`` for documents that stay.
    measure, limit : ndarray of float64, shape (n,)
        NaN where there is nothing to measure.
    keeper : ndarray of int64, shape (n,)
        The document kept in its place; -1 for none.
    steps : list of str
        Codes of the steps.
    """

    step: np.ndarray
    measure: np.ndarray
    limit: np.ndarray
    keeper: np.ndarray
    steps: list[str] = field(default_factory=list)

    @classmethod
    def all_kept(cls, size: int) -> "Verdicts":
        """Nothing decided yet."""
        return cls(
            np.full(size, KEPT, np.int16), np.full(size, np.nan), np.full(size, np.nan), np.full(size, -1, np.int64)
        )

    @property
    def kept(self) -> np.ndarray:
        """(n,) bool."""
        kept: np.ndarray = self.step == KEPT
        return kept

    def drop(
        self,
        code: str,
        rows: np.ndarray,
        measure: np.ndarray | float = np.nan,
        limit: np.ndarray | float = np.nan,
        keeper: np.ndarray | None = None,
    ) -> None:
        """Drop documents that no step before has dropped.

        Parameters
        ----------
        rows : ndarray of int64
            Documents; ``measure``, ``limit`` and ``keeper`` are aligned with them, or one for all.
        """
        open_ones = self.step[rows] == KEPT
        at = rows[open_ones]
        if not len(at):
            return
        self.step[at] = self._place(code)
        self.measure[at] = measure[open_ones] if isinstance(measure, np.ndarray) else measure
        self.limit[at] = limit[open_ones] if isinstance(limit, np.ndarray) else limit
        if keeper is not None:
            self.keeper[at] = keeper[open_ones]

    def _place(self, code: str) -> int:
        if code not in self.steps:
            self.steps.append(code)
        return self.steps.index(code)

    def counts(self) -> dict[str, int]:
        """How many documents each step dropped, in the order of the steps."""
        counted = np.bincount(self.step[self.step >= 0], minlength=len(self.steps))
        return {code: int(count) for code, count in zip(self.steps, counted, strict=True)}
