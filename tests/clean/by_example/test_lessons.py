"""From answered records to all records: what other columns decide is written, what nobody has shown is not."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.by_example.lessons import FAMILY, learn_lessons
from karat.clean.by_example.model import learn_belief, overlooked
from karat.clean.by_example.neighbours import learn_known
from karat.clean.by_example.options import FEATURES, options
from karat.clean.repair_cells import RepairWrongCells, RewriteForms
from karat.core.block import Block
from karat.core.finding import Dimension, findings, no_findings
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw

SCHEMA = Schema((Column("shop", Role.CATEGORY), Column("city", Role.CATEGORY), Column("note", Role.TEXT)))
FIXES = [RewriteForms(), RepairWrongCells()]


def shops(size=400, every=10, seed=0):
    """Records of twenty shops, the city wrong in every tenth."""
    chance = np.random.default_rng(seed)
    shop = chance.integers(20, size=size)
    clean = [f"City of {'ABCDEFGHIJKLMNOPQRST'[at]}" for at in shop]
    dirty = [
        f"City of {'ABCDEFGHIJKLMNOPQRST'[(shop[at] + 7) % 20]}" if at % every == 0 else text
        for at, text in enumerate(clean)
    ]
    table = pa.table({"shop": [f"shop {at}" for at in shop], "city": dirty, "note": [f"n{at}" for at in range(size)]})
    return Block(np.arange(size), table, SCHEMA), clean


def answered(block, clean, rows):
    dirty = block.text("city").to_pylist()
    cells = [(row, "city", clean[row]) for row in rows if clean[row] != dirty[row]]
    row, column, value = zip(*cells, *((row, None, "") for row in rows), strict=True)
    return pa.table({"row": pa.array(row, pa.int64()), "column": pa.array(column, pa.string()), "value": list(value)})


def repaired(lessons, block):
    found = lessons.judge(block, no_findings(), counted=True)
    patches = lessons.repair(found, {}, FIXES)
    return {one["row"]: one["after"] for patch in patches.values() for one in patch.to_pylist()}, patches


def test_twenty_answers_repair_the_rest_of_the_table():
    block, clean = shops()
    lessons = learn_lessons(learn_known(block), [(block, no_findings())], answered(block, clean, range(0, 100, 5)))
    written, patches = repaired(lessons, block)
    wrong = set(range(0, 400, 10))
    assert set(patches) == {FAMILY}
    assert len(wrong & written.keys()) >= 0.6 * len(wrong)
    assert all(written[row] == clean[row] for row in written)


def test_answers_that_say_all_is_right_repair_nothing():
    block, _ = shops()
    dirty = block.text("city").to_pylist()
    lessons = learn_lessons(learn_known(block), [(block, no_findings())], answered(block, dirty, range(0, 200, 10)))
    assert repaired(lessons, block)[0] == {}


def test_tomorrow_is_judged_alike_by_lessons_that_were_written_down():
    block, clean = shops()
    lessons = learn_lessons(learn_known(block), [(block, no_findings())], answered(block, clean, range(0, 100, 5)))
    again = thaw(freeze(lessons))
    assert repaired(again, block)[0] == repaired(lessons, block)[0]
    new = Block(
        np.arange(2),
        pa.table({"shop": ["shop 3", "shop 4"], "city": ["City of Q", "City of E"], "note": ["", ""]}),
        SCHEMA,
    )
    found = again.judge(new, no_findings(), counted=False)
    best = [one for one in found.to_pylist() if one["confidence"] > 0.5]
    assert [(one["row"], one["suggestion"]) for one in best] == [(0, "City of D")]


def test_a_message_counts_the_other_records_of_the_file():
    table = pa.table(
        {"shop": ["a"] * 6 + ["b"] * 6, "city": ["X"] * 5 + ["Y"] + ["Z"] * 6, "note": list("abcdefghijkl")}
    )
    block = Block(np.arange(12), table, SCHEMA)
    held = options(block, no_findings(), learn_known(block), counted=True)
    said = dict(zip(zip(held.at, held.column, held.after, strict=True), held.words, strict=True))
    assert (
        said[5, "city", "X"]
        == "'Y' is the current value; of the 5 other records with the same shop, 5 have 'X' in city"
    )


def test_a_check_that_was_right_on_answered_cells_is_licensed_and_one_that_was_wrong_is_not():
    size = 200
    table = pa.table({"shop": [f"s{at}" for at in range(size)], "city": ["x"] * size, "note": ["y"] * size})
    block = Block(np.arange(size), table, SCHEMA)

    def said(check, column, after):
        return findings(
            check,
            Dimension.ACCURACY,
            size,
            row=range(size),
            column=column,
            value=table[column],
            suggestion=after,
            confidence=[0.6] * size,
            message="m",
        )

    found = pa.concat_tables([said("Good", "city", "X"), said("Bad", "note", "Y")])
    rows = list(range(10))
    given = pa.table({"row": rows, "column": ["city"] * 10, "value": ["X"] * 10})
    lessons = learn_lessons(learn_known(block), [(block, found)], given)
    judged = lessons.judge(block, found, counted=True)
    patches = lessons.repair(judged, {}, FIXES)
    assert {one["check"] for one in patches[FAMILY].to_pylist()} == {"Good"}
    assert patches[FAMILY].num_rows == size
    bad = [one["confidence"] for one in judged.to_pylist() if one["check"] == "Bad"]
    assert max(bad) < 0.3


@pytest.mark.parametrize(("right", "least", "most"), [(8, 0.8, 1.0), (0, 0.0, 0.2)])
def test_belief_follows_the_answers(right, least, most):
    block, _ = shops()
    held = options(block, no_findings(), learn_known(block), counted=True)
    some = held.take(np.flatnonzero([column == "city" for column in held.column])[:8])
    belief = learn_belief(some, np.arange(8) < right, np.arange(8) >= right)
    assert least <= belief.right(some).mean() <= most


def test_records_whose_errors_were_overlooked_teach_little():
    block, _ = shops()
    held = options(block, no_findings(), learn_known(block), counted=True)
    some = held.take(np.flatnonzero([column == "city" for column in held.column])[:15])
    every, twelve, rows = np.ones(15, bool), np.arange(15) < 12, np.arange(15) // 3
    honest = learn_belief(some, every, ~every).right(some)
    keep = np.flatnonzero(~np.isin(rows, overlooked(some, twelve, ~twelve, rows, 5)))
    careless = learn_belief(some.take(keep), twelve[keep], ~twelve[keep]).right(some)
    assert np.median(careless) > np.median(honest) - 0.05


def test_what_no_check_says_must_have_been_right_in_the_column():
    block, _ = shops()
    choices = options(block, no_findings(), learn_known(block), counted=True)
    city = choices.take(np.flatnonzero([column == "city" for column in choices.column]))
    some = city.take(np.arange(8))
    right = np.ones(8, bool)
    shown = learn_belief(some, right, ~right)
    elsewhere = replace(some, column=["note"] * 8)
    unshown = learn_belief(elsewhere, right, ~right)
    assert shown.right(city).max() > 0.85
    assert unshown.right(city).max() < 0.5


def test_a_fix_that_answers_make_unlikely_is_not_made_unasked():
    block, _ = shops()
    choices = options(block, no_findings(), learn_known(block), counted=True)
    some = choices.take(np.flatnonzero([column == "city" for column in choices.column])[:20])
    unasked = FEATURES.index("would be fixed unasked")
    some.features[:, unasked] = np.arange(20) >= 10
    right = np.arange(20) >= 10
    believed = learn_belief(some, right, ~right).right(some)
    assert believed[right].min() >= 0.9
    broken = learn_belief(some, ~right, right).right(some)
    assert broken[right].max() < 0.5


def test_a_number_left_out_of_a_series_is_an_option():
    numbers = [str(at + 1) for at in range(40)]
    numbers[20] = "3"
    schema = Schema((Column("number", Role.NUMBER, "int64"), Column("note", Role.TEXT)))
    block = Block(np.arange(40), pa.table({"number": numbers, "note": [f"n{at % 7}" for at in range(40)]}), schema)
    choices = options(block, no_findings(), learn_known(block), counted=True)
    said = dict(zip(zip(choices.at, choices.column, choices.after, strict=True), choices.words, strict=True))
    assert (
        said[20, "number", "21"] == "'3' is the current value; the records before and after it count up, and leave '21'"
    )
