"""How quick this machine is now, on these records: measured, not assumed."""

from time import perf_counter

import numpy as np

from karat.core.block import Block
from karat.lift.budget import slowness
from karat.lift.procedure import recipe_for
from karat.lift.recipe import HEADLINE, Arm
from karat.prepare.target import read_target

MOST_TIMED = 2_000  # cost: records of the fit that is timed; more tell more of large tables, and take longer


def pace(block: Block, seed: int = 0) -> float:
    """How many times as long as estimated a fit of the proof takes here, at least 1.

    Parameters
    ----------
    block : Block
        Raw records with a target; of many, those with the smallest keys are timed.
    """
    timed = block.take(np.sort(np.argsort(block.keys, kind="stable")[:MOST_TIMED]))
    known = np.flatnonzero(~read_target(timed).missing)
    if not len(known):
        return 1.0
    recipe, seconds = recipe_for(timed, seed=seed), float("inf")
    for _ in range(2):  # the first one may load libraries
        began = perf_counter()
        arm = Arm.of(timed, Block(timed.rows, timed.table, timed.schema))
        recipe.fit(arm, HEADLINE).answers(arm.block, arm.positions)
        seconds = min(seconds, perf_counter() - began)
    return slowness(timed, seconds)
