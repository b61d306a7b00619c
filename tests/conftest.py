"""Data with known defects, for the laws every unit must keep."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

CITIES = {"上海": "SH", "北京": "BJ", "Boston": "MA", "Austin": "TX", "Denver": "CO"}
SCHEMA = Schema(
    (
        Column("id", Role.ID, "int64"),
        Column("city", Role.CATEGORY),
        Column("code", Role.CATEGORY),
        Column("income", Role.NUMBER, "float64", nulls=("-999", "N/A")),
        Column("age", Role.NUMBER, "int64"),
        Column("note", Role.TEXT),
        Column("at", Role.TIME, "timestamp"),
        Column("source", Role.SOURCE),
        Column("y", Role.TARGET),
    ),
    task="classification",
)


def planted(size: int, seed: int = 0) -> Block:
    """Records with defects of all four dimensions among them."""
    chance = np.random.default_rng(seed)
    city = chance.choice(list(CITIES), size)
    code = np.array([CITIES[name] for name in city], object)
    age = chance.integers(18, 80, size)
    income = np.round(age * 120 + chance.normal(0, 300, size), 1).astype(str).astype(object)
    label = np.where(age + chance.normal(0, 8, size) > 48, "yes", "no").astype(object)
    start = datetime(2024, 1, 1)  # noqa: DTZ001
    at = np.array([(start + timedelta(hours=i)).isoformat(sep=" ") for i in range(size)], object)
    note = np.array(
        [
            f"客户来自{name}，服务很好。" if i % 2 else f"A customer from {name}, quite happy."
            for i, name in enumerate(city)
        ],
        object,
    )
    city = city.astype(object)

    def some(rate: float = 0.01) -> np.ndarray:
        return np.flatnonzero(chance.random(size) < rate)

    code[some()] = "ZZ"
    city[some()] = "Bostn"
    income[some()] = "-999"
    income[some()] = "N/A"
    income[some()] = None
    income[some()] = "12.5 kg"
    at[some()] = "2099-01-01 00:00:00"
    note[some()] = "  A customer\u200b from Boston, quite happy. "
    label[some(0.02)] = "no"
    columns = {
        "id": [str(i) for i in range(size)],
        "city": city,
        "code": code,
        "income": income,
        "age": age.astype(str).astype(object),
        "note": note,
        "at": at,
        "source": np.where(np.arange(size) % 3 == 0, "web", "branch").astype(object),
        "y": label,
    }
    table = pa.table({name: pa.array(list(values), pa.string()) for name, values in columns.items()})
    return Block(np.arange(size), table, SCHEMA)


@pytest.fixture(scope="session")
def planted_block() -> Block:
    return planted(1500)


@pytest.fixture(scope="session")
def planted_csv() -> bytes:
    """A CSV of the planted records."""
    import io

    import pyarrow.csv

    sink = io.BytesIO()
    pyarrow.csv.write_csv(planted(240).table, sink)
    return sink.getvalue()


@pytest.fixture(scope="session")
def chat_block():
    """A function that reads records of a chat file, as dictionaries, into a block; keyword arguments are its extra."""
    from karat.collect.arrow import read_frame
    from karat.collect.instructions import chat_schema, flattened

    def made(records: list[dict], **extra: object) -> Block:
        reading = flattened(lambda: read_frame(pa.Table.from_pylist(records)))
        table = pa.Table.from_batches(list(reading.batches()))
        schema = Schema(tuple(Column(name, Role.TEXT) for name in table.column_names))
        return Block(np.arange(table.num_rows), table, replace(chat_schema(schema), kind="chat"), extra)

    return made


@pytest.fixture
def told(chat_block):
    """A function that judges records of a chat file by one check: (row, column) → confidence, and the findings."""
    from karat.flow import engine
    from karat.flow.dataset import Dataset

    def judged(check: object, records: list[dict], **extra: object) -> dict[tuple[int, str | None], float]:
        data = Dataset.of(chat_block(records, **extra))
        learned = engine.learn(data, [check])
        assert learned.checks, learned.skipped
        found = [one for _, part in engine.judge(data, learned) for one in part.to_pylist()]
        return {(one["row"], one["column"]): one["confidence"] for one in found}

    return judged


@pytest.fixture
def command(monkeypatch, capsys):
    """The command line in this process: its exit status, stdout and stderr."""
    from karat.cli.main import main

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["karat", *map(str, words)])
        with pytest.raises(SystemExit) as done:
            main()
        printed = capsys.readouterr()
        return SimpleNamespace(status=done.value.code, stdout=printed.out, stderr=printed.err)

    return call


@pytest.fixture(autouse=True)
def _one_command_a_process() -> Iterator[None]:
    """A command that was asked to speak Chinese leaves the next test English, as its own process would."""
    from karat.show import spoken

    before = list(spoken._PROCESS)
    yield
    spoken._PROCESS[:] = before
