"""What could stand in a cell instead: what the checks suggest, what other columns say, what is spelt alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from karat.clean.by_example.neighbours import Link, votes
from karat.clean.combine import proposals
from karat.core.block import Block
from karat.core.finding import FORM
from karat.core.schema import Role

NEIGHBOURS, SPELLING = "what other columns say", "what is spelt alike"
FEATURES = (
    "any option", "a check speaks", "its log odds", "checks that agree", "columns that agree", "share for it",
    "share for what stands there", "records for it", "weight of the columns", "records with the value",
    "records with the suggestion", "likeness", "blank", "to be blanked", "columns against it", "spelt alike",
    "other options", "other cells of the record", "number", "a check says it is wrong", "share times records",
    "likeness times records",
)  # fmt: skip
MOST_ODDS = 5.0
RARE, FREQUENT = 2, 3  # records with a value that may be a misspelling, and with one that it may be of
MOST_EDITS = 2
SHORTEST_SPELT = 4
MOST_SPELT = 3000  # distinct texts of one column that are compared
BLANK = ""


@dataclass(frozen=True, eq=False)
class Options:
    """Options for cells of a block, m in all; several may be for one cell.

    Parameters
    ----------
    at, column : lists of int and str
        Position of the record in the block, and column.
    before, after, speaker : lists of str
        What stands there, what could, and the surest check (or ``NEIGHBOURS``, ``SPELLING``) behind it.
    features : ndarray of float64, shape (m, len(FEATURES))
    proven : ndarray of bool, shape (m,)
        Would be written unasked, by what the check behind it was worth on foreign tables.
    """

    at: list[int]
    column: list[str]
    before: list[str]
    after: list[str]
    speaker: list[str]
    features: np.ndarray
    proven: np.ndarray


@dataclass
class _Case:
    """What speaks for one option."""

    checks: dict[str, float] = field(default_factory=dict)
    links: int = 0
    share: float = 0.0
    own: float = 0.0
    records: float = 0.0
    weight: float = 0.0
    spelt: bool = False


def options(block: Block, found: pa.Table, links: Sequence[Link], counted: bool) -> Options:
    """All options for the cells of a block that claim a fact.

    Parameters
    ----------
    block : Block
    found : pyarrow.Table
        All findings about its records, as the checks gave them.
    links : sequence of Link
    counted : bool
        Were these records among those the links were learned from?
    """
    usable = [c.name for c in block.schema if c.type != "binary" and c.role not in (Role.TARGET, Role.IGNORE)]
    cases: dict[tuple[int, str, str], _Case] = defaultdict(_Case)
    against: dict[tuple[int, str], int] = defaultdict(int)
    accused = _from_checks(block, found, set(usable), cases)
    for column in usable:
        speaking = [link for link in links if link.column == column]
        _from_links(block, column, speaking, counted, cases, against)
        if not block.schema[column].numeric:
            _from_spelling(block, column, cases)
    best = proposals(block, found)
    sure = best.unasked()
    at = np.searchsorted(block.rows, best.row).tolist()
    unasked = zip(at, best.column.to_pylist(), best.after.to_pylist(), sure.tolist(), strict=True)
    proven = {(place, column, after or BLANK) for place, column, after, written in unasked if written}
    return _featured(block, cases, against, accused, proven)


def _from_checks(
    block: Block, found: pa.Table, usable: set[str], cases: dict[tuple[int, str, str], _Case]
) -> dict[tuple[int, str], float]:
    """Suggestions of checks go to ``cases``; the surest finding about each cell is given back."""
    cells = found.filter(pc.and_(pc.is_valid(found["row"]), pc.is_valid(found["column"])))
    cells = cells.filter(pc.and_(pc.not_equal(cells["kind"], FORM), pc.is_null(cells["span_start"])))
    at = np.searchsorted(block.rows, cells["row"].to_numpy()).tolist()
    names = ("column", "check", "value", "suggestion", "confidence")
    accused: dict[tuple[int, str], float] = {}
    for place, column, check, value, after, sure in zip(at, *(cells[name].to_pylist() for name in names), strict=True):
        if column not in usable:
            continue
        accused[place, column] = max(accused.get((place, column), 0.0), sure)
        if after is not None and after != (value or BLANK):
            held = cases[place, column, after].checks
            held[check] = max(held.get(check, 0.0), sure)
    return accused


def _from_links(
    block: Block, column: str, links: Sequence[Link], counted: bool, cases: dict[tuple[int, str, str], _Case],
    against: dict[tuple[int, str], int],
) -> None:  # fmt: skip
    codes, own_texts = block.encoded(column)
    said = [(link, votes(link, block, counted)) for link in links]
    total = np.zeros(len(block))
    own = np.zeros(len(block))
    for link, vote in said:
        speaks = vote.best >= 0
        total += np.where(speaks, link.weight, 0.0)
        own += np.where(speaks, link.weight * vote.n_own / np.maximum(vote.n, 1), 0.0)
    share_own = own / np.maximum(total, 1e-9)
    for link, vote in said:
        texts = vote.texts
        for at in np.flatnonzero((vote.best >= 0) & (vote.best != codes)).tolist():
            case = cases[at, column, texts[vote.best[at]]]
            case.links += 1
            case.share += link.weight * vote.n_best[at] / max(vote.n[at], 1) / total[at]
            case.own = share_own[at]
            case.records = max(case.records, float(vote.n_best[at]))
            case.weight = max(case.weight, link.weight)
        for at in np.flatnonzero((vote.best >= 0) & (vote.best == codes)).tolist():
            against[at, column] += 1


def _from_spelling(block: Block, column: str, cases: dict[tuple[int, str, str], _Case]) -> None:
    codes, texts = block.encoded(column)
    count = np.bincount(codes[codes >= 0], minlength=len(texts))
    long = np.array([len(text) >= SHORTEST_SPELT and any(map(str.isalpha, text)) for text in texts], bool)
    rare, usual = np.flatnonzero((count <= RARE) & long), np.flatnonzero((count >= FREQUENT) & long)
    if not 0 < len(rare) <= MOST_SPELT or not 0 < len(usual) <= MOST_SPELT:
        return
    near = process.cdist(
        [texts[at] for at in rare], [texts[at] for at in usual], scorer=Levenshtein.distance, score_cutoff=MOST_EDITS
    )
    place = near.argmin(axis=1)
    for one in np.flatnonzero(near.min(axis=1) <= MOST_EDITS).tolist():
        for at in np.flatnonzero(codes == rare[one]).tolist():
            cases[at, column, texts[usual[place[one]]]].spelt = True


def _featured(
    block: Block, cases: dict[tuple[int, str, str], _Case], against: dict[tuple[int, str], int],
    accused: dict[tuple[int, str], float], proven: set[tuple[int, str, str]],
) -> Options:  # fmt: skip
    keys = sorted(cases)
    per_cell: dict[tuple[int, str], int] = defaultdict(int)
    per_row: dict[int, set[str]] = defaultdict(set)
    for at, column, _ in keys:
        per_cell[at, column] += 1
        per_row[at].add(column)
    counts, coded, numeric = {}, {}, {}
    for column in {key[1] for key in keys}:
        codes, texts = coded[column] = block.encoded(column)
        counts[column] = dict(zip(texts, np.bincount(codes[codes >= 0], minlength=len(texts)).tolist(), strict=True))
        numeric[column] = float(block.schema[column].numeric)
    before, speaker = [], []
    features = np.zeros((len(keys), len(FEATURES)))
    for line, (at, column, after) in enumerate(keys):
        case, (codes, texts) = cases[at, column, after], coded[column]
        now = texts[codes[at]] if codes[at] >= 0 else BLANK
        sure = max(case.checks.values(), default=0.0)
        like = Levenshtein.normalized_similarity(now, after)
        usual = np.log1p(counts[column].get(after, 0))
        before.append(now)
        loudest = max(case.checks, key=lambda check: (case.checks[check], check), default=None)
        speaker.append(loudest or (NEIGHBOURS if case.links else SPELLING))
        features[line] = (
            1.0, bool(case.checks), _odds(sure) if case.checks else 0.0, np.log1p(max(len(case.checks) - 1, 0)),
            case.links, case.share, case.own, np.log1p(case.records), case.weight,
            np.log1p(counts[column].get(now, 0)), usual, like, now == BLANK, after == BLANK, against[at, column],
            case.spelt, np.log1p(per_cell[at, column] - 1), (len(per_row[at]) - 1) / max(len(block.schema) - 1, 1),
            numeric[column], accused.get((at, column), 0.0), case.share * np.log1p(case.records), like * usual,
        )  # fmt: skip
    at, columns, afters = ([key[part] for key in keys] for part in range(3))
    known = np.array([key in proven for key in keys], bool)
    return Options(at, columns, before, afters, speaker, features, known)


def _odds(sure: float) -> float:
    kept = min(max(sure, 1e-3), 1 - 1e-3)
    return float(np.clip(np.log(kept / (1 - kept)), -MOST_ODDS, MOST_ODDS))
