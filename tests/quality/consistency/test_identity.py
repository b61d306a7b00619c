"""Which columns identify the records."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._identity import candidates, coincidences, counts_of, identifying

ID, TIME, WORD = Column("a", Role.ID), Column("a", Role.TIME, "timestamp"), Column("a", Role.CATEGORY)


def counts(values, column=ID):
    block = Block(np.arange(len(values)), pa.table({"a": pa.array(values, pa.string())}), Schema((column,)))
    return ValueCounts.of(block)


def identifies(values, column=ID, copies=5, rest_equal=1e-6):
    return identifying(Schema((column,)), counts(values, column), copies, rest_equal) == ("a",)


def keys(size, seed=0):
    return [str(v) for v in np.random.default_rng(seed).permutation(10**6)[:size]]


def test_identifiers_times_and_codes_are_candidates():
    columns = (
        Column("key", Role.ID, "int64"),
        Column("when", Role.TIME, "timestamp"),
        Column("word", Role.CATEGORY),
        Column("level", Role.CATEGORY, "int64"),
        Column("home", Role.GROUP),
        Column("mail", Role.TEXT, meanings=("contact", "text")),
        Column("note", Role.TEXT, meanings=("text", "contact")),
        Column("amount", Role.NUMBER, "float64"),
        Column("label", Role.TARGET, meanings=("identifier",)),
    )
    assert [column.name for column in candidates(Schema(columns))] == ["key", "when", "word", "home", "mail"]


def test_counts_are_those_of_the_candidates():
    table = pa.table({"a": ["x"], "b": ["1"]})
    schema = Schema((Column("a", Role.ID), Column("b", Role.NUMBER, "float64")))
    block = Block(np.arange(1), table, schema)
    assert list(counts_of(schema, ValueCounts.of(block)).columns) == ["a"]


def test_numbers_that_hardly_repeat_but_with_their_record():
    own = keys(1000)
    assert identifies([*own, *own[:5]])
    assert not identifies([*own, *own[:5]], copies=0), "without copies there is nothing to identify"
    assert identifies([*own, *own[:15]], copies=5)  # ten more, twice the copies
    assert not identifies([*own, *own[:16]], copies=5)
    assert not identifies([*own, *own[:30]], copies=9), "more than two in a hundred"


def test_a_foreign_key_repeats_without_its_record():
    assert not identifies(keys(400) * 3, copies=5)


def test_few_values_or_many_blanks_identify_nothing():
    own = keys(20)
    assert identifies([*own, own[0]], copies=1)
    assert not identifies([*own[:19], own[0]], copies=1)
    many = keys(1000)
    assert identifies([*many, *many[:5], *[None] * 20])
    assert not identifies([*many, *many[:5], *[None] * 21])


def test_running_numbers_that_could_not_have_repeated_by_chance():
    running = [str(v) for v in range(1000)]
    assert identifies([*running, *running[:5]])
    few = [str(v) for v in range(10**6, 10**6 + 40)]
    assert identifies([*few, *few[:5]])


def test_codes_that_are_not_called_identifiers_must_be_long():
    codes = [f"AB{v:06}" for v in np.random.default_rng(1).permutation(10**6)[:500]]
    assert identifies([*codes, *codes[:5]], WORD)
    short = [f"{v:05}" for v in np.random.default_rng(1).permutation(10**5)[:500]]
    assert not identifies([*short, *short[:5]], WORD)
    words = [code.translate(str.maketrans("0123456789", "abcdefghij")) for code in codes]
    assert not identifies([*words, *words[:5]], WORD)
    blanks = [code.replace("B", " ") for code in codes]
    assert not identifies([*blanks, *blanks[:5]], WORD)


def test_codes_identify_only_where_chance_makes_no_such_copies():
    codes = [f"AB{v:06}" for v in np.random.default_rng(1).permutation(10**6)[:500]]
    assert identifies([*codes, *codes[:5]], WORD, rest_equal=1e-6)
    assert not identifies([*codes, *codes[:5]], WORD, rest_equal=1.0)


def times(size, step, seed=0):
    chance = np.random.default_rng(seed).integers(1, step, size).cumsum()
    return [(datetime(2024, 1, 1) + timedelta(seconds=int(v))).isoformat(" ") for v in chance]  # noqa: DTZ001


def test_times_to_the_second_identify_those_on_a_grid_do_not():
    fine = times(600, 5000)
    assert identifies([*fine, *fine[:3]], TIME, copies=3)
    grid = [(datetime(2024, 1, 1) + timedelta(minutes=at)).isoformat(" ") for at in range(600)]  # noqa: DTZ001
    assert not identifies([*grid, *grid[:3]], TIME, copies=3)
    assert not identifies([*fine, *fine[:7]], TIME, copies=3), "for times one copy to a repeat"
    assert identifies([*fine, *fine[:6]], TIME, copies=3)


def test_whole_numbers_are_drawn_from_their_range():
    tally = counts(["10", "15", "19"]).columns["a"]
    assert coincidences(tally, 100) == pytest.approx(4950 / 10)


def test_texts_are_drawn_sign_by_sign_numbers_in_them_from_their_range():
    assert coincidences(counts(["A1", "A4", "B1", "B4"]).columns["a"], 10) == pytest.approx(45 * 0.5 / 4)
    two_forms = counts(["A1", "AA"]).columns["a"]
    assert coincidences(two_forms, 10) == pytest.approx(45 * (0.25 + 0.25))
