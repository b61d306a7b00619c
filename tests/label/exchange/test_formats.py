"""Formats are recognised by content; a zip holds a file an annotator."""

import json
import zipfile

import pytest

from karat.core.errors import InputError, OptionError
from karat.label.exchange.formats import FORMATS, format_named, read_annotations

TASK = {
    "id": 1,
    "data": {},
    "annotations": [{"result": [{"from_name": "c", "type": "choices", "value": {"choices": ["a"]}}]}],
}
FILES = {
    "label-studio": ("t.json", json.dumps([TASK])),
    "argilla": (
        "r.json",
        json.dumps([{"fields": {}, "suggestions": {}, "responses": {"q": [{"value": "a", "user_id": 1}]}}]),
    ),
    "coco": ("c.json", json.dumps({"images": [{"id": 1}], "annotations": [], "categories": []})),
    "doccano": ("d.jsonl", '{"id": 1, "text": "x", "label": ["a"]}\n'),
    "conll": ("f.txt", "Jane B-PER\n"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_by_what_it_holds(name, tmp_path):
    place = tmp_path / FILES[name][0]
    place.write_text(FILES[name][1], encoding="utf-8")
    assert read_annotations(str(place)).name == name
    assert read_annotations(str(place), name).name == name
    assert read_annotations(str(place), "table") is None


def test_plain_votes_are_of_no_tool(tmp_path):
    place = tmp_path / "v.json"
    place.write_text('[{"item": "a", "voter": "x", "label": "p"}]', encoding="utf-8")
    assert read_annotations(str(place)) is None
    assert read_annotations(str(tmp_path / "none.json")) is None
    assert read_annotations("v.parquet") is None
    (tmp_path / "w.json").write_bytes(b"\xff\xfe[]")
    assert read_annotations(str(tmp_path / "w.json")) is None


def test_a_zip_holds_a_file_an_annotator(tmp_path):
    place = tmp_path / "all.zip"
    with zipfile.ZipFile(place, "w") as packed:
        for name, label in (("li", "a"), ("wu", "b")):
            packed.writestr(f"{name}.jsonl", json.dumps({"id": 1, "text": "x", "label": [label]}) + "\n")
    votes = read_annotations(str(place)).votes.to_pylist()
    assert [(line["voter"], line["label"]) for line in votes] == [("li", "a"), ("wu", "b")]
    place.write_bytes(b"PK no zip")
    with pytest.raises(InputError, match="is no zip file"):
        read_annotations(str(place))


def test_unknown_formats_and_files_are_named(tmp_path):
    with pytest.raises(OptionError, match=r"'lable-studio' not found \(--from\). Did you mean 'label-studio'"):
        read_annotations("x.json", "lable-studio")
    with pytest.raises(OptionError, match=r"'yolo' not found \(--to\)"):
        format_named("yolo")
    with pytest.raises(InputError, match="not found"):
        read_annotations(str(tmp_path / "none.json"), "coco")
    assert format_named("coco") is FORMATS["coco"]
