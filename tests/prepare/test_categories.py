import numpy as np

from karat.prepare.categories import FrequentCategories, known_categories, slots_of

CELLS = ["b", "a", "b", None, "c", "a", "b"]


def test_categories_stand_by_how_often_they_occur_then_by_text(make_block):
    block = make_block(x=("category", CELLS))
    assert known_categories(block, "x", None, 1, 10) == FrequentCategories(("b", "a", "c"), rare=False, gaps=True)
    assert known_categories(block, "x", None, 2, 10) == FrequentCategories(("b", "a"), rare=True, gaps=True)
    assert known_categories(block, "x", None, 3, 10).values == ("b",)
    assert known_categories(block, "x", None, 1, 2) == FrequentCategories(("b", "a"), rare=True, gaps=True)
    assert known_categories(make_block(x=("category", ["z", "y"])), "x", None, 1, 9).values == ("y", "z")


def test_only_the_training_records_count(make_block):
    block = make_block(x=("category", CELLS))
    assert known_categories(block, "x", np.array([1, 4, 5]), 1, 10) == FrequentCategories(
        ("a", "c"), rare=False, gaps=False
    )
    assert known_categories(block, "x", np.array([3]), 1, 10) == FrequentCategories((), rare=False, gaps=True)


def test_slots_of_known_unknown_and_missing(make_block):
    block = make_block(x=("category", CELLS))
    assert slots_of(block, "x", None, ("a", "b")).tolist() == [1, 0, 1, 3, 2, 0, 1]
    assert slots_of(block, "x", np.array([3, 0]), ("b",)).tolist() == [2, 0]
    assert slots_of(block, "x", None, ()).tolist() == [0, 0, 0, 1, 0, 0, 0]
