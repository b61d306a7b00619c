"""The page of what came after the run: counted, drift with its cost, alarms with examples, challengers; hostile texts shown."""

import json

import pytest

from karat.show.review.live import MOST_ALARMS, MOST_WINDOWS, is_live, live

EVIL = "<script>alert(1)</script>"


def column(name, alarm, at):
    shift = {"effect": 0.5, "low": 0.4, "high": 0.6, "at": at, "before": 0.25, "after": 0.75}
    cost = {"mean": 0.05, "low": 0.03, "high": 0.07, "story": "values"}
    return {"column": name, "since": 1, "shift": shift, "cost": cost, "alarm": alarm, "rows": [17, 23]}


def window(number, *drifted):
    return {
        "window": number,
        "records": 100,
        "first": 0,
        "last": 99,
        "at": None,
        "loss": 0.1,
        "cost": None,
        "drifted": drifted,
    }


@pytest.fixture
def after(run):
    drift = {"judged": 80, "alarms": 2, "alarms_per_day": 0.1, "window": 100}
    windows = [window(k) for k in range(77)]
    windows += [
        window(77, column("age", False, 30.5)),
        window(78, column(EVIL, True, EVIL)),
        window(79, column("age", True, None)),
    ]
    (run / "drift.json").write_text(json.dumps(drift | {"windows": windows}))
    (run / "served").mkdir()
    (run / "served" / "a.jsonl").write_text("{}\n" * 12_345)
    stream = run / "watched" / "orders"
    stream.mkdir(parents=True)
    (stream / "state.json").write_text(json.dumps({"records": 5_000, "counts": {"held": 41, "dead": 3}}))
    for number, ships in ((1, False), (2, True)):
        place = run / "learned" / str(number)
        place.mkdir(parents=True)
        gain = {"mean": 0.021, "low": 0.01, "high": 0.03}
        over = {"champion": gain, "old_again": gain, "shuffled": gain} if ships else {}
        why = "" if ships else "only 12 late records"
        (place / "learned.json").write_text(json.dumps({"ships": ships, "why_not": why, "metric": "AUC", "over": over}))
    return run


def test_all_of_it_is_told(after):
    told = live(after)
    assert told["served"] == 12_345
    assert told["streams"][0]["held"] == 41
    (drift,) = told["drifts"]
    assert len(drift["marks"]) == MOST_WINDOWS
    assert [mark["state"] for mark in drift["marks"][-3:]] == ["drifted", "alarm", "alarm"]
    assert [alarm["window"] for alarm in drift["alarmed"]] == [79, 78]  # once for a drift that goes on
    assert drift["alarmed"][0]["rise"] == {"mean": "+50", "low": "+30", "high": "+70"}
    assert MOST_ALARMS > 2
    assert [trial["number"] for trial in told["trials"]] == ["2", "1"]


def test_the_page_shows_it_and_runs_nothing(after, client):
    answer = client().get("/live")
    assert answer.status_code == 200
    for words in ("12,345", "+50 %", "17, 23", "25 % → 75 %", "+0.021", "only 12 late records", "ships"):
        assert words in answer.text
    assert EVIL not in answer.text
    assert "live." not in answer.text  # every word is there
    assert 'href="/live"' in client().get("/people").text


def test_nothing_came(run, client):
    assert not is_live(run)
    assert client().get("/live").status_code == 404
    assert 'href="/live"' not in client().get("/people").text
