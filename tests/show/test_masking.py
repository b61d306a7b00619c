"""What has the form of personal data is covered, and nothing else."""

import pytest

from karat.show.masking import SHORTEST_SECRET, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to wei@b.cn now", "write to we*@*.** now"),
        ("身份证11010519491231002X。", "身份证11****************。"),
        ("tel 138-1234-5678", "tel 13*-****-****"),
        ("call +49 30 55512345 now", "call +49 ** ******** now"),
        ("order 4930 55512345 now", None),
        ("4111 1111 1111 1111", "41** **** **** ****"),
        ("4111111111111112", None),
        ("2024-05-31 12:00:00", None),
        ("12345678.125", None),
        ("北京", None),
        ("", None),
        (None, None),
    ],
)
def test_masks_what_is_personal_and_nothing_else(text: str | None, shown: str | None) -> None:
    assert masked(text) == (text if shown is None else shown)


def test_a_short_text_needs_a_digit_or_an_at_sign_to_be_looked_at() -> None:
    assert masked("a@b.org") != "a@b.org"
    assert masked("x" * SHORTEST_SECRET) == "x" * SHORTEST_SECRET


def test_several_are_covered_in_one_text() -> None:
    text = masked("wei@b.cn or 138-1234-5678")
    assert text == "we*@*.** or 13*-****-****"
    assert masked(text) == text


@pytest.mark.parametrize("secret", ["dead:beef::cafe", "xoxb-abcdefghij"])
def test_a_short_secret_without_digits_is_covered_too(secret):
    assert masked(secret) != secret
    assert masked(f"it is {secret}, they said in the longer text") != f"it is {secret}, they said in the longer text"


def test_counts_beside_a_word_for_telephones_are_not_searched(monkeypatch):
    monkeypatch.setattr("karat.show.masking.spans_of", None)  # it would fail if called
    for text in ("1,000 of 1,000 cells (100 %) hold no value: 1,005 as '-'", "2,410 of 2,410 cells, +93 (3 %)"):
        masked.cache_clear()
        assert masked(text) == text
