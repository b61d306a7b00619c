import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.prepare.features import Preparation
from karat.prepare.weight_of_evidence import WeightOfEvidence


def loans(make_block, n=600):
    random = np.random.default_rng(1)
    debt = random.integers(0, 10, n)
    home = random.choice(["租", "自有", "kin"], n)
    bad = random.random(n) < 0.1 + 0.06 * debt + 0.2 * (home == "租")
    texts = [str(d) for d in debt]
    texts[::20] = [None] * len(texts[::20])
    return make_block(
        debt=("number", texts), home=("category", home.tolist()), bad=("target", np.where(bad, "yes", "no").tolist())
    )


def test_numbers_gaps_and_categories_become_evidence(make_block):
    block = loans(make_block)
    debt = WeightOfEvidence("debt").fit(block)
    assert debt.shape == "rising"
    told = debt.apply(block)[:, 0]
    assert told[block.numbers("debt") == 9].min() > 0 > told[block.numbers("debt") == 0].max()
    assert np.isfinite(told).all()
    home = WeightOfEvidence("home", numeric=False).fit(block)
    weights = dict(zip(home.bins(), home.weights, strict=True))
    assert weights["租"] > 0 > weights["kin"]
    assert weights["other"] == pytest.approx(0)
    assert home.all.sum() == debt.all.sum() == 600
    assert debt.information > 0.1


def test_every_bin_is_named_and_unseen_values_say_nothing(make_block):
    block = loans(make_block)
    debt = WeightOfEvidence("debt").fit(block, np.arange(300))
    assert len(debt.bins()) == len(debt.weights) == len(debt.edges) + 2
    new = make_block(debt=("number", [None, "999"]), home=("category", ["船", None]), bad=("target", ["no", "yes"]))
    home = WeightOfEvidence("home", numeric=False).fit(block)
    assert home.apply(new)[:, 0] == pytest.approx([0, 0], abs=1e-6)
    assert debt.slots(new).tolist() == [len(debt.edges) + 1, len(debt.edges)]


def test_a_card_prepares_numbers_and_categories_alone(make_block):
    made = Preparation(loans(make_block).schema, "evidence").fit(loans(make_block))
    assert made.names == ["debt", "home"]
    assert made.apply(loans(make_block)).shape == (600, 2)


def test_what_cannot_be(make_block):
    with pytest.raises(OptionError, match="shape"):
        WeightOfEvidence("debt", shape="wavy")
    with pytest.raises(OptionError, match="target"):
        WeightOfEvidence("debt").fit(make_block(debt=("number", ["1", "2"])))


def coded(make_block, n=3_000):
    """Counts of late payments, in which 98 says "not known" and is as safe as nobody late."""
    random = np.random.default_rng(2)
    late = np.minimum(random.poisson(0.8, n), 6)
    code = np.where(random.random(n) < 0.02, 98, np.where(random.random(n) < 0.01, 96, late))
    bad = random.random(n) < np.where(code == 96, 0.6, np.where(code == 98, 0.05, 0.05 + 0.12 * late))
    texts = [str(value) for value in code]
    texts[::50] = [None] * len(texts[::50])
    return make_block(late=("number", texts), bad=("target", np.where(bad, "yes", "no").tolist()))


def test_codes_are_bins_of_their_own_outside_the_order(make_block):
    block = coded(make_block)
    late = WeightOfEvidence("late").fit(block)
    assert late.special == (96.0, 98.0)
    assert late.shape == "rising"
    points = dict(zip(late.bins(), late.weights, strict=True))
    assert points["code 98"] < 0 < points["code 96"]
    assert late.edges.max() < 6
    counted = [(block.numbers("late") == value).sum() for value in (96, 98)]
    assert late.all[-2:].tolist() == counted
    assert late.all.sum() == 3_000


def test_far_numbers_that_are_no_codes_stay_in_the_order(make_block):
    random = np.random.default_rng(0)
    income = np.exp(random.normal(8, 1, 2_000)).round(0)
    block = make_block(
        income=("number", [f"{value:.0f}" for value in income]),
        bad=("target", np.where(random.random(2_000) < 0.2, "yes", "no").tolist()),
    )
    assert WeightOfEvidence("income").fit(block).special == ()
