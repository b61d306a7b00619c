"""Every number on the card stands in a file of the run."""

import json
import re
from pathlib import Path

from karat.deploy.agreement import Agreement
from karat.deploy.model_card import model_card
from karat.deploy.signature import Signature

FILES = {
    "run.json": {
        "versions": {"karat": "0.1.0"},
        "ingested": "2026-01-02T03:04:05",
        "seed": 7,
        "fingerprint": "ab" * 32,
    },
    "accounting.json": {"in": 1234, "kept": 1200, "removed": {"DuplicateRecords": 31}, "quarantined": 3},
    "scores.json": {
        "before": {"dimensions": {"accuracy": {"score": 0.9, "low": 0.8, "high": 0.95}}},
        "after": {
            "dimensions": {"accuracy": {"score": 0.99, "low": 0.97, "high": 0.999}, "timeliness": {"score": None}}
        },
    },
    "evaluation.json": {
        "headline": "boosted trees",
        "folds": 5,
        "learners": {
            "naive": {"AUC": {"value": 0.5, "low": 0.5, "high": 0.5, "gap": 0.0}},
            "boosted trees": {"AUC": {"value": 0.8125, "low": 0.79, "high": 0.83, "gap": 0.064}},
        },
    },
    "lift.json": {
        "metric": "AUC",
        "lift": 0.019,
        "low": 0.011,
        "high": 0.027,
        "verdict": "worth it",
        "placebo": {"lift": -0.001, "low": -0.006, "high": 0.004},
        "minimal_detectable_effect": 0.008,
        "slices": [{"slice": "age < 25 | x", "records": 63, "refined": 0.74}],
    },
}


def test_numbers_are_the_files(run: Path) -> None:
    signature = Signature.load(run / "model" / "schema.json")
    agreement = Agreement(6000, 5999, 2.5e-7, 1e-5, 40)
    card = model_card(signature, FILES, agreement)
    for told in (
        "1,234 records in; 1,200 kept; 31 removed by DuplicateRecords; 3 quarantined",
        "0.99 [0.97, 0.999]",
        "0.8125 [0.79, 0.83]",
        "+0.0190 [+0.0110, +0.0270]",
        "**worth it**",
        "5,999 of 6,000",
        r"age < 25 \| x",
        "`城市`",
        "`北京`",
        "`no`, `是`",
    ):
        assert told in card, told
    known = json.dumps(FILES) + json.dumps(signature.to_json()) + "95 1234 1200 6000 5999 2.5e-07 1e-05 40 3 2"
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", card)
    held = {float(number) for number in re.findall(r"\d+\.?\d*(?:e-?\d+)?", known)}
    assert {number for number in map(float, re.findall(r"\d+\.?\d*(?:e-?\d+)?", plain)) if number not in held} == set()


def test_what_was_not_measured_is_not_mentioned(run: Path) -> None:
    card = model_card(Signature.load(run / "model" / "schema.json"), {})
    assert "## How to use it" in card
    for heading in ("## Data", "## How well", "worth", "weakest", "agrees"):
        assert heading not in card
