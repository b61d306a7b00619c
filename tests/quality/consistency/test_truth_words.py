import pytest

from karat.quality.consistency.truth_words import truths


def test_all_spellings_of_yes_are_one_word():
    held = truths(["yes", "No", "Y", "n", "TRUE", "FALSE", "是", "否", "no"], [9, 3, 8, 8, 7, 7, 6, 6, 5])
    assert held is not None
    assert held.sure
    assert [held.rewrite(word) for word in ("TRUE", "Y", "是", "否", "n", "maybe")] == ["yes"] * 3 + ["no"] * 2 + [None]
    assert held.spellings[0] == "yes"


def test_most_cells_decide_the_spelling():
    held = truths(["是", "否", "Yes", "No"], [30, 20, 10, 9])
    assert held is not None
    assert (held.yes, held.no) == ("是", "否")
    held = truths(["Yes", "No", "yes", "no", "Y", "N"], [40, 20, 38, 51, 9, 9])
    assert held is not None
    assert (held.yes, held.no) == ("yes", "no")  # both in the same case


@pytest.mark.parametrize(
    "words",
    [
        ["yes", "no"],  # one spelling of each
        ["yes", "no", "Y", "unknown"],  # another answer
        ["Y", "N", "T", "F"],  # letters alone may be codes
        ["1", "0", "Y", "N"],
        ["yes", "Y", "TRUE"],  # no word for no
    ],
)
def test_other_columns_are_left_alone(words):
    assert truths(words, [10] * len(words)) is None


def test_a_word_without_its_opposite_is_not_certain():
    held = truths(["yes", "no", "Y"], [10, 10, 2])
    assert held is not None
    assert not held.sure
