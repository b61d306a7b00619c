"""What a number with a replaced character was meant to be."""

import pyarrow as pa
import pyarrow.compute as pc

import karat


def suggestions(values: list[str]) -> dict[str, str | None]:
    found = karat.assess(pa.table({"n": values, "other": [f"甲{at}" for at in range(len(values))]})).findings
    found = found.filter(pc.and_(pc.equal(found["column"], "n"), pc.greater_equal(found["confidence"], 0.5)))
    found = found.filter(pc.is_valid(found["row"]))
    return dict(zip(found["value"].to_pylist(), found["suggestion"].to_pylist(), strict=True))


def test_one_value_that_fits_is_suggested_and_two_are_not():
    usual = [f"{at}%" for at in range(80, 100)] * 10 + ["100%"] * 10
    said = suggestions([*usual, "95x", "9x%", "1xx%"])
    assert said["95x"] == "95%"
    assert said["1xx%"] == "100%"
    assert said["9x%"] is None
