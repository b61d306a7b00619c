"""Which labels to ask a person about, and what the answers say of those that are left."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.measure import wilson
from karat.core.words import many
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json, write_table
from karat.prepare.target import read_target
from karat.quality.accuracy.label_judge import LabelJudge, fitted_on_sample

ASKED = "asked.parquet"
AUDIT = 0.2  # share of the questions drawn by chance; unproven: more measure better, fewer find more
EVEN = 0.5  # of a draw by chance: as much goes to every record alike as goes by its doubt; unproven
WITHIN = 1.645  # definition: normal quantile of a 90 % interval
SECONDS = 15.0  # a label takes a person; unproven
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("why", pa.string()),
        ("batch", pa.int64()),
        ("drawn", pa.bool_()),
        ("chance", pa.float64()),
        ("doubt", pa.float64()),
        ("flagged", pa.bool_()),
        ("records", pa.int64()),
        ("all_flagged", pa.int64()),
    ]
)


def label_questions(run: Path, data: Dataset, count: int, known: set[int]) -> pa.Table | None:
    """The labels to ask about: the most doubtful first, and some drawn by chance, which alone measure what is left.

    A label is drawn with a known chance, half by its doubt and half as any other, before the most doubtful of the rest
    are taken; so the draws estimate all labels without bias however the rest were chosen.

    Parameters
    ----------
    run : Path
        A run folder; its models' out-of-fold answers are read.
    data : Dataset
        Its records as they came in.
    count : int
    known : set of int
        Records that were answered before.

    Returns
    -------
    pyarrow.Table or None
        ``SCHEMA``, also added to ``asked.parquet``; None where no model that beats chance has answered, or the target
        is a number.
    """
    judged = judged_labels(run, data)
    if judged is None:
        return None
    block, at, labels, judge, classes, _ = judged
    beliefs = judge.beliefs(judged.expected, labels)
    flags = judge.flags(beliefs, labels)
    open_ = np.flatnonzero(~np.isin(block.rows[at], list(known)))
    before = asked_before(run)
    batch = 1 + int(pc.max(before["batch"]).as_py() or 0)
    chosen, chance = _chosen(beliefs.wrong[open_], min(count, len(open_)), batch)
    drawn, here = np.isfinite(chance), open_[chosen]
    names = [str(name) for name in classes]
    words = [
        f"{'drawn by chance' if by_chance else 'doubtful'}: is {names[labels[k]]!r} right, or "
        f"{names[beliefs.likely[k]]!r} ({beliefs.wrong[k]:.0%} wrong)?"
        for k, by_chance in zip(here.tolist(), drawn.tolist(), strict=True)
    ]
    columns = [
        block.rows[at[here]],
        words,
        np.full(len(here), batch),
        drawn,
        chance,
        beliefs.wrong[here],
        flags[here],
        np.full(len(here), len(open_)),
        np.full(len(here), int(flags[open_].sum())),
    ]
    asked = pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)
    unanswered = pc.invert(pc.is_in(before["row"], asked["row"].combine_chunks()))
    write_table(run / ASKED, pa.concat_tables([before.filter(unanswered), asked]))
    return asked


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
    run : Path
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
    return pq.read_table(run / ASKED) if (run / ASKED).exists() else SCHEMA.empty_table()


def _chosen(doubt: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions, the most doubtful first and then those drawn by chance, and the chances (NaN: not drawn)."""
    audits = min(max(1, round(AUDIT * count)), count)
    share = (1 - EVEN) * doubt / max(float(doubt.sum()), 1e-12) + EVEN / max(len(doubt), 1)
    chance = np.minimum(audits * share, 1.0)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(doubt))
    rising = np.concatenate([[0.0], np.cumsum(chance[order])])
    points = rng.random() + np.arange(int(np.ceil(rising[-1])))  # systematic: each is drawn with exactly its chance
    hit = np.searchsorted(rising, points[points < rising[-1]], side="right") - 1
    drawn = order[np.unique(hit)]
    rest = np.setdiff1d(np.argsort(-doubt, kind="stable"), drawn, assume_unique=True)
    rest = rest[np.argsort(-doubt[rest], kind="stable")][: count - len(drawn)]
    return np.concatenate([rest, drawn]), np.concatenate([np.full(len(rest), np.nan), chance[drawn]])


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
    left, low, high : float
        Wrong labels that are left, with a 90 % interval.
    precision : tuple of float
        Share of the flagged that are wrong, with a 90 % interval.
    """

    ranked: int
    ranked_wrong: int
    ranked_doubt: float
    drawn: int
    drawn_wrong: int
    left: float
    low: float
    high: float
    precision: tuple[float, float, float]


def answered(asked: pa.Table, known: set[int], wrong: set[int]) -> Answered | None:
    """What the answers say of the labels that are left; None before anybody has answered.

    Above the least doubt that was asked about because of it, every label is known and none is estimated. Below, only
    the labels drawn by chance estimate anything, each weighed by the inverse of its chance (Hajek 1971), their number
    by Kish's effective one.

    Parameters
    ----------
    asked : pyarrow.Table
        ``SCHEMA``.
    known : set of int
        Records that were answered.
    wrong : set of int
        Those of them whose label was wrong.
    """
    rows, doubt = asked["row"].to_numpy(), asked["doubt"].to_numpy()
    done, bad = np.isin(rows, list(known)), np.isin(rows, list(wrong))
    if not done.any():
        return None
    drawn, flagged = asked["drawn"].to_numpy() & done, asked["flagged"].to_numpy() & done
    ranked = done & ~drawn
    below = drawn & (doubt < (doubt[ranked].min() if ranked.any() else np.inf))
    above = done & ~below
    weight = np.where(below, 1 / np.where(below, asked["chance"].to_numpy(), 1.0), 0.0)
    first = int(np.flatnonzero(done)[0])
    rest = asked["records"][first].as_py() - int(above.sum())
    found = int((bad & below).sum())
    share, low, high = (max(0.0, end * rest - found) for end in _share(weight[below], bad[below]))
    of_flagged = max(asked["all_flagged"][first].as_py(), 1)
    open_ = asked["all_flagged"][first].as_py() - int((above & flagged).sum())
    known_bad = int((bad & above & flagged).sum())
    ends = _share(weight[below & flagged], bad[below & flagged]) if open_ else (0.0, 0.0, 0.0)
    return Answered(
        int(ranked.sum()),
        int((ranked & bad).sum()),
        float(doubt[ranked].sum()),
        int(drawn.sum()),
        int((drawn & bad).sum()),
        share,
        low,
        high,
        (*((known_bad + end * open_) / of_flagged for end in ends),),
    )


def _share(weight: np.ndarray, bad: np.ndarray) -> tuple[float, float, float]:
    """A weighed share with Wilson's 90 % interval for as many records as the weights are worth."""
    if not len(weight):
        return 0.5, 0.0, 1.0
    share = float((weight * bad).sum() / weight.sum())
    worth = float(weight.sum() ** 2 / (weight**2).sum())
    return share, *wilson(share * worth, worth, WITHIN)


