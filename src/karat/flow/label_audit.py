"""An audit of labels: those drawn by chance tell how many of the rest are wrong, however the others were chosen."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.flow.folder import write_table

AUDIT = "audit.parquet"
SHARES = np.array([0.6, 0.2, 0.2])  # of a draw: flagged, doubtful, other labels (benchmarks/label_asking.md)
FLAGGED, DOUBTFUL, OTHER = range(3)
HALF = 0.5  # definition: labels that hold half the doubt of those not flagged are the doubtful ones
JEFFREYS = 0.5  # definition: the prior of a share (Brown, Cai & DasGupta 2001)
DRAWS = 4_000  # cost: more would move an end of an interval by less than a hundredth of its width
ENDS = (0.025, 0.975)  # definition: of a 95 % interval


class Estimate(NamedTuple):
    """A number with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class AuditPlan:
    """All labels in three strata, each in an order of chance that was settled before any was asked about.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Rising.
    stratum : ndarray of int8, shape (n,)
        Flagged, doubtful or other when the plan was made.
    turn : ndarray of int64, shape (n,)
        A stratum's labels are drawn by rising turn.
    reached : ndarray of int64, shape (n,)
        The batch whose ranking came down to this label's doubt; 0 for none yet.
    """

    rows: np.ndarray
    stratum: np.ndarray
    turn: np.ndarray
    reached: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, doubt: np.ndarray, flags: np.ndarray) -> "AuditPlan":
        """A plan for labels (n,) with their probability of being wrong and whether they are flagged."""
        order = np.argsort(rows, kind="stable")
        rows, doubt, flags = rows[order], doubt[order], flags[order]
        falling = np.argsort(-doubt, kind="stable")
        falling = falling[~flags[falling]]
        held = np.cumsum(doubt[falling])
        stratum = np.where(flags, FLAGGED, OTHER).astype(np.int8)
        stratum[falling[held <= HALF * (held[-1] if len(held) else 0.0)]] = DOUBTFUL
        return cls(rows, stratum, np.random.default_rng(0).permutation(len(rows)), np.zeros(len(rows), np.int64))

    @classmethod
    def read(cls, run: Path) -> "AuditPlan | None":
        """The plan of a run folder; None before any label was asked about."""
        if not (run / AUDIT).exists():
            return None
        table = pq.read_table(run / AUDIT)
        return cls(*(table[name].to_numpy() for name in ("row", "stratum", "turn", "reached")))

    def write(self, run: Path) -> None:
        """Keep the plan in a run folder."""
        columns = {"row": self.rows, "stratum": self.stratum, "turn": self.turn, "reached": self.reached}
        write_table(run / AUDIT, pa.table(columns))

    def among(self, rows: np.ndarray) -> np.ndarray:
        """(n,) bool: the plan's labels that are among these rows."""
        return np.isin(self.rows, rows)

    def draw(self, done: np.ndarray, drawn: np.ndarray, count: int) -> np.ndarray:
        """Rows of the next labels by chance, from the strata furthest behind their share.

        Parameters
        ----------
        done, drawn : ndarray of bool, shape (n,)
            Labels that are not asked about (again), and those of them that were drawn by chance.
        count : int
        """
        open_ = ~done & (self.reached == 0)
        queues = [iter(np.flatnonzero(open_ & (self.stratum == part))[self._turns(open_, part)]) for part in range(3)]
        sizes = np.array([int((open_ & (self.stratum == part)).sum()) for part in range(3)])
        so_far, out = np.bincount(self.stratum[drawn], minlength=3).astype(float), []
        for _ in range(min(count, int(sizes.sum()))):
            part = int(np.where(sizes > 0, (so_far + 1) / SHARES, np.inf).argmin())
            out.append(int(self.rows[next(queues[part])]))
            so_far[part], sizes[part] = so_far[part] + 1, sizes[part] - 1
        return np.array(out, np.int64)

    def _turns(self, open_: np.ndarray, part: int) -> np.ndarray:
        return np.argsort(self.turn[open_ & (self.stratum == part)], kind="stable")

    def reached_by(self, above: np.ndarray, ranked: np.ndarray, done: np.ndarray, batch: int) -> "AuditPlan":
        """The plan once rankings have come down to some doubt.

        Parameters
        ----------
        above : ndarray of bool, shape (n,)
            Labels that any ranking doubts more than the last it asked about.
        ranked, done : ndarray of bool, shape (n,)
            Labels asked about for their doubt, and those that were answered before.
        """
        before = np.where(done, self.reached, 0)  # what was asked about and not answered is ranked anew
        return replace(self, reached=np.where((before == 0) & (ranked | above), batch, before))


def wrong_left(
    plan: AuditPlan, known: np.ndarray, drawn: np.ndarray, wrong: np.ndarray, batch: int
) -> tuple[Estimate, Estimate]:
    """How many labels nobody has answered are wrong, and what share of those flagged at first is.

    A label is asked about for its doubt or drawn by chance. The labels whose doubt no ranking has reached are the same
    however the draw fell, and of these the drawn ones are a simple random sample, stratum by stratum. So the estimate
    is unbiased although the model and the ranking change between batches; the labels reached are known one by one.
    Its interval is Jeffreys' for a finite number of labels; where none of a sample was wrong it begins at none.

    Parameters
    ----------
    plan : AuditPlan
    known, drawn, wrong : ndarray of bool, shape (n,)
        Labels that were answered, those drawn by chance, and the answered ones that were wrong.
    batch : int
        The last batch of which any was answered.

    Returns
    -------
    (left, precision) : the number, and the share in [0, 1] (NaN where nothing was flagged).

    Source: Horvitz & Thompson (1952); Kossen et al. (2021), active testing, for samples that a model chooses.
    """
    reached = (plan.reached > 0) & (plan.reached <= batch)
    chance = np.random.default_rng(0)
    left, flagged = np.zeros((3, DRAWS)), np.zeros((3, DRAWS))
    sample = known & drawn & ~reached
    usual = float(wrong[sample].mean()) if sample.any() else JEFFREYS  # where a stratum was not drawn from
    for part in (FLAGGED, DOUBTFUL, OTHER):
        for here in (reached & (plan.stratum == part), ~reached & (plan.stratum == part)):
            tested = here & known & (reached | drawn)
            rest = _rest(int((here & ~known).sum()), int(tested.sum()), int((tested & wrong).sum()), usual, chance)
            left += rest
            if part == FLAGGED:
                flagged += rest + int((here & wrong).sum())
    every = int((plan.stratum == FLAGGED).sum())
    return _ends(left), _ends(flagged / every) if every else Estimate(math.nan, 0.0, 1.0)


def _rest(open_: int, tested: int, wrong: int, usual: float, chance: np.random.Generator) -> np.ndarray:
    """(3, draws) wrong labels among the open ones: the middle, and draws for the lower and for the upper end."""
    share = chance.beta(wrong + JEFFREYS, tested - wrong + JEFFREYS, DRAWS)
    draws = chance.binomial(open_, share).astype(np.float64)
    middle = np.full(DRAWS, open_ * (wrong / tested if tested else usual))
    low = draws if wrong else np.zeros(DRAWS)
    high = draws if wrong < tested or not tested else np.full(DRAWS, float(open_))
    return np.array([middle, low, high])


def _ends(draws: np.ndarray) -> Estimate:
    return Estimate(float(draws[0, 0]), float(np.quantile(draws[1], ENDS[0])), float(np.quantile(draws[2], ENDS[1])))
