"""Arrow types as text, and back."""

import pyarrow as pa

from karat.collect.arrow_types import type_of, type_text


def test_types_of_a_word_are_readable_and_what_parquet_cannot_hold_is_none() -> None:
    assert type_text(pa.timestamp("ns", "Europe/Berlin")) == "timestamp[ns, tz=Europe/Berlin]"
    assert type_text(pa.decimal128(38, 2)) == "decimal128(38, 2)"
    assert type_text(pa.month_day_nano_interval()) == ""
    assert type_of(type_text(pa.map_(pa.string(), pa.int8()))) == pa.map_(pa.string(), pa.int8())
