"""doccano's exports in and out."""

import json

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.doccano import Doccano

TOOL = Doccano()


def jsonl(*lines):
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def read(*texts, control=""):
    return TOOL.read([AnnotationSource(f"u{at}", text) for at, text in enumerate(texts)], control)


def labels(*pairs):
    return pa.table({"item": [a for a, _ in pairs], "label": [b for _, b in pairs], "confidence": [0.8] * len(pairs)})


CLASSES = jsonl({"id": 1, "text": "很好", "label": ["正面"], "Comments": []}, {"id": 2, "text": "差", "label": []})
SPANS = jsonl({"id": 1, "text": "Jane works", "label": [[0, 4, "PER"]], "Comments": []})
ENTITIES = jsonl(
    {
        "id": 1,
        "text": "Jane works",
        "entities": [{"id": 0, "label": "PER", "start_offset": 0, "end_offset": 4}],
        "relations": [{"id": 0, "from_id": 0, "to_id": 0, "type": "r"}],
    }
)
BOXES = jsonl(
    {"id": 1, "filename": "a.jpg", "bbox": [{"id": 1, "label": "cat", "x": 1, "y": 2, "width": 3, "height": 4}]}
)
TABLE = "id,text,label\n1,good,A#B\n2,bad,C\n"


@pytest.mark.parametrize("text", [CLASSES, SPANS, ENTITIES, BOXES, TABLE])
def test_exports_are_recognised(text):
    assert TOOL.matches(AnnotationSource("x", text))


@pytest.mark.parametrize(
    "text", ["id,voter,text,label\n", '{"item": "a", "voter": "x", "label": "p"}', "item,label\n", ""]
)
def test_other_files_are_not(text):
    assert not TOOL.matches(AnnotationSource("x", text))


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        (CLASSES, [("1", "正面"), ("2", "[]")], "labels"),
        (SPANS, [("1", '[{"start": 0, "end": 4, "label": "PER"}]')], "span"),
        (BOXES, [("1", '[{"x": 1, "y": 2, "width": 3, "height": 4, "label": "cat"}]')], "box"),
        (TABLE, [("1", '["A", "B"]'), ("2", '["C"]')], "labels"),
        (jsonl({"id": 1, "text": "cat", "label": ["Katze"]}), [("1", "Katze")], "class"),
    ],
)
def test_answers_are_read_and_written_back(text, said, kind):
    reading = read(text)
    assert [(line["item"], line["label"]) for line in reading.votes.to_pylist()] == said
    assert set(reading.votes["voter"].to_pylist()) == {"u0"}
    back = TOOL.write(labels(*said), reading.items, kind, reading)
    assert read(back).votes.equals(reading.votes)
    assert TOOL.write(labels(), reading.items, kind, reading) == text  # without labels, as it came


def test_entities_with_offsets_keep_their_form_and_relations_are_counted():
    reading = read(ENTITIES)
    assert str(reading.ledger) == "1 answers read, 1 not: 1 relations"
    back = json.loads(TOOL.write(labels(("1", '[{"start": 5, "end": 10, "label": "ACT"}]')), None, "span", reading))
    assert back["entities"] == [{"label": "ACT", "start_offset": 5, "end_offset": 10}]
    assert back["relations"] == json.loads(ENTITIES)["relations"]


def test_each_file_is_an_annotator_or_its_approver_is():
    other = jsonl({"id": 1, "text": "很好", "label": ["负面"], "annotation_approver": "li"})
    said = read(CLASSES, other).votes.to_pylist()
    assert [(line["voter"], line["label"]) for line in said] == [("u0", "正面"), ("u0", "[]"), ("li", "负面")]


def test_broken_and_empty_files_are_refused():
    with pytest.raises(InputError, match="u0 is not JSONL of doccano"):
        read('{"id": 1, "text": "x", "label": ["a"]}\n{broken\n')
    with pytest.raises(InputError, match="an answer that can be a vote is not in the file of doccano"):
        read(jsonl({"id": 1, "text": "x"}))
    odd = read(jsonl({"id": 1, "text": "x", "label": [[0, 1, "A"], {"odd": 1}]}))
    assert odd.ledger.unread == {"answers of another form": 1}


def test_lines_are_made_where_none_were_read():
    items = pa.table({"item": ["a"], "text": ["x"]})
    assert json.loads(TOOL.write(labels(("a", "good")), items, "class", None)) == {
        "id": "a",
        "text": "x",
        "label": ["good"],
    }
