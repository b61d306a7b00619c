"""What could stand in a cell instead, and what speaks for it."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.by_example.neighbours import learn_known
from karat.clean.by_example.options import FEATURES, NEIGHBOURS, SPELLING, CellOptions, options
from karat.core.block import Block
from karat.core.finding import FORM, Dimension, findings, no_findings
from karat.core.schema import Column, Role, Schema

SCHEMA = Schema(
    (
        Column("shop", Role.CATEGORY),
        Column("city", Role.CATEGORY),
        Column("y", Role.TARGET),
        Column("aside", Role.IGNORE),
    )
)


def block_of(shop, city):
    size = len(shop)
    table = pa.table(
        {
            "shop": pa.array(shop, pa.string()),
            "city": pa.array(city, pa.string()),
            "y": ["t"] * size,
            "aside": ["u"] * size,
        }
    )
    return Block(np.arange(size) + 100, table, SCHEMA)


def finding(row, column, value, suggestion, confidence=0.7, check="Check", kind="fact", **more):
    return findings(
        check, Dimension.ACCURACY, 1, row=[row], column=column, value=pa.array([value], pa.string()),
        suggestion=pa.array([suggestion], pa.string()), confidence=confidence, message="m", kind=kind, **more,
    )  # fmt: skip


def those(block, *said, counted=True):
    every = pa.concat_tables([no_findings(), *said])
    return options(block, every, learn_known(block), counted=counted)


def listed(choices):
    return list(zip(choices.at, choices.column, choices.before, choices.after, choices.speaker, strict=True))


def feature(choices, name, line=0):
    return choices.features[line, FEATURES.index(name)]


PLAIN = block_of([f"s{at}" for at in range(8)], ["u", "v", "w", "x", "p", "q", "r", None])


def test_what_checks_suggest():
    choices = those(
        PLAIN, finding(100, "city", "u", "U"), finding(107, "city", None, "Z", 0.4), finding(101, "city", "v", "")
    )
    assert listed(choices) == [
        (0, "city", "u", "U", "Check"),
        (1, "city", "v", "", "Check"),
        (7, "city", "", "Z", "Check"),
    ]
    assert choices.said.tolist() == [0.7, 0.7, 0.4]
    assert feature(choices, "its log odds") == pytest.approx(np.log(0.7 / 0.3))
    assert feature(choices, "a check says it is wrong") == 0.7
    assert [feature(choices, name, 2) for name in ("blank", "to be blanked")] == [1, 0]
    assert [feature(choices, name, 1) for name in ("blank", "to be blanked")] == [0, 1]
    assert (choices.features[:, 0] == 1).all()


def test_what_is_no_claim_about_a_cell_is_left_out():
    said = (
        finding(100, "city", "u", "U", kind=FORM),
        finding(100, "city", "u", "U", span_start=[0], span_end=[1]),
        finding(100, "city", "u", "u"),
        finding(107, "city", None, ""),
        finding(100, "y", "t", "T"),
        finding(100, "aside", "u", "U"),
        finding(None, "city", None, "U"),
        finding(100, None, None, "U"),
        finding(100, "city", "u", None),
    )
    assert listed(those(PLAIN, *said)) == []


def test_checks_that_agree_speak_together_the_surest_first():
    said = (
        finding(100, "city", "u", "U", 0.6, "First"),
        finding(100, "city", "u", "U", 0.8, "Second"),
        finding(100, "city", "u", "V", 0.5, "First"),
        finding(100, "shop", "s0", "S", 0.5, "First"),
    )
    choices = those(PLAIN, *said)
    assert listed(choices)[0] == (0, "city", "u", "U", "Second")
    assert feature(choices, "checks that agree") == pytest.approx(np.log(2))
    assert feature(choices, "other options") == pytest.approx(np.log(2))
    assert feature(choices, "other cells of the record") == pytest.approx(1 / 3)
    assert feature(choices, "a check says it is wrong", 1) == 0.8, "the surest finding about the cell"


GROUPED = block_of(["a"] * 6 + ["b"] * 6, ["Xa"] * 5 + ["Qq"] + ["Zz"] * 6)


def test_what_other_columns_say():
    choices = those(GROUPED)
    lines = {(at, column, after): place for place, (at, column, _, after, _) in enumerate(listed(choices))}
    place = lines[5, "city", "Xa"]
    assert choices.speaker[place] == NEIGHBOURS
    assert (
        choices.words[place]
        == "'Qq' is the current value; of the 5 other records with the same shop, 5 have 'Xa' in city"
    )
    assert (choices.said[place], feature(choices, "a check speaks", place)) == (0, 0)
    assert feature(choices, "share for it", place) == pytest.approx(1)
    assert feature(choices, "records for it", place) == pytest.approx(np.log(6))
    assert feature(choices, "columns that agree", place) == 1
    assert feature(choices, "records with the suggestion", place) == pytest.approx(np.log(6))
    assert [key for key in lines if key[1] == "city"] == [(5, "city", "Xa")]


def test_columns_that_say_what_stands_there_speak_against():
    said = finding(103, "city", "Xa", "Other")
    choices = those(GROUPED, said)
    place = [after for *_, after, _ in listed(choices)].index("Other")
    assert feature(choices, "columns against it", place) == 1
    assert feature(choices, "records with the value", place) == pytest.approx(np.log(6))


def test_new_records_were_not_counted():
    known = learn_known(GROUPED)
    new = block_of(["a"], ["Qq"])
    choices = options(new, no_findings(), known, counted=False)
    assert listed(choices) == [(0, "city", "Qq", "Xa", NEIGHBOURS)]
    assert "of the 6 other records with the same shop, 5 have 'Xa'" in choices.words[0]


def test_what_is_spelt_alike_and_frequent():
    city = ["London"] * 3 + ["Dublin"] * 3 + ["Lndon", "Dublinxyz", "Paris"]
    choices = those(block_of([f"s{at}" for at in range(9)], city))
    assert listed(choices) == [(6, "city", "Lndon", "London", SPELLING)]
    assert choices.words == ["'Lndon' is the current value; 'London', spelt almost alike, occurs in 3 records"]
    assert feature(choices, "spelt alike") == 1
    assert feature(choices, "likeness") == pytest.approx(5 / 6)


def test_two_records_short_texts_and_numbers_are_not_compared():
    assert listed(those(block_of([f"s{at}" for at in range(3)], ["London", "London", "Lndon"]))) == []
    assert listed(those(block_of([f"s{at}" for at in range(4)], ["Rom", "Rom", "Rom", "Ron"]))) == []
    assert listed(those(block_of([f"s{at}" for at in range(4)], ["1234", "1234", "1234", "1235"]))) == []


def test_a_number_column_is_marked_as_one():
    schema = Schema((Column("city", Role.NUMBER, "float64"), Column("shop", Role.CATEGORY)))
    block = Block(np.arange(3), pa.table({"city": ["1", "2", "3"], "shop": ["a", "b", "c"]}), schema)
    choices = those(block, finding(0, "city", "1", "9"), finding(1, "shop", "b", "z"))
    assert [feature(choices, "number", line) for line in (0, 1)] == [1, 0]


def test_records_alike_that_differ_too():
    choices = those(
        block_of(["a"] * 4 + ["b"] * 4, list("pqrstuvw")),
        finding(100, "city", "p", "P"),
        finding(101, "city", "q", "Q"),
    )
    # one other of the four records of the shop, beside three that agree
    assert feature(choices, "records alike that differ too") == pytest.approx(1 / 7)


def test_some_of_the_options_and_those_of_several_blocks():
    choices = those(PLAIN, finding(100, "city", "u", "U"), finding(101, "city", "v", "V"))
    some = choices.take(np.array([1]))
    assert listed(some) == [(1, "city", "v", "V", "Check")]
    assert some.said.tolist() == [0.7]
    both = CellOptions.joined([choices, some])
    assert [after for *_, after, _ in listed(both)] == ["U", "V", "V"]
    assert both.features.shape == (3, len(FEATURES))
    assert CellOptions.joined([]).features.shape == (0, len(FEATURES))
