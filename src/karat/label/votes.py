"""One vote matrix for everybody: items by voters, sparse, abstentions left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.kernels.vote_kernels import SMALL_VOTES, repeated, summed_by_code, summed_by_item

SHOWN = 3  # display: examples in an error
COLUMNS = ("item", "voter", "label")


@dataclass(frozen=True, eq=False)
class Votes:
    """Who said what about which item, as codes.

    Parameters
    ----------
    items, voters, classes : pyarrow.Array of large string
        Names; codes point into them. Items in the order of the item list or of first appearance.
    item, voter, label : ndarray of int32, shape (m,)
        One entry a vote.
    """

    items: pa.Array
    voters: pa.Array
    classes: pa.Array
    item: np.ndarray
    voter: np.ndarray
    label: np.ndarray

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
        return np.bincount(cell, minlength=n * k).reshape(n, k).astype(np.float64)

    def by_voter(self) -> np.ndarray:
        """(v, k) float64: how often each voter said each class."""
        _, v, k = self.shape
        return np.bincount(self.code, minlength=v * k).reshape(v, k).astype(np.float64)

    def evidence(self, table: np.ndarray) -> np.ndarray:
        """(n, k): sum over an item's votes of ``table[voter, label, :]``."""
        n, v, k = self.shape
        return summed_by_item(self.item, self.code, table.reshape(v * k, k), n)

    def confusion(self, belief: np.ndarray) -> np.ndarray:
        """(v, label, truth): how often each voter said a label, shared out over what its items are believed to be."""
        _, v, k = self.shape
        return summed_by_code(self.item, self.code, belief, v * k).reshape(v, k, k)

    def only(self, keep: np.ndarray) -> "Votes":
        """The votes where a mask is true; names and codes stay."""
        return Votes(self.items, self.voters, self.classes, self.item[keep], self.voter[keep], self.label[keep])


def read_votes(votes: Any, items: Any = None, classes: Sequence[str] | None = None) -> Votes:
    """Votes from a table with the columns ``item``, ``voter``, ``label``; a null label is an abstention.

    Parameters
    ----------
    votes : anything with ``__arrow_c_stream__``, or a mapping of columns
    items : the same with a column ``item`` or ``id``, or a sequence of names, optional
        All items, also those nobody voted on, in the order wanted.
    classes : sequence of str, optional
        All classes, in the order wanted; by default the labels met, sorted.

    Raises
    ------
    InputError
        A column is absent, an item or voter has no name, a voter votes twice on one item, a vote is for an item that
        does not exist or for a label outside the classes; how many, and the first of them.
    """
    table = as_table(votes, "votes")
    lacking = [name for name in COLUMNS if name not in table.column_names]
    if lacking:
        raise InputError(
            f"votes lack the columns {', '.join(lacking)}, and have {', '.join(table.column_names[:10])}",
            "Rename the columns to item, voter and label",
        )
    columns = {name: texts(table.column(name), name) for name in COLUMNS}
    for name in ("item", "voter"):
        _refuse(np.asarray(pc.is_null(columns[name])), columns, f"have no {name}")
    said = np.asarray(pc.is_valid(columns["label"]))
    item, item_names = _coded(columns["item"], None if items is None else item_names_of(items))
    _refuse(item < 0, columns, "are for items that are not in the list", "add them to --items or leave the votes out")
    voter, voter_names = _coded(columns["voter"], None)
    known = None if classes is None else pa.array(list(classes), pa.large_string())
    label, class_names = _coded(columns["label"], known)
    _refuse(
        said & (label < 0),
        columns,
        f"have labels that are not among {_listed(class_names)}",
        "name every class in --classes",
    )
    if known is None:
        class_names, label = _sorted(class_names, label)
    _refuse(
        repeated(item, voter, len(voter_names)),
        columns,
        "repeat a vote of the same voter on the same item",
        "keep one of them",
    )
    if not said.any():
        raise InputError("there are no votes" + ("" if not len(said) else ", only abstentions"), "Give at least one")
    kept = np.flatnonzero(said)
    if len(kept) >= SMALL_VOTES:  # sums over neighbours stay in the cache
        kept = kept[np.argsort(item[kept], kind="stable")]
    return Votes(item_names, voter_names, class_names, item[kept], voter[kept], label[kept])


