"""Which cells of a record are wrong when columns that should go together do not.

A weighted vertex cover over the edges of each record, found by mean-field updates: a cell is wrong that explains the
edges around it better than errors in the cells at their other ends, or groups that hold several true values.
"""

from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.schema import Schema
from karat.core.state import derived
from karat.quality.consistency._dependencies import Coded
from karat.quality.consistency._edges import FEWEST_ERRORS, Edge, Word, deviating, edges

# Chosen in sight of the lakes, facilities, hospital and beers, against false findings on the untouched tables; adult,
# flights and the package tables took no part: benchmarks/dependencies.md
SWEEPS = 6  # as above
LEAST = 1e-4  # as above
MOST_ERRORS = 0.4  # as above
OFTEN, SHARE = 6, 0.025  # cells, and share of the column, from which a value no group has as its own is true; as above
MOST_RARE = 10.0  # a rare value is likelier an error, at most so much; as above
FEWEST_BESIDE_GAPS, GAPS_PER_ERROR = 3, 3  # as above
# of the records that break either, two at least; errors in facilities reach .74, exceptions in a table of teams .91
TOGETHER = 0.85
SPEAKS = 0.3  # weight from which on an edge counts; as above


@dataclass(frozen=True, eq=False)
class ColumnVerdict:
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
    rare : ndarray of bool, shape (m,)
        Is the cell's value rarer in the column than the value that should be there?
    joint : ndarray of bool, shape (m,)
        Does the record break another dependency of the same left side, which is broken in the same records as a rule?
    """

    at: np.ndarray
    wrong: np.ndarray
    best: np.ndarray
    fits: np.ndarray
    witness: np.ndarray
    backers: np.ndarray
    others: np.ndarray
    edges: np.ndarray
    rare: np.ndarray
    joint: np.ndarray

    def take(self, keep: np.ndarray) -> "ColumnVerdict":
        """Some of the records."""
        return ColumnVerdict(*(getattr(self, part.name)[keep] for part in fields(self)))


@dataclass(frozen=True, eq=False)
class BrokenPair:
    """Records in which two cells do not go together.

    Parameters
    ----------
    left, right : str
        The column that decides, and the one that is decided.
    at : ndarray of int64, shape (m,)
        Positions of the records.
    either : ndarray of float64, shape (m,)
        Probability that at least one of the two cells is wrong.
    top, most, others : ndarray of int64, shape (m,)
        Code of the value that goes with the left cell, how many of the others of its group hold it, and the others.
    """

    left: str
    right: str
    at: np.ndarray
    either: np.ndarray
    top: np.ndarray
    most: np.ndarray
    others: np.ndarray


class Blame:
    """The dependencies of a table; says which cells of records are wrong.

    Parameters
    ----------
    values : Coded
        Its dictionary is the one the edges were counted in.
    gaps : frozenset of str, or None
        Columns whose blanks may be errors; None finds them among the records of ``values``.
    """

    def __init__(self, edges: list[Edge], values: Coded, gaps: frozenset[str] | None = None) -> None:
        self.edges = edges
        used = {name for edge in edges for name in (edge.left, edge.right, *edge.explained)}
        self.values = values.only(used)
        self.into: dict[str, list[int]] = {}
        self.out_of: dict[str, list[int]] = {}
        for at, edge in enumerate(edges):
            self.into.setdefault(edge.right, []).append(at)
            self.out_of.setdefault(edge.left, []).append(at)
        self.odds = {name: self._odds(name) for name in self.into.keys() | self.out_of.keys()}
        self.gaps = self._gaps() if gaps is None else gaps

    @classmethod
    def of(cls, coded: Coded, schema: Schema) -> "Blame":
        """Learn from a table."""
        return cls(edges(coded, schema), coded)

    def recounted(self, tables: dict[tuple[str, str], pa.Table]) -> "Blame":
        """The same dependencies, some of them counted over all records: left as ``key_0``, ``value`` and ``n``."""
        columns: dict[str, list[pa.Array]] = {name: [values] for name, values in self.values.values.items()}
        for (left, right), table in tables.items():
            columns[left].append(pc.unique(table["key_0"]))
            columns[right].append(pc.unique(table["value"]))
        # the sample's values come first, so its codes stay what they were
        coded = Coded(self.values.codes, {name: pc.unique(pa.concat_arrays(parts)) for name, parts in columns.items()})
        edges = [edge.recounted(tables.get((edge.left, edge.right)), coded) for edge in self.edges]
        return Blame(edges, coded, self.gaps)

    def judge(self, coded: Coded) -> dict[str, ColumnVerdict]:
        """What is said of each column that others decide."""
        at, words, wrong = self._heard(coded)
        if not len(at):
            return {}
        joint, some = self._joint(words), coded.take(at)
        return {name: self._verdict(name, words, wrong, at, some.cells(name), joint[name]) for name in self.into}

    def undecided(self, coded: Coded, least: float, quiet: float) -> list[BrokenPair]:
        """Records that break a dependency where one of its two cells is likely wrong and neither is blamed.

        As each cell excuses the other, both look right; the pair is judged by what was likely before any edge spoke.

        Parameters
        ----------
        least : float
            How likely at least one of the two is wrong.
        quiet : float
            How likely each is wrong, at most, by all that is known.
        """
        at, words, wrong = self._heard(coded)
        if not len(at):
            return []
        joint, some, out = self._joint(words), coded.take(at), []
        for edge, word in zip(self.edges, words, strict=True):
            left, right = (_share(self.odds[name][some.cells(name)]) for name in (edge.left, edge.right))
            either = 1 - (1 - left) * (1 - right)
            either = word.margin * either / (either + (1 - either) * word.slack)
            blamed = np.maximum(wrong[edge.left], wrong[edge.right]) >= quiet
            keep = np.flatnonzero(word.deviates & (either >= least) & ~blamed & ~joint[edge.right])
            if len(keep):
                parts = (word.top, word.most, word.others)
                out.append(BrokenPair(edge.left, edge.right, at[keep], either[keep], *(part[keep] for part in parts)))
        return out

    def _heard(self, coded: Coded) -> tuple[np.ndarray, list[Word], dict[str, np.ndarray]]:
        """The records that break a dependency, what each edge says of them, and how likely their cells are wrong."""
        broken = np.zeros(len(coded), bool)
        for edge in self.edges:
            broken |= deviating(edge, coded, edge.right in self.gaps)
        at = np.flatnonzero(broken)
        if not len(at):
            return at, [], {}
        some = coded.take(at)
        words = [Word(edge, some, edge.right in self.gaps) for edge in self.edges]
        return at, words, self._weigh(words, some)

    def usual(self, name: str) -> list[str]:
        """The values that clearly win a group of the column, in the order of the dictionary."""
        blank, votes = len(self.values.values[name]), [self.edges[at].votes for at in self.into[name]]
        clear = [some.first[some.first_count > np.maximum(some.second_count, 1)] for some in votes]
        won = np.unique(np.concatenate(clear))
        return [self.values.values[name][at].as_py() for at in won[won < blank].tolist()]

    def shared(self, name: str) -> pa.Array:
        """Values that repeat themselves though they are usual in no group: no errors, which are not so frequent."""

        def make() -> pa.Array:
            codes, values = self.values.codes[name], self.values.values[name]
            often = np.bincount(codes[codes >= 0], minlength=len(values)) >= max(OFTEN, SHARE * len(codes))
            usual = pc.is_in(values, pa.array(self.usual(name), values.type))
            return values.filter(pc.and_(pa.array(often), pc.invert(usual)))

        return derived(self, f"shared in {name}", make)

    def _gaps(self) -> frozenset[str]:
        """Blanks are errors only in columns whose other cells have errors, and not much more often than these."""
        out = set()
        for name, places in self.into.items():
            broken = np.zeros(len(self.values), bool)
            for at in places:
                broken |= deviating(self.edges[at], self.values, gaps=True)
            blank = self.values.codes[name][broken] < 0
            if (~blank).sum() >= FEWEST_BESIDE_GAPS and blank.sum() <= GAPS_PER_ERROR * (~blank).sum():
                out.add(name)
        return frozenset(out)

    def _together(self) -> list[tuple[int, int]]:
        """Dependencies of one left side that are nearly always broken in the same records.

        Wrong cells meet in some records; a key that is wrong, and a thing that is an exception, break both each time.
        """

        def make() -> list[tuple[int, int]]:
            out = []
            for places in self.out_of.values():
                broken = {
                    at: deviating(self.edges[at], self.values, self.edges[at].right in self.gaps) for at in places
                }
                for first, second in combinations(places, 2):
                    met = int((broken[first] & broken[second]).sum())
                    most = max(broken[first].sum(), broken[second].sum())
                    if met > 1 and met >= TOGETHER * most:
                        out.append((first, second))
            return out

        return derived(self, "broken together", make)

    def _joint(self, words: list[Word]) -> dict[str, np.ndarray]:
        """Per column the records in which it breaks a dependency together with another column."""
        out = {name: np.zeros(len(words[0].deviates), bool) for name in self.into}
        for first, second in self._together():
            both = words[first].deviates & words[second].deviates
            out[self.edges[first].right] |= both
            out[self.edges[second].right] |= both
        return out

    def _odds(self, name: str) -> np.ndarray:
        """Per value the log-odds that a cell is wrong before any edge speaks.

        A rare value is likelier as an error, which may be any value, than as what the column usually holds.
        """
        places = self.into.get(name) or self.out_of[name]
        rate = np.clip(min(self.edges[at].dependency.errors for at in places) / 2, FEWEST_ERRORS, MOST_ERRORS)
        size = self.values.size(name)
        usual = np.bincount(self.values.cells(name), minlength=size) + 0.5
        usual = usual / usual.sum()
        rare: np.ndarray = np.minimum(np.log(0.5 + 0.5 / size / usual), np.log(MOST_RARE))
        return np.log(rate / (1 - rate)) + rare

    def _weigh(self, words: list[Word], coded: Coded) -> dict[str, np.ndarray]:
        """Per column the probability that each record's cell is wrong."""
        before = {name: odds[coded.cells(name)] for name, odds in self.odds.items()}
        wrong = {name: _share(odds) for name, odds in before.items()}
        for sweep in range(SWEEPS):
            fresh = {
                name: _share(odds + self._incoming(name, words, wrong) + self._outgoing(name, words, wrong))
                for name, odds in before.items()
            }
            last = sweep == SWEEPS - 1
            wrong = fresh if last else {name: (fresh[name] + wrong[name]) / 2 for name in fresh}
        return wrong

    def _incoming(self, name: str, words: list[Word], wrong: dict[str, np.ndarray]) -> np.ndarray:
        """Weight of the edges that end here, beyond the errors of their left sides and what groups leave open."""
        out = np.zeros(len(wrong[name]))
        for side, sign in (("deviates", -1), ("agrees", 1)):
            slack, errors, said = np.ones(len(out)), np.ones(len(out)), np.zeros(len(out), bool)
            for at in self.into.get(name, ()):
                on = getattr(words[at], side)
                slack = np.where(on, np.minimum(slack, words[at].slack), slack)
                errors *= np.where(on, wrong[self.edges[at].left], 1.0)
                said |= on
            out += np.where(said, sign * np.log(np.clip(slack + errors, LEAST, 1)), 0)
        return out

    def _outgoing(self, name: str, words: list[Word], wrong: dict[str, np.ndarray]) -> np.ndarray:
        """Weight of the edges that start here: a wrong key stands beside values of another group."""
        out = np.zeros(len(wrong[name]))
        back = {self.edges[at].left: words[at] for at in self.into.get(name, ())}
        for at in self.out_of.get(name, ()):
            word, right = words[at], self.edges[at].right
            heard = back[right].deviates | back[right].agrees if right in back else np.zeros(len(out), bool)
            deviates, agrees = word.deviates & ~heard, word.agrees & ~heard  # heard already from the other end
            out += np.where(deviates, -np.log(np.clip(word.slack + wrong[right], LEAST, 1)), 0)
            out += np.where(agrees, np.log(np.clip(word.usual + word.slack, LEAST, 1)), 0)
        return out

    def _verdict(
        self,
        name: str,
        words: list[Word],
        wrong: dict[str, np.ndarray],
        at: np.ndarray,
        cells: np.ndarray,
        joint: np.ndarray,
    ) -> ColumnVerdict:
        places = self.into[name]
        heard = [words[place] for place in places]
        trust = [
            (1 - wrong[self.edges[place].left]) / (1 + words[place].slack / self.edges[place].dependency.errors)
            for place in places
        ]
        weight = np.array([word.deviates * word.margin * share for word, share in zip(heard, trust, strict=True)])
        tops = np.array([word.top for word in heard])
        score = np.array([(weight * (tops == top)).sum(axis=0) for top in tops])
        across = np.arange(len(at))
        loud = np.where(weight > 0, score + weight * 1e-3, 0).argmax(axis=0)
        said = np.flatnonzero(weight[loud, across] > 0)
        pick = loud[said]
        share = score[pick, said] / np.maximum(weight.sum(axis=0)[said], 1e-9)
        margin, most, others = (
            np.array([getattr(word, part) for word in heard])[pick, said] for part in ("margin", "most", "others")
        )
        speak = ((tops == tops[loud, across]) & (weight > SPEAKS)).sum(axis=0)[said]
        return ColumnVerdict(
            at[said],
            wrong[name][said],
            tops[pick, said],
            share * margin,
            np.array(places)[pick],
            most,
            others,
            speak,
            self.odds[name][cells[said]] > self.odds[name][tops[pick, said]],
            joint[said],
        )


def _share(odds: np.ndarray) -> np.ndarray:
    share: np.ndarray = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return share
