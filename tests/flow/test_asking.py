"""What to ask a person: labels where most are missing, doubtful records elsewhere."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import karat
from karat.flow.asking import ask_about
from karat.show.review.queue import open_queue


def reviews(labelled):
    """Three hundred reviews in two languages, the first few with a label."""
    rng = np.random.default_rng(0)
    good, bad = ("很好吃", "lovely", "喜欢"), ("太慢了", "awful", "难吃")
    word = [(good, bad)[k % 2][rng.integers(3)] for k in range(300)]
    text = [f"{held} 第{k}单 order number {k} {rng.integers(1000)}" for k, held in enumerate(word)]
    label = [("好", "坏")[k % 2] if k < labelled else None for k in range(300)]
    return pa.table({"text": text, "y": label})


def test_where_most_labels_are_missing_the_records_to_label_next_are_asked(tmp_path):
    run = tmp_path / "run"
    karat.clean(reviews(60), "y", out=run)
    asked, sheet = ask_about(run, 12)
    rows = asked["row"].to_pylist()
    assert len(rows) == len(set(rows)) == 12
    assert min(rows) >= 60
    assert all(asked["why"].to_pylist())
    with sheet.open(encoding="utf-8", newline="") as file:
        assert {int(line["row"]) for line in csv.DictReader(file)} == set(rows)
    queue = open_queue(run)
    told = [queue.case(at) for at in range(queue.size)]
    assert [case["row"] for case in told if case["kind"] == "next"] == rows
    assert [case["message"] for case in told if case["kind"] == "next"] == asked["why"].to_pylist()


def test_where_few_are_missing_the_doubtful_records_are(tmp_path):
    run = tmp_path / "run"
    karat.clean(reviews(299).drop_columns("y"), out=run)
    asked, _ = ask_about(run, 5)
    assert pq.read_table(run / "next.parquet").equals(asked)
    assert asked.num_rows <= 5
