"""Ratings of people who like one kind of film, and what is planted among them."""

import json

import pyarrow as pa
import pyarrow.parquet as pq

from karat.cli.demos import recommend


def test_ratings_are_spoiled_and_the_key_knows_it():
    spoiled = recommend.ratings(60, 40)
    kinds = {kind for _, _, kind, _, _ in spoiled.key}
    assert kinds == {"robot on a beat", "bought crowd", "log sent three times", "impossible time"}
    assert len({len(cells) for cells in spoiled.columns.values()}) == 1
    events = list(zip(*spoiled.columns.values(), strict=True))
    for row, column, kind, _, before in spoiled.key:
        if kind == "log sent three times":
            assert events[row] in events[:row] or any(other == events[row][:3] for other in (e[:3] for e in events))
        if column is not None:
            assert spoiled.columns[column][row] != before
    assert recommend.ratings(60, 40).columns == spoiled.columns


def test_what_the_walk_left_behind_is_told(tmp_path, capsys, monkeypatch):
    score = {name: {"value": 0.25} for name in ("NDCG@10", "recall@10", "MRR@10", "coverage@10")}
    ranking = {"users": 7, "random_split": 0.5}
    evaluation = {"learners": {"EASE": score}, "headline": "EASE", "ranking": ranking}
    (tmp_path / "model").mkdir()
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation))
    pq.write_table(
        pa.table({"user_id": ["p1", "p1"], "rank": [1, 2], "film": ["动画片 001", "Drama 002"], "score": [0.2, 0.1]}),
        tmp_path / "model" / "recommendations.parquet",
    )
    monkeypatch.setattr(recommend, "walk_spoiled", lambda *a, **k: (None, tmp_path))
    recommend.demonstrate(tmp_path, workers=1, quiet=False)
    told = capsys.readouterr().out
    assert "EASE          NDCG@10 0.250 · recall@10 0.250" in told
    assert "held out at random EASE would have claimed 0.500" in told
    assert "p1 is shown: 动画片 001, Drama 002" in told
