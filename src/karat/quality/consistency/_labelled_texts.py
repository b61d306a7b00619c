"""Texts with their labels, and the groups of them that are near-duplicates of each other."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.quality.consistency._question_pairs import Alike, alike
from karat.quality.consistency.record_hash import compared
from karat.quality.turns import lines

MAX_RECORDS = 1 << 15  # cost: beyond, those with the smallest keys
MET = 0.3  # unproven: share of the sketch that agrees; texts of five words that differ in one share .45
MAX_TEXT = 2_000  # characters that are compared; cost: what follows is not compared
USUAL, USUAL_PAIRS = 0.95, 50  # unproven: how far likeness decides a label; as many pairs contradict as confirm it


@dataclass(frozen=True)
class LabelledTexts:
    """The inputs of up to ``MAX_RECORDS`` labelled records as one text each.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``.
    records : int
        Labelled records seen in all.
    """

    rows: np.ndarray
    keys: np.ndarray
    texts: pa.Array
    labels: pa.Array
    records: int

    @classmethod
    def of(cls, block: Block, target: str) -> "LabelledTexts":
        names = compared(block.schema, target=False)
        joined = lines([pc.utf8_slice_codeunits(block.text(name), 0, MAX_TEXT) for name in names])
        usable = np.flatnonzero(~block.missing(target) & np.asarray(pc.not_equal(joined.fill_null(""), "")))
        pick = pa.array(usable)
        labels = block.text(target).take(pick).cast(pa.large_string())
        return cls(block.rows[usable], block.keys[usable], joined.take(pick), labels, len(usable))._bounded()

    def merge(self, other: Self) -> "LabelledTexts":
        return LabelledTexts(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.keys, other.keys]),
            pa.concat_arrays([self.texts, other.texts]),
            pa.concat_arrays([self.labels, other.labels]),
            self.records + other.records,
        )._bounded()

    def _bounded(self) -> "LabelledTexts":
        if len(self.rows) <= MAX_RECORDS:
            return self
        keep = np.sort(np.argpartition(self.keys, MAX_RECORDS)[:MAX_RECORDS])
        pick = pa.array(keep)
        texts, labels = self.texts.take(pick), self.labels.take(pick)
        return LabelledTexts(self.rows[keep], self.keys[keep], texts, labels, self.records)


@dataclass(frozen=True)
class Rivals:
    """What the near-duplicates of one text are called.

    Parameters
    ----------
    votes : Counter of str
        Labels of the near-duplicates, without the text's own.
    nearest : Alike
        The likest pair whose labels differ.
    other : int
        Place of its other text.
    """

    votes: Counter[str]
    nearest: Alike
    other: int


def rivals(labelled: LabelledTexts, least: float) -> tuple[dict[int, Rivals], tuple[float, float]]:
    """By place the texts of which a near-duplicate has another label; and how far likeness decides the label.

    That is the share of the pairs that agree beyond what chance makes agree, of pairs that differ in a word or a
    number, and of those that do not: 1 where they always have the same label, 0 where they say nothing of it. Pairs
    that are equal to the letter are left to the check of conflicts.
    """
    labels, texts = labelled.labels.to_pylist(), labelled.texts.to_pylist()
    votes: dict[int, Counter[str]] = {}
    nearest: dict[int, tuple[Alike, int]] = {}
    agree, pairs = [0, 0], [0, 0]
    for pair in (pair for matches in alike(labelled.texts, least, MET).values() for pair in matches):
        earlier, later = pair.earlier, pair.later
        votes.setdefault(earlier, Counter())[labels[later]] += 1
        votes.setdefault(later, Counter())[labels[earlier]] += 1
        if texts[earlier] == texts[later]:
            continue
        pairs[same_words(pair)] += 1
        agree[same_words(pair)] += labels[earlier] == labels[later]
        if labels[earlier] != labels[later]:
            for mine, its in ((earlier, later), (later, earlier)):
                if mine not in nearest or _rank(pair) > _rank(nearest[mine][0]):
                    nearest[mine] = pair, its
    by_chance = sum((n / max(len(labels), 1)) ** 2 for n in Counter(labels).values())
    decisive = [_decides(agree[sort], pairs[sort], by_chance) for sort in (0, 1)]
    return {at: Rivals(votes[at], *nearest[at]) for at in sorted(nearest)}, (decisive[0], decisive[1])


def same_words(pair: Alike) -> bool:
    """Do the texts of a pair differ in nothing that carries meaning?"""
    return pair.same_numbers and not pair.swapped


def _decides(agree: int, pairs: int, by_chance: float) -> float:
    usual = (agree + USUAL_PAIRS * (USUAL + (1 - USUAL) * by_chance)) / (pairs + USUAL_PAIRS)
    return max(0.0, (usual - by_chance) / max(1 - by_chance, 1e-9))


def _rank(pair: Alike) -> tuple[bool, int, float]:
    return pair.same_numbers, -len(pair.swapped), pair.share
