"""Versions on the command line: listed, compared, named, restored, taken along."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from karat.cli import commands  # noqa: F401  registers a command, so that the others keep their names
from karat.cli.app import app
from karat.cli.store_commands import MAX_LINES, _named, _shown
from karat.core.errors import InputError
from karat.store.versions import Store


@pytest.fixture
def run(tmp_path: Path) -> Path:
    store = Store(tmp_path / "run" / "store")
    table = pa.table({"a": ["1", "2", "3"], "b": ["x", None, "z"]})
    store.commit(table, np.arange(3), parent=None, label="raw", meta={})
    after = pa.table({"a": ["1", "9"], "b": ["x", "y"]})
    store.commit(after, np.arange(2), parent=1, label="refined", meta={})
    return tmp_path / "run"


def said(*words: object) -> list[str]:
    done = CliRunner().invoke(app, ["store", *map(str, words)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout.splitlines()


def test_a_difference_says_blank() -> None:
    assert (_shown(None), _shown(""), _shown("x")) == ("blank", "''", "'x'")
    assert (_named("12"), _named("v2"), _named("")) == (12, "v2", "")


def test_a_folder_without_versions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no stored versions"):
        said("log", tmp_path)


def test_versions_are_listed_with_their_parents_and_names(run: Path) -> None:
    said("tag", run, "1", "first")
    first, second = said("log", run)
    assert first.startswith("1  raw  3 × 2  ")
    assert first.endswith("  (first, raw)")
    assert second.startswith("2  refined ← 1  2 × 2  ")
    assert second.endswith("  (head, refined)")


def test_what_lies_between_two_versions(run: Path) -> None:
    assert said("diff", run, "1", "2") == [
        "set   row 1 · a: '2' → '9'",
        "set   row 1 · b: blank → 'y'",
        "drop  row 2",
        "3 differences",
    ]
    assert said("diff", run, "raw", "1") == ["0 differences"]


@pytest.mark.parametrize(("size", "more"), [(MAX_LINES, False), (MAX_LINES + 1, True)])
def test_only_the_first_differences_are_shown(tmp_path: Path, size: int, more: bool) -> None:
    store = Store(tmp_path / "store")
    store.commit(pa.table({"a": ["x"] * size}), np.arange(size), parent=None, label="raw", meta={})
    store.commit(pa.table({"a": ["y"] * size}), np.arange(size), parent=1, label="refined", meta={})
    lines = said("diff", tmp_path, "1", "2")
    assert len(lines) == MAX_LINES + 1
    assert lines[-1].startswith(f"{size} differences")
    assert ("ledger.parquet" in lines[-1]) is more


def test_a_name_is_given_once_and_found_again(run: Path) -> None:
    assert said("tag", run, "1", "first") == ["version 1 is now also called first"]
    assert said("diff", run, "first", "raw") == ["0 differences"]


def test_where_nothing_was_masked_there_is_nothing_to_destroy(run: Path) -> None:
    with pytest.raises(InputError, match="has no originals to destroy"):
        said("forget", run)
