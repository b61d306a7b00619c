"""Queries on databases: which one, until when, and why it failed."""

from math import inf
from pathlib import Path
from time import monotonic

import pytest

from karat.collect.limits import LimitError
from karat.collect.queries import FORBIDDEN, chosen_query, ends, failed
from karat.core.errors import InputError, OptionError

PATH = Path("x.db")


def test_the_only_table_or_the_users_query() -> None:
    assert chosen_query("", ['a"b'], PATH) == 'select * from "a""b"'
    assert chosen_query("select 1", ["a", "b"], PATH) == "select 1"
    assert chosen_query("select 1", [], PATH) == "select 1"


def test_no_table_and_several_are_told() -> None:
    with pytest.raises(InputError, match="is a database without tables"):
        chosen_query("", [], PATH)
    with pytest.raises(OptionError, match="x.db has 2 tables: a, b".replace(".", r"\.")):
        chosen_query("", ["b", "a"], PATH)
    names = [f"t{k:02d}" for k in range(11, -1, -1)]
    with pytest.raises(OptionError) as error:
        chosen_query("", names, PATH)
    assert error.value.problem == f"x.db has 12 tables: {', '.join(sorted(names)[:10])}"


def test_only_what_is_computed_may_run_out_of_time() -> None:
    assert ends(5.0, computed=False) == inf
    assert monotonic() < ends(5.0, computed=True) <= monotonic() + 5.0


def test_why_a_query_failed() -> None:
    late = failed(ValueError("x"), PATH, monotonic() - 1)
    assert isinstance(late, LimitError)
    assert "max_query_seconds" in late.do
    wrong = failed(ValueError("no such column\nLINE 1"), PATH, inf)
    assert wrong.problem == "query on x.db failed: no such column"
    assert not isinstance(wrong, LimitError)


@pytest.mark.parametrize("sign", FORBIDDEN)
def test_what_reaches_outside_is_refused_as_such(sign: str) -> None:
    error = failed(ValueError(f"it is {sign} here"), PATH, inf)
    assert error.problem.startswith("x.db may not read or write anything outside itself")
    assert error.do == "Query tables of the database only"
