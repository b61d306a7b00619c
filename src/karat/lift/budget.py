"""A proof cut to fit a time: fewer repeats, coalitions and folds, by an estimate that is the same on every machine.

A fit is priced by the size of the data, as measured on a common machine, and so is the rest of a run: the plan is
the same everywhere. On a slower machine repeats are left out besides (``karat.lift.folds.run_until``), which the
certificate says: a budget is kept, and then the number of repeats follows from the clock.
"""

import re
from dataclasses import replace

from karat.core.block import Block
from karat.core.errors import OptionError
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
# benchmarks/learners.md: CPU seconds of runs with --budget 1s, without the proof, by two
BEFORE_SECONDS, BEFORE_CELL_SECONDS = 3.0, 2e-5  # reading, finding, mending: at first, and for each cell
AFTER_SECONDS, AFTER_CELL_SECONDS = 2.5, 4e-5  # the learners beside each other, what ships, the report
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}  # definition: seconds of each
WORDS = {
    "folds": "folds",
    "repeats": "repeats",
    "inner_folds": "inner folds",
    "placebos": "placebos",
    "exact_players": "families with exact shares",
    "weigh_folds": "folds that weigh labels",
}


def seconds_of(text: str) -> float:
    """Seconds of a time as users write it: ``90s``, ``5m``, ``1h``, or a number of seconds.

    Raises
    ------
    OptionError
        For anything else.

    >>> seconds_of("5m")
    300.0
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*", text.lower())
    if match is None or not float(match[1]):
        raise OptionError(f"--budget {text!r} is not a time", "Write a number and its unit, such as 90s, 5m or 1h")
    return float(match[1]) * UNITS[match[2]]


def estimated_seconds(plan: Design, block: Block) -> float:
    """What a proof by this plan takes on two cores, about."""
    one_fit = FIT_SECONDS + CELL_SECONDS * cells_of(block)
    choosing = STATES * max(0, plan.inner_folds - 1) * (CONFIRMED if plan.choose_by == "fragile" else 1.0)
    sharing = ((1 << plan.exact_players) - 2) * (QUICKER if plan.share_by == "fragile" else 1.0)
    weighing = plan.weigh_folds * (1 + plan.inner_folds)
    fits = plan.repeats * (choosing + weighing + OTHER_FITS + sharing)
    fits += plan.placebos if plan.placebos > 1 else plan.repeats
    return float(plan.folds * fits * one_fit / CORES)


def seconds_before(block: Block) -> float:
    """What a run takes before the proof, about."""
    return BEFORE_SECONDS + BEFORE_CELL_SECONDS * cells_of(block)


def seconds_after(block: Block) -> float:
    """What a run takes behind the proof, about."""
    return AFTER_SECONDS + AFTER_CELL_SECONDS * cells_of(block)


def seconds_for_proof(block: Block, seconds: float) -> float:
    """What is left for the proof of a run that is to end within so many seconds; never below 0."""
    return max(0.0, seconds - seconds_before(block) - seconds_after(block))


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
