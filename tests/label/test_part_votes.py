"""Answers of several parts: labels, spans and boxes that most of the weight is behind."""

import json

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.core.errors import InputError, OptionError


def votes(*lines):
    item, voter, label = zip(*lines, strict=True)
    return pa.table({"item": item, "voter": voter, "label": [x if x is None else json.dumps(x) for x in label]})


def span(start, end, label="PER"):
    return {"start": start, "end": end, "label": label}


def box(x, y, label="cat"):
    return {"x": x, "y": y, "width": 10, "height": 10, "label": label}


def crowd(truth, wrong, items=40):
    """Three voters who mostly say the truth; the last says something else on every fourth item."""
    return votes(
        *((f"i{at}", who, wrong if who == "z" and at % 4 == 0 else truth) for at in range(items) for who in "xyz")
    )


def test_labels_most_voters_give_stand():
    found = karat.label.aggregate(crowd(["a", "b"], ["c"]))
    assert (found.answers.name, found.chosen.method) == ("labels", "seen_parts")
    assert set(found.labels["label"].to_pylist()) == {'["a", "b"]'}
    assert found.classes == ("a", "b", "c")
    assert found.soft.column_names == ["item", "a", "b", "c"]
    assert found.soft["c"][0].as_py() < 0.5 < found.soft["a"][0].as_py()
    quality = dict(zip(found.voters["voter"].to_pylist(), found.voters["quality"].to_pylist(), strict=True))
    assert quality["x"] > quality["z"]
    assert {line["voter"] for line in found.suspects.to_pylist()} == {"z"}
    assert found.suspects["expected"][0].as_py() == '["a", "b"]'
    assert found.agreement < 1


def test_joined_labels_come_back_joined():
    table = votes(("a", "x", None), ("a", "y", None), ("b", "x", None)).set_column(2, "label", [["p;q", "p", "q"]])
    assert karat.label.aggregate(table, items=["a", "b", "c"]).labels["label"].to_pylist()[2] is None
    assert karat.label.aggregate(table).labels["label"].to_pylist()[1] == "q"


def test_spans_with_the_edges_and_the_type_of_most():
    lines = [("a", "x", [span(0, 5)]), ("a", "y", [span(0, 6)]), ("a", "z", [span(0, 5, "ORG"), span(20, 25)])]
    lines += [(f"b{at}", who, [span(3, 9)]) for at in range(20) for who in "xyz"]
    found = karat.label.aggregate(votes(*lines))
    assert found.answers.name == "span"
    assert json.loads(found.labels["label"][0].as_py()) == [span(0, 5)]
    assert found.labels["votes"][0].as_py() == 3


def test_boxes_with_the_mean_of_their_edges():
    found = karat.label.aggregate(crowd([box(0, 0), box(50, 50, "dog")], [box(2, 0)]))
    assert found.answers.name == "box"
    answer = json.loads(found.labels["label"][0].as_py())
    assert [part["label"] for part in answer] == ["cat", "dog"]
    assert 0 < answer[0]["x"] < 1
    assert json.loads(found.labels["label"][1].as_py())[0] == box(0, 0)


def test_known_answers_judge_parts_and_what_nobody_gave_is_said():
    gold = {"item": [f"i{at}" for at in range(10)], "label": ['["a", "z"]'] * 10}
    found = karat.label.aggregate(crowd(["a", "b"], ["c"]), gold=gold)
    assert found.labels["label"][1].as_py() == '["a"]'  # b is known to be wrong there
    assert "10 known parts were given by nobody and are not in the labels" in found.notes
    assert "known parts it had not seen" in found.verified
    with pytest.raises(InputError, match="does not fit the votes"):
        karat.label.aggregate(crowd([span(1, 2)], []), gold={"item": ["i0"], "label": ["PER"]})


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (votes(("a", "x", [span(5, 5)])), r"1 votes are not spans with 0 <= start < end: vote 1 \(item 'a'"),
        (votes(("a", "x", [{"x": 1, "y": 1, "width": -1, "height": 2}])), "1 votes are not boxes with a width"),
        (votes(("a", "x", [span(1, 2)]), ("a", "y", ["p"])).slice(0, 1), None),
        (votes(("a", "x", []), ("b", "x", [])), "no answer names a label"),
    ],
)
def test_what_does_not_fit_is_refused(bad, said):
    if said is None:
        assert karat.label.aggregate(bad).labels.num_rows == 1
        return
    kind = "auto" if said.startswith("1") or r"\(" in said else "labels"
    with pytest.raises(InputError, match=said):
        karat.label.aggregate(bad, answers=kind)


def test_methods_and_classes_that_do_not_fit_are_refused():
    with pytest.raises(OptionError, match="end_model does not apply to answers of type labels"):
        karat.label.aggregate(crowd(["a"], ["b"]), method="end_model")
    with pytest.raises(InputError, match="10 votes have labels outside --classes"):
        karat.label.aggregate(crowd(["a"], ["b"]), classes=["a"])
    with pytest.raises(OptionError, match="ordinal_scale is made for other answers"):
        karat.label.aggregate(crowd(["a"], ["b"]), method="ordinal_scale")


def test_an_answer_of_nothing_counts_as_one():
    lines = [(f"i{at}", who, [] if who == "z" else ["a"]) for at in range(30) for who in "xyz"]
    lines += [("none", who, []) for who in "xyz"]
    found = karat.label.aggregate(votes(*lines)).labels.to_pylist()
    assert (found[0]["label"], found[-1]["label"]) == ('["a"]', "[]")
    assert 0 < found[-1]["confidence"] <= 1
    assert np.isfinite(found[-1]["confidence"])
