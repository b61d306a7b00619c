"""Rules from a handful of corrections: what they say, where they apply, and what they leave alone."""

import pytest

from karat.clean.by_example.programs import Program
from karat.clean.by_example.rules import AnsweredExample, learn_rules
from karat.core.state import freeze, thaw


def learned(cells, texts=(), **others):
    """Rules for column v from pairs of text before and after; ``others`` are other columns, a value per pair."""
    examples = []
    for at, (before, after) in enumerate(cells):
        record = {"v": before, "number": str(at)} | {name: values[at] for name, values in others.items()}
        examples += [AnsweredExample(record, name, after if name == "v" else text) for name, text in record.items()]
    known = {name: sorted({e.record[name] for e in examples if e.column == name}) for name in examples[0].record}
    known["v"] = sorted({*known["v"], *texts})
    return learn_rules(examples, known)


def written(rules, text, **others):
    assert len(rules) == 1
    return rules[0].outcome({"v": text, "number": "99"} | others)


@pytest.mark.parametrize(
    ("cells", "text", "wanted"),
    [
        ([("25/12/2012", "2012-12-25"), ("2011-01-02", "2011-01-02")], "03/04/2012", "2012-04-03"),
        ([("Mar 12 2001", "2001-03-12"), ("Jan 1 2000", "2000-01-01")], "Nov 5 1999", "1999-11-05"),
        ([("12/25/2012", "25/12/2012"), ("03/04/2012", "04/03/2012")], "05/06/2012", "06/05/2012"),
        ([("12", "012"), ("7", "007"), ("123", "123")], "5", "005"),
        ([("john smith", "John Smith"), ("ann lee", "Ann Lee"), ("Bob Ray", "Bob Ray")], "jo fox", "Jo Fox"),
        ([("12.0 oz", "12.0"), ("16.5 oz", "16.5"), ("8.4", "8.4")], "7.25 oz", "7.25"),
        ([("John Smith", "Smith, John"), ("Ann Lee", "Lee, Ann")], "Jo Fox", "Fox, Jo"),
        ([("1,234.50", "1234.50"), ("3,214.50", "3214.50"), ("77.1", "77.1")], "9,000.10", "9000.10"),
        ([("N/A", "")] * 4 + [("Rome", "Rome")], "N/A", ""),
        ([("0.123", "12.3"), ("0.456", "45.6"), ("0.789", "78.9")], "0.555", "55.5"),
    ],
)  # fmt: skip
def test_a_few_corrections_teach_the_rule(cells, text, wanted):
    rules = learned(cells, texts=[text])
    outcome = written(rules, text)
    assert outcome is not None
    assert outcome[0] == wanted
    assert outcome[1] >= 0.95
    assert rules[0].confidence > 0.95
    assert rules[0].right == sum(before != after for before, after in cells)


def test_no_rule_changes_again_what_a_person_wrote():
    corrections = [("30", "3"), ("200", "2"), ("700", "7"), ("100", "10")]
    sure = [max((rule.confidence for rule in learned(corrections, texts=texts)), default=0) for texts in ([], ["10"])]
    assert sure[0] > 0.95, "noughts too many"
    assert sure[1] < 0.85, "10 stands in other records"


def test_fields_are_joined_from_other_columns():
    given, family = ["John", "Ann", "Ida", "Max", "Eva", "Tom"], ["Smith", "Lee", "Ray", "Fox", "Day", "Orr"]
    rules = learned([("", f"{b}, {a}") for a, b in zip(given, family, strict=True)], given=given, family=family)
    assert written(rules, "", given="Amy", family="Bell")[0] == "Bell, Amy"
    assert rules[0].kind("", "Bell, Amy") == "fact"


def test_values_copied_from_elsewhere_need_more_than_two_examples():
    rules = learned([("x a", "Rome"), ("y b", "Oslo")], city=["Rome", "Oslo"])
    assert all(rule.confidence < 0.85 for rule in rules)


