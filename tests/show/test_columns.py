"""The columns of a run for a reader, from records made by hand."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.finding import Dimension, findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.show.columns import MAX_COLUMNS, column_table, roles
from karat.show.run_files import Facts


@pytest.fixture
def report(tmp_path: Path):
    """What is told of columns with some records; findings and changes may stand beside them."""

    def shown(columns: list[Column], table: pa.Table | None, result=None, ledger=None) -> list[dict[str, Any]]:
        (tmp_path / "run.json").write_text("{}", encoding="utf-8")
        (tmp_path / "schema.json").write_text(json.dumps(Schema(tuple(columns)).to_json()), encoding="utf-8")
        for name, content in (("data", table), ("findings", result), ("ledger", ledger)):
            if content is not None:
                pq.write_table(content, tmp_path / f"{name}.parquet")
        return column_table(Facts(tmp_path))[0]

    return shown


NUMBER, WORD = Column("n", Role.NUMBER, "float64"), Column("w", Role.CATEGORY)


def test_numbers_have_a_chart_and_their_ends_and_middle(report) -> None:
    (entry,) = report([NUMBER], pa.table({"n": [1.0, 2.0, 3.0, 4.0, 5.0, None, float("inf")]}))
    assert entry["said"] == "1 … 3 … 5"
    assert "<svg" in entry["chart"]
    assert entry["missing"] == pytest.approx(1 / 7)
    (numbered,) = report([Column("n", Role.ID, "int64")], pa.table({"n": [1, 2, 3, 4, 5]}))
    assert (numbered["chart"], numbered["said"]) == ("", "1 … 3 … 5")


def test_few_numbers_are_levels(report) -> None:
    (entry,) = report([NUMBER], pa.table({"n": [1.0, 2.0, 2.0, 3.0, 4.0]}))
    assert entry["chart"] == ""
    assert entry["levels"] == [("2", 40.0), ("1", 20.0), ("3", 20.0), ("4", 20.0)]
    (blank,) = report([NUMBER], pa.table({"n": pa.array([None, None], pa.float64())}))
    assert (blank["missing"], blank["levels"], blank["said"]) == (1.0, [], "")


def test_words_by_how_frequent_they_are_ties_by_name(report) -> None:
    values = ["b", "b", "a", "d", "c", "e", None]
    (entry,) = report([WORD], pa.table({"w": values}))
    assert entry["levels"] == [("b", 33.3), ("a", 16.7), ("c", 16.7), ("d", 16.7)]
    assert entry["said"] == "5 different"
    (few,) = report([WORD], pa.table({"w": ["x", "wei@b.cn"]}))
    assert few["said"] == ""
    assert ("we*@*.**", 50.0) in few["levels"]
    (dictionary,) = report([WORD], pa.table({"w": pa.array(["x", "x"]).dictionary_encode()}))
    assert dictionary["levels"] == [("x", 100.0)]


def test_texts_that_nearly_all_differ_are_told_by_their_length(report) -> None:
    texts = ["x" * k for k in range(1, 22)]
    (entry,) = report([WORD], pa.table({"w": texts}))
    assert (entry["said"], entry["levels"]) == ("21 different · median length 11 characters", [])
    (twenty,) = report([WORD], pa.table({"w": texts[:20]}))
    assert twenty["levels"]
    (half,) = report([WORD], pa.table({"w": [f"w{k:02d}" for k in range(21)] * 2}))
    assert half["said"] == "21 different"


def test_times_have_their_ends(report) -> None:
    column = Column("t", Role.TIME, "timestamp")
    (entry,) = report([column], pa.table({"t": [datetime(2020, 1, 2, 3, 4, 5), None, datetime(2019, 1, 1)]}))  # noqa: DTZ001
    assert entry["said"] == "2019-01-01 00:00 … 2020-01-02 03:04"
    (blank,) = report([column], pa.table({"t": pa.array([None], pa.timestamp("us"))}))
    assert blank["said"] == ""


def test_what_was_found_and_changed_is_counted_by_column(report) -> None:
    result = pa.concat_tables(
        [
            findings("A", Dimension.ACCURACY, 3, row=[0, 1, 2], column="w", confidence=[0.9, 0.5, 0.49], message="m"),
            *(
                findings("B", Dimension.ACCURACY, 1, column="w", confidence=1.0, message=f"note {k} wei@b.cn")
                for k in range(4)
            ),
        ]
    )
    ledger = changes(2, row=[0, 1], column="w", action="set", before="a", after="b", check="A", confidence=1.0)
    first, second = report([WORD, NUMBER], pa.table({"w": ["a"], "n": [1.0]}), result, ledger)
    assert (first["found"], first["changed"]) == (2, 2)
    assert first["notes"] == [f"note {k} we*@*.**" for k in range(3)]
    assert (second["found"], second["changed"], second["notes"]) == (0, 0, [])


def test_without_records_the_schema_still_speaks(report) -> None:
    (entry,) = report([Column("x", Role.TEXT, nulls=("?",))], None)
    assert (entry["role"], entry["nulls"], entry["missing"], entry["chart"]) == ("text", ("?",), None, "")
    (absent,) = report([Column("x", Role.TEXT)], pa.table({"y": ["a"]}))
    assert absent["missing"] is None


def test_a_very_wide_table_is_cut(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    assert column_table(Facts(tmp_path)) == ([], 0)
    schema = Schema(tuple(Column(f"c{k}", Role.TEXT) for k in range(MAX_COLUMNS + 3)))
    (tmp_path / "schema.json").write_text(json.dumps(schema.to_json()), encoding="utf-8")
    rows, unseen = column_table(Facts(tmp_path))
    assert (len(rows), unseen) == (MAX_COLUMNS, 3)


def test_roles_in_words() -> None:
    assert roles(Schema((WORD, NUMBER, Column("m", Role.NUMBER), Column("i", Role.ID)))) == "2 number, 1 category, 1 id"


def test_a_column_before_its_changes(report) -> None:
    ledger = changes(
        2, row=[0, 1], column="w", action="set", before=["A ", "a"], after=["a", "b"], check="A", confidence=1.0
    )
    table = pa.table({"_row": [0, 1, 2, 3], "w": ["a", "b", "b", "a"]})
    found = findings("A", Dimension.ACCURACY, 2, row=[0, 1], column="w", value="A ", confidence=1.0, message="m")
    (entry,) = report([WORD], table, found, ledger)
    assert entry["levels"] == [("a", 50.0), ("b", 50.0)]
    assert entry["levels_before"] == [50.0, 25.0]  # of A, a, b, a: two of four, one of four
    assert entry["wrong"] == [("A ", 2)]
    assert [row for row, _ in entry["samples"]] == [0, 1, 2, 3]


def test_numbers_before_their_changes_are_drawn_behind(report) -> None:
    ledger = changes(1, row=[0], column="n", action="set", before=["900"], after=["9"], check="A", confidence=1.0)
    table = pa.table({"n": [9.0, 1.0, 2.0, 3.0, 4.0, 5.0]})
    (same,) = report([NUMBER], table)
    assert 'class="earlier"' not in same["chart"]
    (changed,) = report([NUMBER], table, None, ledger)
    assert 'class="earlier"' in changed["chart"]
