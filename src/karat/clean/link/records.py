"""The same real thing written twice, in one table or across two: no settings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from karat.clean.link.candidates import Weighted, nearest, weighted
from karat.clean.link.clusters import APART, KnownPairs, clustered, partners, settled
from karat.clean.link.comparison import Comparison, compare, likeness, margin
from karat.clean.link.households import two_people
from karat.clean.link.mixture import LevelWeights, competing, learn
from karat.clean.link.profile import Compared, columns
from karat.core.block import Block
from karat.core.errors import InputError

PAIRS = pa.schema(
    [
        ("left", pa.int64()),
        ("right", pa.int64()),
        ("probability", pa.float64()),
        ("evidence", pa.string()),
    ]
)
TOLD_FROM = 0.2  # display: probability below which a pair is not listed
REPEATING = 0.1  # unproven: twins for a record, from which on a table holds more than pairs
# flat from 0.212 to 0.519 (benchmarks/constants.md): similarity from which a pair is first taken for one thing
START = 0.35
# flat from 0.538 to 0.824 (benchmarks/constants.md): share of the learned log odds that counts; more merges more
TRUST = 0.7
# flat from 0.212 to 0.519 (benchmarks/constants.md): share of the likely pairs that contradict each other in a
# column, so that it bars them
CONTRADICTED = 0.35
# flat from 0.538 to 0.824 (benchmarks/constants.md): of the share among other pairs; venues of one paper, abbreviated
# in each its own way, stay below
AS_ELSEWHERE = 0.7
# 8 does as well, 2 worse (benchmarks/constants.md): columns may contradict as a rule; chosen on generated papers,
# beers and hospital
ONE_COLUMN_IN = 4
MAX_LEARNINGS = 12  # cost: rounds; it ends earlier when no column contradicts
SURELY = 0.8  # unproven: probability from which a rival is taken
EXPLAINED_ROUNDS = 5  # cost: rounds in which rivals are taken away
MAX_RECORDS = 2_000_000  # cost: memory; a larger table is refused, in words


@dataclass(frozen=True)
class Linkage:
    """Two tables (or one with itself), made comparable.

    Parameters
    ----------
    vectors : Weighted
        Whole records over words and letter sequences.
    within : bool
        One table with itself.
    """

    compared: tuple[Compared, ...]
    vectors: Weighted
    within: bool

    def comparisons(self, at: np.ndarray, to: np.ndarray) -> tuple[list[Comparison], np.ndarray]:
        """All comparisons of pairs of positions, and the likeness of the whole records."""
        value, whole = likeness(self.vectors, at, to)
        return [*(compare(column, at, to, within=self.within) for column in self.compared), whole], value


def link(left: Block, right: Block | None = None, *, one_to_one: bool = False) -> pa.Table:
    """Pairs of records that may be the same thing, each with its probability and the evidence in words.

    Which columns to compare, and how, is chosen from the data; candidates are each record's nearest by the words and
    letter sequences they share; what each degree of likeness is worth is learned from the pairs themselves. Within
    one table, chains are checked as a whole. Between two, a record has one partner at most in a table that does not
    repeat itself, so its candidates compete.

    Parameters
    ----------
    left, right : Block
        Whole tables; ``right`` None to look for duplicates within ``left``.
    one_to_one : bool
        Every record has exactly one partner at most on either side: the best choice of all pairs together.

    Returns
    -------
    pyarrow.Table
        ``left``, ``right`` (record numbers), ``probability``, ``evidence``; from 0.2, surest first within a record.

    Raises
    ------
    InputError
        The tables have no column in common that tells records apart.

    Source: Fellegi & Sunter (1969); Winkler (2006), Overview of record linkage.
    """
    within = right is None
    other = left if right is None else right
    for side in (left, other):
        if len(side) > MAX_RECORDS:
            raise InputError(
                f"{len(side):,} records are too many to link at once (limit {MAX_RECORDS:,})", "Link the table in parts"
            )
    compared = tuple(columns(left, other))
    if not compared:
        raise InputError(
            "the two tables have no column in common that tells records apart",
            "Give columns of the same meaning the same name in both tables",
        )
    texts = [_joined(compared, side) for side in ("left", "right")]
    linkage = Linkage(compared, weighted(texts[0], None if within else texts[1]), within)
    at, to = nearest(linkage.vectors, within=within)
    if not len(at):
        return PAIRS.empty_table()
    if within:
        at, to, probability, levels, weights = _within(linkage, at, to)
    else:
        ways = [
            record
            for record, repeats in ((at, _repeats(compared, "right")), (to, _repeats(compared, "left")))
            if one_to_one or not repeats
        ]
        levels, weights, probability = _between(linkage, at, to, ways, one_to_one=one_to_one)
    return _table(linkage, left.rows[at], other.rows[to], at, to, probability, levels, weights)


def _joined(compared: Sequence[Compared], side: str) -> list[str]:
    return [" ".join(parts) for parts in zip(*(getattr(column, side) for column in compared), strict=True)]


def _within(
    linkage: Linkage, at: np.ndarray, to: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[Comparison], LevelWeights]:
    levels, value = linkage.comparisons(at, to)
    start = ((margin(value, (at, to)).levels >= 6) & (value > START)) * 0.99
    weights, barred = _same_things(levels, start)

    households = two_people(linkage.compared, levels, weights, at, to)

    def score(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return households.corrected(weights.log_odds(linkage.comparisons(a, b)[0]), a, b)

    log_odds = households.corrected(weights.log_odds(levels), at, to)
    known = KnownPairs(at, to, np.where(barred, -np.inf, log_odds), score)
    probability = settled(known, clustered(known, len(linkage.compared[0].left)))
    candidate = np.arange(len(probability)) < len(at)
    likely = np.flatnonzero((probability >= TOLD_FROM) & (candidate | (probability > APART)))
    at, to = known.left[likely], known.right[likely]
    return at, to, probability[likely], linkage.comparisons(at, to)[0], weights


def _same_things(levels: list[Comparison], start: np.ndarray) -> tuple[LevelWeights, np.ndarray]:
    """Weights learned from pairs that are one thing, and the pairs that are only of one kind.

    Beers of one brewery agree in all that the brewery decides. Where the pairs that were learned from contradict each
    other as a rule in more than a quarter of the columns, they are different things; those that do are barred, and it
    is learned again. A single column of many is one that is written in many ways: the venue of a paper.
    """
    barred = np.zeros(len(start), bool)
    for _ in range(MAX_LEARNINGS):
        weights = learn(levels, np.where(barred, 0.0, start), trust=TRUST, barred=barred)
        match = np.where(barred, 0.0, competing(weights.log_odds(levels), ()))
        rule = [c for c in levels if c.unlike >= 0 and _contradicts_as_a_rule(c, match)]
        few = sum(c.unlike >= 0 for c in levels) // ONE_COLUMN_IN
        if len(rule) <= (0 if barred.any() else few):
            break
        against = np.sum([c.contradicts for c in rule], axis=0)
        barred |= 2 * against >= len(rule)
    return weights, barred


def _contradicts_as_a_rule(column: Comparison, match: np.ndarray) -> bool:
    """Do the pairs taken for matches contradict each other in a column nearly as often as other pairs do?"""
    there, against = column.levels >= 0, column.contradicts
    matched, others = match[there].sum(), (1 - match)[there].sum()
    if matched <= 0:
        return False
    share = match[against].sum() / matched
    elsewhere = (1 - match)[against].sum() / max(others, 1e-9)
    return bool(share > max(CONTRADICTED, AS_ELSEWHERE * elsewhere))


def _between(
    linkage: Linkage, at: np.ndarray, to: np.ndarray, ways: list[np.ndarray], *, one_to_one: bool
) -> tuple[list[Comparison], LevelWeights, np.ndarray]:
    levels, value = linkage.comparisons(at, to)
    rivals = margin(value, ways)
    if ways:
        levels = [*levels, rivals]
    weights = learn(levels, np.where(rivals.levels >= 6, value, 0.0), ways, 1.0 if one_to_one else TRUST)
    probability = competing(weights.log_odds(levels), ways)
    for _ in range(EXPLAINED_ROUNDS if ways else 0):  # a rival that surely belongs to another is no rival
        free = ~_taken(probability >= SURELY, ways)
        rivals = margin(np.where(free, value, 0.0), ways)
        levels = [*levels[:-1], replace(rivals, levels=np.where(free, rivals.levels, levels[-1].levels))]
        log_odds = weights.log_odds(levels)
        probability = np.where(free, competing(np.where(free, log_odds, -np.inf), ways), np.minimum(probability, 0.49))
    if one_to_one:
        chosen = partners(at, to, weights.log_odds(levels))
        probability = np.where(chosen, probability, np.minimum(probability, 0.49))
    return levels, weights, probability


def _taken(sure: np.ndarray, ways: Sequence[np.ndarray]) -> np.ndarray:
    """(p,) bool: pairs that are not sure and share a record with one that is."""
    out = np.zeros(len(sure), bool)
    for record in ways:
        partnered = np.zeros(int(record.max(initial=-1)) + 1, bool)
        partnered[record[sure]] = True
        out |= partnered[record]
    return out & ~sure


def _repeats(compared: Sequence[Compared], side: str) -> bool:
    """Does a table hold many records twice, but for one column at most?"""
    records = list(zip(*(getattr(column, side) for column in compared), strict=True))
    twins: set[int] = set()
    for left_out in range(-1, len(compared)):
        keys = [tuple(v for place, v in enumerate(record) if place != left_out) for record in records]
        counts = Counter(keys)
        twins.update(at for at, key in enumerate(keys) if counts[key] > 1 and sum(map(bool, key)) >= 3)
    return len(twins) > REPEATING * max(1, len(records))


def _table(
    linkage: Linkage,
    left: np.ndarray,
    right: np.ndarray,
    at: np.ndarray,
    to: np.ndarray,
    probability: np.ndarray,
    levels: list[Comparison],
    weights: LevelWeights,
) -> pa.Table:
    keep = np.flatnonzero(probability >= TOLD_FROM)
    keep = keep[np.lexsort((right[keep], -probability[keep], left[keep]))]
    said = weights.evidence(levels)
    words = [_words(linkage, levels, said[place], int(at[place]), int(to[place])) for place in keep]
    return pa.table([left[keep], right[keep], probability[keep], pa.array(words, pa.string())], schema=PAIRS)


def _words(linkage: Linkage, levels: Sequence[Comparison], said: np.ndarray, at: int, to: int) -> str:
    """What speaks for and against a pair, the weightiest first; weights in bits."""
    order = np.argsort(-np.abs(said), kind="stable")
    texts = {column.name: (column.left[at], column.right[to]) for column in linkage.compared}
    parts = []
    for place in order[:6]:
        name, bits = levels[place].name, said[place] / np.log(2)
        a, b = texts.get(name, ("", ""))
        if a and a == b:
            parts.append(f"{name} equal, {a[:30]!r} ({bits:+.1f})")
        elif a and b:
            parts.append(f"{name} {a[:30]!r} / {b[:30]!r} ({bits:+.1f})")
        elif name not in texts:
            parts.append(f"{name} ({bits:+.1f})")
    return "; ".join(parts)
