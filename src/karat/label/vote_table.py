"""Votes as they come in: a line a vote, vote counts, or probabilities; repeated votes settled by a rule."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError, OptionError
from karat.kernels.vote_kernels import repeated

SHOWN = 3  # display: examples in an error
COLUMNS = ("item", "voter", "label")
KEEP = ("last", "first", "all")
SPAN = ("start", "end")
BOX = ("x", "y", "width", "height")
MOST_COUNTED = 50_000_000  # cost: memory: votes that counts stand for
TINY = 1e-9  # definition: a probability that is not worth a line


@dataclass(frozen=True, eq=False)
class VoteTable:
    """Votes as codes into the names of items, voters and answers.

    Parameters
    ----------
    item, voter, answer : ndarray of int32, shape (m,)
        One entry a vote; an answer of -1 is an abstention.
    row : ndarray of int64, shape (m,)
        Where the vote stands in the table it came in.
    weight : ndarray of float64, shape (m,), or None
        The share of a voter's vote that an answer has, where voters give probabilities.
    anonymous : bool
        Counts of votes: who cast them is not known.
    notes : tuple of str
        What was settled on the way.
    """

    items: pa.Array
    voters: pa.Array
    answers: pa.Array
    item: np.ndarray
    voter: np.ndarray
    answer: np.ndarray
    row: np.ndarray
    weight: np.ndarray | None = None
    anonymous: bool = False
    notes: tuple[str, ...] = ()

    def refuse(self, bad: np.ndarray, wrong: str, do: str = "Correct or leave them out") -> None:
        """Raise with the number of bad votes and the first of them."""
        at = np.flatnonzero(bad)
        if not len(at):
            return
        shown = []
        for place in at[:SHOWN].tolist():
            answer = self.answers[self.answer[place]].as_py() if self.answer[place] >= 0 else None
            named = {
                "item": self.items[self.item[place]].as_py(),
                "voter": self.voters[self.voter[place]].as_py(),
                "label": answer,
            }
            shown.append(_shown(int(self.row[place]), named))
        raise InputError(f"{len(at):,} votes {wrong}: {'; '.join(shown)}{_more(len(at))}", do)


def vote_table(votes: Any, items: Any = None, keep: str = "last") -> VoteTable:
    """Votes from a table.

    Parameters
    ----------
    votes : anything with ``__arrow_c_stream__``, or a mapping of columns
        ``item``, ``voter``, ``label``; a null label is an abstention. Or ``item``, ``label``, ``count``; or ``item``,
        ``voter``, ``label``, ``probability``; or ``item``, perhaps ``voter``, and a column of numbers a class; or, with
        ``start`` and ``end`` or ``x``, ``y``, ``width``, ``height``, a line a span or box.
    items : the same with a column ``item`` or ``id``, or a sequence of names, optional
        All items, also those nobody voted on, in the order wanted.
    keep : str
        Which of several votes of one voter on one item count: "last", "first" or "all".

    Raises
    ------
    InputError
        A column is absent, an item or voter has no name, or a vote is for an item that does not exist.
    """
    if keep not in KEEP:
        raise OptionError.unknown("rule for repeated votes", keep, KEEP, "--keep")
    table, weight, anonymous = _one_line_a_vote(as_table(votes, "votes"))
    columns = {name: texts(table.column(name), name) for name in COLUMNS}
    for name in ("item", "voter"):
        refuse(np.asarray(pc.is_null(columns[name])), columns, f"have no {name}")
    item, item_names = coded(columns["item"], None if items is None else item_names_of(items))
    refuse(item < 0, columns, "are for items that are not in the list", "add them to --items or leave the votes out")
    voter, voter_names = coded(columns["voter"], None)
    answer, answers = coded(columns["label"], None)
    read = VoteTable(
        item_names, voter_names, answers, item, voter, answer, np.arange(len(item)), weight, anonymous=anonymous
    )
    return read if weight is not None or anonymous else _settled(read, keep)


def _settled(read: VoteTable, keep: str) -> VoteTable:
    """One vote a voter and item."""
    backwards = slice(None, None, -1 if keep == "last" else 1)
    again = repeated(read.item[backwards], read.voter[backwards], len(read.voters))[backwards]
    if not again.any():
        return read
    pair = read.item.astype(np.int64) * len(read.voters) + read.voter
    lines, place = np.unique(pair[again], return_inverse=True)
    kept = np.flatnonzero(~again & np.isin(pair, lines))
    stays = read.answer[kept[np.argsort(pair[kept])]]
    other = int((read.answer[again] != stays[place]).sum())
    note = f"{int(again.sum()):,} votes repeat a vote of the same voter on the same item, {other:,} with another answer"
    rule = {"last": "the last counts", "first": "the first counts", "all": "all count"}[keep]
    notes = (f"{note}: {rule} (--keep)",)
    if keep == "all":
        return replace(read, notes=notes)
    codes = {name: getattr(read, name)[~again] for name in ("item", "voter", "answer", "row")}
    return replace(read, **codes, notes=notes)


def _one_line_a_vote(table: pa.Table) -> tuple[pa.Table, np.ndarray | None, bool]:
    """The table with item, voter and label, what share of a vote each line is, and whether voters are unknown."""
    names = table.column_names
    places = next((group for group in (BOX, SPAN) if set(group) <= set(names)), None)
    if places is not None and {"item", "voter"} <= set(names):
        return _gathered(table, places), None, False
    if "label" not in names and "item" in names:
        table = _long(table)
        names = table.column_names
    if "count" in names and "voter" not in names and {"item", "label"} <= set(names):
        return _counted(table), None, True
    lacking = [name for name in COLUMNS if name not in names]
    if lacking:
        raise InputError(
            f"votes lack the columns {', '.join(lacking)}, and have {', '.join(names[:10])}",
            "Rename the columns to item, voter and label, or name them with --columns voter=rater,label=score",
        )
    if "probability" in names:
        return table, _shares(table), False
    return table, None, False


def _long(table: pa.Table) -> pa.Table:
    """A column a class becomes a line a class: probabilities where lines sum to one, else counts."""
    classes = [name for name in table.column_names if name not in ("item", "voter")]
    numeric = [
        name for name in classes if pa.types.is_floating(table[name].type) or pa.types.is_integer(table[name].type)
    ]
    if len(numeric) < 2 or numeric != classes:
        return table
    values = np.column_stack([pc.fill_null(table[name].cast(pa.float64()), 0.0).to_numpy() for name in classes])
    line, place = np.nonzero(values > TINY)
    columns = {name: table[name].take(pa.array(line)) for name in ("item", "voter") if name in table.column_names}
    columns["label"] = pa.array(classes).take(pa.array(place))
    columns["probability" if "voter" in columns else "count"] = pa.array(values[line, place])
    return pa.table(columns)


def _counted(table: pa.Table) -> pa.Table:
    """A line a vote, of voters numbered within their item."""
    counts = _column_of_numbers(table, "count")
    columns = {"item": texts(table["item"], "item"), "label": texts(table["label"], "label")}
    bad = ~((counts >= 0) & (counts == np.floor(counts)))
    refuse(bad, columns, "have no whole count", "Give counts of votes, 0 or more")
    if counts.sum() > MOST_COUNTED:
        raise InputError(f"the counts represent {counts.sum():,.0f} votes", f"Give at most {MOST_COUNTED:,}")
    line = np.repeat(np.arange(len(counts)), counts.astype(np.int64))
    item, _ = coded(columns["item"], None)
    order = np.argsort(item[line], kind="stable")
    first = np.concatenate([[True], np.diff(item[line][order]) != 0]) if len(line) else np.zeros(0, bool)
    start = np.maximum.accumulate(np.where(first, np.arange(len(line)), 0))
    number = np.empty(len(line), np.int64)
    number[order] = np.arange(len(line)) - start
    voter = pa.array(number).cast(pa.string())
    taken = pa.array(line)
    return pa.table({"item": columns["item"].take(taken), "voter": voter, "label": columns["label"].take(taken)})


def _shares(table: pa.Table) -> np.ndarray:
    """Probabilities of each voter on each item, made to sum to one."""
    shares = _column_of_numbers(table, "probability")
    columns = {name: texts(table[name], name) for name in COLUMNS}
    refuse(~((shares >= 0) & (shares <= 1)), columns, "have no probability in [0, 1]", "Correct them")
    item, _ = coded(columns["item"], None)
    voter, voters = coded(columns["voter"], None)
    _, pair = np.unique(item.astype(np.int64) * max(len(voters), 1) + voter, return_inverse=True)
    total = np.bincount(pair, shares)[pair]
    refuse(~(total > 0), columns, "have probabilities that sum to 0", "Correct them")
    return np.asarray(shares / total)


def _column_of_numbers(table: pa.Table, name: str) -> np.ndarray:
    try:
        return np.asarray(table[name].cast(pa.float64()).to_numpy())
    except pa.ArrowInvalid as error:
        raise InputError(
            f"column {name!r} of votes is not numbers: {str(error).splitlines()[0]}", "Correct it"
        ) from None


def _gathered(table: pa.Table, places: Sequence[str]) -> pa.Table:
    """A line a span or box becomes a line a voter and item; a line without a place says that there is nothing."""
    answers: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    names = [*places, *(["label"] if "label" in table.column_names else [])]
    for line in table.select(["item", "voter", *names]).to_pylist():
        entries = answers.setdefault((line["item"], line["voter"]), [])
        if line[places[0]] is not None and line[places[0]] != "":
            entries.append({name: _number(line[name]) if name in places else line[name] for name in names})
    items, voters = zip(*answers, strict=True) if answers else ((), ())
    texts_of = [json.dumps(entries, ensure_ascii=False) for entries in answers.values()]
    return pa.table({"item": pa.array(items), "voter": pa.array(voters), "label": pa.array(texts_of, pa.string())})


def _number(value: Any) -> Any:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return value
    return int(number) if number == number // 1 else number


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
    """A column as large strings; NaN is null, whole floats lose their ``.0``, lists and records become JSON."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        finite = pc.is_finite(column)
        column = pc.if_else(finite, column, None)
        whole = pc.all(pc.equal(column, pc.floor(column)), min_count=0).as_py()
        column = column.cast(pa.int64()) if whole else column
    if pa.types.is_nested(column.type):
        if name != "label":
            raise InputError(f"column {name!r} of votes is of type {column.type}", f"Give one {name} per vote")
        cells = [None if cell is None else json.dumps(cell, ensure_ascii=False) for cell in column.to_pylist()]
        return pa.array(cells, pa.large_string())
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
        shown = listed(many.field("values"))
        raise InputError(f"{len(many)} items are named twice or more: {shown}", "Name each once")
    return names


