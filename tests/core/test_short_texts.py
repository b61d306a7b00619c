"""Answers about short texts are remembered, about long ones not."""

from karat.core.short_texts import LONGEST, remembered


def test_short_texts_are_asked_once_and_long_ones_each_time() -> None:
    asked = []

    @remembered(10)
    def length(text: str, more: int = 0) -> int:
        asked.append(text)
        return len(text) + more

    long = "x" * (LONGEST + 1)
    assert [length("ab"), length("ab"), length(long), length(long), length("ab", 1)] == [2, 2, 257, 257, 3]
    assert asked == ["ab", long, long, "ab"]
