"""Names in English texts: said by the words around, or by their own capitals; places, groups and words are none."""

import pytest

from karat.quality.confidentiality.people import people


def names(text):
    return [text[begin:end] for begin, end, _ in people(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Pauline Geisler.", ["Pauline Geisler"]),
        ("my name is borna jerković but everyone calls me borna", ["borna jerković", "borna"]),
        ("Please correct it to Mr. Ferko Takáts?", ["Ferko Takáts"]),
        ("For my take on Mrs. Baker, see below", ["Baker"]),
        (
            "Yesterday Shane M Culp sang, and Gunnhildur F. Helgadóttir listened.",
            ["Shane M Culp", "Gunnhildur F. Helgadóttir"],
        ),
        ("Ask Ludwig van Beethoven about it", ["Ludwig van Beethoven"]),
    ],
)
def test_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "What are my options on Monday?",
        "We went to Lisbon and through Estonia.",
        "The Uber website and the Civic Impulse LLC are groups.",
        "See www.CreditQuarterly.com or @Someone",
        "United Kingdom",
        "",
    ],
)
def test_what_is_no_name(text):
    assert names(text) == []
