"""Which cell is wrong when records that should agree do not: votes of all dependencies, weighed against each other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.kernels.votes import BLANK, Ballot, Votes
from karat.quality.consistency._dependencies import Coded, Dependency, discover

ROUNDS = 2
SWEEPS = 3
MOST_VOTERS = 6  # dependencies heard per column
MOST_RECOUNTED = 3  # the same, where there are more records than a sample holds
ENOUGH_PER_KEY = 10  # records of a group that make a vote
DOUBT = 0.3  # weight of the plain belief that what stands there is right
MEND = 0.6
EXCEPTIONS = 5  # breaks that share a value, and are most of that value's records, are a rule of their own
EXCEPTION_SHARE = 0.6


@dataclass(frozen=True, eq=False)
class Trial:
    """What was found out about one column.

    Parameters
    ----------
    at : ndarray of int64, shape (m,)
        Positions of the records that some dependency accuses.
    guilt : ndarray of float64, shape (m,)
        How sure the cell is wrong, in [0, 1).
    best : ndarray of int64, shape (m,)
        Code of the value that should stand there.
    witness : ndarray of int64, shape (m,)
        Place, among the dependencies, of the one that speaks loudest.
    """

    at: np.ndarray
    guilt: np.ndarray
    best: np.ndarray
    witness: np.ndarray

    def moved(self, at: np.ndarray) -> "Trial":
        """The same about the records of a larger table that stand at ``at``."""
        return Trial(at[self.at], self.guilt, self.best, self.witness)

    def without(self, gone: np.ndarray) -> "Trial":
        """Without the records where a mask over the table is true."""
        keep = ~gone[self.at]
        return Trial(self.at[keep], self.guilt[keep], self.best[keep], self.witness[keep])

    def joined(self, other: "Trial") -> "Trial":
        """Both, in record order."""
        pairs = zip(
            (self.at, self.guilt, self.best, self.witness),
            (other.at, other.guilt, other.best, other.witness),
            strict=True,
        )
        at, guilt, best, witness = (np.concatenate(pair) for pair in pairs)
        order = np.argsort(at, kind="stable")
        return Trial(at[order], guilt[order], best[order], witness[order])


class _Column:
    """The dependencies that decide one column, and what they say about the records they accuse."""

    def __init__(
        self, name: str, heard: list[int], ballots: list[Ballot], weights: np.ndarray, stands: np.ndarray
    ) -> None:
        tops = np.array([ballot.top for ballot in ballots])
        self.name, self.heard = name, heard
        self.at = np.flatnonzero(((tops >= 0) & (tops != stands)).any(axis=0))
        self.stands = stands[self.at]
        self.top = tops[:, self.at]
        self.share = np.array([ballot.share[self.at] for ballot in ballots])
        self.own = np.array([ballot.own[self.at] for ballot in ballots])
        self.weights = weights[:, None]
        self.against = (self.top >= 0) & (self.top != self.stands)
        self.fits: dict[tuple[int, bytes], np.ndarray] = {}  # by dependency and the values that should stand there

    def elect(self, trust: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The value that should stand there (m,), the loudest witness (m,) and the weight against what does (m,)."""
        weight = self.weights * trust * self.share * self.against
        score = np.array(
            [(weight * (self.top == top)).sum(axis=0) * ok for top, ok in zip(self.top, self.against, strict=True)]
        )
        pick = score.argmax(axis=0)
        across = np.arange(len(self.at))
        return np.where(score[pick, across] > 0, self.top[pick, across], BLANK), pick, weight.sum(axis=0)

    def defence(self, trust: np.ndarray) -> np.ndarray:
        """The weight of the votes for what stands there (m,)."""
        weight: np.ndarray = self.weights * trust * self.own
        return weight.sum(axis=0)


