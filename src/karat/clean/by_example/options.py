"""What could stand in a cell instead: what the checks suggest, what other columns say, what is spelt alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from karat.clean.by_example.neighbours import MOST_DISTINCT, Link, TableKnowledge, votes
from karat.clean.by_example.series import counted_up
from karat.clean.merge_suggestions import proposals
from karat.core.block import Block
from karat.core.degrees import REPEATEDLY
from karat.core.finding import FORM
from karat.core.schema import Column, Meaning, Role

NEIGHBOURS, SPELLING, SERIES = "what other columns say", "what is spelt alike", "what the records around count"
OWN = frozenset({NEIGHBOURS, SPELLING, SERIES})  # speakers that are no checks
MEASURED = frozenset({Meaning.QUANTITY, Meaning.AMOUNT, Meaning.SHARE, Meaning.COORDINATE})
FEATURES = (
    "any option", "a check speaks", "its log odds", "checks that agree", "columns that agree", "share for it",
    "share for the current value", "records for it", "weight of the columns", "records with the value",
    "records with the suggestion", "likeness", "blank", "to be blanked", "columns against it", "spelt alike",
    "other options", "other cells of the record", "number", "a check says it is wrong", "share times records",
    "likeness times records", "records alike that differ too", "columns that are themselves in doubt", "measured",
    "counted up", "would be fixed unasked",
)  # fmt: skip
MOST_ODDS = 5.0  # unproven: log odds; no check is believed or doubted more
MOST_EDITS = 2  # unproven: letters by which a misspelling differs; more confuse words
SHORTEST_SPELT = 4  # unproven: letters; shorter words have near neighbours by nature
MOST_SPELT = 3000  # cost: distinct texts of one column that are compared
ALIKE_PRIOR = 3.0  # unproven: records that agree and do not differ, put beside those there are
BLANK = ""


@dataclass(frozen=True, eq=False)
class CellOptions:
    """Options for cells of a block, m in all; several may be for one cell.

    Parameters
    ----------
    at, column : lists of int and str
        Position of the record in the block, and column.
    before, after, speaker : lists of str
        What stands there, what could, and the surest check (or ``NEIGHBOURS``, ``SPELLING``) behind it.
    words : lists of str
        What speaks for it beside the checks.
    features : ndarray of float64, shape (m, len(FEATURES))
    said : ndarray of float64, shape (m,)
        Confidence of the surest check behind it, 0 without any.
    """

    at: list[int]
    column: list[str]
    before: list[str]
    after: list[str]
    speaker: list[str]
    words: list[str]
    features: np.ndarray
    said: np.ndarray

    def take(self, keep: np.ndarray) -> "CellOptions":
        """Some of them, by place."""
        places = keep.tolist()

        def some(values: list[str]) -> list[str]:
            return [values[place] for place in places]

        at, column, before = [self.at[place] for place in places], some(self.column), some(self.before)
        texts = some(self.after), some(self.speaker), some(self.words)
        return CellOptions(at, column, before, *texts, self.features[keep], self.said[keep])

    @classmethod
    def joined(cls, parts: "Sequence[CellOptions]") -> "CellOptions":
        """Those of several blocks together; positions are then of no use."""
        out = cls([], [], [], [], [], [], np.zeros((0, len(FEATURES))), np.zeros(0))
        for part in parts:
            for name in ("at", "column", "before", "after", "speaker", "words"):
                getattr(out, name).extend(getattr(part, name))
        features = np.concatenate([out.features, *(part.features for part in parts)])
        return replace(out, features=features, said=np.concatenate([out.said, *(part.said for part in parts)]))


@dataclass
class _Case:
    """What speaks for one option."""

    checks: dict[str, float] = field(default_factory=dict)
    links: int = 0
    share: float = 0.0
    own: float = 0.0
    records: float = 0.0
    weight: float = 0.0
    group: tuple[str, int, int] | None = None  # the column that says so most clearly, records with it, of how many
    spelt: int = 0  # records with the value that is spelt alike
    keys: set[str] = field(default_factory=set)  # the columns that say so
    series: bool = False


def options(block: Block, findings: pa.Table, known: TableKnowledge, counted: bool) -> CellOptions:
    """All options for the cells of a block that claim a fact.

    Parameters
    ----------
    findings : pyarrow.Table
        All findings about its records, as the checks gave them.
    counted : bool
        Were these records among those it was learned from?
    """
    usable = [c.name for c in block.schema if c.type != "binary" and c.role not in (Role.TARGET, Role.IGNORE)]
    cases: dict[tuple[int, str, str], _Case] = defaultdict(_Case)
    against: dict[tuple[int, str], int] = defaultdict(int)
    accused = _from_checks(block, findings, set(usable), cases)
    for column in usable:
        speaking = [link for link in known.links if link.column == column]
        _from_links(block, column, speaking, counted, cases, against)
        if block.schema[column].numeric:
            for at, number in counted_up(block, column).items():
                cases[at, column, number].series = True
        else:
            _from_spelling(block, column, known.usual[column], cases)
    best = proposals(block, findings)
    sure = best.unasked()
    at = np.searchsorted(block.rows, best.row).tolist()
    unasked = zip(at, best.column.to_pylist(), best.after.to_pylist(), sure.tolist(), strict=True)
    proven = {(place, column, after or BLANK) for place, column, after, written in unasked if written}
    return _featured(block, cases, known, against, accused, proven)


def _from_checks(
    block: Block, findings: pa.Table, usable: set[str], cases: dict[tuple[int, str, str], _Case]
) -> dict[tuple[int, str], float]:
    """Suggestions of checks go to ``cases``; the surest finding about each cell is given back."""
    cells = findings.filter(pc.and_(pc.is_valid(findings["row"]), pc.is_valid(findings["column"])))
    cells = cells.filter(pc.and_(pc.not_equal(cells["kind"], FORM), pc.is_null(cells["span_start"])))
    at = np.searchsorted(block.rows, cells["row"].to_numpy()).tolist()
    names = ("column", "check", "value", "suggestion", "confidence")
    accused: dict[tuple[int, str], float] = {}
    for place, column, check, value, after, sure in zip(at, *(cells[name].to_pylist() for name in names), strict=True):
        if column not in usable:
            continue
        accused[place, column] = max(accused.get((place, column), 0.0), sure)
        if after is not None and after != (value or BLANK):
            by_check = cases[place, column, after].checks
            by_check[check] = max(by_check.get(check, 0.0), sure)
    return accused


def _from_links(
    block: Block, column: str, links: Sequence[Link], counted: bool, cases: dict[tuple[int, str, str], _Case],
    against: dict[tuple[int, str], int],
) -> None:  # fmt: skip
    codes = block.encoded(column)[0]
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
            case.keys.add(link.key)
            case.share += link.weight * vote.n_best[at] / max(vote.n[at], 1) / total[at]
            case.own = share_own[at]
            case.records = max(case.records, float(vote.n_best[at]))
            if link.weight > case.weight:
                case.weight, case.group = link.weight, (link.key, int(vote.n_best[at]), int(vote.n[at]))
        for at in np.flatnonzero((vote.best >= 0) & (vote.best == codes)).tolist():
            against[at, column] += 1


def _from_spelling(block: Block, column: str, usual: pa.Table, cases: dict[tuple[int, str, str], _Case]) -> None:
    codes, texts = block.encoded(column)
    often = usual.filter(pc.greater_equal(usual["n"], REPEATEDLY))
    names, records = often["value"].to_pylist(), often["n"].to_pylist()
    frequent = set(names)
    wanted = [at for at, text in enumerate(texts) if text not in frequent and _worded(text)]
    known = [at for at, text in enumerate(names) if _worded(text)]
    if not 0 < len(wanted) <= MOST_SPELT or not 0 < len(known) <= MOST_SPELT:
        return
    near = process.cdist(
        [texts[at] for at in wanted], [names[at] for at in known], scorer=Levenshtein.distance, score_cutoff=MOST_EDITS
    )
    place = near.argmin(axis=1)
    for line in np.flatnonzero(near.min(axis=1) <= MOST_EDITS).tolist():
        for at in np.flatnonzero(codes == wanted[line]).tolist():
            cases[at, column, names[known[place[line]]]].spelt = records[known[place[line]]]


def _worded(text: str) -> bool:
    return len(text) >= SHORTEST_SPELT and any(map(str.isalpha, text))


def _featured(
    block: Block, cases: dict[tuple[int, str, str], _Case], known: TableKnowledge, against: dict[tuple[int, str], int],
    accused: dict[tuple[int, str], float], proven: set[tuple[int, str, str]],
) -> CellOptions:  # fmt: skip
    keys = sorted(cases)
    per_cell: dict[tuple[int, str], int] = defaultdict(int)
    per_row: dict[int, set[str]] = defaultdict(set)
    for at, column, _ in keys:
        per_cell[at, column] += 1
        per_row[at].add(column)
    columns = {column for _, column, _ in keys}
    coded = {column: block.encoded(column) for column in columns}
    counts = {
        c: dict(zip(known.usual[c]["value"].to_pylist(), known.usual[c]["n"].to_pylist(), strict=True)) for c in columns
    }
    alike = {column: _differ_too(block, sorted({at for at, name, _ in keys if name == column})) for column in columns}
    before, speaker, words = list[str](), list[str](), list[str]()
    features = np.zeros((len(keys), len(FEATURES)))
    for line, (at, column, after) in enumerate(keys):
        case, (codes, texts) = cases[at, column, after], coded[column]
        now = texts[codes[at]] if codes[at] >= 0 else BLANK
        sure = max(case.checks.values(), default=0.0)
        like = Levenshtein.normalized_similarity(now, after)
        usual = np.log1p(counts[column].get(after, 0))
        before.append(now)
        loudest = max(case.checks, key=lambda check: (case.checks[check], check), default=None)
        speaker.append(loudest or (SERIES if case.series else NEIGHBOURS if case.links else SPELLING))
        words.append(_words(case, column, now, after))
        features[line] = (
            1.0, bool(case.checks), _odds(sure) if case.checks else 0.0, np.log1p(max(len(case.checks) - 1, 0)),
            case.links, case.share, case.own, np.log1p(case.records), case.weight,
            np.log1p(counts[column].get(now, 1)), usual, like, now == BLANK, after == BLANK, against[at, column],
            case.spelt > 0, np.log1p(per_cell[at, column] - 1), (len(per_row[at]) - 1) / max(len(block.schema) - 1, 1),
            block.schema[column].numeric, accused.get((at, column), 0.0), case.share * np.log1p(case.records),
            like * usual, alike[column][at], len(case.keys & per_row[at]) / max(len(case.keys), 1),
            _measured(block.schema[column]), case.series, (at, column, after) in proven,
        )  # fmt: skip
    places, names, afters = [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]
    said = np.array([max(cases[key].checks.values(), default=0.0) for key in keys])
    return CellOptions(places, names, before, afters, speaker, words, features, said)


def _measured(column: Column) -> bool:
    """Are its values amounts, which no other column decides but by an equation?"""
    return bool(column.meanings) and MEASURED.issuperset(column.meanings)


def _differ_too(block: Block, at: list[int]) -> np.ndarray:
    """(n,) of the records that agree in another column, the share with options too: the highest of all columns."""
    differs = np.zeros(len(block))
    differs[at] = 1.0
    out = np.zeros(len(block))
    for name in (column.name for column in block.schema if column.type != "binary"):
        codes, texts = block.coded(name)
        if 2 <= len(texts) <= MOST_DISTINCT * len(block):
            size = np.bincount(codes + 1, minlength=len(texts) + 1)[codes + 1]
            also = np.bincount(codes + 1, differs, minlength=len(texts) + 1)[codes + 1]
            out = np.maximum(out, np.where(codes >= 0, (also - differs) / (size + ALIKE_PRIOR), 0.0))
    return out


def _words(case: _Case, column: str, now: str, after: str) -> str:
    """The evidence for an option that no check has named."""
    stands = f"{now!r} is the current value" if now else "blank here"
    if case.series:
        return f"{stands}; the records before and after it count up, and leave {after!r}"
    if case.group is not None:
        key, right, size = case.group
        return f"{stands}; of the {size} other records with the same {key}, {right} have {after!r} in {column}"
    return f"{stands}; {after!r}, spelt almost alike, occurs in {case.spelt} records"


def _odds(sure: float) -> float:
    kept = min(max(sure, 1e-3), 1 - 1e-3)
    return float(np.clip(np.log(kept / (1 - kept)), -MOST_ODDS, MOST_ODDS))
