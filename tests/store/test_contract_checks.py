"""What breaks each rule of a contract, cell by cell; a value at its bound breaks nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.store.contract import Contract, ContractRule, Property
from karat.store.contract_checks import HOLDS, check_contract

COLUMNS = (
    Column("n", Role.NUMBER, "float64"),
    Column("s", Role.TEXT),
    Column("t", Role.TIME, "timestamp"),
)
BLOCK = Block(
    np.array([10, 20, 30, 40]),
    pa.table(
        {
            "n": ["1", "2.5", None, "x"],
            "s": ["ab", "AB", "abc", None],
            "t": ["2020-01-01", "2020-06-01", "soon", None],
        }
    ),
    Schema(COLUMNS),
)


def broken(*properties: Property, keys: tuple[str, ...] = (), rules: tuple[ContractRule, ...] = ()) -> list[tuple]:
    result = check_contract(Contract("c", properties, keys, rules), BLOCK)
    return [(entry["check"], entry["row"], entry["column"], entry["message"]) for entry in result.to_pylist()]


def rows(prop: Property) -> list[int | None]:
    return [row for _, row, _, _ in broken(prop)]


def rule(
    metric: str, percent: bool = False, query: str = "", arguments: dict | None = None, **bounds: Any
) -> ContractRule:
    return ContractRule(metric, query, arguments or {}, bounds, percent, metric or "query")


def test_a_contract_without_rules_is_kept() -> None:
    assert broken(Property("n"), Property("s")) == []


def test_a_column_that_is_not_there() -> None:
    assert broken(Property("gone", required=True)) == [
        ("ContractColumn", None, "gone", "the contract has this column; the data has not")
    ]


def test_required_cells_and_texts_that_mean_missing() -> None:
    assert rows(Property("s", required=True)) == [40]
    assert rows(Property("s", required=True, missing=("ab",))) == [10, 40]


@pytest.mark.parametrize(
    ("name", "kind", "wrong"),
    [
        *(("n", "number", [40]), ("n", "integer", [20, 40]), ("n", "boolean", [20, 40])),
        *(("t", "timestamp", [30]), ("t", "date", [30]), ("s", "string", [])),
    ],
)
def test_types(name: str, kind: str, wrong: list[int]) -> None:
    assert rows(Property(name, kind)) == wrong


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"minimum": 1}, []),
        ({"minimum": 1.1}, [10]),
        ({"maximum": 2.5}, []),
        ({"maximum": 2.4}, [20]),
        ({"exclusiveMinimum": 1}, [10]),
        ({"exclusiveMaximum": 2.5}, [20]),
        ({"multipleOf": 0.5}, []),
        ({"multipleOf": 2}, [10, 20]),
    ],
)
def test_bounds_of_numbers(options: dict[str, float], wrong: list[int]) -> None:
    result = broken(Property("n", "number", options=options))
    assert [row for check, row, _, _ in result if check == "ContractRange"] == wrong


def test_bounds_of_times() -> None:
    result = broken(Property("t", "date", options={"minimum": "2020-01-02", "maximum": "2020-06-01"}))
    assert [(check, row) for check, row, _, _ in result] == [("ContractType", 30), ("ContractRange", 10)]


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"pattern": "[a-z]+"}, [20]),
        ({"pattern": "^[a-z]{2}$"}, [20, 30]),
        ({"pattern": "a|AB"}, [10, 30]),
        ({"minLength": 2}, []),
        ({"minLength": 3}, [10, 20]),
        ({"maxLength": 3}, []),
        ({"maxLength": 2}, [30]),
    ],
)
def test_patterns_hold_for_the_whole_value_and_lengths_count_letters(options: dict[str, Any], wrong: list[int]) -> None:
    assert rows(Property("s", options=options)) == wrong


def test_a_pattern_that_is_none() -> None:
    with pytest.raises(OptionError, match="is not a regular expression"):
        rows(Property("s", options={"pattern": "("}))


def repeated() -> Block:
    table = pa.table({"a": ["1", "1", None, None, "1"], "b": ["x", "y", "x", "x", "x"]})
    return Block(np.arange(5), table, Schema((Column("a", Role.TEXT), Column("b", Role.TEXT))))


def test_a_key_stands_once_and_blanks_are_no_keys() -> None:
    for properties, keys, wrong in (
        ((Property("a", unique=True),), (), [1, 4]),
        ((), ("a", "b"), [3, 4]),
        ((), ("a", "gone"), [1, 4]),
        ((), ("gone",), []),
    ):
        result = check_contract(Contract("c", properties, keys), repeated())
        assert result["row"].to_pylist() == wrong
    assert check_contract(Contract("c", (), ("a", "b")), repeated())["message"][0].as_py() == (
        "the contract wants each a, b once"
    )


def test_values_that_another_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "known.csv"
    path.write_text('"the ""word"""\nab\nAB\n', encoding="utf-8")
    assert broken(Property("s", reference=(str(path), 'the "word"'))) == [
        ("ContractReference", 30, "s", 'no such the "word" in known.csv')
    ]
    with pytest.raises(InputError, match="cannot be read"):
        broken(Property("s", reference=(str(path), "other")))
    with pytest.raises(InputError, match="not found"):
        broken(Property("s", reference=(str(tmp_path / "none.csv"), "x")))