@pytest.mark.parametrize(
    "cells",
    [
        [("Bostn", "Boston"), ("Chicgo", "Chicago"), ("Miami", "Miami")],  # each a mistake of its own
        [("yes", "no"), ("no", "yes"), ("yes", "no"), ("no", "yes")],  # corrections that contradict each other
        [("a", "a"), ("b", "b")],
    ],
)
def test_no_rule_where_there_is_none(cells):
    assert learned(cells) == ()


def test_right_cells_are_left_alone():
    rules = learned([("12/25/2012", "25/12/2012"), ("10/31/2012", "31/10/2012"), ("03/04/2012", "03/04/2012")])
    assert written(rules, "05/06/2012") is None
    assert written(rules, "11/30/2012")[0] == "30/11/2012"


def test_a_date_that_may_be_read_in_two_ways_is_a_question():
    outcome = written(learned([("05/05/2012", "2012-05-05")]), "03/04/2012")
    assert outcome is not None
    assert outcome[1] < 0.95
    assert written(learned([("05/05/2012", "2012-05-05")]), "25/04/2012") == ("2012-04-25", 1.0)


def test_cells_of_another_kind_are_left_alone():
    assert written(learned([("12", "0012"), ("7", "0007"), ("1234", "1234")]), "12A") is None


def test_one_wrong_answer_does_not_make_a_rule_and_does_not_break_one():
    assert learned([("12", "12"), ("7", "9"), ("15", "15")]) == ()
    rules = learned([("12", "012"), ("7", "007"), ("9", "009"), ("8", "8"), ("31", "031"), ("45", "045")])
    assert written(rules, "3")[0] == "003"
    assert rules[0].confidence < 0.9
    assert (rules[0].right, rules[0].seen) == (5, 6)


def test_a_rule_in_words_and_written_down():
    rules = learned([("25/12/2012", "2012-12-25"), ("31/10/2011", "2011-10-31")])
    assert rules[0].words() == (
        "learned from examples: the value, a date written DD/MM/YYYY, is written YYYY-MM-DD "
        "(2 of 2 checked cells it changes)"
    )
    assert rules[0].kind("25/12/2012", "2012-12-25") == "form"
    assert thaw(freeze(rules)) == rules


def test_a_shorter_program_takes_fewer_bits():
    cell = Program("cell", (), ("v",))
    short, long = Program("padded", (cell,), (3, "0")), Program("exactly", (cell,), ("7", "007"))
    assert short.bits("v", 5) < long.bits("v", 5)
    assert Program("cell", (), ("w",)).bits("v", 5) > cell.bits("v", 5)


def test_what_other_columns_hold_is_copied_only_where_right_cells_hold_it_too():
    cells = [(f"x {at}", name) for at, name in enumerate(["Rome", "Oslo", "Bern", "Kyiv", "Riga", "Lima", "Baku"])]
    examples = [AnsweredExample({"v": text, "city": name}, "v", name) for text, name in cells]
    texts = {"v": [text for text, _ in cells], "city": [name for _, name in cells]}
    copied = [{"v": "Bonn", "city": "Bonn"}] * 20
    others = [{"v": "Bonn", "city": "Metz"}] * 20
    assert learn_rules(examples, texts, copied)[0].confidence > 0.85
    assert learn_rules(examples, texts, others)[0].confidence == 0.0


def test_a_text_written_into_one_cell_alone_is_no_rule():
    cells = [("Smith@dot.gov", "Anna.Maria.Smith@dot.gov"), ("Jo.Day@dot.gov", "Jo.Day@dot.gov")]
    assert learned(cells, texts=["Lee@dot.gov"]) == ()
    again = [*cells, ("Lee@dot.gov", "Anna.Maria.Lee@dot.gov")]
    assert written(learned(again, texts=["Fox@dot.gov"]), "Fox@dot.gov")[0] == "Anna.Maria.Fox@dot.gov"
