"""What a few answered records teach about the checks: which to trust here, and which records to ask about next."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PRIOR_CELLS = 25.0  # unproven: answered findings that weigh as much as what was known about a check before
MOST_SHIFT = 1.2  # unproven: in log odds: a few answers, some of them wrong, must not turn a check around
NO_SURPRISE = 1.5  # unproven: standard errors between what was claimed and what was seen that teach nothing
WORTH_ASKING = 0.2  # display: confidence below which nobody is asked about a finding
# 0.0256 does as well, 0.0952 worse (benchmarks/constants.md): what a sure finding is still worth, so that records
# with many come first
KNOWN_ALREADY = 0.05
BY_CHANCE = 0.25  # unproven: of the records asked about; more find what no check sees, fewer settle more doubts

Key = tuple[str, str]  # check, column
Question = tuple[str, str, str]  # and the suggestion: cells that would become the same are one question


@dataclass(frozen=True)
class Trust:
    """How much surer, in log odds, the findings of a check are in this table than they say.

    Parameters
    ----------
    by_column : dict of (check, column) to float
    by_check : dict of check to float
        For columns nobody was asked about.
    """

    by_column: dict[Key, float]
    by_check: dict[str, float]

    def of(self, check: str, column: str) -> float:
        """The shift for one check in one column; 0 when nothing was learned."""
        return self.by_column.get((check, column), self.by_check.get(check, 0.0))

    def apply(self, findings: pa.Table) -> pa.Table:
        """The findings with confidences shifted; those about whole columns or records stay as they are."""
        checks, columns = findings["check"].to_pylist(), findings["column"].to_pylist()
        cell = pc.and_(pc.is_valid(findings["row"]), pc.is_valid(findings["column"])).to_numpy()
        named = zip(checks, columns, cell, strict=True)
        shift = np.array([self.of(check, column) if here else 0.0 for check, column, here in named])
        before = findings["confidence"].to_numpy()
        after = np.where(shift == 0, before, np.round(_sigmoid(_logit(before) + shift), 4))
        place = findings.schema.get_field_index("confidence")
        return findings.set_column(place, "confidence", pa.array(after, pa.float64()))


def learn_from_answers(answers: pa.Table, findings: pa.Table) -> Trust:
    """Compare findings with answers.

    Every check starts with the trust its own confidences claim; answers move it by what they show, first for the check
    in all columns, then for the check in one. Twenty-five answered findings weigh as much as the claim, and no check
    moves by more than a factor of about three in odds, so that some wrong answers among twenty records do little harm.

    Parameters
    ----------
    answers : pyarrow.Table
        ``row``, ``column``, ``value``: a row that occurs was checked whole, so that what is not listed is right as it
        stands; null or empty column: the whole row is right.
    findings : pyarrow.Table
        As written before anything was asked.
    """
    seen = _judged(answers, findings)
    by_check: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (check, _), verdicts in seen.items():
        by_check[check] += verdicts
    checks = {check: _shift(verdicts, 0.0) for check, verdicts in sorted(by_check.items())}
    columns = {key: _shift(verdicts, checks[key[0]]) for key, verdicts in sorted(seen.items())}
    return Trust(columns, checks)


def ask_rows(findings: pa.Table, n: int, records: int = 0, known: Collection[int] = (), seed: int = 0) -> pa.Table:
    """The records to ask a person about: those that settle most of what is unsure, and some by chance.

    Cells of the same check, column and suggestion are one question. A quarter of the records are drawn by chance: they
    show what no check has looked at, and how often cells that nobody doubts are right.

    Parameters
    ----------
    n : int
        How many records.
    records : int
        How many there are in all; 0 draws none by chance.
    known : collection of int
        Records that were answered before.
    seed : int
        Of the chance.

    Returns
    -------
    pyarrow.Table
        ``row`` int64 and ``why`` string, the most useful first.
    """
    answered = set(known)
    doubts: dict[Question, list[float]] = defaultdict(list)
    rows: dict[int, set[Question]] = defaultdict(set)
    for key, row, confidence, _, suggestion in _cells(findings):
        if confidence >= WORTH_ASKING and row not in answered:
            question = (*key, suggestion or "")
            doubts[question].append(4 * confidence * (1 - confidence) + KNOWN_ALREADY)
            rows[row].add(question)
    weight = {question: float(np.sqrt(len(some)) * np.mean(some)) for question, some in doubts.items()}
    asked: dict[Key | Question, int] = defaultdict(int)

    def gain(question: Question) -> float:
        return weight[question] / (1 + asked[question[:2]]) ** 0.5 / (1 + 3 * asked[question])

    said, why = list[int](), list[str]()
    by_chance = int(n * BY_CHANCE) if records else 0
    while rows and len(said) < n - by_chance:
        total = {row: sum(gain(question) for question in sorted(some)) for row, some in rows.items()}
        best = min(total, key=lambda row: (-total[row], row))
        questions = sorted(rows.pop(best), key=lambda question: (-gain(question), question))
        said.append(best)
        why.append(", ".join(dict.fromkeys(f"{check} in {column}" for check, column, _ in questions[:3])))
        for question in questions:
            asked[question] += 1
            asked[question[:2]] += 1
    rest = np.setdiff1d(np.arange(records), [*said, *answered])
    drawn = np.random.default_rng(seed).permutation(rest)[: n - len(said)].tolist()
    return pa.table(
        {
            "row": pa.array(said + drawn, pa.int64()),
            "why": pa.array(why + ["drawn by chance"] * len(drawn), pa.string()),
        }
    )


def _cells(findings: pa.Table) -> Iterator[tuple[Key, int, float, str, str | None]]:
    """Findings about cells: check and column, row, confidence, value, suggestion."""
    cells = findings.filter(pc.and_(pc.is_valid(findings["row"]), pc.is_valid(findings["column"])))
    names = ("check", "column", "row", "confidence", "value", "suggestion")
    parts = (cells[name].to_pylist() for name in names)
    for check, column, row, confidence, value, suggestion in zip(*parts, strict=True):
        yield (check, column), row, confidence, value or "", suggestion


def _judged(answers: pa.Table, findings: pa.Table) -> dict[Key, list[tuple[float, float]]]:
    """Per check and column the answered findings: the confidence claimed, and whether the cell was wrong."""
    cells = zip(answers["row"].to_pylist(), answers["column"].to_pylist(), strict=True)
    answered = dict(zip(cells, answers["value"].to_pylist(), strict=True))
    rows = set(answers["row"].to_pylist())
    out: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    for key, row, confidence, value, _ in _cells(findings):
        if row in rows:
            truth = answered.get((row, key[1]), value) or ""
            out[key].append((confidence, float(truth != value)))
    return out


def _shift(verdicts: list[tuple[float, float]], start: float) -> float:
    """Log odds to add to a check's confidences, beginning with what is known of it elsewhere."""
    said = _logit(np.array([confidence for confidence, _ in verdicts]))
    claimed = float(np.mean(_sigmoid(said + start)))
    shown = (PRIOR_CELLS * claimed + sum(right for _, right in verdicts)) / (PRIOR_CELLS + len(verdicts))
    surprise = abs(sum(right for _, right in verdicts) / len(verdicts) - claimed)
    if surprise < NO_SURPRISE * (claimed * (1 - claimed) / len(verdicts)) ** 0.5:
        return start
    shift = start + float(_logit(np.array([shown]))[0] - _logit(np.array([claimed]))[0])
    return float(np.clip(shift, -MOST_SHIFT, MOST_SHIFT))


def _logit(share: np.ndarray) -> np.ndarray:
    kept = np.clip(share, 1e-3, 1 - 1e-3)
    out: np.ndarray = np.log(kept / (1 - kept))
    return out


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    out: np.ndarray = 1 / (1 + np.exp(-odds))
    return out
