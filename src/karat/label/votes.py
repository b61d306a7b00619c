"""One vote matrix for everybody: items by voters, sparse, abstentions left out."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.kernels.vote_kernels import SMALL_VOTES, summed_by_code, summed_by_item
from karat.label.vote_table import SHOWN, VoteTable, listed, vote_table


@dataclass(frozen=True, eq=False)
class Votes:
    """Who said what about which item, as codes.

    Parameters
    ----------
    items, voters, classes : pyarrow.Array of large string
        Names; codes point into them. Items in the order of the item list or of first appearance.
    item, voter, label : ndarray of int32, shape (m,)
        One entry a vote.
    weight : ndarray of float64, shape (m,), or None
        The share of a voter's vote that each entry is; None where every entry is a whole vote.
    notes : tuple of str
        What was settled while the votes were read.
    """

    items: pa.Array
    voters: pa.Array
    classes: pa.Array
    item: np.ndarray
    voter: np.ndarray
    label: np.ndarray
    weight: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.item)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Items, voters, classes."""
        return len(self.items), len(self.voters), len(self.classes)

    @property
    def code(self) -> np.ndarray:
        """(m,) int32: voter and label of each vote as one number, ``voter * k + label``."""
        if "_code" not in self.__dict__:
            self.__dict__["_code"] = (self.voter * len(self.classes) + self.label).astype(np.int32)
        return self.__dict__["_code"]

    def counts(self) -> np.ndarray:
        """(n, k) float64: how many votes each class got on each item."""
        n, _, k = self.shape
        cell = self.item.astype(np.int64) * k + self.label
        return np.bincount(cell, self.weight, n * k).reshape(n, k).astype(np.float64)

    def by_voter(self) -> np.ndarray:
        """(v, k) float64: how often each voter said each class."""
        _, v, k = self.shape
        return np.bincount(self.code, self.weight, v * k).reshape(v, k).astype(np.float64)

    def evidence(self, table: np.ndarray) -> np.ndarray:
        """(n, k): sum over an item's votes of ``table[voter, label, :]``."""
        n, v, k = self.shape
        return summed_by_item(self.item, self.code, table.reshape(v * k, k), n, self.weight)

    def confusion(self, belief: np.ndarray) -> np.ndarray:
        """(v, label, truth): how often each voter said a label, shared out over what its items are believed to be."""
        _, v, k = self.shape
        return summed_by_code(self.item, self.code, belief, v * k, self.weight).reshape(v, k, k)

    def only(self, keep: np.ndarray) -> "Votes":
        """The votes where a mask is true; names and codes stay."""
        weight = None if self.weight is None else self.weight[keep]
        return Votes(self.items, self.voters, self.classes, self.item[keep], self.voter[keep], self.label[keep], weight)

    def leading(self) -> "Votes":
        """Of voters who give probabilities, the likeliest class as a whole vote; other votes as they are."""
        if self.weight is None:
            return self
        pair = self.item.astype(np.int64) * len(self.voters) + self.voter
        order = np.lexsort((self.label, -self.weight, pair))
        first = np.concatenate([[True], np.diff(pair[order]) != 0])
        lines = np.sort(order[first])
        return Votes(self.items, self.voters, self.classes, self.item[lines], self.voter[lines], self.label[lines])


def read_votes(votes: Any, items: Any = None, classes: Sequence[str] | None = None, keep: str = "last") -> Votes:
    """Votes for classes from a table with the columns ``item``, ``voter``, ``label``; a null label is an abstention.

    Parameters
    ----------
    votes, items, keep : see ``karat.label.vote_table.vote_table``
    classes : sequence of str, optional
        All classes, in the order wanted; by default the labels met, sorted.

    Raises
    ------
    InputError
        A column is absent, an item or voter has no name, a vote is for an item that does not exist or for a label
        outside the classes; how many, and the first of them.
    """
    return votes_for_classes(vote_table(votes, items, keep), classes)


def votes_for_classes(table: VoteTable, classes: Sequence[str] | None = None) -> Votes:
    """Votes whose answers are classes; parameters and errors as in ``read_votes``."""
    names = table.answers.to_pylist()
    if classes is None:
        used = np.bincount(table.answer[table.answer >= 0], minlength=len(names)) > 0
        order = [at for at in _in_order(names) if used[at]]
        ranked, notes = [names[at] for at in order], _variants(names, table)
        place = np.full(len(names), -1)
        place[order] = np.arange(len(order))
    else:
        ranked, place = list(classes), _placed(names, classes)
        merged = [name for name, at in zip(names, place, strict=True) if at >= 0 and name != ranked[at]]
        notes = (
            (f"counted as the class they differ from only in case or width: {listed(pa.array(merged))}",)
            if merged
            else ()
        )
    label = np.append(place, -1).astype(np.int32)[table.answer]
    given = table.answer >= 0
    table.refuse(
        given & (label < 0),
        f"have labels that are not among {listed(pa.array(ranked))}",
        "name every class in --classes",
    )
    if not given.any():
        raise InputError("there are no votes" + ("" if not len(given) else ", only abstentions"), "Give at least one")
    kept = np.flatnonzero(given)
    if len(kept) >= SMALL_VOTES:  # sums over neighbours stay in the cache
        kept = kept[np.argsort(table.item[kept], kind="stable")]
    weight = None if table.weight is None else table.weight[kept]
    class_names = pa.array(ranked, pa.large_string())
    codes = (table.item[kept], table.voter[kept], label[kept])
    return Votes(table.items, table.voters, class_names, *codes, weight, (*table.notes, *notes))


def folded(name: str) -> str:
    """A name without case, width and outer white space."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _placed(names: Sequence[str], classes: Sequence[str]) -> np.ndarray:
    """The class of each name: itself, or the only one that differs in no more than case or width; -1 for none."""
    exact = {name: at for at, name in enumerate(classes)}
    alike: dict[str, list[int]] = {}
    for at, name in enumerate(classes):
        alike.setdefault(folded(name), []).append(at)
    places = []
    for name in names:
        near = alike.get(folded(name), [])
        places.append(exact.get(name, near[0] if len(near) == 1 else -1))
    return np.array(places, np.int64)


def _variants(names: Sequence[str], table: VoteTable) -> tuple[str, ...]:
    """Classes that differ only in case or width, said once."""
    counts = np.bincount(table.answer[table.answer >= 0], minlength=len(names))
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if counts[at]:
            groups.setdefault(folded(name), []).append(at)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return ()
    shown = ["/".join(f"{names[at]!r} ({counts[at]:,})" for at in group) for group in several[:SHOWN]]
    note = (
        f"classes differ only in case or width and are counted apart: {', '.join(shown)}; --classes merges them into "
        "the names it lists"
    )
    return (note,)


def _in_order(names: Sequence[str]) -> list[int]:
    """Places of names in order: numbers by value where all are numbers, else by text."""
    try:
        return sorted(range(len(names)), key=lambda at: (float(names[at]), names[at]))
    except ValueError:
        return sorted(range(len(names)), key=names.__getitem__)
