import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.biased_labels import LabelRateBySource


@pytest.mark.parametrize("biased", [True, False])
def test_a_source_that_labels_otherwise_is_named(biased):
    rng = np.random.default_rng(0)
    source = rng.choice(["甲", "乙", "丙"], 900)
    rate = np.where((source == "丙") & biased, 0.7, 0.3)
    label = (rng.random(900) < rate).astype(int).astype(str)
    schema = Schema((Column("s", Role.SOURCE), Column("y", Role.TARGET)), task="classification")
    block = Block(np.arange(900), pa.table({"s": source.tolist(), "y": label.tolist()}), schema)
    check = LabelRateBySource()
    state = check.learn(block)
    told = check.conclude(state, schema).to_pylist()
    assert "丙" in [f["value"] for f in told] if biased else told == []
    measure = check.measures(state, schema, None)[0]
    assert (measure.bad > 0) == biased
    assert measure.total == 900
