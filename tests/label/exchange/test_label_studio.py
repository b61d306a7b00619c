"""Label Studio's tasks in and out."""

import json

import pyarrow as pa
import pytest

import karat
from karat.core.errors import InputError
from karat.label.exchange.annotation_files import AnnotationSource
from karat.label.exchange.label_studio import LabelStudio


def choice(label, **more):
    return {
        "id": "r1",
        "from_name": "sentiment",
        "to_name": "text",
        "type": "choices",
        "origin": "manual",
        "value": {"choices": [label]},
    } | more


BOX = {
    "from_name": "box",
    "to_name": "img",
    "type": "rectanglelabels",
    "value": {"x": 1, "y": 1, "width": 2, "height": 2, "rectanglelabels": ["cat"]},
}
TASKS = [
    {
        "id": 11,
        "data": {"text": "很好", "深": {"a": [1, None]}},
        "annotations": [
            {"id": 1, "completed_by": 1, "result": [choice("正面"), BOX], "lead_time": 4.25, "was_cancelled": False},
            {"id": 2, "completed_by": {"id": 2, "email": "li@x.cn"}, "result": [choice("负面")], "lead_time": 9},
            {"id": 3, "completed_by": 3, "result": [], "was_cancelled": True, "lead_time": 1.5},
        ],
        "predictions": [{"id": 5, "model_version": "bert-2", "score": 0.7, "result": [choice("正面")]}],
        "meta": {"unknown": "kept"},
        "file_upload": "x.json",
        "drafts": [],
    },
    {
        "id": 12,
        "data": {"text": "太差了"},
        "annotations": [
            {"id": 4, "completed_by": 1, "result": [choice("负面")], "ground_truth": True},
            {"id": 6, "completed_by": 2, "result": [BOX]},
            {"id": 7, "completed_by": 5, "result": [choice("负面")]},
        ],
    },
]


STUDIO = LabelStudio()


def source(value):
    return AnnotationSource("export", json.dumps(value, ensure_ascii=False))


def read(value, control=""):
    return STUDIO.read([source(value)], control)


def written(reading, labels, kind="class"):
    return json.loads(STUDIO.write(labels, reading.items, kind, reading))


def region(kind, value, name="box"):
    return {"from_name": name, "to_name": "img", "type": kind, "value": value}


def one_task(*results, **more):
    annotations = [{"completed_by": at + 1, "result": list(said)} | more for at, said in enumerate(results)]
    return [{"id": 1, "data": {"text": "t"}, "annotations": annotations}]


def labels_of(value, **options):
    return read(one_task(*value), **options).votes["label"].to_pylist()


def test_annotations_are_votes_and_predictions_are_not():
    reading = read(TASKS)
    assert [tuple(line.values()) for line in reading.votes.to_pylist()] == [
        ("11", "1", "正面", 4.25),
        ("11", "li@x.cn", "负面", 9.0),
        ("11", "3", None, 1.5),
        ("12", "5", "负面", None),
    ]
    assert reading.gold.to_pylist() == [{"item": "12", "label": "负面"}]
    assert reading.items.to_pylist() == [{"item": "11", "text": "很好"}, {"item": "12", "text": "太差了"}]
    assert str(reading.ledger) == (
        "3 answers read, 5 not: 1 known answers (ground truth), 1 predictions of models, 1 skipped by their annotator, "
        "2 to another question (box, rectanglelabels)"
    )


def test_nothing_is_lost_on_the_way_back():
    reading = read(TASKS)
    found = karat.label.aggregate(reading.votes, items=reading.items, gold=reading.gold, method="majority")
    out = written(reading, found.labels)
    ours = [task["predictions"].pop() for task in out]
    for task, before in zip(out, TASKS, strict=True):
        if "predictions" not in before:
            assert task.pop("predictions") == []
    assert out == TASKS
    assert [line["result"][0]["value"]["choices"] for line in ours] == [["负面"], ["负面"]]
    assert all(line["model_version"] == "karat" and 0 <= line["score"] <= 1 for line in ours)
    again = read(written(reading, found.labels))
    assert again.votes.equals(reading.votes)
    assert len(written(again, found.labels)[0]["predictions"]) == 2  # ours is replaced


@pytest.mark.parametrize(
    ("kind", "value", "label"),
    [
        ("rating", {"rating": 4}, "4"),
        ("number", {"number": 2.5}, "2.5"),
        ("datetime", {"datetime": "2026-11-30"}, "2026-11-30"),
        ("pairwise", {"selected": "left"}, "left"),
        ("textarea", {"text": ["some", "words"]}, "some words"),
        ("taxonomy", {"taxonomy": [["Animals", "Cats"]]}, "Animals/Cats"),
        ("taxonomy", {"taxonomy": [["A", "B"], ["C"]]}, '["A/B", "C"]'),
        ("choices", {"choices": ["a", "b"]}, '["a", "b"]'),
        (
            "labels",
            {"start": 0, "end": 4, "text": "Jane", "labels": ["PER"]},
            '[{"start": 0, "end": 4, "label": "PER"}]',
        ),
        (
            "hypertextlabels",
            {"start": "/p[1]", "end": "/p[2]", "globalOffsets": {"start": 3, "end": 9}, "hypertextlabels": ["ORG"]},
            '[{"start": 3, "end": 9, "label": "ORG"}]',
        ),
        (
            "timeserieslabels",
            {"start": 1.5, "end": 2, "timeserieslabels": ["Run"]},
            '[{"start": 1.5, "end": 2, "label": "Run"}]',
        ),
        (
            "rectanglelabels",
            {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["cat"]},
            '[{"x": 1, "y": 2, "width": 3, "height": 4, "label": "cat"}]',
        ),
    ],
)
def test_every_control_is_read_and_written(kind, value, label):
    tasks = one_task([region(kind, value)])
    reading = read(tasks)
    assert reading.votes["label"].to_pylist() == [label]
    types = {"rating": "class", "number": "number", "taxonomy": "labels", "choices": "labels"}
    types |= {"labels": "span", "hypertextlabels": "span", "timeserieslabels": "span", "rectanglelabels": "box"}
    labels = pa.table({"item": ["1"], "label": [label], "confidence": [0.9]})
    result = written(reading, labels, types.get(kind, "class"))[0]["predictions"][0]["result"]
    back = [{"completed_by": 9, "result": result}]
    assert read([tasks[0] | {"annotations": back}]).votes["label"].to_pylist() == [label]


