from karat.core.schema import Role
from karat.quality.completeness.missing_classes import RareClasses


def run(block):
    check = RareClasses()
    state = check.learn(block)
    return check.conclude(state, block.schema)["value"].to_pylist(), check.measures(state, block.schema, None)[0]


def test_rare_and_skipped_classes_are_named(make):
    values = [str(at) for at in (0, 1, 2, 3, 5, 6) for _ in range(50)] + ["7"] * 3
    named, measure = run(make({"y": values}, y=Role.TARGET))
    assert named == ["7", "4"]
    assert (measure.bad, measure.total) == (2, 8)


def test_uneven_classes_are_not_rare(make):
    named, measure = run(make({"y": ["good"] * 700 + ["bad"] * 40}, y=Role.TARGET))
    assert named == []
    assert measure.bad == 0


def test_numbers_have_no_classes(make):
    assert RareClasses().applies(make({"y": ["1"]}, task="regression", y=Role.TARGET).schema) is not None


def test_where_every_class_is_rare_the_column_is_told_once(make):
    named, measure = run(make({"y": [f"c{at}" for at in range(40) for _ in range(3)]}, y=Role.TARGET))
    assert named == [None]
    assert (measure.bad, measure.total) == (40, 40)