def coded(names: pa.Array, known: pa.Array | None) -> tuple[np.ndarray, pa.Array]:
    """Codes (m,) int32, -1 for null or unknown, and the names they point at."""
    if known is not None:
        places = pc.index_in(names, known)
        return pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.int32), known
    encoded = pc.dictionary_encode(names)
    return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32), encoded.dictionary


def listed(names: pa.Array) -> str:
    """The first names, quoted."""
    shown = ", ".join(repr(name) for name in names.slice(0, SHOWN + 2).to_pylist())
    return shown + (", …" if len(names) > SHOWN + 2 else "")


def refuse(bad: np.ndarray, columns: dict[str, pa.Array], wrong: str, do: str = "correct or leave them out") -> None:
    """Raise with the number of bad votes and the first of them."""
    at = np.flatnonzero(bad)
    if not len(at):
        return
    shown = [
        _shown(place, {name: column[place].as_py() for name, column in columns.items()})
        for place in at[:SHOWN].tolist()
    ]
    raise InputError(f"{len(at):,} votes {wrong}: {'; '.join(shown)}{_more(len(at))}", do)


def _shown(row: int, named: dict[str, Any]) -> str:
    return "vote {} ({})".format(row + 1, ", ".join(f"{name} {value!r}" for name, value in named.items()))


def _more(count: int) -> str:
    return f" and {count - SHOWN:,} more" if count > SHOWN else ""
