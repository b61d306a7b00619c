"""Argilla 2's records in and out, nested and flat."""

import json

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.argilla import Argilla

TOOL = Argilla()


def record(name, responses, suggestions=None, **fields):
    return {
        "id": name,
        "fields": fields or {"text": f"text {name}"},
        "metadata": {"split": "train"},
        "suggestions": suggestions or {},
        "responses": responses,
        "vectors": {},
        "status": "completed",
        "_server_id": f"s-{name}",
    }


RECORDS = [
    record(
        "r1",
        {
            "label": [{"value": "good", "user_id": "u1"}, {"value": "bad", "user_id": "u2"}],
            "why": [{"value": "x", "user_id": "u1"}],
        },
        {"label": {"value": "bad", "score": 0.7, "agent": "bert"}},
    ),
    record("r2", {"label": [{"value": "bad", "user_id": "u1"}]}),
]


def read(records, control=""):
    return TOOL.read([AnnotationSource("x", json.dumps(records))], control)


def votes(records, control=""):
    return [(line["item"], line["voter"], line["label"]) for line in read(records, control).votes.to_pylist()]


def labels(label, item="r1"):
    return pa.table({"item": [item], "label": [label], "confidence": [0.8]})


def test_responses_are_votes_and_suggestions_are_not():
    assert TOOL.matches(AnnotationSource("x", json.dumps(RECORDS)))
    assert votes(RECORDS) == [("r1", "u1", "good"), ("r1", "u2", "bad"), ("r2", "u1", "bad")]
    assert str(read(RECORDS).ledger) == "3 answers read, 2 not: 1 suggestions of models, 1 to another question (why)"
    assert read(RECORDS).items.to_pylist()[1] == {"item": "r2", "text": "text r2"}
    assert votes(RECORDS, "why") == [("r1", "u1", "x")]


def test_labels_come_back_as_suggestions_and_nothing_else_changes():
    out = json.loads(TOOL.write(labels("good"), None, "class", read(RECORDS)))
    assert out[0]["suggestions"] == {"label": {"value": "good", "score": 0.8, "agent": "karat"}}
    assert out[1] == RECORDS[1]
    assert {k: v for k, v in out[0].items() if k != "suggestions"} == {
        k: v for k, v in RECORDS[0].items() if k != "suggestions"
    }
    assert read(out).votes.equals(read(RECORDS).votes)


@pytest.mark.parametrize(
    ("value", "label", "kind"),
    [
        (["a", "b"], '["a", "b"]', "labels"),
        (4, "4", "ordinal"),
        ([{"start": 0, "end": 3, "label": "P"}], '[{"start": 0, "end": 3, "label": "P"}]', "span"),
        ("free text", "free text", "class"),
    ],
)
def test_every_question_is_read_and_written(value, label, kind):
    records = [record("r1", {"q": [{"value": value, "user_id": "u"}]})]
    assert votes(records) == [("r1", "u", label)]
    assert json.loads(TOOL.write(labels(label), None, kind, read(records)))[0]["suggestions"]["q"]["value"] == value


def test_flat_records_with_drafts_and_rankings():
    flat = [
        {
            "id": "r1",
            "text": "t",
            "label.responses": ["good", "bad", [{"value": "a", "rank": 1}]],
            "label.responses.users": ["u1", "u2", "u3"],
            "label.responses.status": ["submitted", "draft", "submitted"],
            "label.suggestion": "bad",
        }
    ]
    assert TOOL.matches(AnnotationSource("x", json.dumps(flat)))
    reading = read(flat)
    assert votes(flat) == [("r1", "u1", "good")]
    assert reading.ledger.unread == {"draft": 1, "rankings or blanks": 1, "suggestions of models": 1}
    out = json.loads(TOOL.write(labels("good"), None, "class", reading))[0]
    assert (out["label.suggestion"], out["label.suggestion.score"], out["label.suggestion.agent"]) == (
        "good",
        0.8,
        "karat",
    )


def test_records_are_made_where_none_were_read():
    out = json.loads(TOOL.write(labels("good", "a"), pa.table({"item": ["a"], "text": ["x"]}), "class", None))
    assert out[0]["fields"] == {"text": "x"}
    assert TOOL.matches(AnnotationSource("x", json.dumps(out)))


def test_without_an_answer_the_file_is_refused():
    with pytest.raises(InputError, match="an answer that can be a vote is not in the file of Argilla"):
        read([record("r1", {})])
    with pytest.raises(InputError, match="it has no records"):
        read([])
