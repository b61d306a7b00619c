"""The certificate: one schema, one round trip, rules for the verdict, and what counts as another digit."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from karat.core.errors import InputError
from karat.lift.certificate import (
    Certificate,
    Contribution,
    Gain,
    Level,
    Share,
    differences,
    effect_in_words,
    schema,
    verdict_of,
)


def made() -> Certificate:
    return Certificate(
        "procedure",
        "auc",
        Level(0.7, 0.6, 0.8),
        Level(0.7, 0.6, 0.8),
        Level(0.75, 0.65, 0.85),
        0.05,
        0.02,
        0.08,
        0.001,
        Gain(0.04, 0.01, 0.07),
        Gain(-0.01, -0.02, 0.0, 25),
        Gain(0.06, 0.03, 0.09),
        0.02,
        "worth it",
        won_back=Share(0.5, None, 0.9),
        contributions=(Contribution("gaps", 0.05, 0.02, 0.08, "keep", 0.01, 1.0),),
        folds=({"repeat": 0, "fold": 0, "scores": {"raw": 0.7}},),
        cost={"seconds": 3.0},
    )


def test_schema_holds_and_round_trip(tmp_path: Path) -> None:
    made().save(tmp_path / "lift.json")
    values = json.loads((tmp_path / "lift.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(values, schema())
    assert Certificate.load(tmp_path / "lift.json") == made()


def test_schema_refuses_a_forged_shape() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(made().to_json())) | {"verdict": "great"}, schema())


@pytest.mark.parametrize(
    ("low", "high", "over", "verdict"),
    [
        (0.01, 0.1, 0.01, "worth it"),
        (0.01, 0.1, -0.01, "no effect seen"),
        (-0.1, -0.01, 0.1, "harm"),
        (-0.1, 0.1, 0.1, "no effect seen"),
        (0.0, 0.0, 0.0, "no effect seen"),
    ],
)
def test_verdicts(low: float, high: float, over: float, verdict: str) -> None:
    folds = [{"changed": True}]
    assert verdict_of(low, high, over, folds) == verdict
    assert verdict_of(low, high, over, [{"changed": False}]) == "nothing changed"


@pytest.mark.parametrize(
    ("verdict", "lift", "words"),
    [
        ("worth it", 0.0191, "Improves AUC by 0.019"),
        ("harm", -0.02, "Worsens AUC by 0.020"),
        ("no effect seen", 0.003, "Any effect on AUC is smaller than 0.008"),
        ("no effect seen", -0.01, "No clear effect on AUC"),
        ("nothing changed", 0.0, "Cleaning changed no training record"),
    ],
)
def test_the_effect_in_words(verdict: str, lift: float, words: str) -> None:
    content = {"verdict": verdict, "lift": lift, "minimal_detectable_effect": 0.008, "protocol": "procedure"}
    assert effect_in_words(content, "AUC") == words
    if verdict == "nothing changed":
        assert effect_in_words(content | {"protocol": "versions"}, "AUC") == "Both versions train on the same records"


def test_one_other_digit_is_seen_but_not_the_clock() -> None:
    one = made().to_json()
    assert differences(one, replace(made(), cost={"seconds": 9.0}).to_json()) == []
    forged = replace(made(), raw=Level(0.7000001, 0.6, 0.8)).to_json()
    assert differences(one, forged) == ["raw.value: 0.7, not 0.7000001"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"protocol": 1}'])
def test_what_is_no_certificate_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "lift.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        Certificate.load(tmp_path / "lift.json")


def test_absent_file() -> None:
    with pytest.raises(InputError, match="not found"):
        Certificate.load(Path("nowhere/lift.json"))
