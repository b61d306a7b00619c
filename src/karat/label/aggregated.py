"""What votes come to: labels, voters, the method that was chosen, and what is doubtful."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from karat.label.answer_types import AnswerType
from karat.label.tie_breaking import Ties


@dataclass(frozen=True, eq=False)
class Chosen:
    """Which method gave the labels, why, and what that could cost.

    Parameters
    ----------
    cost : str
        How far the methods disagree, in words.
    methods : pyarrow.Table
        ``method``, ``differs`` (share of items it labels otherwise), ``right`` and ``known`` (of known answers that it
        was not told), ``brier``; null without known answers.
    """

    method: str
    why: str
    cost: str
    methods: pa.Table


@dataclass(frozen=True, eq=False)
class AggregatedLabels:
    """What the votes come to.

    Parameters
    ----------
    labels : pyarrow.Table
        ``item``, ``label``, ``confidence`` (probability that the label is right), ``votes``; one line an item. For
        numbers also ``low`` and ``high``, between which the truth lies with that probability.
    voters : pyarrow.Table
        ``voter``, ``quality`` (probability that a vote of theirs is right), ``votes``, ``confusion`` (k lists of k:
        given the class, how often they say each, in the order of ``classes``).
        For numbers ``bias`` and ``spread`` stand in place of ``confusion``, and ``quality`` is the share of
        the variance of their votes that the truth explains.
    classes : tuple of str
        Empty for numbers.
    agreement : float
        Krippendorff's alpha at the level of the answers; NaN when no item has two votes.
    ties : Ties or None
        None where answers are no classes.
    answers : AnswerType
        What kind of answer the votes give, and what it was recognised by.
    verified : str
        What known answers say of the confidence; "not verified" and why, where there are too few.
    soft : pyarrow.Table or None
        ``item`` and a column a class: probabilities, which ``probs`` reads again. None where answers are no classes.
    counts : pyarrow.Table or None
        ``item``, ``label``, ``count``: how many votes each class got. None where answers are no classes.
    suspects : pyarrow.Table
        ``item``, ``voter``, ``label``, ``expected``, ``doubt``: votes that are probably wrong, the least likely first.
    notes : tuple of str
        What was settled on the way: repeated votes, classes that differ only in case.
    """

    labels: pa.Table
    voters: pa.Table
    classes: tuple[str, ...]
    agreement: float
    chosen: Chosen
    ties: Ties | None
    answers: AnswerType
    verified: str
    soft: pa.Table | None
    counts: pa.Table | None
    suspects: pa.Table
    notes: tuple[str, ...] = ()

    def save(self, folder: str | Path) -> Path:
        """Write a Parquet file for each of ``tables``; returns the folder."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables().items():
            pq.write_table(table, place / f"{name}.parquet")
        return place

    def tables(self) -> dict[str, pa.Table]:
        """``labels``, ``voters``, ``suspect_votes`` and, for classes, ``soft_labels`` and ``vote_counts``."""
        parts = {"labels": self.labels, "voters": self.voters, "suspect_votes": self.suspects}
        more = {"soft_labels": self.soft, "vote_counts": self.counts}
        return parts | {name: table for name, table in more.items() if table is not None}
