"""Dependencies between columns, found on dirty data: which columns decide which others, but for errors.

A dependency A → B says that all records with the same A have one true B. Two explanations of each group's values are
weighed: one true value with errors at a rate common to all groups, drawn from the column's usual values; or several
values that belong there (a Dirichlet-multinomial: what was met in a group is met again). Errors stand alone and spread
over all groups alike; true exceptions repeat in some groups. How many groups are of which kind, and the error rate, are
fitted by expectation-maximisation, so that 30 % of errors do not hide a dependency and a correlation does not pass.

Source: approximate functional dependencies, Kivinen and Mannila (1995); Zhang, Guo and Rekatsinas (2020), A statistical
perspective on discovering functional dependencies in noisy data.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.schema import Column, Meaning, Role, Schema
from karat.kernels.group_counts import BLANK, NOVEL, GroupCounts
from karat.quality.consistency._pairings import partners

# Thresholds were chosen in sight of the lakes, facilities, hospital and beers, against false findings on the untouched
# tables; how much some of them matter, and tables that were not in sight: benchmarks/dependencies.md
FEWEST_RECORDS = 20  # as above
MIN_PAIRED, FEWEST_PAIRS = 0.1, 5  # share of the records that share their key with another; as above
PAIR_AGREES = 0.2  # beyond chance; 30 % of errors on either side leave .24 of the pairs agreeing; as above
KEY_SHARE = 0.95  # more distinct values than this share of the records: decides all, and nothing decides it; as above
SCREENED = 2_048  # records looked at per column on the left; cost: beyond, every n-th
MOST_LEFT, MOST_PER_COLUMN = 3_000, 1_200  # cost: pairs fitted, dependencies kept, shared by the columns on the right
ROUNDS = 12  # cost: of expectation-maximisation, which stops there
PURE_FIRST, ERRORS_FIRST = 0.8, 0.05  # as above
ALIKE = 300.0  # records' worth of belief that all groups have errors at one rate; 30 lets correlations pass; as above
MIN_PURE = 0.2  # share of the groups that have one true value; .5, .35, .2, .01 are alike on untouched tables; as above
BEYOND = 3.0  # log-likelihood, after the pairs tried; 0: 65 false findings on 92 untouched tables, 3: 2; as above
MAX_ERRORS = 0.7  # of the deviations of both sides; two sides with 30 % leave 51 %; as above
SINGLE = 0.99  # probability that a group with a partner has one true value; as above


@dataclass(frozen=True)
class Dependency:
    """A column decides another.

    Parameters
    ----------
    errors : float
        Share of the records whose two cells do not go together though the group has one true value, in (0, 1).
    pure : float
        Share of the groups that have one true value.
    deviants : float
        Records that are expected to deviate by error.
    evidence : float
        Log-likelihood beyond mere correlation.
    paired : bool
        Does each value of the one have its own value of the other, with errors that some groups have more often?
    """

    left: str
    right: str
    errors: float
    pure: float
    deviants: float
    evidence: float
    paired: bool = False

    @classmethod
    def of(
        cls, pair: tuple[str, str], votes: GroupCounts, fitted: "DependencyFit", *, paired: bool = False
    ) -> "Dependency":
        """What was fitted to the groups of a pair of columns."""
        lone = (votes.voters - votes.first_count) * (votes.voters >= 3)
        return cls(*pair, fitted.errors, fitted.pure, float((fitted.single * lone).sum()), fitted.evidence, paired)


def dependency_columns(schema: Schema) -> list[Column]:
    """Columns that may depend on one another: not the target, whose truth is another room's matter, nor pictures.

    Of interactions neither their times: who did something at a second is not decided by the second.
    """
    out = (Role.TARGET, Role.IGNORE, Role.IMAGE) + ((Role.TIME,) if schema.with_role(Role.USER) else ())
    return [column for column in schema if column.type != "binary" and column.role not in out]


AMOUNTS = frozenset({Meaning.QUANTITY, Meaning.AMOUNT, Meaning.SHARE, Meaning.COORDINATE})
COUNTS = AMOUNTS | {Meaning.COUNT}
LEVELS = 20  # more different counts are no codes that name things; benchmarks/do_no_harm.md, 110 tables of R packages
MOMENTS = frozenset({Meaning.DATE, Meaning.CLOCK, Meaning.YEAR})


def may_be_decided(column: Column, values: pa.Array) -> bool:
    """Can a thing have it? What is measured is decided by equations alone."""
    return column.role is not Role.TIME and not _only(column, AMOUNTS) and not fractional(values)


def may_decide(column: Column, values: pa.Array) -> bool:
    """Can the column, one that may be decided, name things? Dates and counts cannot."""
    counted = column.role is Role.NUMBER and bool(COUNTS & set(column.meanings)) and len(values) > LEVELS
    return not _only(column, MOMENTS) and not counted


def _only(column: Column, meanings: frozenset[Meaning]) -> bool:
    return bool(column.meanings) and meanings.issuperset(column.meanings)


def fractional(values: pa.Array) -> bool:
    """Are most of the distinct values numbers, many of them not whole?"""
    numbers = pc.match_substring_regex(values, r"^\s*[+-]?\d+([.,]\d+)?\s*$")
    parts = pc.match_substring_regex(values, r"[.,]0*[1-9]\d*\s*$")
    total = max(len(values), 1)
    both = pc.sum(pc.and_(numbers, parts)).as_py() or 0
    return bool(both > total / 3 and (pc.sum(numbers).as_py() or 0) > total * 2 / 3)


@dataclass(frozen=True, eq=False)
class Coded:
    """A table as codes.

    Parameters
    ----------
    codes : dict of str to ndarray of int64, shape (n,)
        Per column; ``BLANK`` where missing (blank or a null word), ``NOVEL`` where the dictionary has no such value.
    values : dict of str to pyarrow.Array of string
        Per column its distinct texts.
    rows : ndarray of int64, shape (n,), or None
        Record numbers; None: the records are in the order of the file.
    """

    codes: dict[str, np.ndarray]
    values: dict[str, pa.Array]
    rows: np.ndarray | None = None

    def __len__(self) -> int:
        return len(next(iter(self.codes.values()))) if self.codes else 0

    @classmethod
    def of(cls, block: Block) -> "Coded":
        """A block with its own dictionary; kept with the block."""

        def make() -> Coded:
            codes, values = {}, {}
            for column in dependency_columns(block.schema):
                column_codes, texts = block.coded(column.name)
                codes[column.name] = np.where(block.missing(column.name), BLANK, column_codes).astype(np.int64)
                values[column.name] = texts
            return Coded(codes, values, block.rows)

        return block.memo(Coded, make)

    def read(self, block: Block) -> "Coded":
        """Another block in this dictionary."""
        codes = {}
        for name, known in self.values.items():
            column_codes, texts = block.coded(name)
            place = pc.fill_null(pc.index_in(texts, value_set=known), NOVEL)
            place = np.append(place.to_numpy(zero_copy_only=False).astype(np.int64), BLANK)
            codes[name] = np.where(block.missing(name), BLANK, place[column_codes])
        return Coded(codes, self.values)

    def only(self, names: set[str]) -> "Coded":
        """Some of the columns."""
        codes = {name: column for name, column in self.codes.items() if name in names}
        return Coded(codes, {name: self.values[name] for name in codes}, self.rows)

    def take(self, at: np.ndarray) -> "Coded":
        """The records at some positions."""
        rows = None if self.rows is None else self.rows[at]
        return Coded({name: codes[at] for name, codes in self.codes.items()}, self.values, rows)

    def in_file(self, at: np.ndarray) -> np.ndarray:
        """Where the records at some positions are among all of these, in the order of the file."""
        return at if self.rows is None else np.searchsorted(np.sort(self.rows), np.sort(self.rows[at]))

    def size(self, name: str) -> int:
        """Values of a column, one more for the blank and one for what was never seen."""
        return len(self.values[name]) + 2

    def cells(self, name: str) -> np.ndarray:
        """(n,) codes of a column as values that can be counted: the blank and the novel come last."""
        codes, size = self.codes[name], len(self.values[name])
        return np.where(codes >= 0, codes, np.where(codes == BLANK, size, size + 1))

    def votes(self, left: str, right: str) -> GroupCounts:
        """How often each value of the right column, blanks among them, stands beside each of the left."""
        return GroupCounts.of(self.codes[left], self.cells(right), self.size(right))


class PairAgreement:
    """How often records that share a value of one column agree on each of the others: a first look at all pairs.

    Parameters
    ----------
    names : list of str
        The columns looked at.
    """

    def __init__(self, coded: Coded, names: list[str]) -> None:
        self.coded, self.names = coded, names
        columns = [coded.cells(name).astype(np.int32) for name in names]
        self.cells = np.ascontiguousarray(np.stack(columns, axis=1)) if names else np.zeros((len(coded), 0), np.int32)
        shares = (np.bincount(column) / max(len(coded), 1) for column in columns)
        self.chance = np.array([float((share**2).sum()) for share in shares])

    def agree(self, left: str) -> np.ndarray | None:
        """(m,) share of the pairs of records with the same left value that agree; None where hardly any share one."""
        keys = self.coded.codes[left]
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] >= 0]
        paired = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        if len(paired) < max(MIN_PAIRED * len(self.coded), FEWEST_PAIRS):
            return None
        paired = paired[:: max(1, len(paired) // SCREENED)]
        share: np.ndarray = (self.cells[order[paired]] == self.cells[order[paired + 1]]).mean(axis=0)
        return share


def screened(coded: Coded, schema: Schema) -> list[tuple[str, str]]:
    """Pairs of columns worth counting: records that share the left value agree on the right one beyond chance."""
    distinct = {name: len(np.unique(codes[codes >= 0])) for name, codes in coded.codes.items()}
    rights = [
        name
        for name, count in distinct.items()
        if 2 <= count <= KEY_SHARE * len(coded) and may_be_decided(schema[name], coded.values[name])
    ]
    neighbours = PairAgreement(coded, rights)
    scores: dict[str, list[tuple[float, str]]] = {name: [] for name in rights}
    for left in rights:
        agree = neighbours.agree(left) if may_decide(schema[left], coded.values[left]) else None
        if agree is None:
            continue
        beyond = (agree - neighbours.chance) / np.maximum(1 - neighbours.chance, 1e-9)
        for at in np.flatnonzero(beyond >= PAIR_AGREES).tolist():
            if rights[at] != left:
                scores[rights[at]].append((float(beyond[at]), left))
    most = max(MOST_LEFT // max(len(rights), 1), 4)
    return [(left, right) for right, some in scores.items() for _, left in sorted(some, reverse=True)[:most]]


@dataclass(frozen=True, eq=False)
class DependencyFit:
    """What was fitted to the groups of one pair of columns.

    Parameters
    ----------
    errors, pure : float
        As in ``Dependency``.
    single : ndarray of float64, shape (g,)
        Probability that the group has one true value.
    evidence : float
        Log-likelihood beyond that of groups none of which has one; groups of the value that adds most are left out.
    """

    errors: float
    pure: float
    single: np.ndarray
    evidence: float


def fit(votes: GroupCounts) -> DependencyFit:
    """Fit the error rate and the share of groups with one true value."""
    from scipy.special import betaln, expit, gammaln

    shares, value = votes.shares(), votes.joint % votes.size
    group = np.repeat(np.arange(len(votes.keys)), np.diff(np.append(votes.start, len(votes.joint))))
    base, count = shares[value], votes.count.astype(np.float64)
    voters, first = votes.voters.astype(np.float64), votes.first_count.astype(np.float64)
    mixed = np.add.reduceat(gammaln(base + count) - gammaln(base), votes.start) - gammaln(1.0 + voters)
    stray = np.where(value == votes.first[group], 0.0, count)  # what is an error where the group has one true value
    kinds = len(np.unique(value[stray > 0]))
    several, deviate = voters >= 2, voters - first
    repeated = np.add.reduceat(gammaln(base + stray) - gammaln(base), votes.start) - gammaln(1.0 + deviate)
    errors, pure, weight = ERRORS_FIRST, PURE_FIRST, several * PURE_FIRST
    for _ in range(ROUNDS):
        strays = weight[group] * stray
        elsewhere = np.bincount(value, strays, votes.size)[value] - strays
        usual = np.log((elsewhere + (kinds + 1) * base) / (strays.sum() + kinds + 1))
        right, wrong = ALIKE * (1 - errors), ALIKE * errors
        alone = np.log(shares[votes.first]) + betaln(first + right, deviate + wrong) - betaln(right, wrong)
        alone += np.logaddexp(np.add.reduceat(stray * usual, votes.start), repeated) - np.log(2)
        single = expit(np.clip(alone - mixed + np.log(pure / (1 - pure)), -500, 500))
        weight = single * several
        errors = float(((weight * deviate).sum() + 0.5) / ((weight * voters).sum() + 50))
        pure = float((weight.sum() + 1) / (several.sum() + 2))
    both = np.logaddexp(np.log(pure) + alone, np.log(1 - pure) + mixed)
    telling = several & (votes.first < votes.size - 2)  # a group of blanks tells nothing
    by_value = np.bincount(votes.first[telling], (both - mixed)[telling], votes.size)
    # zero everywhere but for measured amounts looks like one true value with errors: it must hold without that value
    return DependencyFit(errors, pure, single, float(by_value.sum() - by_value.max()))


def discover(coded: Coded, schema: Schema) -> list[tuple[Dependency, GroupCounts, DependencyFit]]:
    """The dependencies of a table, the best few per column on the right, with their counts."""
    if len(coded) < FEWEST_RECORDS:
        return []
    pairs = screened(coded, schema)
    needed = np.log(max(len(pairs), 1)) + BEYOND
    dependencies: dict[tuple[str, str], tuple[Dependency, GroupCounts, DependencyFit]] = {}
    for pair in pairs:
        votes = coded.votes(*pair)
        fitted = fit(votes)
        if fitted.pure >= MIN_PURE and fitted.errors <= MAX_ERRORS and fitted.evidence >= needed:
            dependencies[pair] = Dependency.of(pair, votes, fitted), votes, fitted
    known, sound = set(pairs), set(dependencies)
    for pair in pairs:
        numbers = all(schema[name].numeric for name in pair)  # two amounts that mostly agree name no one thing
        if pair[::-1] in known and not numbers and not {pair, pair[::-1]} <= sound:
            votes = coded.votes(*pair)
            partner = partners(votes)
            if partner is not None:
                fitted = pairing_fit(votes, partner)
                dependencies[pair] = Dependency.of(pair, votes, fitted, paired=True), votes, fitted
    into: dict[str, list[tuple[Dependency, GroupCounts, DependencyFit]]] = {}
    for (_, right), part in dependencies.items():
        into.setdefault(right, []).append(part)
    most = min(max(MOST_PER_COLUMN // max(len(into), 1), 2), 8)
    best = (sorted(some, key=lambda part: -part[0].evidence)[:most] for some in into.values())
    return [part for some in best for part in some]


def pairing_fit(votes: GroupCounts, partner: np.ndarray) -> DependencyFit:
    """What is known of two columns that name the same things: every group with a partner has that one true value."""
    with_one = partner >= 0
    right = votes.backing(votes.keys, partner).sum()
    errors = 1 - (right + 0.5) / (votes.voters.sum() + 1)
    return DependencyFit(float(errors), float(with_one.mean()), np.where(with_one, SINGLE, 0.0), float(right))
