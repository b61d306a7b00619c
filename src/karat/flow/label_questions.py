"""Which labels to ask a person about, and what the answers say of those that are left."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.words import many
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json, write_table
from karat.flow.label_audit import AuditPlan, Estimate, wrong_left
from karat.flow.label_orders import JUDGE, doubtful_orders, in_turn
from karat.flow.label_worth import LEAST, Doubted, Worth
from karat.prepare.target import read_target
from karat.quality.accuracy.label_judge import LabelJudge, fitted_on_sample

ASKED = "asked.parquet"
BY_CHANCE = 1 / 5  # share of the questions drawn by chance: 60 of 300 (benchmarks/label_asking.md)
SECONDS = 15.0  # display: a label takes a person; turns questions into minutes
PRIOR = 1.0  # definition: one wrong label seen for one expected, so that few answers move the rate little
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("why", pa.string()),
        ("batch", pa.int64()),
        ("drawn", pa.bool_()),
        ("doubt", pa.float64()),
        ("order", pa.string()),
    ]
)


def label_questions(run: Path, data: Dataset, count: int, known: set[int], wrong: set[int]) -> pa.Table | None:
    """The labels to ask about: the most doubtful first, and some drawn by chance, which alone measure what is left.

    Parameters
    ----------
    run : Path
        A run folder; its models' out-of-fold answers are read.
    data : Dataset
        Its records as they came in.
    known, wrong : set of int
        Records that were answered before, and those of them whose label was wrong.

    Returns
    -------
    pyarrow.Table or None
        ``SCHEMA``, also added to ``asked.parquet``; None where no model that beats chance has answered, or the target
        is a number.
    """
    judged = judged_labels(run, data)
    if judged is None:
        return None
    beliefs = judged.judge.beliefs(judged.expected, judged.labels)
    rows, before = judged.block.rows[judged.at], asked_before(run)
    plan = AuditPlan.read(run)
    if plan is None:
        plan = AuditPlan.of(rows, beliefs.wrong, judged.judge.flags(beliefs, judged.labels))
        before = before.set_column(3, "drawn", pa.array(np.zeros(before.num_rows, bool)))
    batch = 1 + int(pc.max(before["batch"]).as_py() or 0)
    by_chance = before.filter(before["drawn"])["row"].to_numpy()
    orders = doubtful_orders(judged.block, judged.at, judged.labels, judged.expected, beliefs.wrong)
    turns = in_turn(seen_by(before, orders, known, wrong), count, batch)
    done = np.array(sorted(known), np.int64)
    plan, asked, by = chosen(plan, rows, orders, turns, done, by_chance, batch)
    drawn = np.array([not order for order in by], bool)
    here = np.argsort(rows)[np.searchsorted(np.sort(rows), asked)]
    names = [str(name) for name in judged.classes]
    words = [
        f"{'drawn by chance' if chance else 'doubtful'}: is {names[judged.labels[k]]!r} right, or "
        f"{names[beliefs.likely[k]]!r} ({beliefs.wrong[k]:.0%} wrong)?"
        for k, chance in zip(here.tolist(), drawn.tolist(), strict=True)
    ]
    columns = [asked, words, np.full(len(asked), batch), drawn, beliefs.wrong[here], by]
    table = pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)
    once = pc.invert(pc.is_in(before["row"], table["row"].combine_chunks()))
    plan.write(run)
    write_table(run / ASKED, pa.concat_tables([before.filter(once), table]))
    return table


def seen_by(
    before: pa.Table, orders: Mapping[str, np.ndarray], known: set[int], wrong: set[int]
) -> dict[str, tuple[int, int]]:
    """Of each order, how many of the labels asked about for it were wrong and how many were right."""
    out = {}
    for order in orders:
        asked = set(before.filter(pc.equal(before["order"], order))["row"].to_pylist()) & known
        out[order] = (len(asked & wrong), len(asked - wrong))
    return out


def chosen(
    plan: AuditPlan,
    rows: np.ndarray,
    orders: Mapping[str, np.ndarray],
    turns: Sequence[str],
    known: np.ndarray,
    by_chance: np.ndarray,
    batch: int,
) -> tuple[AuditPlan, np.ndarray, list[str]]:
    """Which rows to ask about next, the most doubtful first and then those drawn by chance.

    Parameters
    ----------
    plan : AuditPlan
    rows : ndarray of int64, shape (n,)
    orders : dict of str to ndarray of float64, shape (n,)
        How doubtful each label is, by each order.
    turns : sequence of str
        Whose turn it is, for as many questions as are wanted; those drawn by chance stand for the last of them.
    known, by_chance : ndarray of int64
        Rows that were answered, and those that were drawn by chance before.
    batch : int

    Returns
    -------
    (plan, asked, by) : the plan as it is now, rows, and the order for which each is asked about; "" by chance.
    """
    done = plan.among(known)
    drawn = plan.draw(done, done & plan.among(by_chance), round(BY_CHANCE * len(turns)))
    open_ = ~np.isin(rows, np.concatenate([known, drawn]))
    queues = {
        name: iter(np.flatnonzero(open_)[np.argsort(-doubt[open_], kind="stable")].tolist())
        for name, doubt in orders.items()
    }
    picked: dict[int, str] = {}
    above = np.zeros(len(rows), bool)
    for order in turns[: len(turns) - len(drawn)]:
        place = next((place for place in queues[order] if place not in picked), None)
        if place is not None:
            picked[place] = order
    for order, doubt in orders.items():
        least = min((float(doubt[place]) for place, by in picked.items() if by == order), default=np.inf)
        above |= doubt > least
    ranked = rows[list(picked)]
    plan = plan.reached_by(plan.among(rows[above]), plan.among(ranked), done, batch)
    return plan, np.concatenate([ranked, drawn]), [*picked.values(), *[""] * len(drawn)]


class JudgedLabels(NamedTuple):
    """Labels and their judge: all records, positions of the labelled, class codes, names, and the models' answers."""

    block: Block
    at: np.ndarray
    labels: np.ndarray
    judge: LabelJudge
    classes: tuple[str, ...]
    expected: np.ndarray


