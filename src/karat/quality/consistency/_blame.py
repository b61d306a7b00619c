"""Which cells of a record are wrong when columns that should go together do not.

Every dependency says of a record that its two cells agree, deviate, or nothing. A weighted vertex cover over these
edges is found by mean-field updates: a cell is wrong that explains the edges around it better than errors in the cells
at their other ends, or groups that hold several true values.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.schema import Schema
from karat.kernels.votes import Ballot, Votes
from karat.quality.consistency._dependencies import Coded, Dependency, Fit, discover, fit

FEWEST_OTHERS = 2  # of a group that says anything
SWEEPS = 6
ENOUGH_PER_KEY = 10
FEWEST_BESIDE_GAPS, GAPS_PER_ERROR = 3, 3
LEAST = 1e-4
FEWEST_ERRORS = 0.002
MOST_RARE = 10.0  # a rare value is likelier an error, at most so much
EXPLAINED_FROM = 5  # deviations that share another column's value
EXPLAINED_CHANCE = 1e-3
EXPLAINED_SHARE = 0.5  # of the records beside that value
CLUSTERED = 0.3  # of the deviations stand next to another, where chance leaves few


def _votes(pair: tuple[str, str], table: pa.Table, coded: Coded) -> Votes:
    left, right = (
        pc.index_in(table[column], value_set=coded.values[name]).to_numpy().astype(np.int64)
        for name, column in zip(pair, ("key_0", "value"), strict=True)
    )
    return Votes.of(left, right, coded.size(pair[1]), table["n"].to_numpy())


def _clustered(at: np.ndarray, records: int) -> bool:
    """Do deviations stand next to each other? Errors do not; what changes over time does."""
    from scipy.special import gammainc

    beside = int((np.diff(at) == 1).sum())
    expected = len(at) ** 2 / records
    return beside >= max(EXPLAINED_FROM, CLUSTERED * len(at)) and float(gammainc(beside, expected)) < EXPLAINED_CHANCE


def _explained(
    dependency: Dependency, at: np.ndarray, coded: Coded, others: list[str], shares: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Values of other columns beside which most records deviate, far more than by chance: there is a reason."""
    from scipy.special import gammainc

    out = {}
    for name in others:
        if name in (dependency.left, dependency.right):
            continue
        seen = np.bincount(coded.cells(name)[at], minlength=len(shares[name]))[:-2]
        many = np.flatnonzero(seen >= np.maximum(EXPLAINED_FROM, EXPLAINED_SHARE * len(coded) * shares[name][:-2]))
        chance = gammainc(seen[many], len(at) * shares[name][many]) * len(seen) * len(others)
        if (chance < EXPLAINED_CHANCE).any():
            out[name] = many[chance < EXPLAINED_CHANCE]
    return out


@dataclass(frozen=True, eq=False)
class Edge:
    """A dependency with its counts.

    Parameters
    ----------
    dependency : Dependency
    votes : Votes
    slack : ndarray of float64, shape (g,)
        Per group the chance that a record deviates though both its cells are right.
    explained : dict of str to ndarray of int64
        Values of other columns beside which records deviate for a reason.
    """

    dependency: Dependency
    votes: Votes
    slack: np.ndarray
    shares: np.ndarray
    explained: dict[str, np.ndarray]

    @property
    def pair(self) -> tuple[str, str]:
        """Left and right."""
        return self.dependency.left, self.dependency.right

    @property
    def thin(self) -> bool:
        """Are its groups too small to say much?"""
        return len(self.votes.keys) * ENOUGH_PER_KEY > self.votes.voters.sum()

    @classmethod
    def of(cls, dependency: Dependency, votes: Votes, fitted: Fit) -> "Edge":
        """Groups of several true values deviate without error, and so may any record where few deviations were seen."""
        seen = (dependency.deviants + 0.5) / (dependency.deviants + 2.5)
        single = np.clip(fitted.single * seen, 1e-6, 1 - 1e-6)
        errors = max(dependency.errors, 2 * FEWEST_ERRORS)
        return cls(dependency, votes, errors * (1 - single) / single, votes.shares(), {})


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is said of one column.

    Parameters
    ----------
    at : ndarray of int64, shape (m,)
        Positions of the records some dependency accuses.
    wrong : ndarray of float64, shape (m,)
        Probability that the cell is wrong.
    best : ndarray of int64, shape (m,)
        Code of the value that should be there.
    fits : ndarray of float64, shape (m,)
        Probability that it is that value, when the cell is wrong.
    witness : ndarray of int64, shape (m,)
        Place of the edge that speaks loudest.
    backers, others, edges : ndarray of int64, shape (m,)
        Its count of the value among the others of the group; the others; edges that agree on the value.
    """

    at: np.ndarray
    wrong: np.ndarray
    best: np.ndarray
    fits: np.ndarray
    witness: np.ndarray
    backers: np.ndarray
    others: np.ndarray
    edges: np.ndarray

    def take(self, keep: np.ndarray) -> "Verdict":
        """Some of the records."""
        return Verdict(*(getattr(self, part.name)[keep] for part in fields(self)))


class _Record:
    """One edge's word on each of some records."""

    def __init__(self, edge: Edge, coded: Coded, gaps: bool = True) -> None:
        held = edge.dependency
        cells = coded.cells(held.right)
        ballot: Ballot = edge.votes.ask(coded.codes[held.left], cells)
        blank = len(coded.values[held.right])
        firm = (ballot.top >= 0) & (ballot.top < blank) & (ballot.most >= FEWEST_OTHERS) & (ballot.most > ballot.next)
        firm &= gaps | (cells != blank)
        for name, codes in edge.explained.items():
            firm &= ~np.isin(coded.codes[name], codes)
        self.deviates = firm & (ballot.top != cells)
        self.agrees = firm & (ballot.top == cells)
        self.slack = np.where(ballot.place >= 0, edge.slack[np.maximum(ballot.place, 0)], 1.0)
        self.usual = edge.shares[cells]
        self.top, self.most = ballot.top, ballot.most
        gaps = edge.votes.backing(coded.codes[held.left], np.full(len(cells), blank)) - (cells == blank)
        self.others = ballot.others - np.maximum(gaps, 0)
        ratio = np.log((1 - held.errors) / held.errors) - np.log(edge.shares[np.maximum(ballot.top, 0)])
        self.margin = 1 / (1 + np.exp(-np.clip((ballot.most - ballot.next) * ratio, -30, 30)))


