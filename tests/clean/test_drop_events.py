from karat.clean.drop_events import DropRepeatedEvents, DropRobotEvents
from karat.core.patch import undo
from karat.flow.refine import patched, refine
from karat.quality.accuracy.robot_users import RobotUsers
from karat.quality.consistency.repeated_events import RepeatedEvents
from tests.quality._events import block_of, people, robots

ROWS = people()
SPOILED = [*ROWS, *ROWS[5:15], *robots(3), robots(1)[0]]


def refined():
    block = block_of(SPOILED)
    checks, fixes = [RepeatedEvents(), RobotUsers()], [DropRepeatedEvents(), DropRobotEvents()]
    return block, refine(block, checks=checks, fixes=fixes)


def test_copies_and_robots_go_once_each_and_come_back():
    block, made = refined()
    patches = made.patches
    assert {name: patch.num_rows for name, patch in patches.items()} == {"repeated events": 11, "robots": 240}
    rows = [row for patch in patches.values() for row in patch["row"].to_pylist()]
    assert sorted(rows) == list(range(len(ROWS), len(SPOILED)))
    assert patches["repeated events"]["keeper"].to_pylist()[:10] == list(range(5, 15))
    kept = made.apply()
    assert kept.rows.tolist() == list(range(len(ROWS)))
    import pyarrow as pa

    ledger = pa.concat_tables(list(patches.values()))
    table, rows = undo(kept.table, kept.rows, ledger)
    assert table.equals(block.table)
    assert rows.tolist() == block.rows.tolist()


def test_what_is_less_sure_stays():
    block, made = refined()
    assert DropRobotEvents(min_confidence=1.0).propose(block, made.findings).num_rows == 0
    assert patched(block, DropRepeatedEvents(min_confidence=0.99).propose(block, made.findings)) is block
