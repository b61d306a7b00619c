import numpy as np

from karat.core.state import freeze, thaw
from karat.prepare.ordinal_categories import OrdinalCategories

TEXTS = ["b"] * 30 + ["a"] * 20 + ["c"] * 10 + ["r", "s", None, "never met"]
# shares of yes: b 1/3, a 9/10, c 0, rare 1/2
Y = (["yes"] * 10 + ["no"] * 20) + (["yes"] * 18 + ["no"] * 2) + ["no"] * 10 + ["yes", "no", "no", "yes"]
TRAIN = np.arange(63)


def test_ranks_by_the_mean_target_of_the_training_records(make_block):
    block = make_block(c=("category", TEXTS), y=("target", Y))
    fitted = OrdinalCategories("c").fit(block, TRAIN)
    found = fitted.apply(block)[:, 0]
    assert fitted.values == ("b", "a", "c")
    assert found[[50, 0, 60, 61, 63, 30]].tolist() == [0, 1, 2, 2, 2, 3]  # c, b, the rare and the new, a
    assert np.isnan(found[62])
    assert np.array_equal(thaw(freeze(fitted)).apply(block)[:, 0], found, equal_nan=True)


def test_targets_of_test_records_are_not_read(make_block):
    other = [*Y[:63], "no"]
    one = OrdinalCategories("c").fit(make_block(c=("category", TEXTS), y=("target", Y)), TRAIN)
    two = OrdinalCategories("c").fit(make_block(c=("category", TEXTS), y=("target", other)), TRAIN)
    assert freeze(one) == freeze(two)


def test_few_records_are_pulled_to_the_whole(make_block):
    texts = ["often"] * 100 + ["seldom"] * 4 + ["rest"] * 100
    y = ["yes"] * 90 + ["no"] * 10 + ["yes"] * 4 + ["no"] * 100
    found = OrdinalCategories("c").fit(make_block(c=("category", texts), y=("target", y)))
    assert dict(zip(found.values, found.rank, strict=False)) == {"rest": 0, "seldom": 2, "often": 3}


def test_numbers_many_classes_and_none(make_block):
    texts = ["low"] * 5 + ["high"] * 6
    numbers = make_block(task="regression", c=("category", texts), y=("target", ["1"] * 5 + ["9"] * 6))
    assert OrdinalCategories("c").fit(numbers).rank[:2].tolist() == [2, 0]
    many = make_block(c=("category", texts), y=("target", ["a", "a", "b", "c", "c"] + ["a"] * 6))
    assert OrdinalCategories("c").fit(many).rank[:2].tolist() == [2, 0]
    none = make_block(c=("category", texts))
    assert OrdinalCategories("c").fit(none).rank[:2].tolist() == [0, 1]


def test_without_rare_ones_a_new_category_is_a_gap(make_block):
    block = make_block(c=("category", TEXTS))
    assert np.isnan(OrdinalCategories("c").fit(block, np.arange(60)).apply(block)[63, 0])