def in_words(so_far: Answered | None, asked: pa.Table) -> list[str]:
    """Lines about the answers so far, and what the labels asked next are worth."""
    lines = []
    expected = float(pc.sum(asked["doubt"]).as_py() or 0.0)
    if so_far is not None:
        lines.append(
            f"answered   {so_far.ranked_wrong} of {so_far.ranked} doubtful labels and {so_far.drawn_wrong} of "
            f"{so_far.drawn} drawn by chance were wrong"
        )
        if so_far.drawn:
            share, low, high = so_far.precision
            lines.append(f"flagged    {share:.0%} of them are wrong, 90 % [{low:.0%}, {high:.0%}]")
            lines.append(
                f"left       about {so_far.left:,.0f} wrong labels, 90 % [{so_far.low:,.0f}, {so_far.high:,.0f}], "
                "from those drawn by chance"
            )
        if so_far.ranked:
            expected *= so_far.ranked_wrong / max(so_far.ranked_doubt, 1e-12)
    base = so_far.left / max(1, int(asked["records"][0].as_py())) if so_far is not None and asked.num_rows else 0.0
    lines.append(
        f"next       {many(asked.num_rows, 'question')}, about {_minutes(asked.num_rows)}: about "
        f"{min(expected, asked.num_rows):.0f} wrong labels to correct"
    )
    if so_far is not None and so_far.ranked and expected / max(asked.num_rows, 1) <= base:
        lines.append("stop       the doubtful labels are no more often wrong than any other: asking on is not worth it")
    return lines


def _minutes(questions: int) -> str:
    """The time that questions take a person."""
    return many(max(1, round(questions * SECONDS / 60)), "minute")
