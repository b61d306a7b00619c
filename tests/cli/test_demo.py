"""Tables spoiled with an answer key, and how much of it was found."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli import demo
from karat.cli.demo import Spoiled, _answer_key, _patients, _same
from karat.core.errors import OptionError
from karat.core.finding import Dimension, findings
from karat.core.patch import changes


def spoiled(size=100):
    columns = {"a": [str(k) for k in range(size)], "b": [f"b{k}" for k in range(size)]}
    return Spoiled(columns, np.random.default_rng(0))


def test_an_unknown_demonstration_names_the_nearest(tmp_path):
    with pytest.raises(OptionError, match="risk"):
        demo.demonstrate("rsik", tmp_path, workers=1, quiet=True)


def test_two_in_a_hundred_records_get_a_defect_by_turns_of_the_columns():
    table = spoiled()
    table.spoil("x", "accuracy", ["a", "b"], lambda text: text + "!")
    assert [column for _, column, *_ in table.key] == ["a", "b"]
    for row, column, kind, dimension, before in table.key:
        assert table.columns[column][row] == before + "!"
        assert (kind, dimension) == ("x", "accuracy")
    many = spoiled(1000)
    many.spoil("x", "accuracy", ["a"], lambda _: None)
    assert len(many.key) == many.columns["a"].count(None) == 20


def test_a_cell_is_spoiled_once_and_one_that_did_not_change_is_not_in_the_key():
    table = spoiled(2)
    table.spoil("x", "accuracy", ["a"], lambda text: text + "!")
    table.spoil("y", "accuracy", ["a"], lambda text: text + "?")
    assert [kind for _, _, kind, *_ in table.key] == ["x", "x"]
    table.spoil("z", "accuracy", ["b"], lambda text: text)
    assert len(table.key) == 2


def test_repeats_stand_at_the_end():
    table = spoiled()
    table.repeat()
    assert table.size == 102
    assert [row for row, *_ in table.key] == [100, 101]
    records = list(zip(*table.columns.values(), strict=True))
    assert all(record in records[:100] for record in records[100:])


def test_the_patients_have_defects_of_every_dimension():
    table = _patients()
    assert {dimension for *_, dimension, _ in table.key} == {"accuracy", "consistency", "completeness", "timeliness"}
    assert table.size == 569 + 11
    assert all(table.columns[column][row] != before for row, column, _, _, before in table.key if column)


@pytest.mark.parametrize(
    ("after", "before", "kind", "same"),
    [
        (None, "-999", "gap in disguise", True),
        ("0", "-999", "gap in disguise", False),
        ("1.50", "1.5", "x", True),
        ("1.51", "1.5", "x", False),
        ("Lyon", "Lyon", "x", True),
        ("Lyons", "Lyon", "x", False),
        (None, "1", "x", False),
    ],
)
def test_when_a_defect_counts_as_fixed(after, before, kind, same):
    assert _same(after, before, kind) is same


def test_the_answer_key_counts_what_was_found_and_fixed(tmp_path):
    table = spoiled(10)
    table.key = [
        (0, "a", "typo", "accuracy", "0"),
        (1, "a", "typo", "accuracy", "1"),
        (2, "b", "gap", "completeness", "b2"),
        (3, None, "repeated record", "consistency", None),
    ]
    result = [
        findings("C", Dimension.ACCURACY, 2, row=[0, 1], column="a", confidence=[0.5, 0.49], message="m"),
        findings("MissingValues", Dimension.COMPLETENESS, 1, column="b", confidence=1.0, message="m"),
        findings("D", Dimension.CONSISTENCY, 1, row=[3], confidence=1.0, message="m"),
    ]
    pq.write_table(pa.concat_tables(result), tmp_path / "findings.parquet")
    ledger = [
        changes(1, row=[0], column="a", action="set", before="x", after="0", check="C", confidence=0.9),
        changes(1, row=[3], action="drop", check="D", confidence=1.0),
    ]
    pq.write_table(pa.concat_tables(ledger), tmp_path / "ledger.parquet")
    lines = [line.split() for line in _answer_key(table, tmp_path)[2:]]
    assert lines == [
        ["accuracy", "typo", "2", "1", "1"],
        ["completeness", "gap", "1", "1", "0"],
        ["consistency", "repeated", "record", "1", "1", "1"],
        ["all", "4", "3", "2"],
    ]


def test_a_cell_of_an_undecided_pair_is_found_though_it_is_a_suspicion(tmp_path):
    table = spoiled(10)
    table.key = [(0, "a", "wrong country", "consistency", "0"), (1, "a", "typo", "accuracy", "1")]
    result = [
        findings("UndecidedPairs", Dimension.CONSISTENCY, 1, row=[0], column=name, confidence=0.4, message="m")
        for name in ("a", "b")
    ]
    pq.write_table(pa.concat_tables(result), tmp_path / "findings.parquet")
    pq.write_table(changes(0, row=[], column=[], action="set", check="C", confidence=0.9), tmp_path / "ledger.parquet")
    lines = _answer_key(table, tmp_path)[2:]
    assert [line.split()[-3:] for line in lines[:3]] == [["1", "1", "0"], ["1", "0", "0"], ["2", "1", "0"]]
    assert lines[3].startswith("  1 of those found")
