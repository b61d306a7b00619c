"""COCO's boxes in and out."""

import json

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.coco import Coco

TOOL = Coco()


def box(number, image, category, sides, **more):
    return {"id": number, "image_id": image, "category_id": category, "bbox": sides, "area": 1, "iscrowd": 0} | more


DOCUMENT = {
    "info": {"year": 2026},
    "licenses": [],
    "images": [
        {"id": 1, "file_name": "a.jpg", "width": 640, "height": 480},
        {"id": 2, "file_name": "b.jpg", "width": 640, "height": 480},
    ],
    "annotations": [box(1, 1, 3, [10, 20, 30, 40]), box(2, 1, 3, [1, 1, 5, 5], iscrowd=1)],
    "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}],
}
CAT = '[{"x": 10, "y": 20, "width": 30, "height": 40, "label": "cat"}]'


def read(*documents):
    return TOOL.read([AnnotationSource(f"u{at}", json.dumps(document)) for at, document in enumerate(documents)], "")


def labels(*pairs):
    return pa.table({"item": [a for a, _ in pairs], "label": [b for _, b in pairs], "confidence": [0.8] * len(pairs)})


def test_boxes_are_votes_and_an_empty_image_is_an_answer():
    assert TOOL.matches(AnnotationSource("x", json.dumps(DOCUMENT)))
    reading = read(DOCUMENT)
    assert [(line["item"], line["label"]) for line in reading.votes.to_pylist()] == [("1", CAT), ("2", "[]")]
    assert str(reading.ledger) == "1 answers read, 1 not: 1 of crowds (iscrowd)"
    assert reading.answers == "box"
    assert reading.items["file_name"].to_pylist() == ["a.jpg", "b.jpg"]


def test_several_annotators_in_one_file_or_in_several():
    both = DOCUMENT | {
        "annotations": [box(1, 1, 3, [1, 1, 2, 2], annotator="x"), box(2, 1, 3, [1, 1, 3, 3], annotator="y")]
    }
    assert read(both).votes["voter"].to_pylist() == ["x", "y"]
    assert read(DOCUMENT, DOCUMENT).votes["voter"].to_pylist() == ["u0", "u0", "u1", "u1"]


def test_boxes_that_cannot_be_read_are_counted():
    bad = [
        box(1, 1, 3, [1, 1, 0, 2]),
        box(2, 9, 3, [1, 1, 2, 2]),
        box(3, 1, 9, [1, 1, 2, 2]),
        box(4, 1, 3, None),
    ]
    assert read(DOCUMENT | {"annotations": bad}).ledger.unread == {
        "with a box of no area": 1,
        "of images that are not in the file": 1,
        "of categories that are not in the file": 1,
        "without a box": 1,
    }


def test_labels_are_written_back_beside_all_else():
    reading = read(DOCUMENT)
    assert json.loads(TOOL.write(labels(), None, "box", reading)) == DOCUMENT
    out = json.loads(TOOL.write(labels(("1", CAT), ("2", CAT.replace("cat", "dog"))), None, "box", reading))
    assert {name: out[name] for name in ("info", "licenses", "images")} == {
        name: DOCUMENT[name] for name in ("info", "licenses", "images")
    }
    assert [entry["name"] for entry in out["categories"]] == ["cat", "dog"]
    assert [(entry["image_id"], entry["bbox"], entry["score"]) for entry in out["annotations"]] == [
        (1, [10, 20, 30, 40], 0.8),
        (2, [10, 20, 30, 40], 0.8),
    ]
    assert read(out).votes["label"].to_pylist() == [CAT, CAT.replace("cat", "dog")]


def test_a_file_is_made_from_items_and_other_labels_are_refused():
    out = json.loads(TOOL.write(labels(("a", CAT)), pa.table({"item": ["a"], "path": ["a.png"]}), "box", None))
    assert out["images"] == [{"id": "a", "file_name": "a.png"}]
    assert read(out).votes["label"].to_pylist() == [CAT]
    with pytest.raises(InputError, match="type class cannot be written as COCO"):
        TOOL.write(labels(("a", "x")), None, "class", None)
    with pytest.raises(InputError, match="is not COCO: it has no images"):
        read([1])
