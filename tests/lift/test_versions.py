"""Two given versions: pairing, what is seen, what is said, and nothing for nothing."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.lift.certificate import schema
from karat.lift.design import Design
from karat.lift.versions import SEEN, compare
from tests.lift._planted import records

QUICK = Design(folds=3, repeats=2, placebos=6)


def with_rows(block: Block) -> Block:
    table = block.table.append_column("_row", pa.array(block.rows).cast(pa.string()))
    return Block(np.arange(len(block)), table, Schema((*block.schema, Column("_row", Role.ID)), task=block.schema.task))


def test_the_better_version_is_worth_it_and_its_column_gets_the_share() -> None:
    dirty, clean = records(300, wrong=0.3)
    found = compare(dirty, clean, truth=clean, plan=QUICK)
    assert (found.protocol, found.verdict) == ("versions", "worth it")
    assert [c.family for c in found.contributions] == ["column y"]
    assert SEEN in found.notes
    jsonschema.validate(json.loads(json.dumps(found.to_json(), allow_nan=False)), schema())


def test_the_worse_version_is_harm() -> None:
    dirty, clean = records(300, wrong=0.4)
    assert compare(clean, dirty, plan=QUICK).verdict == "harm"


def test_the_same_version_is_exactly_nothing() -> None:
    dirty, _ = records(120)
    found = compare(dirty, dirty, plan=QUICK)
    assert (found.lift, found.low, found.high, found.verdict) == (0.0, 0.0, 0.0, "nothing changed")


def test_dropped_records_stay_in_the_test_and_added_ones_only_train() -> None:
    block, _ = records(240)
    before = block.take(np.arange(160))
    after = block.take(np.arange(20, 240))
    found = compare(with_rows(before), with_rows(after), plan=QUICK)
    assert sum(fold["test"] for fold in found.folds) == 160 * QUICK.repeats
    assert {c.family for c in found.contributions} == {"records dropped", "records added"}
    assert sum(c.lift for c in found.contributions) == pytest.approx(found.lift)


def test_what_cannot_be_paired_is_refused() -> None:
    block, _ = records(60)
    table = pa.table({name: pa.array([f"{name} {at}" for at in range(50)]) for name in block.table.column_names})
    with pytest.raises(InputError, match="cannot be paired"):
        compare(block, Block(np.arange(50), table, block.schema), plan=QUICK)
    with pytest.raises(InputError, match="key"):
        compare(block, block.take(np.arange(50)), key="place", plan=QUICK)
    fewer = Block(
        block.rows, block.table.drop_columns(["place"]), Schema(tuple(c for c in block.schema if c.name != "place"))
    )
    with pytest.raises(InputError, match="place"):
        compare(block, fewer, plan=QUICK)


def test_unpaired_with_a_test_of_its_own() -> None:
    dirty, _ = records(200, seed=1, wrong=0.4)
    _, clean = records(200, seed=2)
    test, _ = records(200, seed=3)
    assert compare(dirty, clean, test=test, plan=Design(folds=5, repeats=3)).verdict == "worth it"
    assert (
        compare(clean, records(200, seed=4)[0], test=test, plan=Design(folds=5, repeats=3)).verdict == "no effect seen"
    )


def test_a_shared_cache_never_answers_for_another_version(tmp_path: Path) -> None:
    dirty, clean = records(120, wrong=0.3)
    compare(dirty, dirty, plan=QUICK, cache=tmp_path)
    found = compare(dirty, clean, plan=QUICK, cache=tmp_path)
    assert found.folds == compare(dirty, clean, plan=QUICK).folds
    assert found.lift != 0.0


def test_columns_that_only_the_newer_version_has_are_reported() -> None:
    block, _ = records(120)
    more = block.table.append_column("extra", pa.array(["1"] * 120))
    found = compare(block, Block(block.rows, more, block.schema), plan=QUICK)
    assert any(note.endswith("columns that only B has are not used: extra") for note in found.notes)
    assert found.verdict == "nothing changed"


def test_the_same_files_in_another_order_give_the_same_certificate() -> None:
    dirty, clean = records(200, wrong=0.3)
    first = compare(dirty, clean, plan=QUICK)
    order = np.random.default_rng(6).permutation(len(dirty))
    names = dirty.schema.names[::-1]
    schema = Schema(tuple(dirty.schema[name] for name in names), task=dirty.schema.task)
    mixed = [Block(np.arange(len(x)), x.table.select(list(names)).take(order), schema) for x in (dirty, clean)]
    again = compare(*mixed, plan=QUICK)
    assert [fold["scores"] for fold in again.folds] == [fold["scores"] for fold in first.folds]
    assert (again.lift, again.low, again.high) == (first.lift, first.low, first.high)


def test_records_only_in_the_newer_version_come_after_in_any_order() -> None:
    block, _ = records(240)
    before, after = with_rows(block.take(np.arange(160))), with_rows(block.take(np.arange(20, 240)))
    first = compare(before, after, plan=QUICK)
    again = compare(before.take(np.arange(160)[::-1]), after.take(np.arange(220)[::-1]), plan=QUICK)
    assert again.lift == pytest.approx(first.lift, abs=1e-9)
