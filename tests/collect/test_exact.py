"""Any Arrow column becomes text and the same column again."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karat.collect.arrow_types import type_of, type_text
from karat.collect.exact import exactly
from karat.collect.typed import as_text

# before, the clocks of Shanghai stood odd minutes and seconds apart from those of Greenwich
SINCE_1995 = st.integers(10**15 * 8 // 10, 2**60 // 10**3).map(lambda us: datetime.fromtimestamp(us / 1e6, UTC))
LEAVES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.int8(), st.integers(-128, 127)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float32(), st.floats(width=32, allow_nan=False)),
    (pa.float64(), st.floats(allow_nan=False)),
    (pa.bool_(), st.booleans()),
    (pa.string(), st.text(st.characters(codec="utf-8"), min_size=1)),
    (pa.large_string(), st.text(st.characters(codec="utf-8"), min_size=1)),
    (pa.decimal128(20, 3), st.decimals(-(10**16), 10**16, places=3)),
    (pa.decimal256(60, 0), st.integers(-(10**59), 10**59).map(Decimal)),
    (pa.date32(), st.dates()),
    (pa.timestamp("us"), st.datetimes()),
    (pa.timestamp("us", "Asia/Shanghai"), SINCE_1995),
    (pa.timestamp("ns"), st.integers(0, 2**62)),
    (pa.time32("ms"), st.integers(0, 86_399_999)),
    (pa.time64("ns"), st.integers(0, 86_399_999_999_999)),
    (pa.duration("ms"), st.integers(-(2**40), 2**40)),
    (pa.binary(), st.binary(min_size=1)),
    (pa.binary(3), st.binary(min_size=3, max_size=3)),
]


def nested(leaf: tuple[pa.DataType, st.SearchStrategy[Any]]) -> st.SearchStrategy[tuple[pa.DataType, Any]]:
    kind, values = leaf
    holds = st.none() | values
    return st.sampled_from(
        [
            (pa.list_(kind), st.lists(holds, max_size=3)),
            (
                pa.struct([("a", kind), ("b", pa.list_(kind))]),
                st.fixed_dictionaries({"a": holds, "b": st.lists(holds)}),
            ),
            (pa.map_(pa.string(), kind), st.dictionaries(st.text("abc"), holds).map(lambda made: list(made.items()))),
        ]
    )


kinds = st.sampled_from(LEAVES) | st.sampled_from(LEAVES).flatmap(nested)
columns = kinds.flatmap(lambda one: st.lists(st.none() | one[1], max_size=6).map(lambda cells: pa.array(cells, one[0])))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(columns)
def test_a_column_comes_back_value_for_value(column: pa.Array) -> None:
    back = exactly(as_text(column), type_of(type_text(column.type)))
    assert back is not None
    assert back.type == column.type
    assert back.equals(column)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "x"], pa.int64()),
        (["300"], pa.int8()),
        (["007"], pa.int64()),
        (["1.005"], pa.decimal128(10, 2)),
        (["2020-01-01 00:00:00.0000001"], pa.timestamp("us")),
        (["zz"], pa.binary()),
        (["{"], pa.list_(pa.int64())),
    ],
)
def test_a_type_that_would_lose_a_cell_is_refused(texts: list[str], kind: pa.DataType) -> None:
    assert exactly(pa.array(texts), kind) is None


def test_infinite_and_undefined_numbers_are_told_from_null() -> None:
    column = pa.array([float("inf"), float("-inf"), float("nan"), None, -0.0])
    assert as_text(column).to_pylist() == ["inf", "-inf", "nan", None, "-0"]
    back = exactly(as_text(column), pa.float64())
    assert [str(one) for one in back.to_pylist()] == ["inf", "-inf", "nan", "None", "-0.0"]


def test_categories_and_uuids_come_back_in_their_types() -> None:
    words = pa.array(["b", None, "a", "b"]).dictionary_encode()
    assert exactly(as_text(words), words.type).to_pylist() == words.to_pylist()
    guids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(range(16)), None], pa.binary(16)))
    back = exactly(as_text(guids), type_of(type_text(guids.type)))
    assert back is not None
    assert back.equals(guids)
