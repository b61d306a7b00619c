"""Numbers that count up leave one number for a record between them; other columns say nothing."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.by_example.series import counted_up
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


def column(texts):
    schema = Schema((Column("number", Role.NUMBER, "int64"),))
    return Block(np.arange(len(texts)), pa.table({"number": texts}), schema)


def serial(start=1, size=20, form="{}"):
    return [form.format(start + at) for at in range(size)]


@pytest.mark.parametrize(("form", "start"), [("{}", 1), ("{}.0", 700), ("{:05d}", 90)])
def test_the_missing_number_is_written_as_the_others_are(form, start):
    texts = serial(start, form=form)
    right = texts[7], texts[12]
    texts[7], texts[12] = form.format(3), form.format(999)
    assert counted_up(column(texts), "number") == {7: right[0], 12: right[1]}


def test_numbers_left_out_are_no_errors():
    texts = serial(1, 10) + serial(40, 10)
    assert counted_up(column(texts), "number") == {}
    texts[15] = "7"
    assert counted_up(column(texts), "number") == {15: "45"}


@pytest.mark.parametrize(
    "numbers",
    [
        np.random.default_rng(0).permutation(200),
        np.random.default_rng(1).integers(0, 50, 200),
        np.tile(np.arange(10), 20),
        np.arange(0, 400, 2),
        np.full(200, 7),
        np.r_[np.arange(30), np.random.default_rng(2).integers(1000, 9999, 170)],
    ],
)
def test_columns_that_do_not_count_up_say_nothing(numbers):
    assert counted_up(column([str(number) for number in numbers]), "number") == {}


def test_a_number_that_stands_elsewhere_is_not_missing():
    texts = serial()
    texts[7], texts[8] = texts[8], texts[7]
    assert counted_up(column(texts), "number") == {}


def test_the_ends_and_blanks():
    texts = serial()
    texts[0], texts[19], texts[5] = "77", "78", None
    assert counted_up(column(texts), "number") == {5: "6"}
    assert counted_up(column(["1", "2", "9"]), "number") == {}
    assert counted_up(column(pa.nulls(2, pa.string())), "number") == {}