class Blame:
    """The dependencies of a table; says which cells of records are wrong."""

    def __init__(self, edges: list[Edge], values: Coded) -> None:
        self.edges, self.values = edges, values
        self.gaps: frozenset[str] = frozenset()
        self.into: dict[str, list[int]] = {}
        self.out_of: dict[str, list[int]] = {}
        for at, edge in enumerate(edges):
            self.into.setdefault(edge.dependency.right, []).append(at)
            self.out_of.setdefault(edge.dependency.left, []).append(at)
        self.errors = {
            name: float(np.clip(min(edges[at].dependency.errors for at in places) / 2, FEWEST_ERRORS, 0.4))
            for name, places in self.into.items()
        }
        for name in self.out_of:
            right = min(edges[at].dependency.errors for at in self.out_of[name])
            self.errors.setdefault(name, float(np.clip(right / 2, FEWEST_ERRORS, 0.4)))

    @classmethod
    def of(cls, coded: Coded, schema: Schema) -> "Blame":
        """Learn from a table."""
        edges = [Edge.of(*found) for found in discover(coded, schema)]
        decided = {(edge.dependency.left, edge.dependency.right) for edge in edges}
        counts = {name: np.bincount(coded.cells(name), minlength=coded.size(name)) for name in coded.codes}
        shares = {name: count / max(len(coded), 1) for name, count in counts.items()}
        kept = []
        for edge in edges:
            at = np.flatnonzero(_Record(edge, coded).deviates)
            if len(at) < EXPLAINED_FROM:
                kept.append(edge)
            elif not _clustered(at, len(coded)):
                others = [name for name in shares if (edge.dependency.left, name) not in decided]
                kept.append(replace(edge, explained=_explained(edge.dependency, at, coded, others, shares)))
        return cls(kept, coded)._with_gaps()

    def _with_gaps(self) -> "Blame":
        """Blanks are errors only in columns whose other cells have errors, and not much more often than these."""
        gaps = set()
        for name, places in self.into.items():
            broken = np.zeros(len(self.values), bool)
            for at in places:
                broken |= _Record(self.edges[at], self.values).deviates
            blank = self.values.codes[name][broken] < 0
            if (~blank).sum() >= FEWEST_BESIDE_GAPS and blank.sum() <= GAPS_PER_ERROR * (~blank).sum():
                gaps.add(name)
        self.gaps = frozenset(gaps)
        return self

    def recounted(self, tables: dict[tuple[str, str], pa.Table]) -> "Blame":
        """The same dependencies, some of them counted over all records: left as ``key_0``, ``value`` and ``n``."""
        columns: dict[str, list[pa.Array]] = {name: [values] for name, values in self.values.values.items()}
        for (left, right), table in tables.items():
            columns[left].append(pc.unique(table["key_0"]))
            columns[right].append(pc.unique(table["value"]))
        # the sample's values come first, so its codes stay what they were
        values = {name: pc.unique(pa.concat_arrays(parts)) for name, parts in columns.items()}
        coded = Coded(self.values.codes, values)
        edges = []
        for edge in self.edges:
            table = tables.get((edge.dependency.left, edge.dependency.right))
            votes = coded.votes(*edge.pair) if table is None else _votes(edge.pair, table, coded)
            edges.append(replace(Edge.of(edge.dependency, votes, fit(votes)), explained=edge.explained))
        blame = Blame(edges, coded)
        blame.gaps = self.gaps
        return blame

    def judge(self, coded: Coded) -> dict[str, Verdict]:
        """What is said of each column that others decide."""
        words = [_Record(edge, coded, edge.dependency.right in self.gaps) for edge in self.edges]
        broken = np.zeros(len(coded), bool)
        for word in words:
            broken |= word.deviates
        at = np.flatnonzero(broken)
        if not len(at):
            return {}
        some = coded.take(at)
        words = [_Record(edge, some, edge.dependency.right in self.gaps) for edge in self.edges]
        wrong = self._weigh(words, some)
        return {name: self._verdict(name, words, wrong, at) for name in self.into}

    def _weigh(self, words: list[_Record], coded: Coded) -> dict[str, np.ndarray]:
        prior = {name: np.log(rate / (1 - rate)) + self._rare(name, coded) for name, rate in self.errors.items()}
        wrong = {name: 1 / (1 + np.exp(-odds)) for name, odds in prior.items()}
        for sweep in range(SWEEPS):
            fresh = {}
            for name, odds in prior.items():
                total = odds + self._incoming(name, words, wrong) + self._outgoing(name, words, wrong)
                fresh[name] = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
            wrong = {name: (fresh[name] + wrong[name]) / 2 if sweep < SWEEPS - 1 else fresh[name] for name in prior}
        return wrong

    def _rare(self, name: str, coded: Coded) -> np.ndarray:
        """How much likelier a value is as an error, which may be any value, than as what the column usually holds."""
        size = self.values.size(name)
        held = np.bincount(self.values.cells(name), minlength=size) + 0.5
        usual = held / held.sum()
        any_value = 0.5 * usual + 0.5 / size
        return np.minimum(np.log(any_value / usual), np.log(MOST_RARE))[coded.cells(name)]

    def _incoming(self, name: str, words: list[_Record], wrong: dict[str, np.ndarray]) -> np.ndarray:
        """Weight of the edges that end here: beyond the errors of their left sides and what groups leave open."""
        out = np.zeros(len(next(iter(wrong.values()))))
        for side, sign in (("deviates", -1), ("agrees", 1)):
            slack, product = np.full(len(out), 1.0), np.ones(len(out))
            for at in self.into.get(name, ()):
                on = getattr(words[at], side)
                left = wrong.get(self.edges[at].dependency.left)
                slack = np.where(on, np.minimum(slack, words[at].slack), slack)
                product *= np.where(on, left if left is not None else LEAST, 1.0)
            said = product < 1
            out += np.where(said, sign * np.log(np.clip(slack + product, LEAST, 1)), 0)
        return out

    def _outgoing(self, name: str, words: list[_Record], wrong: dict[str, np.ndarray]) -> np.ndarray:
        """Weight of the edges that start here: a wrong key stands beside values of another group."""
        out = np.zeros(len(next(iter(wrong.values()))))
        back = {self.edges[at].dependency.left: words[at] for at in self.into.get(name, ())}
        for at in self.out_of.get(name, ()):
            word, right = words[at], self.edges[at].dependency.right
            heard = back[right].deviates | back[right].agrees if right in back else np.zeros(len(out), bool)
            deviates, agrees = word.deviates & ~heard, word.agrees & ~heard  # heard already from the other end
            out += np.where(deviates, -np.log(np.clip(word.slack + wrong[right], LEAST, 1)), 0)
            out += np.where(agrees, np.log(np.clip(word.usual + word.slack, LEAST, 1)), 0)
        return out

    def _verdict(self, name: str, words: list[_Record], wrong: dict[str, np.ndarray], at: np.ndarray) -> Verdict:
        places = self.into[name]
        weight = np.array(
            [
                words[place].deviates
                * (1 - wrong.get(self.edges[place].dependency.left, np.zeros(len(at))))
                * words[place].margin
                / (1 + words[place].slack / self.edges[place].dependency.errors)
                for place in places
            ]
        )
        tops = np.array([words[place].top for place in places])
        score = np.array([(weight * (tops == top)).sum(axis=0) for top in tops])
        loud = np.where(weight > 0, score + weight * 1e-3, 0).argmax(axis=0)
        across = np.arange(len(at))
        best = tops[loud, across]
        fits = score[loud, across] / np.maximum(weight.sum(axis=0), 1e-9)
        fits = fits * np.array([words[place].margin for place in places])[loud, across]
        said = np.flatnonzero(weight[loud, across] > 0)
        pick = loud[said]
        most = np.array([words[place].most for place in places])[pick, said]
        others = np.array([words[place].others for place in places])[pick, said]
        edges = ((tops == best) & (weight > 0.3)).sum(axis=0)[said]
        witness = np.array(places)[pick]
        return Verdict(at[said], wrong[name][said], best[said], fits[said], witness, most, others, edges)
