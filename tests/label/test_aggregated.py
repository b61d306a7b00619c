import pyarrow.parquet as pq

import karat


def test_every_table_is_saved_under_its_name(tmp_path):
    found = karat.label.aggregate({"item": ["a", "a"], "voter": ["x", "y"], "label": ["p", "p"]})
    assert list(found.tables()) == ["labels", "voters", "suspect_votes", "soft_labels", "vote_counts"]
    place = found.save(tmp_path / "deep" / "out")
    assert pq.read_table(place / "vote_counts.parquet").to_pylist() == [{"item": "a", "label": "p", "count": 2}]
    assert pq.read_table(place / "soft_labels.parquet")["p"].to_pylist() == [1.0]
    again = karat.label.aggregate({"item": ["a"], "voter": ["z"], "label": ["p"]}, probs=found.soft)
    assert again.labels["label"].to_pylist() == ["p"]