def judged_labels(run: Path, data: Dataset) -> JudgedLabels | None:
    """The labels of a run folder as its models' out-of-fold answers judge them; None where they say nothing.

    Parameters
    ----------
    data : Dataset
        Its records as they came in.
    """
    places = sorted((run / ".work").glob("*/look/answers.npy"), key=lambda path: path.stat().st_mtime)
    if not places or not (places[-1].parent / "classes.json").exists():
        return None
    expected, block = np.load(places[-1]), data.whole()
    target = read_target(block, tuple(read_json(places[-1].parent / "classes.json")))
    if len(expected) != len(block) or expected.ndim != 2:
        return None
    at = np.flatnonzero(~target.missing & ~np.isnan(expected).any(axis=1))
    labels = target.values[at].astype(np.int64)
    judge = fitted_on_sample(expected[at], labels, block.rows[at])
    return None if judge.skill.reason else JudgedLabels(block, at, labels, judge, target.classes, expected[at])


def asked_before(run: Path) -> pa.Table:
    """What was asked in a run folder."""
    if not (run / ASKED).exists():
        return SCHEMA.empty_table()
    table = pq.read_table(run / ASKED)
    if "order" not in table.column_names:  # asked before there was more than one
        table = table.append_column("order", pa.array(np.where(table["drawn"].to_numpy(), "", JUDGE), pa.string()))
    return table.select(SCHEMA.names)


@dataclass(frozen=True)
class Answered:
    """What the answers so far say.

    Parameters
    ----------
    ranked, ranked_wrong : int
        Answered because they were doubtful, and how many of those were wrong.
    ranked_doubt : float
        How many of those the model took for wrong.
    drawn, drawn_wrong : int
        The same of those drawn by chance.
    labels : int
        That nobody has answered.
    left : Estimate
        How many of those are wrong.
    precision : Estimate
        Share of the labels flagged at first that are wrong.
    """

    ranked: int
    ranked_wrong: int
    ranked_doubt: float
    drawn: int
    drawn_wrong: int
    labels: int
    left: Estimate
    precision: Estimate

    @property
    def rate(self) -> float:
        """How often doubtful labels were wrong, for each that the model expected to be; unanswered, as expected."""
        return (self.ranked_wrong + PRIOR) / (self.ranked_doubt + PRIOR)


