import numpy as np

from karat.prepare.ordinal_categories import OrdinalCategories

TEXTS = ["b", "b", "b", "a", "a", "c", None, "never met"]


def test_ranks_by_frequency_then_text(make_block):
    block = make_block(c=("category", TEXTS))
    fitted = OrdinalCategories("c", min_records=2).fit(block, np.arange(7))
    found = fitted.apply(block)[:, 0]
    assert found[[0, 3, 5, 7]].tolist() == [0, 1, 2, 2]
    assert np.isnan(found[6])


def test_without_rare_ones_a_new_category_is_a_gap(make_block):
    block = make_block(c=("category", TEXTS))
    assert np.isnan(OrdinalCategories("c", min_records=1).fit(block, np.arange(6)).apply(block)[7, 0])
