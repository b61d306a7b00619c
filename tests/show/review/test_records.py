"""The records behind the cases, and which bytes a browser may get of them."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.schema import Column, Role, Schema
from karat.show.review.items import Items
from karat.show.review.records import Records, picture_type


def test_a_record_is_found_by_its_number(run):
    records = Records(run)
    assert records.get(3)["age"] == "23"
    assert "pic" not in records.get(3)
    assert records.get(40) is None
    assert records.get(-1) is None
    assert records.get(None) is None
    assert records.classes == ["n", "p"]
    assert records.tables == 1


def test_without_working_files_the_refined_records_are_shown(run):
    for path in run.glob(".work/*/collect/*"):
        path.unlink()
    held = {"_row": np.array([2, 5]), "age": np.array([22, 25]), "y": ["n", "p"]}
    pq.write_table(pa.table(held), run / "data.parquet")
    records = Records(run)
    assert records.get(5) == {"age": "25", "y": "p"}
    assert records.get(3) is None


def test_nothing_is_there(tmp_path):
    records = Records(tmp_path)
    assert records.get(0) is None
    assert records.tables == 0
    assert records.classes == []
    assert records.pictures == ()
    assert records.column("a", 9) is None


def test_both_linked_tables_are_read_from_where_they_lie(tmp_path):
    for name, value in (("a", "left"), ("b", "right")):
        (tmp_path / f"{name}.csv").write_text(f"name,{name}\n{value},1\n{value} 2,2\n")
    told = {"sources": [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]}
    (tmp_path / "run.json").write_text(json.dumps(told))
    records = Records(tmp_path)
    assert records.tables == 2
    assert (records.get(0)["name"], records.get(1, 1)["name"]) == ("left", "right 2")
    (tmp_path / "b.csv").unlink()
    assert Records(tmp_path).get(0) is None


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "nothing.png", "page.html"])
def test_a_cell_names_pictures_below_its_own_folder_alone(tmp_path, picture, name):
    data, run = tmp_path / "data", tmp_path / "run"
    collect = run / ".work" / "0" / "collect"
    for folder in (data, collect):
        folder.mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(picture)
    (data / "ok.png").write_bytes(picture)
    (data / "page.html").write_bytes(b"<script>alert(1)</script>")
    schema = Schema((Column("pic", Role.IMAGE, "string"),))
    table = pa.table({"_row": np.arange(2), "pic": ["ok.png", name]})
    with pa.ipc.new_file(str(collect / "raw.arrow"), table.schema) as writer:
        writer.write_table(table)
    (collect / "schema.json").write_text(json.dumps(schema.to_json()))
    (run / "run.json").write_text(json.dumps({"rooms": {"collect": {"sources": [{"path": str(data / "table.csv")}]}}}))
    records = Records(run)
    assert records.picture(0, "pic") == (picture, "image/png")
    assert records.picture(1, "pic") is None
    assert records.picture(0, "other") is None


def test_a_column_of_file_names_shows_the_files(tmp_path, picture):
    (tmp_path / "a.png").write_bytes(picture)
    (tmp_path / "index.csv").write_text("file,label\na.png,cat\nb.PNG,dog\n")
    (tmp_path / "run.json").write_text(
        json.dumps({"rooms": {"collect": {"sources": [{"path": str(tmp_path / "index.csv")}]}}})
    )
    schema = Schema((Column("file", Role.ID), Column("label", Role.TARGET)))
    (tmp_path / "schema.json").write_text(json.dumps(schema.to_json()))
    pq.write_table(
        pa.table({"_row": [0, 1], "file": ["a.png", "b.PNG"], "label": ["cat", "dog"]}), tmp_path / "data.parquet"
    )
    records = Records(tmp_path)
    assert records.pictures == ("file",)
    assert records.picture(0, "file") == (picture, "image/png")
    assert records.picture(1, "file") is None


def test_a_picture_is_told_by_its_first_bytes(picture):
    assert picture_type(picture) == "image/png"
    assert picture_type(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    assert picture_type(b"<svg xmlns='http://www.w3.org/2000/svg'>") is None
    assert picture_type(b"") is None


def test_votes_of_an_item_are_shown_where_they_are_known(tmp_path):
    assert Items(tmp_path).votes("a") == []
    votes = {"item": ["b", "a", "b"], "voter": ["v1", "v1", "v2"], "label": ["x", "y", None]}
    pq.write_table(pa.table(votes), tmp_path / "votes.parquet")
    items = Items(tmp_path)
    assert items.votes("b") == [("v1", "x"), ("v2", "")]
    assert items.votes("c") == []
    assert items.text("a") is None
    assert items.labels == []
