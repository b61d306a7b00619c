"""More records of a slice: small ones are priced first, and halving one that matters is seen."""

import numpy as np

from karat.lift.arms import known_target
from karat.lift.design import Design
from karat.lift.fold import Setting
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import recipe_for
from karat.lift.slice_curves import MAX_PRICED, priced, slice_forecasts, sliced
from karat.lift.slices import slices
from karat.prepare.splits import plan_splits
from tests.lift._planted import records


def setting(count: int = 240) -> Setting:
    _, clean = records(count)
    return Setting(
        clean,
        recipe_for(clean),
        Design(folds=3, repeats=1, placebos=1),
        VersionChanges({}),
        known_target(clean),
        slices(clean),
    )


def test_the_smallest_slices_are_priced_and_halving_leaves_the_rest() -> None:
    made = setting()
    sizes = [int(one.mask.sum()) for one in priced(made)]
    assert len(sizes) == MAX_PRICED
    assert sizes == sorted(int(one.mask.sum()) for one in made.slices)[:MAX_PRICED]
    folds = [sliced(made, pair) for pair in plan_splits(made.block, repeats=1, folds=3).pairs()]
    assert all(set(fold["halved"]) == {one.name for one in priced(made)} for fold in folds)
    found = slice_forecasts(made, folds)
    assert all(one["low"] < one["lift"] < one["high"] for one in found)


def test_a_slice_whose_loss_hurts_promises_more() -> None:
    made = setting()
    names = [one.name for one in priced(made)]
    folds = [
        {"train": 80, "test": 20, "raw": 0.8, "halved": {names[0]: 0.7 + e, names[1]: 0.8 + e, names[2]: 0.8}}
        for e in np.linspace(-0.005, 0.005, 5)
    ]
    lift = {one["slice"]: one["lift"] for one in slice_forecasts(made, folds)}
    assert 0.06 < lift[names[0]] < 0.08
    assert abs(lift[names[1]]) < 0.001
    assert lift[names[2]] == 0
