"""`karat run` on interactions, from the file to lists; and what is too little."""

import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import OptionError
from karat.flow import recommending
from tests.quality._events import people, robots, shuffled


def written(path, rows, names=("用户", "item_id", "rating", "timestamp")):
    columns = {n: pa.array([None if row[k] is None else str(row[k]) for row in rows]) for k, n in enumerate(names)}
    pyarrow.csv.write_csv(pa.table(columns), path)
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("run")
    rows = people(users=120, items=80)
    spoiled, _ = shuffled(rows + robots(5, 70, 80) + rows[:60])
    return karat.run(written(place / "ratings.csv", spoiled), out=place / "out", allow=["RobotUsers"]), spoiled


def test_the_whole_path(run):
    made, spoiled = run
    assert made.schema.kind == "event"
    kept = set(made.data["_row"].to_pylist())
    robots_gone = [at for at, row in enumerate(spoiled) if row[0].startswith("r")]
    assert not kept & set(robots_gone)
    assert made.accounting["removed"] == {"RepeatedEvents": 60, "RobotUsers": 350}
    assert made.lift.metric == "NDCG"
    assert made.undo().num_rows == len(spoiled)
    assert {"report.html", "model", "splits.parquet", "lift.json"} <= {p.name for p in made.path.iterdir()}


def test_learners_are_compared_and_lists_written(run):
    made, spoiled = run
    held = json.loads((made.path / "evaluation.json").read_text())
    assert set(held["learners"]) == {"EASE", "ItemKNN", "ImplicitALS", "BPR", "Popularity", "RecentPopularity"}
    assert all(set(one) == {"NDCG@10", "recall@10", "MRR@10", "coverage@10"} for one in held["learners"].values())
    best = held["learners"][held["headline"]]["NDCG@10"]
    assert best["low"] < best["value"] < best["high"]
    assert 0 < held["ranking"]["random_split"] < 1
    lists = pq.read_table(made.path / "model" / "recommendations.parquet")
    users = {row[0] for row in spoiled if row[0].startswith("u")}
    assert set(lists["用户"].to_pylist()) == users
    met = {(row[0], row[1]) for row in spoiled}
    assert not met & set(zip(lists["用户"].to_pylist(), lists["item_id"].to_pylist(), strict=True))


def test_the_line_says_why_a_recommender_ships():
    level = {"value": 0.1}
    summary = {"metric": "NDCG", "raw": level, "plain": level, "refined": level, "verdict": "no effect"}
    summary |= {"learners": {"EASE": 0.11, "BPR": 0.12}, "headline": "EASE", "split": "forward in time"}
    said = recommending._evaluated_in_words(summary | {"validation": {"BPR": 0.128, "EASE": 0.142}})
    assert said.endswith(
        " · EASE ships: NDCG@10 0.142, next best BPR 0.128 on validation events, held out forward in time; "
        "on test events: BPR 0.120 · EASE 0.110"
    )
    assert "next best" not in recommending._evaluated_in_words(summary | {"validation": {"EASE": 0.142}})
    close = {"validation": {"BPR": 0.142, "EASE": 0.141}, "best": "BPR", "chosen_by": 29}
    assert "NDCG@10 0.141, simpler than BPR 0.142 and as good for 29 users, on" in recommending._evaluated_in_words(
        summary | close
    )
    said = recommending._trained_in_words({"learner": "EASE", "cuts": 4})
    assert said == "the effect of cleaning is measured with EASE, 4 splits"


def test_the_report_tells_of_lists(run):
    text = (run[0].path / "report.html").read_text()
    assert re.search(r"Top-\d+ lists for [\d,]+ users, ranking all [\d,]+ items", text)
    assert "Cross-validated" not in text


def test_the_certificate_can_be_measured_again(run):
    from karat.cli.lifting import rerun_certificate

    assert rerun_certificate(run[0].path / "lift.json", 1).endswith("the same digits")


@pytest.mark.parametrize(
    "rows",
    [
        [(f"u{at}", "one", 5, at) for at in range(60)],
        [("one", f"i{at}", 5, at) for at in range(60)],
        [(f"u{at}", f"i{at}", 5, 7) for at in range(60)],
        [(f"u{at % 7}", f"i{at % 3}", 5, None) for at in range(60)],
        [("a", "x", 1, 1), ("b", "y", 2, 2)],
    ],
    ids=["one item", "one user", "nobody comes again", "no times", "two events"],
)
def test_too_little_closes_the_rooms_and_breaks_nothing(tmp_path, rows):
    made = karat.run(written(tmp_path / "r.csv", rows, ("user_id", "item_id", "rating", "time")), kind="event")
    assert made.accounting["in"] == len(rows)


def test_out_of_order_impossible_times_and_gaps_break_nothing(tmp_path):
    rows, _ = shuffled(people(users=60, items=40))
    rows[3], rows[9] = (*rows[3][:3], 0), (*rows[9][:3], 99_999_999_999)
    rows[5], rows[6] = (None, *rows[5][1:]), (*rows[6][:3], "soon")
    made = karat.run(written(tmp_path / "r.csv", rows))
    found = {(one["row"], one["check"]) for one in made.findings.to_pylist() if one["check"] == "ImpossibleTimes"}
    assert found == {(3, "ImpossibleTimes"), (9, "ImpossibleTimes")}
    assert made.lift is not None


def test_what_a_ranking_does_not_take_is_an_error_in_words(tmp_path):
    path = written(tmp_path / "r.csv", people(users=40, items=30), ("user_id", "item_id", "rating", "time"))
    with pytest.raises(OptionError, match="Leave --target out"):
        karat.assess(path, target="rating", kind="event")
    with pytest.raises(OptionError, match="metric of a ranking"):
        karat.run(path, metric="AUC")


def test_the_scores_of_a_learner_are_those_of_a_plain_computation(run):
    """Popularity's NDCG by hand: the most frequent items of the first eight tenths, asked of the last tenth."""
    made, _ = run
    held = json.loads((made.path / "evaluation.json").read_text())["learners"]["Popularity"]["NDCG@10"]["value"]
    side = pq.read_table(made.path / "splits.parquet").to_pylist()
    raw = made.undo().to_pylist()
    kept = set(made.data["_row"].to_pylist())
    events = [(row["用户"], row["item_id"], one["side"], one["_row"]) for row, one in zip(raw, side, strict=True)]
    counts = {}
    for user, item, part, row in events:
        if part == "train" and row in kept:
            counts.setdefault(item, set()).add(user)
    names = sorted({item for _, item, *_ in events}, key=lambda name: name.encode())
    order = sorted(names, key=lambda item: -len(counts.get(item, ())))
    before, after = {}, {}
    for user, item, part, _ in events:
        (after if part == "test" else before).setdefault(user, set()).add(item)
    scores = []
    for user, items in after.items():
        fresh = items - before.get(user, set())
        if fresh and user in before:
            shown = [item for item in order if item not in before[user]][:10]
            gain = sum(1 / np.log2(2 + at) for at, item in enumerate(shown) if item in fresh)
            scores.append(gain / sum(1 / np.log2(2 + at) for at in range(min(10, len(fresh)))))
    assert held == pytest.approx(np.mean(scores))
