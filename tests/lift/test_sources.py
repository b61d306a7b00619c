"""A source that misleads is told to be dropped, a sound one is not; what waits for a person has a price."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.refine import Refined
from karat.lift.advice import steps
from karat.lift.certificate import Certificate
from karat.lift.design import Design
from karat.lift.procedure import prepared, prove
from karat.lift.sources import source_values, without_sources
from tests.lift._planted import perfect, records, refiner

QUICK = Design(folds=5, repeats=1, inner_folds=0, placebos=6)


def from_sources(wrong: float) -> Block:
    """Records from three places, one of which gives wrong targets."""
    dirty, clean = records(400, wrong=wrong)
    names = np.array(["甲", "乙", "丙"], object)[np.random.default_rng(1).integers(0, 3, len(dirty))]
    target = pa.array(np.where(names == "丙", dirty.text("y").to_pylist(), clean.text("y").to_pylist()))
    table = clean.table.set_column(3, "y", [target]).append_column("from", pa.array(names.tolist()))
    schema = Schema((*clean.schema, Column("from", Role.SOURCE)), task="classification")
    return Block(clean.rows, table, schema)


def valued(block: Block) -> Certificate:
    """A certificate with its sources valued, without the rest of what ``--full`` measures."""
    made = prove(block, refine=refiner(), plan=QUICK)
    setting, splits = prepared(block, 0, None, None, refiner(), QUICK, None)
    made = replace(made, sources=source_values(setting, [without_sources(setting, pair) for pair in splits.pairs()]))
    return replace(made, next=steps(made, len(block), 10.0))


def test_a_source_of_wrong_labels_is_to_be_dropped_and_only_that_one() -> None:
    found = valued(from_sources(0.9))
    assert {one["slice"]: one["clear"] for one in found.sources} == {
        "from = 甲": False,
        "from = 乙": False,
        "from = 丙": True,
    }
    drop = next(one for one in found.next if one["kind"] == "drop source")
    assert drop["about"] == "from = 丙"
    assert drop["lift"] > 0.05
    assert drop["cost"]["rows"] < 0
    assert drop["cost"]["cpu_seconds_estimated"] > 0
    assert "kwh_estimated" in drop["cost"]


def test_sound_sources_are_left_alone() -> None:
    found = valued(from_sources(0.0))
    assert len(found.sources) == 3
    assert not any(one["kind"] == "drop source" for one in found.next)


def test_what_waits_for_a_person_is_priced_by_taking_its_proposals() -> None:
    dirty, clean = records(300, wrong=0.3)
    known = perfect(clean)

    def waits(block: Block) -> Refined:
        patch = known(block)[1].set_column(5, "check", pa.array(["SuspectLabels"] * known(block)[1].num_rows))
        return replace(refiner()(block), waiting=patch)

    found = prove(dirty, truth=clean, refine=waits, plan=QUICK)
    (step,) = [one for one in found.next if one["kind"] == "mend"]
    assert "suspect labels" in step["action"]
    assert step["lift"] > 0.02
    assert step["low"] < step["lift"] < step["high"]
    wrong = sum(a != b for a, b in zip(dirty.text("y").to_pylist(), clean.text("y").to_pylist(), strict=True))
    assert abs(step["cost"]["rows"] - wrong) < 10
