"""Columns that name records, entities and the sources that report on them."""

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.keys import is_id, is_key_name, name_words, source_and_entity
from karat.collect.shapes import DistinctTexts
from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.schema import Column, Role, Schema


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CustomerID", ["customer", "id"]),
        ("customer_id", ["customer", "id"]),
        ("HTTPServer2", ["http", "server2"]),
        ("", []),
        ("客户 编号", ["客户", "编号"]),
    ],
)
def test_the_words_of_a_name(name: str, words: list[str]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    "name", ["id", "user_id", "id_user", "客户编号", "account number", "AccountNum", "customer", "UUID of record"]
)
def test_names_that_identify(name: str) -> None:
    assert is_key_name(name)


@pytest.mark.parametrize(
    "name", ["", "idle", "number", "page number", "customer age", "paid", "城市", "number account"]
)
def test_names_that_do_not(name: str) -> None:
    assert not is_key_name(name)


def id_of(name: str, values: list[str], numbers: bool = False, at: int = 0) -> bool:
    table = pa.table({name: pa.array(values, pa.string())})
    block = Block(np.arange(len(values)), table, Schema((Column(name, Role.TEXT),)))
    texts = DistinctTexts(ValueCounts.of(block).columns[name])
    known = np.array([float(text) for text in texts.text.to_pylist()]) if numbers else None
    return is_id(name, texts, known, at)


def test_a_running_number_in_front_numbers_the_records() -> None:
    running = [str(k) for k in range(1, 101)]
    assert id_of("x", running, numbers=True)
    assert id_of("x", [str(k) for k in range(100)], numbers=True)
    assert not id_of("x", running, numbers=True, at=1)
    assert not id_of("x", [str(k) for k in range(2, 102)], numbers=True)
    assert id_of("x", running[::-1], numbers=True)
    assert not id_of("x", [str(2 * k + 1) for k in range(100)], numbers=True)


def test_a_name_makes_distinct_numbers_ids_wherever_they_stand() -> None:
    scattered = [str(7 * k % 1009) for k in range(100)]
    assert id_of("user_id", scattered, numbers=True, at=5)
    assert not id_of("height", scattered, numbers=True, at=5)
    assert not id_of("user_id", scattered[:92] + scattered[:8], numbers=True, at=5)


def test_codes_are_ids_when_all_differ_and_there_are_enough_of_them() -> None:
    codes = [f"AB{k:04d}" for k in range(21)]
    assert id_of("ref", codes)
    assert not id_of("ref", codes[:20])
    assert id_of("id", codes[:20])
    assert not id_of("id", codes[:1])
    assert not id_of("ref", codes + codes)
    assert not id_of("ref", [f"客{k:04d}" for k in range(30)])
    assert not id_of("ref", [f"one two {k}" for k in range(30)])


def reports(sources: int = 4, entities: int = 20, **changed: list[str | None]) -> tuple[str, str] | None:
    """Every source reports on every entity; two attributes hang on the entity."""
    cells: dict[str, list[str | None]] = {
        "site": [f"site{s}" for s in range(sources) for _ in range(entities)],
        "flight": [f"flight{e}" for _ in range(sources) for e in range(entities)],
        "gate": [f"gate{e % 9}" for _ in range(sources) for e in range(entities)],
        "hour": [f"{e % 12}h" for _ in range(sources) for e in range(entities)],
    }
    table = pa.table(cells | changed)
    columns = tuple(Column(name, Role.CATEGORY) for name in table.column_names)
    block = Block(np.arange(len(table)), table, Schema(columns))
    return source_and_entity(columns, RecordSample.of(block))


def test_sources_that_report_on_the_same_entities() -> None:
    assert reports() == ("site", "flight")


def test_three_sources_and_sixty_records_are_the_fewest() -> None:
    assert reports(sources=3, entities=20) == ("site", "flight")
    assert reports(sources=3, entities=19) is None
    assert reports(sources=2, entities=40) is None


def test_what_does_not_look_like_reports() -> None:
    assert reports(hour=[f"{k // 20}h" for k in range(80)]) is None  # decided by the source
    assert reports(flight=[f"flight{k // 4}" for k in range(80)]) is None  # an entity twice in one source
    dice = np.random.default_rng(0)
    assert reports(hour=[f"{k}h" for k in dice.integers(0, 12, 80)]) is None  # sources do not agree
    assert reports(hour=[None] * 80) is None  # one attribute is too little
