"""A table is what nothing else recognises; it says by how many columns."""

from karat import kinds
from tests.kinds._samples import sample_of


def test_the_reason_names_columns_and_target():
    columns = {"colour": ["red", "blue"] * 20, "size": ["s", "m"] * 20}
    assert kinds.recognised(sample_of(columns)).reason == "records with 2 columns"
    assert kinds.recognised(sample_of(columns, target="size")).reason == "records with 2 columns, 'size' to predict"
