import numpy as np
import pytest

from karat.core.schema import Role
from karat.quality.timeliness.shifted_population import ShiftedPopulation


@pytest.mark.parametrize("moves", [True, False])
def test_columns_that_moved_between_the_halves(make, hourly, moves):
    random = np.random.default_rng(0)
    late = np.arange(2_000) >= 1_000
    columns = {
        "t": hourly(2_000),
        "debt": [f"{v:.2f}" for v in random.normal(1.0 * (late & moves), 1)],
        "town": [("成都" if moves and held else "Lyon") if random.random() < 0.6 else "Graz" for held in late],
        "still": [f"{v:.2f}" for v in random.normal(size=2_000)],
    }
    block = make(columns, t=Role.TIME, debt=Role.NUMBER, town=Role.CATEGORY, still=Role.NUMBER)
    check = ShiftedPopulation()
    found = check.conclude(check.learn(block), block.schema)
    assert found["column"].to_pylist() == (["debt", "town"] if moves else [])
    assert set(found["row"].to_pylist()) <= {None}


def test_too_few_records_say_nothing(make, hourly):
    block = make({"t": hourly(60), "x": [str(k) for k in range(60)]}, t=Role.TIME, x=Role.NUMBER)
    check = ShiftedPopulation()
    assert check.conclude(check.learn(block), block.schema).num_rows == 0
