from itertools import pairwise

import numpy as np

from karat.kernels.min_hashes import min_hashes

SALTS = np.random.default_rng(0).integers(0, 2**63, 200).astype(np.uint64)
FULL = np.uint64(0xFFFFFFFFFFFFFFFF)


def sketches(packed, *texts):
    data, offsets = packed(*texts)
    out = np.full((len(texts), len(SALTS)), FULL)
    min_hashes(data, offsets, SALTS, out)
    return out


def test_the_same_tokens_make_the_same_sketch_whatever_stands_around_them(packed):
    one, two, three = sketches(packed, "The cat sat", "  the CAT, sat!", "cat")
    assert (one == two).all()
    assert (one != three).any()
    assert (sketches(packed, "cat")[0] == three).all()


def test_a_text_without_tokens_leaves_its_row(packed):
    assert (sketches(packed, "...", "a")[0] == FULL).all()
    assert (sketches(packed, "", "a")[1] != FULL).all()


def test_agreement_of_two_sketches_is_the_jaccard_of_tokens_and_pairs(packed):
    def grams(text):
        tokens = text.split()
        return set(tokens) | set(pairwise(tokens))

    one, other = "a b c d e f g", "a b c d x y z"
    alike = len(grams(one) & grams(other)) / len(grams(one) | grams(other))  # 7 of 19
    first, second = sketches(packed, one, other)
    assert abs((first == second).mean() - alike) < 0.1


def test_the_order_of_tokens_matters_through_their_pairs(packed):
    first, second = sketches(packed, "a b c d e f", "f e d c b a")
    # six tokens of sixteen grams are shared
    assert 0.2 < (first == second).mean() < 0.6


def test_a_smaller_set_never_has_a_lesser_minimum(packed):
    part, whole = sketches(packed, "a b c", "a b c d e")
    assert (whole <= part).all()
