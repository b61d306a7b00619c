"""What each dependency of a table says of a record: its two cells agree, deviate, or nothing can be said."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.schema import Schema
from karat.kernels.group_counts import BLANK, Ballot, GroupCounts
from karat.quality.consistency._dependencies import Coded, Dependency, DependencyFit, discover, fit, pairing_fit
from karat.quality.consistency._pairings import partners

# Chosen in sight of the lakes, facilities, hospital and the untouched tables; adult, flights and package tables were
# left out: benchmarks/dependencies.md
FEWEST_OTHERS = 2  # of a group that says anything; as above
LEAST_SHARE = 0.15  # of the others: below it no value is meant; without it the outlier lake has 88 false; as above
FEWEST_ERRORS = 0.002  # in a column, however few were seen; as above
ENOUGH_PER_KEY = 10  # records; as above
DOUBT = 2.0  # deviations that are taken for true exceptions, whatever was seen; as above
EXPLAINED_FROM = 5  # deviations that share another column's value; as above
EXPLAINED_CHANCE = 1e-3  # as above
EXPLAINED_SHARE = 0.5  # of the records beside that value; as above
CLUSTERED = 0.3  # of the deviations stand next to another, where chance leaves few; as above
SCATTERED_CHANCE = 0.05  # without it, 59 cells of one untouched table of counts would be broken; as above


@dataclass(frozen=True, eq=False)
class Edge:
    """A dependency with its counts.

    Parameters
    ----------
    slack : ndarray of float64, shape (g,)
        Per group the chance that a record deviates though both its cells are right.
    shares : ndarray of float64
        How common each value of the right column is.
    explained : dict of str to ndarray of int64
        Values of other columns beside which records deviate for a reason.
    partner : ndarray of int64, shape (g,), or None
        The value that goes with each group, where the columns name the same things; else the most frequent goes.
    """

    dependency: Dependency
    votes: GroupCounts
    slack: np.ndarray
    shares: np.ndarray
    explained: dict[str, np.ndarray]
    partner: np.ndarray | None = None

    @property
    def left(self) -> str:
        """The column that decides."""
        return self.dependency.left

    @property
    def right(self) -> str:
        """The column that is decided."""
        return self.dependency.right

    @property
    def thin(self) -> bool:
        """Are its groups too small to say much?"""
        return len(self.votes.keys) * ENOUGH_PER_KEY > self.votes.voters.sum()

    @classmethod
    def of(cls, dependency: Dependency, votes: GroupCounts, fitted: DependencyFit) -> "Edge":
        """Groups of several true values deviate without error, and so may any record where few deviations were seen."""
        seen = (dependency.deviants + 0.5) / (dependency.deviants + 0.5 + DOUBT)
        single = np.clip(fitted.single * seen, 1e-6, 1 - 1e-6)
        errors = max(dependency.errors, 2 * FEWEST_ERRORS)
        partner = partners(votes) if dependency.paired else None
        return cls(dependency, votes, errors * (1 - single) / single, votes.shares(), {}, partner)

    def ask(self, keys: np.ndarray, cells: np.ndarray) -> Ballot:
        """What the others of each record's group say; of a pairing, how many hold the value that goes with it."""
        ballot = self.votes.ask(keys, cells)
        if self.partner is None:
            return ballot
        top = np.where(ballot.place >= 0, self.partner[ballot.place], BLANK)
        most = self.votes.backing(keys, top) - (top == cells)
        return Ballot(ballot.place, top, most, np.zeros_like(most), ballot.others)

    def suspicious(self, keys: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """(n,) bool: the record may deviate."""
        if self.partner is None:
            return self.votes.suspicious(keys, cells)
        place = self.votes.place(keys)
        apart: np.ndarray = (place >= 0) & (self.partner[place] != cells) & (self.partner[place] >= 0)
        return apart

    def recounted(self, table: pa.Table | None, coded: Coded) -> "Edge":
        """The same with the counts of all records: ``key_0``, ``value`` and ``n``; of the sample where None."""
        if table is None:
            votes = coded.votes(self.left, self.right)
        else:
            left, right = (
                pc.index_in(table[column], value_set=coded.values[name]).to_numpy().astype(np.int64)
                for name, column in ((self.left, "key_0"), (self.right, "value"))
            )
            votes = GroupCounts.of(left, right, coded.size(self.right), table["n"].to_numpy())
        partner = partners(votes) if self.dependency.paired else None
        fitted = fit(votes) if partner is None else pairing_fit(votes, partner)
        return replace(Edge.of(self.dependency, votes, fitted), explained=self.explained)


class Word:
    """What one edge says of some records.

    Attributes
    ----------
    deviates, agrees : ndarray of bool, shape (n,)
        Neither where the group is unknown, small, undecided, or its value is blank.
    top, most, others : ndarray of int64, shape (n,)
        The value of the others of the group, how many hold it, and how many hold any.
    slack, usual, margin : ndarray of float64, shape (n,)
        The group's slack; how common the record's own value is; the probability that ``top`` is the group's value.
    """

    def __init__(self, edge: Edge, coded: Coded, gaps: bool) -> None:
        cells, keys = coded.cells(edge.right), coded.codes[edge.left]
        ballot, blank = edge.ask(keys, cells), len(coded.values[edge.right])
        firm = (ballot.top >= 0) & (ballot.top < blank) & (ballot.most >= FEWEST_OTHERS) & (ballot.most > ballot.next)
        firm &= (gaps | (cells != blank)) & (ballot.most >= LEAST_SHARE * ballot.others)
        for name, codes in edge.explained.items():
            firm &= ~np.isin(coded.codes[name], codes)
        self.deviates, self.agrees = firm & (ballot.top != cells), firm & (ballot.top == cells)
        self.top, self.most = ballot.top, ballot.most
        self.others = ballot.others - edge.votes.backing(keys, np.full(len(cells), blank)) + (cells == blank)
        self.slack = np.where(ballot.place >= 0, edge.slack[np.maximum(ballot.place, 0)], 1.0)
        self.usual = edge.shares[cells]
        errors = edge.dependency.errors
        ratio = np.log((1 - errors) / errors) - np.log(edge.shares[np.maximum(ballot.top, 0)])
        self.margin = 1 / (1 + np.exp(-np.clip((ballot.most - ballot.next) * ratio, -30, 30)))


def deviating(edge: Edge, coded: Coded, gaps: bool) -> np.ndarray:
    """(n,) bool: ``Word.deviates`` alone."""
    cells = coded.cells(edge.right)
    at = np.flatnonzero(edge.suspicious(coded.codes[edge.left], cells))
    out = np.zeros(len(coded), bool)
    out[at] = Word(edge, coded.only({edge.left, edge.right, *edge.explained}).take(at), gaps).deviates
    return out


def edges(coded: Coded, schema: Schema) -> list[Edge]:
    """The dependencies of a table that say something of records, but those that deviate in runs without a reason."""
    candidates = [Edge.of(*parts) for parts in discover(coded, schema)]
    decided = {(edge.left, edge.right) for edge in candidates}
    beside = _Beside(coded)
    kept = []
    for edge in candidates:
        at = np.flatnonzero(deviating(edge, coded, gaps=True))
        if len(at) < EXPLAINED_FROM:
            kept.append(edge)
            continue
        own = {edge.left, edge.right} | {right for left, right in decided if left == edge.left}
        clear = replace(edge, explained=beside.explained(at, own))
        left = np.flatnonzero(deviating(clear, coded, gaps=True))
        if not _in_runs(coded.in_file(at), len(coded)) or _scattered(coded.in_file(left), len(coded)):
            kept.append(clear)
    return kept


def _in_runs(at: np.ndarray, records: int) -> bool:
    """Do deviations stand next to each other? Errors do not; what changes over time does."""
    from scipy.special import gammainc

    beside = int((np.diff(at) == 1).sum())
    expected = len(at) ** 2 / records
    return beside >= max(EXPLAINED_FROM, CLUSTERED * len(at)) and float(gammainc(beside, expected)) < EXPLAINED_CHANCE


def _scattered(at: np.ndarray, records: int) -> bool:
    """Do no more deviations stand next to each other than chance lets? So what came in runs had a reason."""
    from scipy.special import gammainc

    beside = int((np.diff(at) == 1).sum())
    return beside == 0 or float(gammainc(beside, len(at) ** 2 / records)) > SCATTERED_CHANCE


class _Beside:
    """Values of all columns, numbered through, to see which stand beside deviations more than by chance."""

    def __init__(self, coded: Coded) -> None:
        few = len(coded) / EXPLAINED_FROM
        self.names = [name for name, values in coded.values.items() if 2 <= len(values) <= few]
        self.start = np.cumsum([0, *(coded.size(name) for name in self.names)])
        cells = [coded.cells(name) + at for name, at in zip(self.names, self.start, strict=False)]
        self.cells = np.stack(cells) if cells else np.zeros((0, len(coded)), np.int64)
        self.count = np.bincount(self.cells.ravel(), minlength=int(self.start[-1]))

    def explained(self, at: np.ndarray, own: set[str]) -> dict[str, np.ndarray]:
        """Values beside which most records deviate, and far more than by chance: there is a reason."""
        from scipy.special import gammainc

        seen = np.bincount(self.cells[:, at].ravel(), minlength=len(self.count))
        many = np.flatnonzero(seen >= np.maximum(EXPLAINED_FROM, EXPLAINED_SHARE * self.count))
        expected = len(at) / max(self.cells.shape[1], 1) * self.count[many]
        many = many[gammainc(seen[many], expected) * len(seen) < EXPLAINED_CHANCE]
        out: dict[str, np.ndarray] = {}
        for place, name in enumerate(self.names):
            codes = many[(many >= self.start[place]) & (many < self.start[place + 1] - 2)] - self.start[place]
            if len(codes) and name not in own:
                out[name] = codes
        return out
