"""Series are recognised by what a record says about the next one, or by even steps in time."""

import numpy as np

from karat import kinds
from karat.core.block import Block
from tests.kinds._samples import facts_of, kind_of, sample_of

DAYS = [str(np.datetime64("2024-01-01") + at) for at in range(200)]
WAVE = np.round(10 + 5 * np.sin(np.arange(200) / 9), 3)


def test_a_target_that_tells_the_next_is_a_series():
    columns = {"day": DAYS, "level": WAVE}
    assert kind_of(sample_of(columns, target="level")) == "series"
    assert kind_of(sample_of(columns)) == "series"


def test_a_target_that_does_not_is_a_table_though_the_steps_are_even():
    noise = np.random.default_rng(0).normal(0, 1, 200).round(3)
    assert kind_of(sample_of({"day": DAYS, "level": noise}, target="level")) == "table"


def test_dates_of_people_are_no_series():
    days = np.random.default_rng(1).choice(DAYS, 200)
    assert kind_of(sample_of({"joined": days, "city": ["Rome", "Oslo"] * 100})) == "table"


def test_units_of_tables_suit_series():
    sample = sample_of({"day": DAYS, "level": WAVE}, target="level")
    assert kinds.of("series").roles(sample).suits({"table"})


def test_what_is_set_to_be_a_series_is_split_forward_in_time():
    noise = np.random.default_rng(0).normal(0, 1, 200).round(3)
    sample = sample_of({"day": DAYS, "level": noise}, target="level")
    for name, forward in (("table", False), ("series", True)):
        kind = kinds.of(name)
        block = Block(np.arange(200), sample.first, kind.roles(sample))
        assert kind.splits(block, seed=0, repeats=1, folds=4).forward is forward


def test_it_says_from_when_to_when_in_which_steps_and_how_many_series():
    days = [f"2024-01-{1 + at // 2:02}" for at in range(60)]
    facts = facts_of({"day": days, "store": ["a", "b"] * 30, "sold": range(60)}, "series")
    assert facts["time"] == "2024-01-01 to 2024-01-30 in column 'day'"
    assert facts["step"] == "1 day"
    assert facts["series"].startswith("2, ")