def as_table(data: Any, what: str) -> pa.Table:
    """Anything with ``__arrow_c_stream__``, a mapping of columns or a list of records as an Arrow table."""
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, dict):
        return pa.table(data)
    if isinstance(data, list) and all(isinstance(line, dict) for line in data):
        return pa.Table.from_pylist(data)
    if hasattr(data, "__arrow_c_stream__"):
        return pa.table(data)
    raise InputError(f"{what} is of type {type(data).__name__}", "Give a PyArrow, pandas, Polars or DuckDB table")


def texts(column: pa.ChunkedArray, name: str) -> pa.Array:
    """A column as large strings; NaN is null, whole floats lose their ``.0``."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        finite = pc.is_finite(column)
        column = pc.if_else(finite, column, None)
        whole = pc.all(pc.equal(column, pc.floor(column)), min_count=0).as_py()
        column = column.cast(pa.int64()) if whole else column
    if pa.types.is_nested(column.type):
        raise InputError(f"column {name!r} of votes is of type {column.type}", f"Give one {name} per vote")
    column = column.cast(pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def item_names_of(items: Any) -> pa.Array:
    """The names in a list of items, which must differ."""
    if isinstance(items, (list, tuple)) and all(isinstance(name, (str, int)) for name in items):
        names = pa.array([str(name) for name in items], pa.large_string())
    elif isinstance(items, (pa.Array, pa.ChunkedArray)):
        names = texts(pa.chunked_array([items]) if isinstance(items, pa.Array) else items, "item")
    else:
        table = as_table(items, "items")
        column = next((name for name in ("item", "id") if name in table.column_names), None)
        if column is None:
            raise InputError(
                f"items has the columns {', '.join(table.column_names[:10])}", "Name one of them item or id"
            )
        names = texts(table.column(column), column)
    if names.null_count:
        raise InputError(f"{names.null_count} items have no name", "Name them, or leave them out")
    counted = pc.value_counts(names)
    many = counted.filter(pc.greater(counted.field("counts"), 1))
    if len(many):
        shown = _listed(many.field("values"))
        raise InputError(f"{len(many)} items are named twice or more: {shown}", "Name each once")
    return names


def _coded(names: pa.Array, known: pa.Array | None) -> tuple[np.ndarray, pa.Array]:
    """Codes (m,) int32, -1 for null or unknown, and the names they point at."""
    if known is not None:
        places = pc.index_in(names, known)
        return pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.int32), known
    coded = pc.dictionary_encode(names)
    return pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32), coded.dictionary


def _sorted(names: pa.Array, codes: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """Classes in order: numbers by value where all are numbers, else by text."""
    plain = names.to_pylist()
    try:
        order = sorted(range(len(plain)), key=lambda at: (float(plain[at]), plain[at]))
    except ValueError:
        order = sorted(range(len(plain)), key=plain.__getitem__)
    place = np.full(len(plain) + 1, -1, np.int32)  # the last stands for -1
    place[order] = np.arange(len(plain))
    return names.take(pa.array(order, pa.int64())), place[codes]


def _listed(names: pa.Array) -> str:
    shown = ", ".join(repr(name) for name in names.slice(0, SHOWN + 2).to_pylist())
    return shown + (", …" if len(names) > SHOWN + 2 else "")


def _refuse(bad: np.ndarray, columns: dict[str, pa.Array], wrong: str, do: str = "correct or leave them out") -> None:
    """Raise with the number of bad votes and the first of them."""
    at = np.flatnonzero(bad)
    if not len(at):
        return
    shown = [
        "vote {} ({})".format(place + 1, ", ".join(f"{name} {columns[name][place].as_py()!r}" for name in COLUMNS))
        for place in at[:SHOWN].tolist()
    ]
    more = f" and {len(at) - SHOWN:,} more" if len(at) > SHOWN else ""
    raise InputError(f"{len(at):,} votes {wrong}: {'; '.join(shown)}{more}", do)
