"""One guard for every kind: what would take more than a twentieth of chats or events is stopped and needs review."""

import json

import pyarrow as pa
import pytest

import karat
from karat.flow.folder import read_json
from tests.quality._events import SCHEMA, people, robots

BROKEN = [[{"role": "user", "content": f"Where is town {n}?"}] * 2 for n in range(8)]


def events(copies=0):
    rows = people(users=40)
    rows += [*robots(), *rows[:copies]]
    return pa.table({name: [str(row[at]) for row in rows] for at, name in enumerate(SCHEMA.names)})


def chats(copies=0):
    asked = [f"Say a word about the number {n}, my friend, and its {n % 7} neighbours." for n in range(60)]
    turns = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": f"It is {len(text)} long: {n * n}."}]
        for n, text in enumerate(asked)
    ]
    cells = [json.dumps(turn) for turn in [*turns, *BROKEN, *turns[:copies]]]
    return pa.table({"messages": cells})


@pytest.mark.parametrize(
    ("data", "kind", "check", "count"), [(events, "event", "RobotUsers", 400), (chats, "chat", "BrokenTurns", 8)]
)
def test_a_step_that_would_take_more_is_stopped_and_may_be_allowed(data, kind, check, count, tmp_path):
    cleaned = karat.clean(data(), kind=kind, workers=1, out=tmp_path / "run")
    (stop,) = read_json(cleaned.path / "run.json")["rooms"]["clean"]["stopped"]
    assert (stop["step"], len(stop["rows"])) == (check, 3)
    assert f"would remove {count:,} of" in stop["line"]
    assert stop["line"].endswith(f"run again with --allow {check} if this is right")
    assert cleaned.accounting["removed"] == {}
    assert sum(case["check"] == check for case in cleaned.review.to_pylist()) >= count
    allowed = karat.clean(data(), kind=kind, workers=1, allow=[check])
    assert allowed.accounting["removed"] == {check: count}


def test_a_named_check_is_what_the_user_wants():
    cleaned = karat.clean(events(), kind="event", workers=1, quality={"RobotUsers": {"two": 0.86}})
    assert cleaned.accounting["removed"] == {"RobotUsers": 400}


def test_copies_with_an_identity_do_not_count():
    cleaned = karat.clean(events(copies=300), kind="event", workers=1)
    assert cleaned.accounting["removed"] == {"RepeatedEvents": 300}
