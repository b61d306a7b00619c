"""The types of a corpus's columns: a number is written as one where no digit of any cell is lost by it."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.schema import Column, Role, Schema

WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"
FRACTION = r"^-?(0|[1-9][0-9]{0,8})\.[0-9]{1,6}$"
NOTHING = "nothing"  # no cell is filled: fits every type
ORDER = (NOTHING, "int64", "float64", "string")
TIMES = ("date", "time", "timestamp", "created", "published", "crawl_date", "日期", "时间")
SOURCES = ("source", "domain", "site", "host", "subset", "dataset", "来源")
URLS = ("url", "link", "uri", "网址")
CLASSES = ("label", "class", "category", "topic", "标签", "类别")


def types_of(table: pa.Table, text: str) -> dict[str, str]:
    """The narrowest type of each column of a part."""
    return {name: "string" if name == text else _narrowest(table.column(name)) for name in table.column_names}


def _narrowest(column: pa.ChunkedArray) -> str:
    if column.null_count == len(column):
        return NOTHING
    if pc.all(pc.match_substring_regex(column, WHOLE)).as_py():
        return "int64"
    number = pc.or_(pc.match_substring_regex(column, WHOLE), pc.match_substring_regex(column, FRACTION))
    return "float64" if pc.all(number).as_py() else "string"


def joint_schema(columns: Sequence[str], text: str, parts: Iterable[Mapping[str, str]]) -> Schema:
    """The schema of a corpus from the types of its parts."""
    widest = dict.fromkeys(columns, NOTHING)
    for types in parts:
        for name, kind in types.items():
            widest[name] = max(widest[name], kind, key=ORDER.index)
    return Schema(
        tuple(
            Column(name, _role(name, text, columns), "string" if widest[name] == NOTHING else widest[name])
            for name in columns
        ),
        kind="text",
    )


def _role(name: str, text: str, columns: Sequence[str]) -> Role:
    if name == text:
        return Role.TEXT
    if name == named(columns, TIMES):
        return Role.TIME
    return Role.SOURCE if name == named(columns, SOURCES) else Role.IGNORE


def named(columns: Iterable[str], known: Sequence[str]) -> str:
    """The first column with one of some names, "" when there is none."""
    lower = {name.casefold(): name for name in columns}
    return next((lower[name] for name in known if name in lower), "")
