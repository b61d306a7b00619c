"""Which columns of a table are the items, the voters and their answers where they have other names."""

import re
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError

ROLES = ("item", "voter", "label")
# convention: what annotation exports call them; a name alone decides nothing, the content has to agree
NAMES = {
    "item": frozenset({"item", "id", "task", "question", "example", "record", "document"}),
    "voter": frozenset({"voter", "rater", "annotator", "worker", "coder", "labeler", "labeller"}),
    "label": frozenset({"label", "score", "answer", "value", "vote", "rating", "class", "category"}),
}
MOST_COLUMNS = 12  # cost: columns of which every way to take three is tried
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def with_vote_columns(table: pa.Table, asked: Mapping[str, str]) -> tuple[pa.Table, str]:
    """The table with columns ``item``, ``voter`` and ``label``, and a line that says which were taken.

    By content: items repeat, each voter votes at least twice on average, there are no more voters than items, and an
    item meets more voters than answers. In a table of more than three columns the names have to agree as well. Where
    several ways fit equally well none is taken, and the table stays as it is.

    Parameters
    ----------
    asked : mapping of str to str
        Roles ("item", "voter", "label") to columns, as the user has set them.

    Raises
    ------
    OptionError
        A role or column that does not exist.
    """
    for role, name in asked.items():
        if role not in ROLES:
            raise OptionError.unknown("part of a vote", role, ROLES, "--columns")
        if name not in table.column_names:
            raise OptionError.unknown("column", name, table.column_names, "--columns")
    known = {role: role for role in ROLES if role in table.column_names} | dict(asked)
    taken = known if len(known) == len(ROLES) else _taken(table, known)
    chosen = taken or asked
    renamed = {chosen[role]: role for role in ROLES if chosen.get(role, role) != role}
    if not renamed:
        return table, ""
    places = [name for name in table.column_names if name in renamed or name not in renamed.values()]
    said = ", ".join(f"{role} = {name}" for name, role in renamed.items())
    how = "as set with --columns" if set(renamed.values()) <= set(asked) else "taken by content; set others: --columns"
    return table.select(places).rename_columns([renamed.get(name, name) for name in places]), f"{said} ({how})"


def read_columns(text: str) -> dict[str, str]:
    """``item=task,voter=rater`` as a mapping. Raises OptionError."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(role.strip() and name.strip() for role, _, name in pairs):
        raise OptionError(f"{text!r} given with --columns is not ROLE=COLUMN", "Write it like voter=rater,label=score")
    return {role.strip(): name.strip() for role, _, name in pairs}


def _taken(table: pa.Table, known: Mapping[str, str]) -> dict[str, str] | None:
    """The one best way to take the columns; None where there is none, or several."""
    content = _Content(table)
    if table.num_columns > MOST_COLUMNS or "probability" in content.codes or {"item", "count"} <= set(content.codes):
        return None
    ways: list[tuple[int, tuple[str, ...]]] = []
    for names in permutations(content.codes, len(ROLES)):
        way = dict(zip(ROLES, names, strict=True))
        if all(way[role] == name for role, name in known.items()) and content.fits(*names):
            agree = [role for role in ROLES if role not in known and _is_named(way[role], role)]
            if table.num_columns == len(ROLES) or len(agree) == len(ROLES) - len(known):
                ways.append((len(agree), names))
    best = [names for agree, names in ways if agree == max(ways)[0]]
    return dict(zip(ROLES, best[0], strict=True)) if len(best) == 1 else None


def _is_named(name: str, role: str) -> bool:
    return any(word.lower() in NAMES[role] for word in WORDS.findall(name))


class _Content:
    """Distinct values of columns and of pairs of columns, each counted once."""

    def __init__(self, table: pa.Table) -> None:
        self.records = table.num_rows
        plain = [name for name in table.column_names if not pa.types.is_nested(table[name].type)]
        self.codes = {name: _codes(table[name]) for name in plain}
        self.distinct = {name: int(codes.max(initial=-1)) + 1 for name, codes in self.codes.items()}
        self.pairs: dict[tuple[str, str], int] = {}

    def fits(self, item: str, voter: str, label: str) -> bool:
        """Could these be the items, voters and answers?"""
        items, voters = self.distinct[item], self.distinct[voter]
        few = voters <= items < self.records and 2 * voters <= self.records
        return few and self._together(item, voter) > self._together(item, label)

    def _together(self, left: str, right: str) -> int:
        if (left, right) not in self.pairs:
            both = self.codes[left] * max(self.distinct[right], 1) + self.codes[right]
            self.pairs[left, right] = len(np.unique(both))
        return self.pairs[left, right]


def _codes(column: Any) -> np.ndarray:
    encoded = pc.dictionary_encode(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0), "encode")
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