class Court:
    """Dependencies with their counts; hears a table and says which cells are wrong.

    Parameters
    ----------
    dependencies : sequence of Dependency
    votes : sequence of Votes
        One per dependency.
    values : Coded
        Its dictionary is the one the votes were counted in.
    """

    def __init__(self, dependencies: Sequence[Dependency], votes: Sequence[Votes], values: Coded) -> None:
        self.dependencies, self.votes, self.values = tuple(dependencies), tuple(votes), values
        self.exceptions: list[dict[str, np.ndarray]] = [{} for _ in self.dependencies]
        self.deciding: dict[str, list[int]] = defaultdict(list)
        self.decided_by: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, held in enumerate(self.dependencies):
            self.deciding[held.right].append(at)
            self.decided_by[held.left].append(at)

    @classmethod
    def convene(cls, coded: Coded) -> "Court":
        """Find the dependencies of a table and count; what is surely wrong is mended before the last count."""
        mended, court = coded, cls((), (), coded)
        for _ in range(ROUNDS):
            dependencies = heard(discover(mended))
            court = cls(dependencies, count(dependencies, mended), mended)
            if not dependencies:
                break
            court.learn_exceptions(mended)
            mended = court.mended(coded, court.judge(coded, mended))
        return court

    def recounted(self, dependencies: Sequence[Dependency], tables: Sequence[pa.Table]) -> "Court":
        """The few weightiest dependencies per column, some of them counted over all records.

        The others are left as the sample counted them, and those whose groups it cannot fill are left out.
        """
        columns: dict[str, list[pa.Array]] = {name: [values] for name, values in self.values.values.items()}
        for held, table in zip(dependencies, tables, strict=True):
            for name, key in zip((*held.left, held.right), (*_key_names(held), "value"), strict=True):
                columns[name].append(pc.unique(table[key]))
        # the sample's values come first, so its codes stay what they were
        coded = Coded(self.values.codes, {name: pc.unique(pa.concat_arrays(parts)) for name, parts in columns.items()})
        recounted = dict(zip(dependencies, tables, strict=True))
        kept: list[Dependency] = []
        for places in self.deciding.values():
            full = [place for place in places if self.dependencies[place] in recounted or not self.thin(place)]
            kept += [self.dependencies[place] for place in full[:MOST_RECOUNTED]]
        votes = [
            _votes(held, recounted[held], coded) if held in recounted else count([held], coded)[0] for held in kept
        ]
        court = Court(kept, votes, coded)
        court.learn_exceptions(coded)
        return court

    def thin(self, place: int) -> bool:
        """Are the groups of a dependency too small to vote?"""
        return len(self.votes[place].keys) * ENOUGH_PER_KEY > len(self.values)

    def learn_exceptions(self, coded: Coded) -> None:
        """Note which breaks of a table follow a rule of their own."""
        at = self.suspects(coded, coded)
        some = coded.take(at)
        self.exceptions = [
            _exceptions(held, ballot, some, coded)
            for held, ballot in zip(self.dependencies, self._ballots(some, some), strict=True)
        ]

    def suspects(self, stands: Coded, counted_as: Coded) -> np.ndarray:
        """Positions of the records that break any dependency."""
        broken = np.zeros(len(stands), bool)
        for held, votes in zip(self.dependencies, self.votes, strict=True):
            broken |= votes.suspicious(counted_as.key(held.left), stands.codes[held.right])
        return np.flatnonzero(broken)

    def judge(self, stands: Coded, counted_as: Coded | None = None) -> dict[str, Trial]:
        """Judge every cell, reading left sides as mended: by ``counted_as``, or by what a first hearing finds."""
        at = self.suspects(stands, counted_as or stands)
        some = stands.take(at)
        if counted_as is not None:
            return {name: trial.moved(at) for name, trial in self.hear(some, counted_as.take(at)).items()}
        first = self.hear(some, some)
        mended = self.mended(some, first)
        changed = np.zeros(len(at), bool)
        for name in first:
            changed |= mended.codes[name] != some.codes[name]
        again = np.flatnonzero(changed)
        second = self.hear(some.take(again), mended.take(again))
        return {
            name: trial.without(changed).joined(second[name].moved(again)).moved(at) for name, trial in first.items()
        }

    def hear(self, stands: Coded, counted_as: Coded) -> dict[str, Trial]:
        """Judge every cell.

        Parameters
        ----------
        stands : Coded
            The table as it is.
        counted_as : Coded
            The same with what is surely wrong mended: left sides are read here, and it is what was counted.
        """
        ballots = self._ballots(stands, counted_as)
        columns = [self._column(name, heard, ballots, stands) for name, heard in self.deciding.items()]
        credit, weighed = self._credit(ballots, stands), self._weighed(ballots, stands, counted_as)
        guilt = {name: np.zeros(len(stands)) for name in stands.codes}
        trials: dict[str, Trial] = {}
        for sweep in range(SWEEPS):
            fresh = {}
            for column in columns:
                trust = np.array(
                    [
                        credit[self.dependencies[at].left][column.at]
                        * weighed[at][column.at]
                        * self._trust(at, column.at, guilt, sweep)
                        for at in column.heard
                    ]
                )
                best, pick, accused = column.elect(trust)
                defended = column.defence(trust) + self._vouched(column, best, stands, guilt)
                found = np.where(best >= 0, accused / (accused + defended + DOUBT), 0.0)
                before = guilt[column.name][column.at] if sweep else found
                fresh[column.name] = (found + before) / 2
                trials[column.name] = Trial(column.at, fresh[column.name], best, np.array(column.heard)[pick])
            for column in columns:
                guilt[column.name][column.at] = fresh[column.name]
        return trials

    def mended(self, stands: Coded, trials: dict[str, Trial]) -> Coded:
        """The table with what is surely wrong replaced."""
        out = {}
        for name, trial in trials.items():
            sure = (trial.guilt >= MEND) & (trial.best >= 0)
            codes = stands.codes[name].copy()
            codes[trial.at[sure]] = trial.best[sure]
            out[name] = codes
        return stands.replacing(out)

    def _ballots(self, stands: Coded, counted_as: Coded) -> list[Ballot]:
        out = []
        for held, votes, exceptions in zip(self.dependencies, self.votes, self.exceptions, strict=True):
            ballot = votes.ask(counted_as.key(held.left), stands.codes[held.right], counted_as.codes[held.right])
            for name, codes in exceptions.items():
                ballot.top[np.isin(counted_as.codes[name], codes)] = BLANK
            out.append(ballot)
        return out

    def _credit(self, ballots: list[Ballot], stands: Coded) -> dict[tuple[str, ...], np.ndarray]:
        """How far a left side can be believed: one that accuses several cells of a record may be the odd one."""
        out = {}
        for left, places in self.decided_by.items():
            against, agrees = np.zeros(len(stands)), np.zeros(len(stands))
            for place in places:
                cells, ballot = stands.codes[self.dependencies[place].right], ballots[place]
                against += ballot.share * ((ballot.top >= 0) & (ballot.top != cells) & (cells != BLANK))
                agrees += ballot.own * (1 - self.votes[place].usual(cells))
            out[left] = (1 + agrees) / (1 + agrees + 2 * np.maximum(against - 1, 0))
        return out

    def _weighed(self, ballots: list[Ballot], stands: Coded, counted_as: Coded) -> list[np.ndarray]:
        """How far each dependency can be believed where two columns decide, and so accuse, each other.

        Either cell may be the slip; the likelier reading is the pair of values that more records hold.
        """
        out = [np.ones(len(stands)) for _ in self.dependencies]
        for place, held in enumerate(self.dependencies):
            back = [at for at in self.decided_by.get((held.right,), ()) if (self.dependencies[at].right,) == held.left]
            for other in back:
                here = np.flatnonzero(self._accuses(place, ballots, stands) & self._accuses(other, ballots, stands))
                mine, theirs = (
                    self.votes[at].backing(counted_as.key(self.dependencies[at].left)[here], ballots[at].top[here])[0]
                    for at in (place, other)
                )
                out[place][here] = np.minimum(1.0, 2 * (mine + 1) / (mine + theirs + 2))
        return out

    def _accuses(self, place: int, ballots: list[Ballot], stands: Coded) -> np.ndarray:
        cells, top = stands.codes[self.dependencies[place].right], ballots[place].top
        accuses: np.ndarray = (top >= 0) & (cells >= 0) & (top != cells)
        return accuses

    def _column(self, name: str, heard: list[int], ballots: list[Ballot], stands: Coded) -> _Column:
        weights = np.array([self.dependencies[at].weight for at in heard])
        return _Column(name, heard, [ballots[at] for at in heard], weights, stands.codes[name])

    def _trust(self, dependency: int, at: np.ndarray, guilt: dict[str, np.ndarray], sweep: int) -> np.ndarray:
        trust = np.ones(len(at))
        for name in self.dependencies[dependency].left:
            trust *= 1 - guilt[name][at] if sweep else 0.7
        return trust

    def _vouched(self, column: _Column, best: np.ndarray, stands: Coded, guilt: dict[str, np.ndarray]) -> np.ndarray:
        """How much better the record's other cells fit the value that stands there than the one that should."""
        vouched = np.zeros(len(column.at))
        for place in self.decided_by.get((column.name,), ()):
            right = self.dependencies[place].right
            if (place, best.tobytes()) not in column.fits:
                column.fits[place, best.tobytes()] = self._fit(place, column, best, stands.codes[right][column.at])
            vouched += column.fits[place, best.tobytes()] * (1 - guilt[right][column.at])
        return vouched

    def _fit(self, place: int, column: _Column, best: np.ndarray, cells: np.ndarray) -> np.ndarray:
        held, votes = self.dependencies[place], self.votes[place]
        as_is = votes.ask(column.stands, cells, cells).own
        as_said = votes.ask(best, cells, np.full_like(cells, BLANK)).own
        fit: np.ndarray = held.weight * (1 - votes.usual(cells)) * np.maximum(as_is - as_said, 0)
        return fit


