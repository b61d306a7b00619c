import numpy as np

from karat.core.schema import Column, Role, Schema
from karat.quality.timeliness.leaked_future import LeakedFuture
from tests.quality._events import SCHEMA, block_of, judged, people


def with_split(by_time):
    rows = sorted(people(), key=lambda row: row[3])
    chance = np.random.default_rng(0)
    late = np.arange(len(rows)) >= 0.8 * len(rows) if by_time else chance.random(len(rows)) < 0.2
    schema = Schema((*SCHEMA.columns, Column("fold", Role.CATEGORY)), kind="interactions")
    return block_of([(*row, "测试" if held else "训练") for row, held in zip(rows, late, strict=True)], schema)


def test_a_random_split_leaks_and_a_split_by_time_does_not():
    found, _ = judged(LeakedFuture(), with_split(by_time=False))
    assert [(one["row"], one["column"]) for one in found] == [(None, "fold")]
    assert "split by time" in found[0]["message"]
    assert not judged(LeakedFuture(), with_split(by_time=True))[0]


def test_events_before_the_release_are_found():
    schema = Schema((*SCHEMA.columns, Column("release_year", Role.NUMBER, "int64")), kind="interactions")
    rows = [(*row, 2019) for row in people(users=20)]
    rows[4] = (*rows[4][:4], 2024)
    rows[9] = (*rows[9][:4], None)
    found, _ = judged(LeakedFuture(), block_of(rows, schema))
    assert [(one["row"], one["column"]) for one in found] == [(4, "time")]


def test_neither_split_nor_release_does_not_apply():
    assert "no column of splits" in LeakedFuture().applies(SCHEMA).reason
