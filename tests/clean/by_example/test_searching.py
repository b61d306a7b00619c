"""Which programs write one answered cell."""

import pytest

from karat.clean.by_example.programs import Program
from karat.clean.by_example.searching import LONGEST, explanations

CELL = Program("cell", (), ("v",))


def programs(text, value, **others):
    return explanations({"v": text} | others, "v", value)


def codes(text, value, **others):
    return {program.code() for program in programs(text, value, **others)}


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("john smith", "John Smith", "cased(record['v'], 'capitalised words')"),
        (" a  b ", "a b", "trimmed(record['v'])"),
        ("7", "007", "padded(record['v'], 3, '0')"),
        ("007", "7", "unpadded(record['v'], '0')"),
        ("12.5 oz", "12.5", "without_ends(record['v'], '', ' oz')"),
        ("12.5", "12.5 oz", "with_ends(record['v'], '', ' oz')"),
        ("a, b", "b", "piece(record['v'], ', ', 1)"),
        ("a, b", "b", "piece(record['v'], ', ', -1)"),
        ("no 12 of 34", "34", "run_of(record['v'], 'digits', -1)"),
        ("abcdef", "cd", "part(record['v'], 2, 4)"),
        ("abcdef", "cd", "part(record['v'], -4, -2)"),
        ("abcdef", "ef", "part(record['v'], 4, 0)"),
        ("03/04/2012", "2012-04-03", "redated(record['v'], 'DD/MM/YYYY', 'YYYY-MM-DD', False)"),
        ("03/04/2012", "2012-04-03", "redated(record['v'], 'DD/MM/YYYY', 'YYYY-MM-DD', True)"),
        ("0.125", "12.5", "scaled(record['v'], 100.0, 1)"),
        ("1,234.5", "1234.5", "renumbered(record['v'], ',', '.', '', '.')"),
        ("ab/cd", "ab-cd", "replaced(record['v'], '/', '-')"),
        ("ab/cd", "ab-cd", "replaced(record['v'], 'b/c', 'b-c')"),
        ("N/A", "", "exactly(record['v'], 'N/A', '')"),
        (
            "John Smith",
            "Smith, John",
            "joined([piece(record['v'], ' ', 1), piece(record['v'], ' ', 0)], ('', ', ', ''))",
        ),
    ],
)
def test_a_way_to_write_an_answer(text, value, code):
    assert code in codes(text, value)


@pytest.mark.parametrize(
    ("text", "value", "others"),
    [
        ("john smith", "Smith, John", {}),
        ("", "Bell, Amy", {"first": "Amy", "last": "Bell"}),
        ("03/04/2012", "2012-04-03", {"code": "x"}),
        ("12.0 oz", "12.0", {}),
        ("x", "Rome", {"city": "rome", "land": "IT"}),
        ("2012", "03.04.2012", {"date": "2012-04-03"}),
    ],
)
def test_every_program_writes_what_it_explains(text, value, others):
    record = {"v": text} | others
    every = explanations(record, "v", value)
    assert len(every) > 1
    assert {program.run(record) for program in every} == {value}


def test_values_from_other_columns_that_have_something_in_common():
    assert "record['city']" in codes("x", "Rome", city="Rome", land="IT")
    assert "cased(record['city'], 'capitalised words')" in codes("x", "Rome", city="rome")
    assert not any("land" in code for code in codes("x", "Rome", city="Rome", land="IT"))
    assert codes("x", "Rome", city="") == codes("x", "Rome")


def test_pieces_of_several_cells_are_joined():
    assert "joined([record['last'], record['first']], ('', ', ', ''))" in codes(
        "", "Bell, Amy", first="Amy", last="Bell"
    )
    every = codes("", "<Amy Ann Bell>", first="Amy Ann", last="Bell")
    assert not any("'<'" in code for code in every if "joined" in code and "record['first'], record['last']" in code)
    assert any(
        code.startswith("joined([record['first'], record['last']]")
        for code in codes("", "Amy Ann Bell", first="Amy Ann", last="Bell")
    )


def test_two_steps_lead_to_one_answer():
    assert any(code.count("(") == 2 and "piece" in code and "cased" in code for code in codes("x: rome", "ROME"))


def test_a_value_is_always_explained_by_itself_alone_where_texts_are_long():
    long = "a" * (LONGEST + 1)
    assert [program.operation for program in programs(long, "a")] == ["exactly"]
    assert [program.operation for program in programs("a", long)] == ["exactly"]
    assert len(programs("a" * LONGEST, "a")) > 1
    assert not any("city" in program.columns() for program in programs("x", "a", city=long))


def test_an_own_value_that_stays_is_no_program_of_itself():
    assert "record['v']" not in codes("a", "a")
    assert "exactly(record['v'], 'a', 'a')" in codes("a", "a")


def test_what_has_nothing_in_common_is_only_exchanged():
    assert {program.operation for program in programs("ab", "xyz")} <= {"exactly", "replaced"}
