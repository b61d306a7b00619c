# ruff: noqa: DTZ001  times without a zone are what files hold
"""What every source must give: the same text, whatever the format."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from karat.collect.read import open_data
from karat.core.errors import InputError

TYPED = pa.table(
    {
        "i": pa.array([1, None, 2**53 + 1]),
        "f": [0.1, float("nan"), 1e300],
        "s": ["a", "", None],
        "b": [True, None, False],
        "t": pa.array([dt.datetime(2020, 1, 1, 2, 3, 4, 5000), None, dt.datetime(2021, 1, 1)]),
        "l": [[1, 2], None, []],
        "d": pa.array([dt.date(2020, 1, 2), None, dt.date(1999, 12, 31)]),
        "c": pa.array(["q", None, "r"]).dictionary_encode(),
    }
)
TEXT = {
    "i": ["1", None, "9007199254740993"],
    "f": ["0.1", "nan", "1e+300"],
    "s": ["a", None, None],
    "b": ["true", None, "false"],
    "t": ["2020-01-01 02:03:04.005", None, "2021-01-01 00:00:00"],
    "l": ["[1, 2]", None, "[]"],
    "d": ["2020-01-02", None, "1999-12-31"],
    "c": ["q", None, "r"],
}
TYPES = {"i": "int64", "f": "float64", "b": "bool", "t": "timestamp", "d": "timestamp"}


@pytest.fixture
def columns() -> Callable[..., dict[str, list[Any]]]:
    """All columns of an input, as text."""

    def read(data: Any, **options: str) -> dict[str, list[Any]]:
        reading = open_data(data, **options)
        return dict(pa.Table.from_batches(list(reading.batches()), reading.schema).to_pydict())

    return read


@pytest.fixture
def typed() -> pa.Table:
    """A table of every type."""
    return TYPED


@pytest.fixture
def as_text() -> dict[str, list[str | None]]:
    """``typed`` as every source gives it."""
    return TEXT


@pytest.fixture
def types() -> dict[str, str]:
    """The types of ``typed`` that a source with types keeps."""
    return TYPES


@pytest.fixture
def half_refused() -> Callable[[Path], bool]:
    """Is the first half of a file, without its end, refused as no whole file?"""

    def refused(path: Path) -> bool:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        try:
            list(open_data(path).batches())
        except InputError as error:
            return "a complete" in str(error)
        return False

    return refused
