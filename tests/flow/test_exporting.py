"""A version taken along; the user's own column _row has its name again."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.flow.collecting import INPUT_ROW
from karat.flow.exporting import exported
from karat.store.versions import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "run" / "store")
    table = pa.table({INPUT_ROW: ["x", "y"], "a": ["1", None]})
    store.commit(table, np.array([0, 5]), parent=None, label="raw", meta={})
    return store


def test_a_version_is_written_with_its_record_numbers(store: Store, tmp_path: Path) -> None:
    place = exported(store, tmp_path / "run", 1, tmp_path / "to")
    table = pq.read_table(place / "data.parquet")
    assert table.column_names == ["_row", INPUT_ROW, "a"]
    assert table["_row"].to_pylist() == [0, 5]


@pytest.mark.parametrize(("reading", "own"), [({"row_column": {}}, True), ({}, False)])
def test_a_column_of_that_name_in_the_input_takes_it_back(
    store: Store, tmp_path: Path, reading: dict, own: bool
) -> None:
    (tmp_path / "run" / "run.json").write_text(json.dumps({"reading": reading}), encoding="utf-8")
    table = pq.read_table(exported(store, tmp_path / "run", "raw", tmp_path / "to") / "data.parquet")
    assert table.column_names == (["_row", "a"] if own else ["_row", INPUT_ROW, "a"])
    assert table["_row"].to_pylist() == (["x", "y"] if own else [0, 5])


def test_an_unknown_version_and_a_full_folder_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OptionError):
        exported(store, tmp_path / "run", 9, tmp_path / "to")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(OptionError):
        exported(store, tmp_path / "run", 1, tmp_path / "full")


def test_labels_are_weighed_by_how_probable_they_are(tmp_path: Path) -> None:
    import karat
    from karat.cli.store_commands import _store

    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 240)
    turned = rng.random(240) < 0.1
    given = np.array(["no", "yes"])[np.where(turned, 1 - truth, truth)]
    data = pa.table({"x": truth * 3 + rng.normal(0, 1, 240), "z": rng.normal(0, 1, 240), "y": given})
    run = tmp_path / "run"
    karat.clean(data, "y", out=run)
    place = exported(_store(run), run, 1, tmp_path / "to", weigh=True)
    table = pq.read_table(place / "data.parquet")
    weights = table["_weight"].to_numpy()
    assert table.num_rows == 240
    assert weights[turned].mean() < 0.7 * weights[~turned].mean()
    karat.clean(data.drop_columns("y"), out=tmp_path / "bare")
    with pytest.raises(OptionError, match="--weigh-labels needs classes"):
        exported(_store(tmp_path / "bare"), tmp_path / "bare", 1, tmp_path / "no", weigh=True)
    assert not (tmp_path / "no").exists()
