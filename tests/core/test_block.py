import numpy as np
import pyarrow as pa
import pytest
from cloudpickle import dumps

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


def block(values, **column):
    schema = Schema((Column("c", **({"role": Role.NUMBER} | column)),))
    return Block(np.arange(len(values)), pa.table({"c": pa.array(values, pa.string())}), schema)


def test_numbers_read_signs_exponents_and_blanks_and_refuse_the_rest():
    read = block(["1", "-2.5", "+.5", "1e3", " 7 ", None, "x", "1,5", "inf", "nan", "0x1"]).numbers("c")
    np.testing.assert_array_equal(read, [1, -2.5, 0.5, 1000, 7] + [np.nan] * 6)


def test_numbers_read_the_columns_own_marks():
    np.testing.assert_array_equal(block(["1.234,5", "7"], decimal=",", thousands=".").numbers("c"), [1234.5, 7])


def test_null_texts_are_missing_and_no_numbers():
    held = block(["-1", "2", None], nulls=("-1",))
    np.testing.assert_array_equal(held.missing("c"), [True, False, True])
    np.testing.assert_array_equal(held.numbers("c"), [np.nan, 2, np.nan])


@pytest.mark.parametrize(
    ("form", "values", "wanted"),
    [
        (
            "",
            ["2024-02-29", "2024-02-30", "2024-01-01T10:00:00+08:00", "2024-01-01 10:30"],
            ["2024-02-29T00:00", "NaT", "2024-01-01T02:00", "2024-01-01T10:30"],
        ),
        ("%d/%m/%Y", ["01/02/2024", "2024-02-01", None], ["2024-02-01", "NaT", "NaT"]),
        ("%Y年%m月%d日", ["2024年3月5日"], ["2024-03-05"]),
        (
            "%s",
            [
                "881250949",
                " 881250949000",
                "881250949000000",
                "881250949000000000",
                "0",
                "-1",
                "x",
                None,
                "-99999999999",
            ],
            ["1997-12-04T15:55:49"] * 4 + ["1970-01-01", "1969-12-31T23:59:59", "NaT", "NaT", "NaT"],
        ),
    ],
)
def test_times(form, values, wanted):
    read = block(values, role=Role.TIME, type="timestamp", format=form).times("c")
    np.testing.assert_array_equal(read, np.array(wanted, "datetime64[us]"))


def test_encoded_counts_first_appearance_and_marks_blanks():
    codes, values = block(["b", None, "a", "b"]).encoded("c")
    assert codes.tolist() == [0, -1, 1, 0]
    assert values == ["b", "a"]


def test_views_are_made_once():
    held = block(["1", "2"])
    assert held.numbers("c") is held.numbers("c")


def test_a_bare_block_has_the_records_and_their_keys_and_nothing_that_was_read():
    whole = block([str(k) for k in range(5_000)])
    whole.numbers("c")
    half = whole.take(np.array([0, 2]))
    bare = half.bare
    np.testing.assert_array_equal(bare.keys, half.keys)
    np.testing.assert_array_equal(bare.numbers("c"), half.numbers("c"))
    assert len(dumps(whole.bare)) < len(dumps(whole))
