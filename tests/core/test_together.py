import random

import numpy as np
import pyarrow as pa
import pytest

from karat.core import together
from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema
from karat.core.together import Place, Together, short

COLUMNS = 90
TEXTS = [
    None,
    "a",
    "b ",
    "ä",
    "n/a",
    "-999",
    "1,5",
    "+3",
    "2021-03-04",
    " 2021-03-04T10:00:01.5",
    "03/04/2021",
    "1e3",
    "",
]
WAYS = (
    {"type": "float64", "role": Role.NUMBER, "nulls": ("-999",)},
    {"type": "float64", "role": Role.NUMBER, "decimal": ","},
    {"type": "timestamp", "role": Role.TIME, "nulls": ("2021-03-04",)},
    {"type": "timestamp", "role": Role.TIME, "format": "%d/%m/%Y"},
    {"role": Role.CATEGORY, "nulls": ("n/a",)},
)


def wide(records, more=()):
    rng = random.Random(records)
    names = [f"c{at}" for at in range(COLUMNS)]
    table = pa.table({name: pa.array(rng.choices([*TEXTS, *more], k=records), pa.string()) for name in names})
    schema = Schema(tuple(Column(name, **{"role": Role.TEXT, **WAYS[at % len(WAYS)]}) for at, name in enumerate(names)))
    return Block(np.arange(records), table, schema)


@pytest.mark.parametrize("records", [1, 3, 60])
@pytest.mark.parametrize("more", [(), ("2021-03-04T10:00Z",), ("2021-02-30",)], ids=["plain", "zone", "no day"])
def test_asked_together_columns_say_what_they_say_alone(monkeypatch, records, more):
    beside, alone = wide(records, more), wide(records, more)
    counts = ValueCounts.of(beside)
    views = {name: (beside.coded(name), beside.numbers(name), beside.times(name)) for name in beside.schema.names}
    assert all(beside.place(name) is not None for name in views)
    monkeypatch.setattr(together, "FEW", COLUMNS + 1)
    others = ValueCounts.of(alone)
    for name, ((codes, texts), numbers, times) in views.items():
        assert alone.place(name) is None
        assert np.array_equal(codes, alone.coded(name)[0])
        assert texts.equals(alone.coded(name)[1])
        assert np.array_equal(numbers, alone.numbers(name), equal_nan=True)
        assert np.array_equal(times, alone.times(name), equal_nan=True)
        assert np.array_equal(beside.missing(name), alone.missing(name))
        mine, theirs = counts.columns[name], others.columns[name]
        assert mine.place is not None
        assert theirs.place is None
        assert mine.met.equals(theirs.met)
        assert mine.texts.equals(theirs.texts)
        assert np.array_equal(mine.counts, theirs.counts)
        assert np.array_equal(mine.hashes, theirs.hashes)
        assert np.array_equal(mine.matching("[0-9]"), theirs.matching("[0-9]"))
        assert theirs.shows("never there")
        assert mine.shows("[0-9]") == bool(theirs.matching("[0-9]").any())


def test_what_is_asked_of_one_is_asked_of_all_once():
    whole = Together.of([pa.array(["a", "1"]), pa.array([], pa.string()), pa.array(["2"])])
    asked = []

    def digits(texts):
        asked.append(len(texts))
        return np.array([text.isdigit() for text in texts.to_pylist()])

    answers = [Place(whole, at).answers("digits", digits).tolist() for at in range(3)]
    assert answers == [[False, True], [], [True]]
    assert asked == [3]
    assert whole.shown("[0-9]").tolist() == [True, False, True]
    assert Place(whole, 0).numbers(".", "").tolist()[1] == 1.0


def test_few_columns_and_long_ones_stand_alone():
    brief, long = pa.array(["a"]), pa.array(["x" * together.SHORT_BYTES])
    many = pa.array([str(number) for number in range(together.SHORT + 1)])
    assert short([brief] * (together.FEW - 1)) == []
    assert short([long, many, *[brief] * together.FEW]) == list(range(2, together.FEW + 2))
