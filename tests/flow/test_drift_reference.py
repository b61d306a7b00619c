"""What drift is measured against: answers by models that have not seen the record, and the window's cells in its place."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.flow.drift_reference import DriftReference, as_window, view
from tests.flow.drift_data import SCHEMA, records


def test_every_record_is_answered_by_a_model_that_has_not_seen_it():
    block = records(400, 0)
    noise = Block(block.rows, block.table.set_column(3, "y", pa.array(np.random.default_rng(1).permutation(block.table["y"].to_pylist()))), SCHEMA)  # fmt: skip
    reference = DriftReference.of(noise)
    assert reference.own_losses.mean() > 0.22  # nothing can be learned, and nothing was learned by heart
    assert DriftReference.of(block).own_losses.mean() < 0.15


def test_records_without_a_target_are_left_out():
    block = records(300, 0)
    labels = pa.array([None if at % 3 == 0 else text for at, text in enumerate(block.table["y"].to_pylist())])
    reference = DriftReference.of(Block(block.rows, block.table.set_column(3, "y", labels), SCHEMA))
    assert len(reference.block) == len(reference.truth) == 200


def test_cells_of_the_window_take_the_place_of_own_ones():
    reference, window = DriftReference.of(records(100, 0)), records(50, 1)
    chosen = np.where(np.arange(100) < 10, 7, -1)
    mixed = reference.with_cells(window, {"z": chosen}).table["z"].to_pylist()
    assert mixed[:10] == [window.table["z"][7].as_py()] * 10
    assert mixed[10:] == reference.block.table["z"].to_pylist()[10:]


def test_columns_that_a_window_lacks_are_blank():
    window = as_window(Block(np.arange(2), pa.table({"z": [1.5, 2.0]}), SCHEMA), SCHEMA)
    assert window.table["x"].null_count == 2
    assert view(window, SCHEMA["z"]).tolist() == [1.5, 2.0]
    assert view(window, SCHEMA["city"]).tolist() == ["", ""]


def test_a_run_without_a_column_to_measure_is_an_error():
    schema = Schema((Column("note", Role.IGNORE),))
    with pytest.raises(InputError, match="no column whose drift"):
        DriftReference.of(Block(np.arange(2), pa.table({"note": ["a", "b"]}), schema))
