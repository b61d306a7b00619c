import numpy as np

from karat.core.schema import Column, Role
from karat.quality.accuracy.selected_outcomes import SelectedOutcomes

N = 600


def told(make_block, outcome, decision):
    block = make_block({"decision": decision, "outcome": outcome}, outcome=Column("outcome", Role.TARGET))
    check = SelectedOutcomes()
    return [one["message"] for one in check.conclude(check.learn(block), block.schema).to_pylist()]


def test_outcomes_of_the_refused_are_missed(make_block):
    random = np.random.default_rng(0)
    decision = random.choice(["批准", "拒绝"], N).tolist()
    outcome = [("good" if random.random() < 0.8 else "bad") if d == "批准" else None for d in decision]
    (message,) = told(make_block, outcome, decision)
    assert "'decision'" in message
    assert "'拒绝'" in message


def test_gaps_at_random_and_full_targets_are_no_selection(make_block):
    random = np.random.default_rng(0)
    decision = random.choice(["yes", "no"], N).tolist()
    outcome = random.choice(["good", "bad"], N).tolist()
    assert told(make_block, outcome, decision) == []
    assert told(make_block, [o if random.random() < 0.7 else None for o in outcome], decision) == []
