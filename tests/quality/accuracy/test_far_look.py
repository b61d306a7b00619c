"""Whom the quick look doubts: all whom the whole look blames, and hardly anybody else."""

import numpy as np
import pytest

from karat.quality.accuracy._conditional import conditional
from karat.quality.accuracy._far_look import FarLook
from karat.quality.accuracy._mechanisms import ScaledRecords, step_of


class Cells:
    """Some records of a block, cell by cell."""

    def __init__(self, block, rows):
        self.block, self.rows, self.size = block, rows, len(rows)

    def texts(self, name):
        return [self.block.text(name)[row].as_py() for row in self.rows]

    def numbers(self, name):
        return self.block.numbers(name)[self.rows].tolist()


@pytest.fixture
def columns():
    """Height, weight and shoe size in steps of a tenth: all sound."""
    rng = np.random.default_rng(5)
    size, sex = rng.normal(0, 1, 600), rng.integers(0, 2, 600)
    return {
        "height": 165 + 12 * sex + 5 * size + rng.normal(0, 1, 600),
        "weight": np.exp(4.2 + 0.15 * size + rng.normal(0, 0.03, 600)),
        "shoe": np.round(39 + 3 * sex + size, 1),
        "sex": np.array(["f", "m"])[sex],
    }


@pytest.fixture
def look(make_block, columns):
    block = make_block({name: [str(value) for value in values] for name, values in columns.items()})
    model = conditional(block, block.schema)
    return model, FarLook(model, {name: step_of(block.numbers(name)) for name in model.names}), block


@pytest.fixture
def bodies(make_block, columns):
    """The same with slips, an exchange, a gap and a number below zero."""
    columns["height"][21] /= 100
    columns["shoe"][30] *= 2.54
    columns["height"][40], columns["weight"][40] = columns["weight"][40], columns["height"][40]
    columns["shoe"][100:140] += np.linspace(0.03, 2.37, 40)
    columns["weight"][60] = -3
    cells = {name: [str(value) for value in values] for name, values in columns.items()}
    cells["height"][50] = None
    return make_block(cells)


def test_all_whom_the_whole_look_blames_are_doubted(bodies, look):
    model, quick, sound = look
    blamed = {blame.at for blame in ScaledRecords.of(model, bodies, sound).blamed()}
    doubted = quick.doubted(Cells(bodies, range(600)))
    assert {21, 40} <= blamed <= set(doubted)
    assert len(doubted) < 100
    assert doubted == sorted(doubted)


def test_a_record_alone_is_doubted_as_it_is_among_others(bodies, look):
    _, quick, _ = look
    doubted = set(quick.doubted(Cells(bodies, range(600))))
    assert {row for row in range(600) if quick.doubted(Cells(bodies, [row]))} == doubted


def test_a_number_off_its_columns_step_is_doubted_from_nearer(bodies, look):
    model, quick, _ = look
    assert quick.steps[model.names.index("shoe")] == 0.1
    stepless = FarLook(model, dict.fromkeys(model.names, 0.0))
    assert set(stepless.doubted(Cells(bodies, range(600)))) < set(quick.doubted(Cells(bodies, range(600))))


def test_records_that_are_as_expected_are_not_looked_at_twice(bodies, look):
    _, quick, _ = look
    usual = [row for row in range(600) if not quick.doubted(Cells(bodies, [row]))]
    assert quick.doubted(Cells(bodies, usual)) == []
