import numpy as np
import pytest

from karat.core.block import Block
from karat.quality.timeliness.impossible_times import ImpossibleTimes
from tests.quality._events import block_of, judged, people


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (0, "a clock that was never set"),
        (-400_000_000, "before 1970"),
        (9_000_000_000, "has not come yet"),
        (1_900_000_000, "lies after all others"),
        (400_000_000, "lies before all others"),
    ],
)
def test_planted_times_are_found_and_no_others(time, said):
    rows = people()
    rows[17] = (*rows[17][:3], time)
    block = block_of(rows)
    block = Block(block.rows, block.table, block.schema, {"now": np.datetime64("2040-01-01", "us")})
    found, _ = judged(ImpossibleTimes(), block)
    assert [(one["row"], one["column"], one["value"]) for one in found] == [(17, "time", str(time))]
    assert said in found[0]["message"]


def test_a_time_within_the_others_may_still_be_to_come():
    block = block_of(people())
    held = Block(block.rows, block.table, block.schema, {"now": np.datetime64("2021-01-01", "us")})
    found, _ = judged(ImpossibleTimes(), held)
    late = (block.times("time") > np.datetime64("2021-01-02", "us")).sum()
    assert len(found) == late > 0


def test_old_data_of_the_seventies_is_no_unset_clock():
    assert not judged(
        ImpossibleTimes(), block_of([(u, i, r, 3_600 * at) for at, (u, i, r, _) in enumerate(people(users=9))][:20])
    )[0]
