"""What karat label says, for a person and for a program."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow as pa
import pytest

from karat.cli.labels import as_json, in_words
from karat.flow.labelling import Labelled
from karat.label.aggregated import AggregatedLabels
from karat.label.aggregating import aggregate
from karat.label.spending import QuestionCost

HOME = Path("out")


@pytest.fixture(scope="module")
def labels() -> AggregatedLabels:
    items, voters, answers = [], [], []
    for at in range(20):
        for voter in "abc":
            items.append(f"i{at}")
            voters.append(voter)
            answers.append("dog" if at % 4 == 0 else "cat")
    return aggregate({"item": items, "voter": voters, "label": answers}, method="majority")


def test_a_few_lines_for_a_person(labels: AggregatedLabels) -> None:
    lines = in_words(Labelled(labels), HOME).splitlines()
    assert lines[0] == "label      60 votes of 3 voters → 20 labels · cat 75.0% · dog 25.0%"
    assert lines[1] == "type       class: 2 different texts"
    assert lines[2].startswith("method     majority: ")
    (agreement,) = [line for line in lines if line.startswith("agreement")]
    assert "alpha 1.00" in agreement
    (voters,) = [line for line in lines if line.startswith("voters")]
    assert voters.count("(20)") == 3
    assert lines[-1] == str(HOME / "labels.parquet")
    assert not any(line.startswith("model") for line in lines)


def test_without_two_votes_there_is_no_agreement(labels: AggregatedLabels) -> None:
    lonely = replace(labels, agreement=float("nan"))
    assert "no item has two votes" in in_words(Labelled(lonely), HOME)
    assert json.loads(as_json(Labelled(lonely), HOME))["agreement"] is None


def test_known_answers_tell_the_methods_apart(labels: AggregatedLabels) -> None:
    methods = pa.table(
        {
            "method": ["majority", "mace"],
            "differs": [0.0, 0.25],
            "right": [7, 8],
            "known": [9, 9],
            "brier": [0.125, 0.0625],
        }
    )
    chosen = replace(labels.chosen, methods=methods)
    lines = in_words(Labelled(replace(labels, chosen=chosen)), HOME).splitlines()
    assert "           mace               8 of 9 known answers right, Brier 0.062, 25.0% of labels otherwise" in lines
    unknown = methods.set_column(3, "known", pa.nulls(2, pa.int64()))
    silent = in_words(Labelled(replace(labels, chosen=replace(chosen, methods=unknown))), HOME)
    assert "known answers right" not in silent


def test_what_a_language_model_cost(labels: AggregatedLabels) -> None:
    cost = asdict(
        QuestionCost(asked=1200, cached=5, outside=1, refused=2, unasked=3, tokens_in=4000, tokens_out=30, money=0.5)
    )
    text = in_words(Labelled(labels, cost), HOME)
    assert (
        "1,200 questions, 5 from the cache, 1 answers outside the classes, 0 unanswered, 2 refused, 3 not asked for lack "
        "of money · 4,000 + 30 tokens, 0.5000 of money"
    ) in text


def test_only_the_first_voters_are_named(labels: AggregatedLabels) -> None:
    voters = pa.table({"voter": list("abcdef"), "quality": [0.5] * 6, "votes": [1] * 6})
    (line,) = [
        line for line in in_words(Labelled(replace(labels, voters=voters)), HOME).splitlines() if "voters  " in line
    ]
    assert "e 0.50" in line
    assert "f 0.50" not in line


def test_the_same_for_programs(labels: AggregatedLabels) -> None:
    value = json.loads(as_json(Labelled(labels, {"asked": 1}), HOME))
    assert {key: value[key] for key in ("items", "voters", "classes", "method", "agreement")} == {
        "items": 20,
        "voters": 3,
        "classes": ["cat", "dog"],
        "method": "majority",
        "agreement": 1.0,
    }
    assert value["language_model"] == {"asked": 1}
    assert json.loads(as_json(Labelled(labels), HOME))["language_model"] is None
