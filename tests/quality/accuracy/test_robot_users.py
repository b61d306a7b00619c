import numpy as np
import pytest

from karat.quality.accuracy.robot_users import RobotUsers
from tests.quality._events import block_of, judged, people, robots, shuffled


@pytest.mark.parametrize("regular", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_planted_robots_are_found_and_people_are_not(regular, seed):
    rows, _ = shuffled(people(seed=seed) + robots(seed=seed + 10, regular=regular))
    found, learned = judged(RobotUsers(), block_of(rows))
    sure = {one["row"] for one in found if one["confidence"] >= 0.8}
    planted = {at for at, row in enumerate(rows) if row[0].startswith("r")}
    assert sure == planted
    assert len([one for one in found if one["confidence"] < 0.5]) <= 3
    assert (
        learned.checks["RobotUsers"].measures(learned.states["RobotUsers"], block_of(rows).schema, _table(found))[0].bad
    )


def _table(found):
    import pyarrow as pa

    from karat.core.finding import FINDINGS

    return pa.Table.from_pylist(found, schema=FINDINGS)


def test_the_words_name_the_signs_in_full():
    found, _ = judged(RobotUsers(), block_of(people() + robots(1)))
    said = next(one["message"] for one in found if one["confidence"] >= 0.8)
    assert said.startswith("user 'r0': ")
    assert "100 % of the ratings the same" in said
    assert "equally long" in said
    assert "of 151 users show no such sign" in said


def test_people_alone_are_people():
    found, _ = judged(RobotUsers(), block_of(people(users=300, seed=9)))
    assert not [one for one in found if one["confidence"] >= 0.5]


def test_next_to_nothing_breaks_nothing():
    for rows in ([("a", "x", 1, 1)], [(None, None, None, None)] * 3, people(users=1)):
        assert not [one for one in judged(RobotUsers(), block_of(rows))[0] if one["confidence"] >= 0.5]


def test_one_sign_is_told_once_below_half():
    rows = people() + [("x", item, 5, time) for _, item, _, time in people(users=1, seed=4)]
    mine = [one for one in judged(RobotUsers(), block_of(rows))[0] if one["value"] == "x"]
    assert [one["confidence"] for one in mine] == [0.3]
    assert mine[0]["row"] == int(np.argmax([row[0] == "x" for row in rows]))
