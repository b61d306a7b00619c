"""Labels that are probably wrong count less; nothing is weighed where nothing speaks against the labels."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role
from karat.flow.weighing import NO_WEIGHTS, LabelWeights, weighable, weighed_labels, weights_for
from karat.lift.pairing import unit_weights
from tests.lift._planted import records


@pytest.fixture(scope="module")
def planted():
    dirty, clean = records(600, wrong=0.15)
    wrong = np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist())
    return dirty, wrong, weighed_labels(dirty, folds=3)


def test_wrong_labels_count_less_and_classes_keep_their_totals(planted):
    dirty, wrong, learned = planted
    weights = learned.of(dirty.rows)
    assert weights[wrong].mean() < 0.5 * weights[~wrong].mean()
    for label in ("0", "1"):
        here = np.array(dirty.text("y").to_pylist()) == label
        assert weights[here].sum() == pytest.approx(here.sum())


def test_tempered_weights_differ_less_and_keep_the_totals(planted):
    _, _, learned = planted
    mild = learned.tempered(0.5)
    assert mild.weights.std() < learned.weights.std()
    for label in (0, 1):
        assert mild.weights[learned.labels == label].sum() == pytest.approx((learned.labels == label).sum())
    assert learned.tempered(1) is learned


def test_the_order_of_records_and_columns_does_not_matter(planted):
    dirty, _, learned = planted
    order = np.random.default_rng(3).permutation(len(dirty))
    names = list(reversed(dirty.table.column_names))
    columns = tuple(dirty.schema[name] for name in names)
    mixed = Block(
        np.arange(len(dirty)), dirty.table.select(names).take(pa.array(order)), replace(dirty.schema, columns=columns)
    )
    again = weighed_labels(mixed, folds=3).of(mixed.rows)
    assert np.array_equal(again, learned.of(dirty.rows)[order])


def test_labels_drawn_by_chance_or_too_few_are_not_weighed():
    block, _ = records(300)
    chance = pa.array([str(v) for v in np.random.default_rng(0).integers(0, 2, 300)])
    at = block.table.schema.get_field_index("y")
    drawn = Block(block.rows, block.table.set_column(at, "y", chance), block.schema)
    assert not len(weighed_labels(drawn, folds=3).rows)
    assert not len(weighed_labels(block.take(np.arange(60)), folds=3).rows)


def test_where_labels_can_be_weighed():
    block, _ = records(120)
    numbers, _ = records(120, task="regression")
    bound = replace(block.schema["first"], monotone=1)
    assert weighable(block)
    assert not weighable(numbers)
    assert not weighable(unit_weights(block))
    assert not weighable(Block(block.rows, block.table, block.schema.replacing(bound)))


def test_files(tmp_path, planted):
    dirty, _, learned = planted
    learned.save(tmp_path)
    back = LabelWeights.load(tmp_path)
    assert np.array_equal(back.of(dirty.rows), learned.of(dirty.rows))
    data = tmp_path / "data.parquet"
    pq.write_table(pa.table({"_row": [5, 7, 10_000], "x": ["a", "b", "c"]}), data)
    back.put(data)
    assert pq.read_table(data)["_weight"].to_pylist() == [*learned.of(np.array([5, 7])).tolist(), 1.0]
    assert learned.summary() == {"labels": 600, "doubted": int((learned.weights < 0.5).sum())}
    assert LabelWeights.load(tmp_path / "nowhere").summary() == {}
    pq.write_table(pa.table({"_row": [1]}), data)
    NO_WEIGHTS.put(data)
    assert pq.read_table(data).column_names == ["_row"]


def test_weights_of_the_data_come_before_learned_ones(planted):
    dirty, _, learned = planted
    at = np.array([3, 4])
    assert weights_for(dirty, at, NO_WEIGHTS) is None
    assert np.array_equal(weights_for(dirty, at, learned), learned.of(dirty.rows[at]))
    own = dirty.table.append_column("_weight", pa.array(["2"] * len(dirty)))
    column = Column("_weight", Role.IGNORE, "float64")
    given = Block(dirty.rows, own, replace(dirty.schema, columns=(*dirty.schema.columns, column)))
    assert weights_for(given, at, learned).tolist() == [2.0, 2.0]


def test_a_run_ships_weights_with_the_data_and_the_model_and_takes_them_back(tmp_path):
    import karat
    from karat.flow.versions import restored

    dirty, clean = records(500, seed=2, wrong=0.2)
    run = karat.run(dirty.table, "y", out=tmp_path / "run", folds=2, repeats=1, workers=1, seed=0)
    weighed = json.loads((tmp_path / "run" / "run.json").read_text())["rooms"]["clean"]["weighed"]
    data = pq.read_table(tmp_path / "run" / "data.parquet")
    wrong = np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist())
    weights = data["_weight"].to_numpy()
    assert weighed["labels"] == len(dirty)
    assert weights[wrong].mean() < 0.7 * weights[~wrong].mean()
    assert [share.family for share in run.lift.contributions] == ["label weights"]
    assert "label weights" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8").lower()
    assert (tmp_path / "run" / "model" / "model.onnx").exists()
    assert data.drop_columns(["_row", "_weight"]).column_names == dirty.table.column_names
    restored(tmp_path / "run", 1)
    assert "_weight" not in pq.read_table(tmp_path / "run" / "data.parquet").column_names


def test_labels_that_the_models_doubt_no_more_than_right_ones_are_not_weighed():
    _, clean = records(500, wrong=0.0)
    assert not len(weighed_labels(clean).rows)
