"""What units give back keeps its promises: readings, fitted transforms, models."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema

SCHEMA = Schema(
    (Column("size", Role.NUMBER, "float64"), Column("colour", Role.CATEGORY), Column("y", Role.TARGET)),
    task="classification",
)


@pytest.fixture(scope="module")
def block():
    sizes = [None if at % 10 == 0 else str(at) for at in range(60)]
    columns = {"size": sizes, "colour": ["red", "blue", None] * 20, "y": ["no"] * 30 + ["yes"] * 30}
    return Block(
        np.arange(60), pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}), SCHEMA
    )


def test_a_reading_names_its_columns_and_its_quarantine_is_whole_at_the_end(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,x\n2\n3,,z,z\n4,\n", "utf-8")
    reading = units("source")["DelimitedText"]().read(path)
    rows = pa.Table.from_batches(list(reading.batches()))
    assert reading.names == ("a", "b") == tuple(rows.column_names)
    assert all(field.type == pa.string() for field in rows.schema)
    assert "1" in rows["a"].to_pylist()
    assert all(isinstance(line, dict) for line in reading.quarantine)
    assert rows.num_rows + len(reading.quarantine) == 4


@pytest.mark.parametrize("way", ["linear", "trees"])
@pytest.mark.parametrize("name", ["size", "colour"])
def test_a_fitted_transform_has_a_name_for_each_of_its_features(block, name, way):
    transforms = [unit.of(SCHEMA[name], SCHEMA, way) for unit in units("transform").values()]
    fitted = [transform.fit(block, np.arange(40)) for transform in transforms if transform]
    assert fitted
    for part in fitted:
        features = part.apply(block, np.array([5, 50]))
        dense = features.toarray() if getattr(part, "sparse", False) else features
        assert dense.shape == (2, part.width)
        assert len(part.names) == part.width
        assert dense.dtype == np.float32
        np.testing.assert_array_equal(dense, _dense(part, part.apply(block))[[5, 50]])


def _dense(part, features):
    return features.toarray() if getattr(part, "sparse", False) else features


def test_a_model_gives_probabilities_and_what_it_cost(block):
    chance = np.random.default_rng(0)
    target = np.repeat([0, 1, 2], 20)
    features = (target[:, None] + chance.normal(0, 0.1, (60, 2))).astype(np.float32)
    learner = units("learner")["Linear"]()
    model = learner.fit(features, target, 0)
    answers = model.predict(features[:5])
    assert answers.shape == (5, 3)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-6)
    assert set(model.cost) >= {"seconds", "cpu_seconds", "peak_memory_bytes"}
    assert all(value >= 0 for value in model.cost.values())
