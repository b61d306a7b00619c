"""Items behind votes: texts, labels and who voted what, where they are known."""

import pyarrow as pa
import pyarrow.parquet as pq

from karat.show.review.items import MAX_LABELS, MAX_VOTES, Items


def test_a_folder_without_items_knows_nothing(tmp_path):
    items = Items(tmp_path)
    assert items.labels == []
    assert items.text("i1") is None
    assert items.votes("i1") == []


def test_labels_the_frequent_first_and_not_too_many(tmp_path):
    pq.write_table(pa.table({"label": ["b", "a", "c", "c", None]}), tmp_path / "labels.parquet")
    assert Items(tmp_path).labels == ["c", "a", "b"]
    pq.write_table(pa.table({"label": list(range(MAX_LABELS + 1))}), tmp_path / "labels.parquet")
    assert len(Items(tmp_path).labels) == MAX_LABELS


def test_texts_by_item_or_id(tmp_path):
    pq.write_table(pa.table({"item": [1, 2], "more": ["x", "y"], "text": ["一", None]}), tmp_path / "items.parquet")
    items = Items(tmp_path)
    assert [items.text(item) for item in ("1", "2", "3")] == ["一", None, None]
    pq.write_table(pa.table({"id": ["a"], "body": ["z"]}), tmp_path / "items.parquet")
    assert Items(tmp_path).text("a") == "z"
    for odd in ({"name": ["a"], "text": ["z"]}, {"item": ["a"]}):
        pq.write_table(pa.table(odd), tmp_path / "items.parquet")
        assert Items(tmp_path).text("a") is None


def test_votes_of_an_item_wherever_they_stand(tmp_path):
    votes = {
        "item": ["i2", "i1", None, "i2", "i1"],
        "voter": ["anna", "bo", "cy", None, "dan"],
        "label": ["x", "y", "z", "w", None],
    }
    pq.write_table(pa.table(votes), tmp_path / "votes.parquet")
    items = Items(tmp_path)
    assert items.votes("i1") == [("bo", "y"), ("dan", "")]
    assert items.votes("i2") == [("anna", "x"), ("", "w")]
    assert items.votes("i3") == []


def test_votes_are_bounded_and_another_file_holds_none(tmp_path):
    many = {"item": ["i"] * (MAX_VOTES + 1), "voter": ["a"] * (MAX_VOTES + 1), "label": ["x"] * (MAX_VOTES + 1)}
    pq.write_table(pa.table(many), tmp_path / "votes.parquet")
    assert len(Items(tmp_path).votes("i")) == MAX_VOTES
    pq.write_table(pa.table({"item": ["i"], "label": ["x"]}), tmp_path / "votes.parquet")
    assert Items(tmp_path).votes("i") == []
