import pytest

from karat.quality.consistency._near_evidence import Differing


@pytest.mark.parametrize(
    ("first", "second", "rarer", "commoner", "slip", "misspelt"),
    [
        ("Jack", "Jackk", 1, 9, True, True),
        ("Theo", "Thea", 5, 9, False, False),  # both are usual
        ("Ella", "Emma", 1, 9, False, True),
        ("2001", "2002", 1, 9, True, False),  # a number is not misspelt
        ("Marie", "Maria", 1, 1, True, False),
        (None, "Maria", 1, 1, True, False),
    ],
)
def test_a_slip_is_a_rare_text_a_letter_away(first, second, rarer, commoner, slip, misspelt):
    cell = Differing("a", first, second, rarer, commoner)
    assert (cell.slip(), cell.misspelt()) == (slip, misspelt)
