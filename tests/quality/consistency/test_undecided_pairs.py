"""Cities beside a country that is usual, but not theirs: a wrong city or a wrong country."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.undecided_pairs import UndecidedPairs

CITIES = {"Lyon": "France", "Nice": "France", "Porto": "Portugal", "Graz": "Austria", "Turku": "Finland"}


def places(size: int = 500) -> dict[str, list[str | None]]:
    names = [list(CITIES)[at] for at in np.random.default_rng(3).integers(0, len(CITIES), size)]
    return {"city": [*names], "country": [CITIES[name] for name in names]}


def judged(columns: dict[str, list[str | None]]) -> list[dict[str, object]]:
    cells = pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
    schema = Schema(tuple(Column(name, Role.CATEGORY) for name in columns))
    block = Block(np.arange(len(cells)), cells, schema)
    check = UndecidedPairs()
    said = check.judge(check.learn(block), block)
    return said.to_pylist() if isinstance(said, pa.Table) else []


@pytest.fixture
def spoiled() -> dict[str, list[str | None]]:
    table = places()
    for row in (20, 99, 240, 381, 444):
        table["country"][row] = "Finland" if table["country"][row] != "Finland" else "Austria"
    return table


def test_both_cells_are_named_as_suspicions_and_nothing_is_suggested(spoiled):
    said = judged(spoiled)
    assert {(row["row"], row["column"]) for row in said} == {
        (row, column) for row in (20, 99, 240, 381, 444) for column in ("city", "country")
    }
    for row in said:
        city, country = (spoiled[name][row["row"]] for name in ("city", "country"))
        assert row["message"].split(":")[0] == f"one of two cells is wrong, city {city!r} or country {country!r}"
        assert f"country is {CITIES[city]!r} in " in row["message"]
        assert row["value"] == spoiled[row["column"]][row["row"]]
        assert row["suggestion"] is None
        assert 0.25 <= row["confidence"] < 0.5


def test_nothing_is_said_where_all_go_together_or_one_side_is_clear(spoiled):
    assert not judged(places())
    spoiled["country"][20] = "Frxnce"  # no usual value: the check of dependencies blames it
    assert 20 not in {row["row"] for row in judged(spoiled)}


def test_columns_that_do_not_depend_on_each_other_are_no_pairs():
    table = places()
    table["country"] = table["country"][7:] + table["country"][:7]
    assert not judged(table)


def test_a_few_records_teach_no_dependency():
    assert not judged({name: cells[:5] for name, cells in places().items()})
