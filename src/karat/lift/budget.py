"""A proof cut to fit a time: fewer repeats, coalitions and folds.

A fit is priced by the size of the data, as measured on a common machine. In a run one is measured besides, on the
records at hand, and the plan is cut to what this machine can do in the time (``karat.lift.pace``); repeats that have
not ended by then are left out (``karat.lift.folds.run_until``). The certificate says both.
"""

from dataclasses import replace

from karat.core.block import Block
from karat.lift.design import FEW_PLACEBOS, Design, cells_of

CORES = 2  # the machine of benchmarks/lift_time.md had two; more end sooner
# cost: no record of the measurement; an error makes a budgeted proof miss its time
FIT_SECONDS, CELL_SECONDS = 0.08, 0.65e-6  # of one fit with all that goes with it, and for each cell of its records
# cost: a guess of time
STATES = 5  # states of the records that a choice of what ships fits in each inner fold, as a rule
# definition: a count of what fold.py fits
OTHER_FITS = 7  # raw, refined and plain, the fragile learner, the learning curve
# cost: a guess of time, no record of the measurement
QUICKER = 0.15  # what the linear learner costs beside boosted trees
CONFIRMED = 0.6  # what a choice by it costs that boosted trees confirm; cost: a guess of time
WORDS = {
    "folds": "folds",
    "repeats": "repeats",
    "inner_folds": "inner folds",
    "placebos": "placebos",
    "exact_players": "families with exact shares",
    "weigh_folds": "folds that weigh labels",
}


def estimated_seconds(plan: Design, block: Block) -> float:
    """What a proof by this plan takes on two cores, about."""
    one_fit = FIT_SECONDS + CELL_SECONDS * cells_of(block)
    choosing = STATES * max(0, plan.inner_folds - 1) * (CONFIRMED if plan.choose_by == "fragile" else 1.0)
    sharing = ((1 << plan.exact_players) - 2) * (QUICKER if plan.share_by == "fragile" else 1.0)
    weighing = plan.weigh_folds * (1 + plan.inner_folds)
    fits = plan.repeats * (choosing + weighing + OTHER_FITS + sharing)
    fits += plan.placebos if plan.placebos > 1 else plan.repeats
    return float(plan.folds * fits * one_fit / CORES)


def slowness(block: Block, seconds: float) -> float:
    """How many times as long as estimated a fit on these records took, at least 1."""
    return max(1.0, seconds / (FIT_SECONDS + CELL_SECONDS * cells_of(block)))


def within(plan: Design, block: Block, seconds: float) -> Design:
    """The plan, cut until it fits; where nothing fits, the smallest there is."""
    for cut in (
        {"exact_players": min(plan.exact_players, 3)},
        {"repeats": min(plan.repeats, 3)},
        {"weigh_folds": min(plan.weigh_folds, 2)},
        {"exact_players": min(plan.exact_players, 2)},
        {"inner_folds": min(plan.inner_folds, 2)},
        {"placebos": min(plan.placebos, FEW_PLACEBOS)},
        {"repeats": min(plan.repeats, 2)},
        {"choose_by": "fragile", "share_by": "fragile"},
        {"weigh_folds": 0},
        {"placebos": 1},
        {"repeats": 1},
        {"folds": min(plan.folds, 3)},
    ):
        if estimated_seconds(plan, block) <= seconds:
            break
        plan = replace(plan, **cut)
    return plan


def said(whole: Design, cut: Design, text: str) -> str:
    """What was cut, for the certificate's notes; "" where nothing was."""
    parts = [
        f"{getattr(cut, name)} {words} rather than {getattr(whole, name)}"
        for name, words in WORDS.items()
        if getattr(cut, name) != getattr(whole, name)
    ]
    if cut.choose_by != whole.choose_by:
        parts.append("the linear learner chooses what ships and shares out the lift")
    return f"cut to fit a budget of {text}: {', '.join(parts)}; wider intervals for it" if parts else ""
