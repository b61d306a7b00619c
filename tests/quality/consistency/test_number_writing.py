"""Numbers in other writings, read back as plain ones."""

import pytest

from karat.quality.consistency.number_writing import as_plain_number


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1,23,456", "123456"),
        ("12,34,567.50", "1234567.50"),
        ("1'234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("(1,234)", "-1234"),
        ("\u221212.5", "-12.5"),
        ("１２", "12"),
        ("12-", "-12"),
        ("1,2,3", None),
        ("12", None),
        ("12 lb", None),
    ],
)
def test_other_writings(text: str, plain: str | None) -> None:
    assert as_plain_number(text) == plain
