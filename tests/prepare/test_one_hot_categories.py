import numpy as np

from karat.core.state import freeze, thaw
from karat.prepare.one_hot_categories import OneHotCategories

TEXTS = ["红", "红", "blue", "blue", "blue", "rare", None, "new"]


def test_known_rare_missing_and_new(make_block):
    block = make_block(c=("category", TEXTS))
    fitted = OneHotCategories("c", min_records=2).fit(block, np.arange(7))
    assert fitted.names == ("c=blue", "c=红", "c=(other)", "c=(missing)")
    found = fitted.apply(block)
    assert found.argmax(1).tolist() == [1, 1, 0, 0, 0, 2, 3, 2]
    assert (found.sum(1) == 1).all()
    assert np.array_equal(thaw(freeze(fitted)).apply(block), found)


def test_without_a_rare_bucket_a_new_category_is_none_of_them(make_block):
    block = make_block(c=("category", TEXTS))
    fitted = OneHotCategories("c", min_records=1).fit(block, np.arange(6))
    assert not fitted.rare
    assert fitted.apply(block)[[6, 7]].sum() == 0


def test_at_most_so_many_stand_alone(make_block):
    block = make_block(c=("category", TEXTS))
    assert OneHotCategories("c", min_records=1, max_values=1).fit(block).values == ("blue",)
