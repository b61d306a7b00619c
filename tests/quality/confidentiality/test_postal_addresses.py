"""Addresses in English texts: streets with numbers, boxes and corners, and the lines that go on from them."""

import pytest

from karat.quality.confidentiality.postal_addresses import postal_addresses


def addresses(text):
    return [text[begin:end] for begin, end, _ in postal_addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Send it to 22 Baker Street, London NW1 6XE.", "22 Baker Street, London NW1 6XE"),
        (
            "I live at 1540 Main Street\nApt. 864\nSpringfield, IL 62701",
            "1540 Main Street\nApt. 864\nSpringfield, IL 62701",
        ),
        ("She lives on Hansinegata 120 street.", "Hansinegata 120"),
        ("new address is the corner of Elm Street 80 and Oak Road", "the corner of Elm Street 80 and Oak Road"),
        ("Unit 8524 Box 0979\nDPO AA 56703", "Unit 8524 Box 0979\nDPO AA 56703"),
        ("rue de la Paix 15, Paris", "rue de la Paix 15"),
    ],
)
def test_addresses(text, expected):
    found = addresses(text)
    assert found
    assert expected.startswith(found[0]) or found[0].startswith(expected)


@pytest.mark.parametrize("text", ["Chapter 12 of 30 pages", "I ran 22 miles in 3 hours", "Windows 11 and Python 3", ""])
def test_what_is_no_address(text):
    assert addresses(text) == []
