"""Label Studio's tasks in and out."""

import copy
import json

import pytest

import karat
from karat.core.errors import InputError
from karat.label.label_studio import is_studio, read_studio


def choice(label, **more):
    return {
        "id": "r1",
        "from_name": "sentiment",
        "to_name": "text",
        "type": "choices",
        "origin": "manual",
        "value": {"choices": [label]},
    } | more


BOX = {"from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["cat"]}}
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


def test_annotations_are_votes_and_predictions_a_voter():
    studio = read_studio(TASKS)
    lines = [tuple(line.values()) for line in studio.votes().to_pylist()]
    assert lines == [
        ("11", "1", "正面", 4.25),
        ("11", "li@x.cn", "负面", 9.0),
        ("11", "3", None, 1.5),
        ("11", "bert-2", "正面", None),
        ("12", "5", "负面", None),
    ]
    assert studio.gold().to_pylist() == [{"item": "12", "label": "负面"}]
    assert studio.items().to_pylist() == [{"item": "11", "text": "很好"}, {"item": "12", "text": "太差了"}]


def test_nothing_is_lost_on_the_way_back():
    before = copy.deepcopy(TASKS)
    studio = read_studio(TASKS)
    found = karat.label.aggregate(studio.votes(), items=studio.items(), gold=studio.gold(), method="majority")
    out = json.loads(json.dumps(studio.with_labels(found.labels), ensure_ascii=False))
    assert before == TASKS
    ours = [task["predictions"].pop() for task in out]
    for task in out:
        if not task["predictions"] and "predictions" not in TASKS[out.index(task)]:
            del task["predictions"]
    assert out == before
    assert [one["result"][0]["value"]["choices"] for one in ours] == [["正面"], ["负面"]]
    assert all(one["model_version"] == "karat" and 0 <= one["score"] <= 1 for one in ours)


def test_a_second_round_replaces_our_own_prediction_and_does_not_count_it():
    studio = read_studio(TASKS)
    labels = karat.label.aggregate(studio.votes(), items=studio.items(), method="majority").labels
    once = read_studio(studio.with_labels(labels))
    assert once.votes().equals(studio.votes())
    assert len(once.with_labels(labels)[0]["predictions"]) == 2


def test_other_kinds_of_answer():
    rated = [
        {
            "id": 1,
            "data": {},
            "annotations": [{"completed_by": 1, "result": [choice(0, type="rating", value={"rating": 4})]}],
        }
    ]
    assert read_studio(rated).votes()["label"].to_pylist() == ["4"]
    several = [
        {
            "id": 1,
            "data": {},
            "annotations": [{"completed_by": 1, "result": [choice("a", value={"choices": ["a", "b"]})]}],
        }
    ]
    assert read_studio(several).votes().num_rows == 0


def test_what_is_no_task_is_refused():
    assert not is_studio([{"item": "a"}])
    with pytest.raises(InputError, match="not Label Studio's"):
        read_studio([{"item": "a"}])
    with pytest.raises(InputError, match="do not choose one class each; control tags with choices: none"):
        read_studio([{"data": {}, "annotations": [{"completed_by": 1, "result": [BOX]}]}])
    with pytest.raises(InputError, match="sentiment"):
        read_studio(TASKS, control="other")