def test_a_page_without_regions_is_an_answer_and_a_span_without_characters_none():
    person = region("labels", {"start": 0, "end": 4, "labels": ["PER"]}, "ner")
    assert labels_of([[person], []]) == ['[{"start": 0, "end": 4, "label": "PER"}]', "[]"]
    lost = region("hypertextlabels", {"start": "/p[1]", "end": "/p[2]", "hypertextlabels": ["X"]}, "ner")
    assert str(read(one_task([lost])).ledger).endswith("1 without a place in characters")


def test_choices_about_a_region_are_no_answer_about_the_whole():
    about = region("choices", {"choices": ["blurred"], "x": 1, "y": 1, "width": 2, "height": 2}, "c")
    reading = read(one_task([about, region("choices", {"choices": ["clear"]}, "c")]))
    assert reading.votes["label"].to_pylist() == ["clear"]
    assert reading.ledger.unread == {"about a region and not the whole": 1}


MIN = [
    {"text": "很好", "id": 1, "sentiment": "正面", "annotator": 1, "annotation_id": 11, "lead_time": 3.5},
    {"text": "很好", "id": 1, "sentiment": "负面", "annotator": "li@x.cn", "annotation_id": 12},
    {"text": "太差了", "id": 2, "sentiment": "负面", "annotator": 1, "annotation_id": 13},
    {"text": "?", "id": 3, "annotator": 1, "annotation_id": 14},
]


def test_json_min_is_read_by_line_and_written_back():
    assert STUDIO.matches(source(MIN))
    reading = read(MIN)
    assert [tuple(line.values()) for line in reading.votes.to_pylist()] == [
        ("1", "1", "正面", 3.5),
        ("1", "li@x.cn", "负面", None),
        ("2", "1", "负面", None),
    ]
    assert str(reading.ledger) == "3 answers read, 1 not: 1 without an answer"
    labels = pa.table({"item": ["1", "2"], "label": ["正面", "负面"], "confidence": [0.6, 0.9]})
    out = written(reading, labels)
    assert out[:4] == MIN
    assert out[4] == {"text": "很好", "id": 1, "sentiment": "正面", "annotator": "karat", "annotation_id": None}
    assert written(read(out), labels)[:4] == MIN


def test_json_min_with_regions_and_several_choices():
    box = {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["cat"], "original_width": 600}
    lines = [{"image": "a.jpg", "id": 1, "label": [box], "annotator": 1, "annotation_id": 1}]
    assert read(lines).votes["label"].to_pylist() == ['[{"x": 1, "y": 2, "width": 3, "height": 4, "label": "cat"}]']
    several = [
        {"t": "x", "id": at, "topic": {"choices": ["a", "b"]}, "annotator": 1, "annotation_id": at} for at in (1, 2)
    ]
    assert read(several).votes["label"].to_pylist() == ['["a", "b"]'] * 2
    tree = [{"t": "x", "id": 1, "where": [["A", "B"]], "annotator": 1, "annotation_id": 1}]
    assert read(tree).votes["label"].to_pylist() == ["A/B"]
    labels = pa.table(
        {"item": ["1"], "label": ['[{"x": 1, "y": 2, "width": 3, "height": 4, "label": "cat"}]'], "confidence": [1.0]}
    )
    assert written(read(lines), labels, "box")[1]["label"] == [
        {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["cat"]}
    ]


def test_what_is_no_task_or_has_no_answer_is_refused():
    assert not STUDIO.matches(source([{"item": "a"}]))
    with pytest.raises(InputError, match="not Label Studio's"):
        read([{"item": "a"}])
    brush = region("brushlabels", {"rle": [1], "brushlabels": ["x"]})
    with pytest.raises(InputError, match="control tags in the file: brushlabels"):
        read(one_task([brush]))
    with pytest.raises(
        InputError,
        match="the question 'other' is not in the file of Label Studio; questions with answers: box, sentiment",
    ):
        read(TASKS, "other")
    with pytest.raises(InputError, match="is not JSON of Label Studio"):
        STUDIO.read([AnnotationSource("x", "[{")], "")


def test_tasks_are_made_where_none_were_read():
    items = pa.table({"item": ["a", "b"], "text": ["x", "y"]})
    labels = pa.table({"item": ["a"], "label": ["good"], "confidence": [0.7]})
    tasks = json.loads(STUDIO.write(labels, items, "class", None))
    assert tasks[0]["predictions"][0]["result"] == [
        {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}}
    ]
    assert tasks[1] == {"id": "b", "data": {"item": "b", "text": "y"}, "annotations": []}
    assert STUDIO.matches(source(tasks))
