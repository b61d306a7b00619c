"""Every number a message states is true of the records as they were read."""

import re

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.dataset import Dataset

N = 900
CITIES = ("Boston", "Denver", "Austin", "Salem", "Tucson", "Mobile", "Topeka", "Tulsa", "Fresno", "Dayton")
STATES = ("MA", "CO", "TX", "OR", "AZ", "AL", "KS", "OK", "CA", "OH")


@pytest.fixture(scope="module")
def spoiled() -> Block:
    """Places whose names decide their states and codes, with slips in each, and gaps."""
    chance = np.random.default_rng(4)
    place = chance.integers(len(CITIES), size=N)
    cells = {
        "city": [CITIES[at] for at in place],
        "state": [STATES[at] for at in place],
        "code": [f"{10007 + 913 * at}" for at in place],
        "amount": [f"{value:.2f}" for value in chance.normal(50, 9, N)],
        "note": [None if value < 0.1 else "checked" for value in chance.random(N)],
    }
    for name, wrong in (("state", STATES), ("city", CITIES), ("code", ("10007", "99999"))):
        for at in chance.choice(N, 25, replace=False):
            cells[name][at] = str(chance.choice(wrong))
    cells["city"][3], cells["amount"][7] = "Bostton", "9000.00"
    roles = {"city": Role.CATEGORY, "state": Role.CATEGORY, "code": Role.CATEGORY, "amount": Role.NUMBER}
    columns = tuple(
        Column(name, roles.get(name, Role.CATEGORY), "float64" if name == "amount" else "string") for name in cells
    )
    return Block(np.arange(N), pa.table({k: pa.array(v, pa.string()) for k, v in cells.items()}), Schema(columns))


@pytest.fixture(scope="module")
def said(spoiled: Block) -> list[dict]:
    data = Dataset(spoiled.schema, table=spoiled.table, rows=spoiled.rows)
    learned = engine.learn(data)
    parts = [found for _, found in engine.judge(data, learned)]
    return pa.concat_tables([engine.conclude(learned, spoiled.schema), *parts]).to_pylist()


def texts(block: Block, name: str) -> list[str | None]:
    return block.table.column(name).to_pylist()


def test_what_other_records_hold_is_counted_on_the_raw_records(spoiled, said):
    pattern = re.compile(r"(\w+) is '([^']*)' in ([\d,]+) of ([\d,]+) other records with (\w+) '([^']*)'")
    stated = [(one["row"], match) for one in said if (match := pattern.search(one["message"]))]
    assert len(stated) >= 20
    for row, match in stated:
        name, value, backers, others, left, text = match.groups()
        rows = [at for at, cell in enumerate(texts(spoiled, left)) if cell == text and at != row]
        values = [texts(spoiled, name)[at] for at in rows]
        assert int(others.replace(",", "")) == sum(cell is not None for cell in values)
        assert int(backers.replace(",", "")) == values.count(value)


def test_shares_of_a_column_are_of_its_cells(spoiled, said):
    pattern = re.compile(r"([\d,]+) of ([\d,]+) (cells|filled cells|records|numbers)\b")
    stated = [(one, match) for one in said if one["column"] for match in [pattern.search(one["message"])] if match]
    assert stated
    for one, match in stated:
        part, whole = (int(text.replace(",", "")) for text in match.groups()[:2])
        filled = sum(cell is not None for cell in texts(spoiled, one["column"]))
        assert part <= whole
        assert whole in (N, filled) or "group" in one["message"] or "sample" in one["message"], one["message"]
