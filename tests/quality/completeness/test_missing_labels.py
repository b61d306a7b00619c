from karat.core.schema import Role
from karat.quality.completeness.missing_labels import MissingLabels


def run(block):
    check = MissingLabels()
    state = check.learn(block)
    return check.judge(state, block), check.conclude(state, block.schema), check.measures(state, block.schema, None)


def test_forgotten_labels_are_findings_each(make):
    block = make({"y": ["a", None, "无", "b"] + ["a", "b"] * 20}, nulls=("无",), y=Role.TARGET)
    found, told, measures = run(block)
    assert found["row"].to_pylist() == [1, 2]
    assert told["row"].to_pylist() == [None]
    assert (measures[0].bad, measures[0].total) == (2, 44)


def test_a_table_that_waits_for_labels_is_one_finding(make):
    found, told, measures = run(make({"y": ["a", "b"] + [None] * 20}, y=Role.TARGET))
    assert found.num_rows == 0
    assert told.num_rows == 1
    assert measures[0].bad == 20


def test_full_labels_are_fine(make):
    found, told, measures = run(make({"y": ["a", "b"]}, y=Role.TARGET))
    assert found.num_rows == told.num_rows == measures[0].bad == 0