def heard(dependencies: Sequence[Dependency]) -> list[Dependency]:
    """The weightiest few per column, weightiest first."""
    ranked = sorted(dependencies, key=lambda held: (-held.weight, -held.agreement, len(held.left)))
    kept: dict[str, list[Dependency]] = defaultdict(list)
    for held in ranked:
        if len(kept[held.right]) < MOST_VOTERS:
            kept[held.right].append(held)
    return [held for held in ranked if held in kept[held.right]]


def count(dependencies: Sequence[Dependency], coded: Coded) -> list[Votes]:
    """The votes of each dependency in a table."""
    return [
        Votes.of(coded.key(held.left), coded.codes[held.right], max(len(coded.values[held.right]), 1))
        for held in dependencies
    ]


def _key_names(held: Dependency) -> list[str]:
    return [f"key_{at}" for at in range(len(held.left))]


def _votes(held: Dependency, table: pa.Table, coded: Coded) -> Votes:
    codes = {}
    for name, key in zip((*held.left, held.right), (*_key_names(held), "value"), strict=True):
        codes[name] = pc.index_in(table[key], value_set=coded.values[name]).to_numpy().astype(np.int64)
    pairs = Coded(codes, coded.values)
    return Votes.of(pairs.key(held.left), codes[held.right], len(coded.values[held.right]), table["n"].to_numpy())


def _exceptions(held: Dependency, ballot: Ballot, suspects: Coded, coded: Coded) -> dict[str, np.ndarray]:
    """Values of other columns that explain breaks: where one occurs, most records break the dependency."""
    broken = (ballot.top >= 0) & (ballot.top != suspects.codes[held.right]) & (suspects.codes[held.right] >= 0)
    out: dict[str, np.ndarray] = {}
    if broken.sum() < EXCEPTIONS:
        return out
    for name, codes in suspects.codes.items():
        breaks = np.bincount(codes[broken & (codes >= 0)], minlength=len(coded.values[name]))
        many = np.flatnonzero(breaks >= EXCEPTIONS)
        if name == held.right or not len(many):
            continue
        everywhere = coded.codes[name]
        seen = np.bincount(everywhere[(everywhere >= 0) & (coded.codes[held.right] >= 0)], minlength=len(breaks))
        explained = many[breaks[many] >= EXCEPTION_SHARE * seen[many]]
        if len(explained):
            out[name] = explained
    return out
