import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.conflicting_labels import ConflictingLabels


def block(columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    roles = {"y": Role.TARGET, "id": Role.ID}
    schema = Schema(tuple(Column(name, roles.get(name, Role.CATEGORY)) for name in columns), task="classification")
    return Block(np.arange(table.num_rows), table, schema)


def labelled():
    rng = np.random.default_rng(0)
    return {
        "id": [str(at) for at in range(300)],
        "a": [str(v) for v in rng.integers(0, 9999, 300)],
        "b": [str(v) for v in rng.integers(0, 9999, 300)],
        "y": ["好" if v else "坏" for v in rng.integers(0, 2, 300)],
    }


@pytest.mark.parametrize("size", [1, 50, 300])
def test_the_outvoted_label_is_found(size):
    columns = labelled()
    for at in (50, 100, 150, 299):
        columns["a"][at], columns["b"][at], columns["y"][at] = "1", "2", "好"
    columns["y"][150] = "坏"
    whole = block(columns)
    check = ConflictingLabels()
    parts = [whole.take(np.arange(at, min(at + size, 300))) for at in range(0, 300, size)]
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    judged = pa.concat_tables([check.judge(state, part) for part in parts])
    found = judged.to_pylist()
    assert [(f["row"], f["column"], f["value"], f["suggestion"]) for f in found] == [(150, "y", "坏", "好")]
    assert found[0]["confidence"] >= 0.5
    measure = check.measures(state, whole.schema, judged)[0]
    assert (measure.bad, measure.total) == (1, 300)


def test_a_tie_is_only_suspicious():
    columns = labelled()
    for at, label in ((50, "好"), (100, "坏")):
        columns["a"][at], columns["b"][at], columns["y"][at] = "1", "2", label
    whole = block(columns)
    found = ConflictingLabels().judge(ConflictingLabels().learn(whole), whole)
    assert found["row"].to_pylist() == [50, 100]
    assert max(found["confidence"].to_pylist()) < 0.5


def test_inputs_that_say_little_prove_nothing():
    rng = np.random.default_rng(0)
    whole = block({n: [str(v) for v in rng.integers(0, 3, 500)] for n in ("a", "b", "y")})
    found = ConflictingLabels().judge(ConflictingLabels().learn(whole), whole)
    assert max(found["confidence"].to_pylist()) < 0.5
