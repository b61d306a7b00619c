"""The kernels fill columns by the place of a first one: its neighbours must follow."""

import pytest

from karat.kernels.text_columns import AT, COLUMNS, GRAMS, LONG_GRAMS, REPEATED_COLUMNS, SIGNS, WORDS


def test_every_column_has_a_name_and_a_place_of_its_own():
    assert len(set(COLUMNS)) == len(COLUMNS) == len(AT)
    assert [AT[name] for name in COLUMNS] == list(range(len(COLUMNS)))
    assert AT["bytes"] == 0


@pytest.mark.parametrize(
    ("first", "others"),
    [
        ("c4_sentences", ["c4_lines", "c4_brackets", "c4_lorem"]),
        ("ended_sentences", ["ended_lines", "ended_brackets", "ended_lorem"]),
        ("full_lines", ["full_ended", "full_short", "full_repeated_characters", "full_characters", "full_breaks"]),
        (
            "edited_lines",
            [
                "edited_ended",
                "edited_short",
                "edited_repeated_characters",
                "edited_characters",
                "edited_breaks",
                "edited_words",
            ],
        ),
        ("runs", ["repeated_runs", "repeated_run_characters"]),
        ("paragraphs", ["repeated_paragraphs", "repeated_paragraph_characters"]),
        ("letters", ["latin", "han", "kana", "hangul"]),
    ],
)
def test_neighbours_follow_their_first(first, others):
    assert [COLUMNS[AT[first] + step] for step in range(1, len(others) + 1)] == others


@pytest.mark.parametrize(("unit", "first"), [("word", WORDS), ("sign", SIGNS)])
def test_repetition_has_its_columns_by_length(unit, first):
    names = [f"{unit}s"]
    for size in GRAMS:
        names += [f"{unit}_top_{size}_characters", f"{unit}_top_{size}_count"]
    names += [f"{unit}_repeated_{size}_characters" for size in LONG_GRAMS]
    assert COLUMNS[first : first + REPEATED_COLUMNS] == tuple(names)
    assert list(GRAMS) + list(LONG_GRAMS) == list(range(2, 11))
