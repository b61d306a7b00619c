"""A table is what nothing else recognises; it says by how many columns."""

from karat import kinds
from tests.kinds._samples import facts_of, sample_of


def test_the_reason_names_columns_and_target():
    columns = {"colour": ["red", "blue"] * 20, "size": ["s", "m"] * 20}
    assert kinds.recognised(sample_of(columns)).reason == "records with 2 columns"
    assert kinds.recognised(sample_of(columns, target="size")).reason == "records with 2 columns, 'size' to predict"


def test_it_says_no_more_than_its_columns():
    assert facts_of({"a": range(9), "b": ["x", "y", "z"] * 3}, "table") == {}
