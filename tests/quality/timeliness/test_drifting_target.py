import numpy as np
import pytest

from karat.core.schema import Role
from karat.quality.timeliness.drifting_target import DriftingTarget


@pytest.mark.parametrize("drifts", [True, False])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_drift_is_told_from_chance(make, hourly, drifts, task):
    rng = np.random.default_rng(3)
    age = np.linspace(0, 1, 2000) if drifts else np.zeros(2000)
    target = (rng.random(2000) < 0.2 + 0.6 * age).astype(int) if task == "classification" else rng.normal(age * 3, 1)
    block = make({"t": hourly(2000), "y": [str(v) for v in target]}, task=task, t=Role.TIME, y=Role.TARGET)
    check = DriftingTarget()
    state = check.learn(block)
    told = check.conclude(state, block.schema).to_pylist()
    assert [(f["row"], f["column"]) for f in told] == ([(None, "y")] if drifts else [])
    assert (check.measures(state, block.schema, None)[0].bad > 0) == drifts
