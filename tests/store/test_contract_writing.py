"""What a contract says of columns that were seen: types, gaps, keys, ranges, allowed values, patterns."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import SURE, Dimension, findings
from karat.core.schema import Column, Role, Schema
from karat.store.contract_writing import MAX_VALUES, MIN_RECORDS, write_contract


@pytest.fixture
def rule(tmp_path: Path):
    """What the contract says of one column."""

    def written(values: list[str | None], column: Column, result: pa.Table | None = None) -> dict[str, Any]:
        schema = Schema((column,))
        block = Block(np.arange(len(values)), pa.table({column.name: pa.array(values, pa.string())}), schema)
        write_contract(
            tmp_path / "c.yaml", name="t", schema=schema, counts=ValueCounts.of(block), findings=result, owner="me"
        )
        contract = yaml.safe_load((tmp_path / "c.yaml").read_text(encoding="utf-8"))
        return contract["schema"][0]["properties"][0]

    return written


def test_the_frame_of_a_contract(tmp_path: Path) -> None:
    schema = Schema((Column("城市", Role.CATEGORY),))
    block = Block(np.arange(1), pa.table({"城市": ["北京"]}), schema)
    for owner, team in (("", None), ("me", {"members": [{"username": "me", "role": "owner"}]})):
        write_contract(tmp_path / "c", name="城", schema=schema, counts=ValueCounts.of(block), owner=owner)
        text = (tmp_path / "c").read_text(encoding="utf-8")
        contract = yaml.safe_load(text)
        assert contract.get("team") == team
    assert "name: 城市" in text
    assert (contract["apiVersion"], contract["kind"], contract["id"]) == (
        "v3.1.0",
        "DataContract",
        "urn:karat:contract:城",
    )


def test_few_records_prove_no_rule(rule) -> None:
    age = Column("age", Role.NUMBER, "int64")
    few = [str(k) for k in range(MIN_RECORDS - 1)]
    assert rule(few, age) == {"name": "age", "logicalType": "integer"}
    assert rule([*few, "19"], age) == {
        "name": "age",
        "logicalType": "integer",
        "required": True,
        "logicalTypeOptions": {"minimum": 0, "maximum": 19},
    }


def test_ranges_are_of_numbers_alone_and_not_of_ids(rule) -> None:
    values = [f"{k}.5" for k in range(29)] + ["-1"]
    ends = rule(values, Column("x", Role.NUMBER, "float64"))["logicalTypeOptions"]
    assert ends == {"minimum": -1, "maximum": 28.5}
    numbered = rule([str(k) for k in range(30)], Column("x", Role.ID, "int64"))
    assert "logicalTypeOptions" not in numbered
    assert numbered["unique"] is True


def test_gaps_and_the_words_for_them(rule) -> None:
    age = Column("age", Role.NUMBER, "int64", nulls=("-1",))
    values = [str(k) for k in range(30)]
    full = rule(values, age)
    assert full["required"] is True
    assert full["quality"][0]["arguments"] == {"missingValues": ["", "-1"]}
    assert rule([None, *values], age)["required"] is False
    gapped = rule(["-1", *values], age)
    assert gapped["required"] is False
    assert gapped["logicalTypeOptions"]["minimum"] == 0


def test_ids_that_repeat_or_have_gaps_are_no_key(rule) -> None:
    names = [f"n{k:02d}" for k in range(30)]
    assert rule(names, Column("id", Role.ID))["unique"] is True
    assert "unique" not in rule([*names, "n00"], Column("id", Role.ID))
    assert "unique" not in rule([*names, None], Column("id", Role.ID))
    assert "unique" not in rule(names, Column("id", Role.TEXT))


def test_categories_that_recur_are_all_that_is_allowed(rule) -> None:
    city = Column("city", Role.CATEGORY)
    many = [f"c{k}" for k in range(MAX_VALUES)] * 2
    allowed = rule(many, city)["quality"]
    assert allowed == [
        {
            "type": "library",
            "metric": "invalidValues",
            "mustBe": 0,
            "arguments": {"validValues": sorted(set(many))},
        }
    ]
    assert "quality" not in rule([*many, "more", "more"], city)
    assert "quality" not in rule([*many, "c-once"][1:], city)
    assert "quality" not in rule(many, Column("city", Role.TEXT))


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("AB-{:03d}", r"^[A-Z]{2}\-[0-9]{3}$"),
        ("ab{:03d}", "^[a-z]{2}[0-9]{3}$"),
        ("Ab{:03d}", "^[A-Za-z]{2}[0-9]{3}$"),
        ("城{:03d}", "^城[0-9]{3}$"),
        ("n{}", None),
    ],
)
def test_a_pattern_that_all_share(rule, form: str, pattern: str | None) -> None:
    options = rule([form.format(k) for k in range(30)], Column("x", Role.TEXT)).get("logicalTypeOptions", {})
    assert options.get("pattern") == pattern


def test_letters_alone_make_no_pattern_and_few_values_none(rule) -> None:
    letters = [chr(97 + k) + "x" for k in range(26)]
    assert "logicalTypeOptions" not in rule(letters, Column("x", Role.TEXT))
    few = [f"n{k:02d}" for k in range(MIN_RECORDS - 1)] * 2
    assert "logicalTypeOptions" not in rule(few, Column("x", Role.TEXT))


def test_times_have_their_format(rule) -> None:
    days = [f"{k:02d}/01/2024" for k in range(1, 25)]
    column = Column("at", Role.TIME, "timestamp", format="%d/%m/%Y")
    assert rule(days, column)["logicalTypeOptions"] == {"format": "%d/%m/%Y"}
    assert "logicalTypeOptions" not in rule(
        [f"2024-01-{k:02d}" for k in range(1, 25)], Column("at", Role.TIME, "timestamp")
    )


@pytest.mark.parametrize(("confidence", "row", "maximum"), [(SURE, 0, 29), (SURE - 0.01, 0, 300), (1.0, None, 300)])
def test_values_surely_wrong_teach_nothing(rule, confidence: float, row: int | None, maximum: int) -> None:
    result = findings(
        "X", Dimension.ACCURACY, 1, row=[row], column="age", value=["300"], confidence=confidence, message="far"
    )
    values = [str(k) for k in range(30)]
    assert (
        rule(["300", *values], Column("age", Role.NUMBER, "int64"), result)["logicalTypeOptions"]["maximum"] == maximum
    )