def answered(asked: pa.Table, plan: AuditPlan | None, known: set[int], wrong: set[int]) -> Answered | None:
    """What the answers say of the labels that are left; None before anybody has answered.

    Parameters
    ----------
    asked : pyarrow.Table
        ``SCHEMA``.
    plan : AuditPlan or None
    known : set of int
        Records that were answered.
    wrong : set of int
        Those of them whose label was wrong.
    """
    rows = asked["row"].to_numpy()
    done, bad = np.isin(rows, list(known)), np.isin(rows, list(wrong))
    if not done.any() or plan is None:
        return None
    drawn = asked["drawn"].to_numpy() & done
    ranked = done & ~drawn
    every = plan.among(np.array(sorted(known), np.int64))
    last = int(asked["batch"].to_numpy()[done].max())
    left, precision = wrong_left(
        plan, every, plan.among(rows[drawn]), every & plan.among(np.array(sorted(wrong), np.int64)), last
    )
    return Answered(
        int(ranked.sum()),
        int((ranked & bad).sum()),
        float(asked["doubt"].to_numpy()[ranked].sum()),
        int(drawn.sum()),
        int((drawn & bad).sum()),
        int((~every).sum()),
        left,
        precision,
    )


def doubted_labels(judged: JudgedLabels, known: set[int], mended: dict[int, str | None], rate: float) -> Doubted:
    """Labels as the answers have them, and how probably each of the others is wrong.

    Parameters
    ----------
    judged : JudgedLabels
    known : set of int
        Records that were answered.
    mended : dict
        The right label of those of them that were wrong.
    rate : float
        As ``Answered.rate``.
    """
    beliefs = judged.judge.beliefs(judged.expected, judged.labels)
    rows, codes = judged.block.rows[judged.at], {str(name): code for code, name in enumerate(judged.classes)}
    labels, done = judged.labels.copy(), np.isin(rows, list(known))
    for place in np.flatnonzero(np.isin(rows, list(mended))).tolist():
        labels[place] = codes.get(str(mended[int(rows[place])]), labels[place])
    doubt = np.where(done, 0.0, np.clip(rate * beliefs.wrong, 0.0, 1.0))
    return Doubted(judged.at, labels, beliefs.likely, doubt, done, len(judged.classes))


def in_words(
    so_far: Answered | None, asked: pa.Table, worth: Worth | None = None, doubt: np.ndarray | None = None
) -> list[str]:
    """Lines about the answers so far, what the labels asked next are worth, and when to stop.

    Parameters
    ----------
    so_far : Answered or None
    asked : pyarrow.Table
        ``SCHEMA``; the questions that are open.
    worth : Worth, optional
    doubt : ndarray of float64, shape (m,), optional
        Probability that a label nobody has answered is wrong.
    """
    lines, size = [], asked.num_rows
    expected = min(float(pc.sum(asked["doubt"]).as_py() or 0.0) * (so_far.rate if so_far else 1.0), size)
    coming = f"next       {many(size, 'question')}, about {_minutes(size)}: {expected:.0f} wrong labels to correct"
    coming += f", about {worth}" if worth is not None else ""
    if so_far is None:
        return [coming]
    lines.append(
        f"answered   {so_far.ranked_wrong} of {so_far.ranked} doubtful labels and {so_far.drawn_wrong} of "
        f"{so_far.drawn} drawn by chance were wrong"
    )
    share, left = so_far.precision, so_far.left
    if not math.isnan(share.mean):
        lines.append(f"flagged    {share.mean:.0%} of them are wrong, 95 % [{share.low:.0%}, {share.high:.0%}]")
    lines.append(
        f"left       about {left.mean:,.0f} wrong labels, 95 % [{left.low:,.0f}, {left.high:,.0f}], "
        "from those drawn by chance"
    )
    return [*lines, coming, *_when_to_stop(so_far, expected / max(size, 1), worth, doubt)]


def _when_to_stop(so_far: Answered, share: float, worth: Worth | None, doubt: np.ndarray | None) -> list[str]:
    """A line; none where nothing is known of it."""
    usual = so_far.left.mean / max(so_far.labels, 1)
    if so_far.ranked and share <= usual:
        return ["stop       the doubtful labels are no more often wrong than any other: asking on is not worth it"]
    if worth is not None and worth.high < LEAST:
        return [f"stop       the next questions are worth less than {LEAST} {worth.metric}"]
    if doubt is None:
        return []
    more = many(int((doubt > usual).sum()), "more question")
    return [f"stop       after about {more}: beyond, a doubtful label is no more often wrong than any other"]


def _minutes(questions: int) -> str:
    """The time that questions take a person."""
    return many(max(1, round(questions * SECONDS / 60)), "minute")
