"""The guard stops what would take an outsized share, and nothing else."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat import kinds
from karat.core.block import Block
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.flow.folder import write_json
from karat.flow.guard import Guard, Limits, Stop, stopped_in, without
from karat.flow.settings import made_settings

N = 1000
SCHEMA = Schema((Column("city", Role.CATEGORY), Column("shop", Role.SOURCE)))
BLOCK = Block(
    np.arange(N),
    pa.table({"city": ["Rome"] * N, "shop": ["web"] * 900 + ["till"] * 100}),
    SCHEMA,
)


def edits(count, confidence=1.0, **more):
    return changes(
        count, row=np.arange(count), column="city", action="set", after="Roma", check="X", confidence=confidence, **more
    )


def drops(rows, **more):
    return changes(len(rows), row=np.array(rows), action="drop", check="Y", confidence=1.0, **more)


def stops(patch, allowed=(), limits=None, kind="table"):
    guard = Guard(replace(SCHEMA, kind=kind), limits)
    guard.count(BLOCK)
    guard.see(BLOCK, patch)
    return [stop.step for stop in guard.stopped(allowed)]


@pytest.mark.parametrize(("count", "stopped"), [(200, []), (201, ["X:city"])])
def test_a_fifth_of_a_column_may_change(count, stopped):
    assert stops(edits(count)) == stopped


@pytest.mark.parametrize("kind", kinds.every())
@pytest.mark.parametrize(("count", "stopped"), [(50, []), (51, ["Y"])])
def test_a_twentieth_of_the_records_may_go_whatever_their_kind(count, stopped, kind):
    assert stops(drops(range(count)), kind=kind) == stopped


def test_a_check_that_the_user_named_may_remove_more_but_not_one_group():
    limits = Limits.of(made_settings({"quality": {"Y": {"limit": 1}}, "clean": {"max_changed": 0.1}}, "the test"))
    assert limits == Limits(changed=0.1, unlimited=("Y",))
    assert stops(drops(range(0, 1000, 2)), limits=limits) == []
    assert stops(drops(range(900, 940)), limits=limits) == ["Y"]


@pytest.mark.parametrize(("confidence", "stopped"), [(0.991, []), (0.98, ["X:city"])])
def test_more_than_one_expected_break_in_a_thousand_cells_stops(confidence, stopped):
    assert stops(edits(100, confidence)) == stopped


def test_what_changes_form_alone_or_repeats_an_identified_record_does_not_count():
    assert stops(edits(1000, kind="form")) == []
    assert stops(drops(range(500), kind="form")) == []


def test_a_removal_that_falls_on_one_source_stops():
    guard = Guard(SCHEMA)
    guard.count(BLOCK)
    guard.see(BLOCK, drops(range(900, 940)))
    (stop,) = guard.stopped(())
    assert "40% of the records with shop = 'till' (40 of 100) and 0.0% of the others" in stop.reason
    assert stop.rows == (900, 901, 902)
    assert "--allow Y" in stop.line


@pytest.mark.parametrize("allowed", ["X", "X:city", "all"])
def test_a_person_may_allow_a_step(allowed):
    assert stops(edits(900), [allowed]) == []
    assert stops(edits(900), ["Z", "X:town"]) == ["X:city"]


def test_limits_can_be_set():
    assert stops(edits(900), limits=Limits(changed=0.9)) == []
    assert stops(edits(20), limits=Limits(changed=0.01)) == ["X:city"]


def test_what_was_stopped_is_told_apart():
    patch = pa.concat_tables([edits(300), edits(5, kind="form"), drops([1, 2])])
    guard = Guard(SCHEMA)
    guard.count(BLOCK)
    guard.see(BLOCK, patch)
    allowed, stopped = without(patch, guard.stopped(()))
    assert (allowed.num_rows, stopped.num_rows) == (7, 300)
    assert set(stopped["check"].to_pylist()) == {"X"}


def test_without_stops_all_may_be_done():
    for patch, stops_made in ((edits(3), []), (edits(0), [Stop("X:city", "X", "city", "", (1,))])):
        allowed, stopped = without(patch, stops_made)
        assert (allowed.num_rows, stopped.num_rows) == (patch.num_rows, 0)
        assert stopped.schema == patch.schema


@pytest.mark.parametrize(
    ("count", "words"),
    [(2, "2 of 1,000 cells of city (0.2%) (rows 0, 1 among"), (1, "city (0.1%) (row 0 among"), (1000, "(100%)")],
)
def test_a_small_share_is_not_said_to_be_none(count, words):
    guard = Guard(SCHEMA, Limits(changed=0.0))
    guard.count(BLOCK)
    guard.see(BLOCK, edits(count))
    (stop,) = guard.stopped(())
    assert words in stop.line


@pytest.mark.parametrize(("others", "stopped"), [(1, ["Y"]), (0, [])])
def test_a_source_is_watched_unless_it_is_all_there_is(others, stopped):
    table = pa.table({"city": ["Rome"] * 100, "shop": ["web"] * (100 - others) + ["till"] * others})
    guard = Guard(SCHEMA, Limits(removed=1.0))
    guard.count(Block(np.arange(100), table, SCHEMA))
    guard.see(Block(np.arange(100), table, SCHEMA), drops(range(40)))
    assert [stop.step for stop in guard.stopped(())] == stopped


def test_a_change_without_a_confidence_is_sure_and_exactly_one_expected_break_is_allowed():
    unsure = pa.concat_tables([edits(100, 0.98), edits(10, None)])
    assert stops(unsure) == ["X:city"]
    assert stops(edits(8, 0.75), limits=Limits(broken=0.002)) == []  # two cells of a thousand, as allowed
    assert stops(edits(9, 0.75), limits=Limits(broken=0.002)) == ["X:city"]


def test_what_was_stopped_is_written_and_read_again(tmp_path):
    assert stopped_in(tmp_path) == []
    stop = Stop("X:city", "X", "city", "would change all", (4, 5))
    write_json(tmp_path / "run.json", {"rooms": {"clean": {"stopped": [stop.to_json()]}}})
    assert stopped_in(tmp_path) == [stop]
    assert stop.line == "X:city would change all (rows 4, 5 among them); run again with --allow X:city if this is right"
    write_json(tmp_path / "run.json", {"rooms": {}})
    assert stopped_in(tmp_path) == []


@pytest.mark.parametrize(
    ("taken", "beside", "stopped"),
    [
        (range(900, 930), (), []),  # 30 % of a source is the most that is allowed
        (range(900, 931), (), ["Y"]),
        (range(900, 931), range(93), []),  # three times what is taken elsewhere is the most
        (range(900, 931), range(92), ["Y"]),
    ],
)
def test_a_source_may_lose_30_percent_and_three_times_what_others_lose(taken, beside, stopped):
    assert stops(drops([*beside, *taken]), limits=Limits(removed=1.0)) == stopped


def test_small_sources_are_not_watched():
    for size, stopped in ((19, []), (20, ["Y"])):
        shop = ["web"] * (1000 - size) + ["till"] * size
        block = Block(np.arange(1000), pa.table({"city": ["Rome"] * 1000, "shop": shop}), SCHEMA)
        guard = Guard(SCHEMA)
        guard.count(block)
        guard.see(block, drops(range(990, 1000)))
        assert [stop.step for stop in guard.stopped(())] == stopped


def test_a_stratum_of_the_majority_is_not_watched_where_only_minorities_are():
    half = {"shop": (np.repeat([0, 1], 500), ["web", "till"])}
    for taken, stopped in ((range(400), ["Y"]), (range(500, 900), ["Y"])):
        guard = Guard(SCHEMA, Limits(removed=1.0), minority=["shop"], least_share=0.5)
        guard.add(1000, half)
        rows = np.array(taken)
        guard.remove("Y", rows, np.isin(np.arange(1000), rows), half)
        assert [stop.step for stop in guard.stopped(())] == stopped
    for least, stopped in ((0.5, []), (0.4, [])):
        coded = {"shop": (np.repeat([0, 1], [501, 499]), ["web", "till"])}
        guard = Guard(SCHEMA, Limits(removed=1.0), minority=["shop"], least_share=least)
        guard.add(1000, coded)
        guard.remove("Y", np.arange(400), np.arange(1000) < 400, coded)
        assert [stop.step for stop in guard.stopped(())] == stopped


@pytest.mark.parametrize(("size", "watched"), [(998, True), (999, True), (1000, False)])
def test_a_stratum_is_watched_until_it_is_all_there_is(size, watched):
    coded = {"shop": (np.repeat([0, 1], [size, 1000 - size]), ["web", "till"])}
    guard = Guard(SCHEMA, Limits(removed=1.0))
    guard.add(1000, coded)
    guard.remove("Y", np.arange(400), np.arange(1000) < 400, coded)
    assert bool(guard.stopped(())) == watched


def test_records_without_a_source_belong_to_none():
    coded = {"shop": (np.r_[np.full(500, -1), np.repeat([0, 1], 250)], ["web", "till"])}
    guard = Guard(SCHEMA, Limits(removed=1.0))
    guard.add(1000, coded)
    assert guard.sizes == {("shop", "web"): 250, ("shop", "till"): 250}
    guard.remove("Y", np.arange(400), np.arange(1000) < 400, coded)
    assert guard.stopped(()) == []
    guard.remove("Z", np.zeros(0, np.int64), np.zeros(1000, bool), coded)
    assert set(guard.removed) == {"Y"}


@pytest.mark.parametrize(("task", "watched"), [("classification", ["city"]), ("regression", [])])
def test_classes_are_watched_and_a_number_that_is_predicted_is_not(task, watched):
    columns = (Column("city", Role.TARGET), Column("x", Role.NUMBER))
    assert Guard(Schema(columns, task=task)).strata == watched