@pytest.mark.parametrize(
    ("name", "bound", "below", "at", "above"),
    [
        ("mustBe", 2, False, True, False),
        ("mustNotBe", 2, True, False, True),
        ("mustBeGreaterThan", 2, False, False, True),
        ("mustBeGreaterOrEqualTo", 2, False, True, True),
        ("mustBeLessThan", 2, True, False, False),
        ("mustBeLessOrEqualTo", 2, True, True, False),
        ("mustBeBetween", [2, 2], False, True, False),
        ("mustNotBeBetween", [2, 2], True, False, True),
    ],
)
def test_bounds_of_counts(name: str, bound: Any, below: bool, at: bool, above: bool) -> None:
    assert [HOLDS[name](value, bound) for value in (1, 2, 3)] == [below, at, above]


def test_both_ends_of_a_range_are_inside() -> None:
    assert [HOLDS["mustBeBetween"](value, [1, 3]) for value in (0, 1, 2, 3, 4)] == [False, True, True, True, False]
    assert [HOLDS["mustNotBeBetween"](value, [1, 3]) for value in (0, 1, 2, 3, 4)] == [True, False, False, False, True]


def test_counts_of_gaps_and_of_wrong_values() -> None:
    assert broken(Property("s", rules=(rule("nullValues", mustBe=0),))) == [
        ("ContractValues", 40, "s", "the contract wants no nullValues here")
    ]
    assert broken(Property("s", rules=(rule("nullValues", mustBeLessThan=1),)))[0][1:] == (
        None,
        "s",
        "nullValues is 1; the contract says mustBeLessThan 1",
    )
    gone = Property("s", missing=("ab",), rules=(rule("missingValues", percent=True, mustBeLessThan=50),))
    assert broken(gone)[0][3] == "missingValues is 50 %; the contract says mustBeLessThan 50"
    known = {"validValues": ["ab", "abc"]}
    assert rows(Property("s", rules=(rule("invalidValues", arguments=known, mustBe=0),))) == [20]
    assert rows(Property("s", rules=(rule("invalidValues", arguments=known | {"pattern": "ab"}, mustBe=0),))) == [
        20,
        30,
    ]


def test_counts_over_the_whole_table() -> None:
    assert broken(rules=(rule("rowCount", mustBe=4),)) == []
    assert (
        broken(rules=(rule("rowCount", percent=True, mustBe=5),))[0][3] == "rowCount is 4 %; the contract says mustBe 5"
    )
    repeats = Contract("c", (), (), (rule("duplicateValues", mustBe=0, arguments={"properties": ["b"]}),))
    assert check_contract(repeats, repeated())["message"].to_pylist() == [
        "duplicateValues is 3; the contract says mustBe 0"
    ]
    with pytest.raises(OptionError, match="column 'gone' not found"):
        broken(rules=(rule("duplicateValues", mustBe=0, arguments={"properties": ["gone"]}),))


def test_queries_see_numbers_times_and_gaps_as_such() -> None:
    assert broken(rules=(rule("", query="SELECT max(n) FROM ${object}", mustBe=2.5),)) == []
    assert broken(rules=(rule("", query="SELECT count(*) FROM {table} WHERE t > DATE '2020-03-01'", mustBe=1),)) == []
    assert broken(Property("n", rules=(rule("", query="SELECT count(${property}) FROM ${object}", mustBe=1),)))[0][
        3
    ] == ("query is 2; the contract says mustBe 1")
    assert broken(rules=(rule("", query="SELECT NULL", mustBe=0),)) == []


def test_a_query_that_counts_records_names_them() -> None:
    counting = rule("", query="select count(*) from ${object} where n is null;", mustBe=0)
    assert broken(rules=(counting,)) == [
        ("ContractRule", 30, None, "breaks query"),
        ("ContractRule", 40, None, "breaks query"),
    ]
    with pytest.raises(OptionError, match="query of rule query failed"):
        broken(rules=(rule("", query="SELECT nonsense", mustBe=0),))
