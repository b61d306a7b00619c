"""A contract is written, read back, edited, broken on purpose; unknown rules are errors."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.errors import InputError, OptionError
from karat.core.finding import Dimension, findings
from karat.core.schema import Column, Role, Schema
from karat.store.contract import read_contract
from karat.store.contract_checks import check_contract
from karat.store.contract_writing import write_contract

SCHEMA = Schema(
    (
        Column("id", Role.ID),
        Column("age", Role.NUMBER, "int64", nulls=("-1",)),
        Column("城市", Role.CATEGORY),
        Column("at", Role.TIME, "timestamp"),
    )
)


def people(**changed: dict[int, str | None]) -> Block:
    n = 60
    held: dict[str, list[str | None]] = {
        "id": [f"AB-{k:03d}" for k in range(n)],
        "age": [str(20 + k % 40) for k in range(n)],
        "城市": ["北京" if k % 2 else "上海" for k in range(n)],
        "at": [f"2024-01-{k % 28 + 1:02d}" for k in range(n)],
    }
    for name, cells in changed.items():
        for row, value in cells.items():
            held[name][row] = value
    return Block(np.arange(n) + 100, pa.table({k: pa.array(v, pa.string()) for k, v in held.items()}), SCHEMA)


def learned(tmp_path: Path, block: Block | None = None, found: pa.Table | None = None) -> Path:
    block = block or people()
    path = tmp_path / "contract.odcs.yaml"
    write_contract(path, name="people", schema=SCHEMA, counts=ValueCounts.of(block), findings=found)
    return path


def broken(path: Path, block: Block) -> list[tuple[str, int | None, str | None]]:
    made = check_contract(read_contract(path), block)
    return [(one["check"], one["row"], one["column"]) for one in made.to_pylist()]


def test_data_keeps_the_contract_learned_from_it(tmp_path: Path) -> None:
    assert broken(learned(tmp_path), people()) == []


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"id": {3: None}}, ("ContractRequired", 103, "id")),
        ({"id": {3: "AB-002"}}, ("ContractUnique", 103, "id")),
        ({"id": {3: "AB-0003"}}, ("ContractPattern", 103, "id")),
        ({"age": {3: "abc"}}, ("ContractType", 103, "age")),
        ({"age": {3: "30.5"}}, ("ContractType", 103, "age")),
        ({"age": {3: "300"}}, ("ContractRange", 103, "age")),
        ({"城市": {3: "北 京"}}, ("ContractValues", 103, "城市")),
        ({"at": {3: "yesterday"}}, ("ContractType", 103, "at")),
    ],
)
def test_what_breaks_it_is_found_by_row(
    tmp_path: Path, changed: dict[str, dict[int, str | None]], wanted: tuple[str, int, str]
) -> None:
    assert broken(learned(tmp_path), people(**changed)) == [wanted]


def test_wrong_values_teach_no_rule(tmp_path: Path) -> None:
    dirty = people(age={3: "300"})
    found = findings(
        "OutlyingNumbers", Dimension.ACCURACY, 1, row=[103], column="age", value=["300"], confidence=[0.9], message="x"
    )
    assert broken(learned(tmp_path, dirty, found), dirty) == [("ContractRange", 103, "age")]
    assert broken(learned(tmp_path, dirty), dirty) == []


def test_gap_words_are_written_and_known(tmp_path: Path) -> None:
    block = people(age={3: "-1", 4: None})
    assert broken(learned(tmp_path, block), block) == []
    assert ("ContractRange", 105, "age") in broken(learned(tmp_path, block), people(age={5: "-2"}))


STATED = """
apiVersion: v3.0.2
kind: DataContract
id: x
version: 1.0.0
status: active
schema:
- name: people
  properties:
  - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
  - name: 城市
    logicalType: string
    relationships: [{type: foreignKey, to: cities.name}]
    quality: [{rule: nullCheck, mustBe: 0}]
  - name: age
    logicalType: integer
    quality:
    - {metric: missingValues, unit: percent, mustBeLessThan: 5, arguments: {missingValues: ['-1']}}
    - {type: sql, query: 'SELECT MAX(${property}) FROM ${object}', mustBeLessThan: 100, name: oldest}
    - {type: text, description: ages are in years}
  - {name: gone, logicalType: string}
  quality:
  - {metric: rowCount, mustBeBetween: [50, 70]}
  - {type: sql, name: no old people in 北京, query: 'SELECT COUNT(*) FROM ${object} WHERE "城市" = ''北京'' AND age > 58', mustBe: 0}
- {name: cities, physicalName: cities.csv}
"""


def test_rules_that_a_person_states(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(STATED, encoding="utf-8")
    (tmp_path / "cities.csv").write_text("name\n北京\n上海\n", encoding="utf-8")
    assert broken(path, people()) == [("ContractColumn", None, "gone"), ("ContractRule", 139, None)]
    many = people(age={1: "-1", 2: "-1", 3: "-1", 4: "150"}, 城市={7: "杭州", 8: None}, id={9: "AB-008"})
    assert broken(path, many) == [
        ("ContractColumn", None, "gone"),
        ("ContractReference", 107, "城市"),
        ("ContractValues", 108, "城市"),
        ("ContractRule", None, "age"),
        ("ContractRule", None, "age"),
        ("ContractUnique", 109, "id"),
        ("ContractRule", 139, None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rowCount", "rowCunt", "Did you mean 'rowCount'"),
        ("logicalType: integer", "logicalType: whole", "logicalType .*not found"),
        ("mustBeLessThan: 100", "mustBeLes: 100", "Did you mean"),
        ("{type: text,", "{type: soda,", "type of quality rule"),
        ("cities.name", "towns.name", "referenced object"),
        ("MAX(", "MAXX(", "query of rule oldest failed"),
        ("kind: DataContract", "kind: Other", "kind: DataContract"),
        ("v3.0.2", "v2.0", "Use v3"),
    ],
)
def test_unknown_rules_are_errors(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in STATED
    path = tmp_path / "c.yaml"
    path.write_text(STATED.replace(old, new), encoding="utf-8")
    (tmp_path / "cities.csv").write_text("name\n北京\n上海\n", encoding="utf-8")
    with pytest.raises((InputError, OptionError), match=message):
        check_contract(read_contract(path), people())


def test_queries_reach_no_file(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        STATED.replace(
            "SELECT MAX(${property}) FROM ${object}", f"SELECT COUNT(*) FROM read_csv(''{tmp_path}/cities.csv'')"
        ),
        encoding="utf-8",
    )
    (tmp_path / "cities.csv").write_text("name\n北京\n上海\n", encoding="utf-8")
    with pytest.raises(OptionError, match=r"Permission|disabled|external"):
        check_contract(read_contract(path), people())


def test_a_query_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.yaml"
    endless = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r"
    path.write_text(STATED.replace("SELECT MAX(${property}) FROM ${object}", endless), encoding="utf-8")
    (tmp_path / "cities.csv").write_text("name\n北京\n上海\n", encoding="utf-8")
    monkeypatch.setattr("karat.store.contract_checks.QUERY_SECONDS", 0.3)
    with pytest.raises(OptionError, match=r"query of rule oldest failed: INTERRUPT"):
        check_contract(read_contract(path), people())
