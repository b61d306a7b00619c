import numpy as np
import pytest

from karat.evaluate.scorecard_points import card_table, points_of
from karat.prepare.evidence_bins import evidence
from karat.prepare.fitted_evidence import FittedEvidence
from karat.train.scorecard import Scorecard


def column(name, rates, size=400.0):
    all_ = np.append(np.full(len(rates), size), 0)
    yes = np.append(np.array(rates) * size, 0)
    edges = np.arange(len(rates) - 1, dtype=float)
    return FittedEvidence(name, edges, None, "rising", evidence(yes, all_, yes.sum(), all_.sum()), yes, all_)


def applicants(n=4_000, seed=0):
    random = np.random.default_rng(seed)
    parts = [column(name, rates) for name, rates in (("a", (0.1, 0.5)), ("b", (0.2, 0.3, 0.5)), ("c", (0.3, 0.4)))]
    slots = [random.integers(0, len(part.edges) + 1, n) for part in parts]
    features = np.column_stack([part.weights[slot] for part, slot in zip(parts, slots, strict=True)]).astype(np.float32)
    margin = features.sum(1) - 1 + 1.5 * (slots[0] == 1) * (slots[2] == 1)
    return parts, slots, features, (random.random(n) < 1 / (1 + np.exp(-margin))).astype(int)


def test_a_score_is_the_start_and_one_line_of_each_table():
    parts, slots, features, truth = applicants()
    model = Scorecard().fit(features, truth)
    card = card_table(parts, model)
    assert [one["columns"] for one in card["crossed"]] == [["a", "c"]]
    scores, points = points_of(model, features)
    assert points.sum(1) + card["start"] == pytest.approx(scores)
    by_column = {held["column"]: held["bins"] for held in card["columns"]}
    cross = card["crossed"][0]
    for row in range(50):
        told = card["start"] + sum(by_column[name][slots[k][row]]["points"] for k, name in enumerate("abc"))
        names = [by_column["a"][slots[0][row]]["bin"], by_column["c"][slots[2][row]]["bin"]]
        at = [
            next(k for k, held in enumerate(cross[side]) if names[s] in held)
            for s, side in ((0, "first"), (1, "second"))
        ]
        assert told + cross["points"][at[0]][at[1]] == pytest.approx(scores[row], abs=1e-4)


def test_more_points_are_safer_and_the_most_telling_column_comes_first():
    parts, _, features, truth = applicants()
    model = Scorecard(crossings=0).fit(features, truth)
    card = card_table(parts, model)
    assert card["columns"][0]["column"] == "a"
    low, high, _ = card["columns"][0]["bins"]
    assert low["points"] > 0 > high["points"]
    scores, _ = points_of(model, features)
    assert np.corrcoef(scores, model.predict(features)[:, 1])[0, 1] < -0.9
    twice = np.log(2) / 20  # log-odds a point
    assert model.margin(features) == pytest.approx((600 - scores) * twice - np.log(50))
