"""Queries on databases: which, until when, and what is said where they fail."""

from math import inf
from pathlib import Path
from time import monotonic

from karat.collect.limits import LimitError, set_higher
from karat.core.errors import InputError, OptionError

# Parts of the messages of DuckDB and SQLite about what the way of opening forbids
FORBIDDEN = ("disabled by configuration", "disabled through", "read-only mode", "not authorized", "readonly database")


def chosen_query(query: str, tables: list[str], path: Path) -> str:
    """The user's query, or the only table there is.

    Raises
    ------
    OptionError
        There are several tables and no query.
    """
    if query:
        return query
    if not tables:
        raise InputError(f"{path} is a database without tables", "Name the right file")
    if len(tables) > 1:
        raise OptionError(
            f"{path} has {len(tables)} tables: {', '.join(sorted(tables)[:10])}",
            'Choose with --query "select * from …"',
        )
    return 'select * from "{}"'.format(tables[0].replace('"', '""'))


def ends(seconds: float, computed: bool) -> float:
    """When the answer must be there: a query or a view may never end, a table does."""
    return monotonic() + seconds if computed else inf


def failed(error: Exception, path: Path, until: float) -> InputError:
    """The error of a query that did not answer: too slow, not allowed, or wrong."""
    if monotonic() > until:
        return LimitError(f"the query on {path} does not end in time", set_higher("max_query_seconds"))
    reason = str(error).split("\n")[0]
    if any(sign in reason for sign in FORBIDDEN):
        return InputError(
            f"{path} may not read or write anything outside itself: {reason}", "Query tables of the database only"
        )
    return InputError(f"query on {path} failed: {reason}", "Correct the query")
