"""Records that the checks are sure about are answered, held or rejected."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.deploy.judging import JudgedRequest
from karat.deploy.policies import Keeping, Outcome, Rejected
from karat.deploy.protocol import Request
from karat.deploy.signature import Signature

SCHEMA = Schema((Column("age", Role.NUMBER, "int64"), Column("y", Role.TARGET)), task="classification")
SIGNATURE = Signature.of("people", "2", SCHEMA, ["age"], ["no", "yes"], {})
ASKED = Request("7", {"age": ["-5", "41"]}, {}, quarantine=False)


def judged(confidence: float) -> JudgedRequest:
    finding: dict[str, Any] = {
        "record": 0, "column": "age", "check": "OutOfRange", "dimension": "accuracy", "value": "-5", "suggestion": None,
        "confidence": confidence, "message": "-5 lies below 0",
    }  # fmt: skip
    return JudgedRequest({"label": np.array(["no", "yes"], object)}, [finding])


def keeping(run: Path, policy: str, *, record: bool = False) -> Keeping:
    return Keeping.of(run, policy, record=record, mask=lambda text: text)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]


def test_pass_answers_and_keeps_nothing(tmp_path: Path) -> None:
    kept = keeping(tmp_path, "pass")
    assert kept.outcome(ASKED, judged(0.9), SIGNATURE) == Outcome("7")
    kept.close()
    assert list(tmp_path.iterdir()) == []


def test_hold_answers_and_keeps_the_record_for_review(tmp_path: Path) -> None:
    kept = keeping(tmp_path, "hold")
    assert kept.outcome(ASKED, judged(0.9), SIGNATURE) == Outcome("7", (0,))
    assert kept.outcome(ASKED, judged(0.3), SIGNATURE) == Outcome("7", ())
    kept.close()
    (line,) = lines(tmp_path / "held")
    assert (line["served_id"], line["age"], line["served_label"]) == ("7/0", "-5", "no")
    assert kept.series()["karat_records_held_total"] == 1


def test_reject_says_why(tmp_path: Path) -> None:
    kept = keeping(tmp_path, "reject", record=True)
    with pytest.raises(Rejected, match=r"record 0, column 'age': OutOfRange: -5 lies below 0\. Correct") as rejected:
        kept.outcome(ASKED, judged(0.9), SIGNATURE)
    assert json.loads(rejected.value.body())["findings"][0]["value"] == "-5"
    assert kept.outcome(ASKED, judged(0.3), SIGNATURE).held == ()
    kept.close()
    assert len(lines(tmp_path / "served")) == 2
    assert kept.series() == {
        "karat_records_held_total": 0,
        "karat_records_rejected_total": 1,
        "karat_records_written_total": 2,
        "karat_records_unwritten_total": 0,
    }


def test_who_sends_no_id_is_told_one_that_is_written_down(tmp_path: Path) -> None:
    kept = keeping(tmp_path, "pass", record=True)
    name = kept.outcome(Request("", {"age": ["3"]}, {}, quarantine=False), JudgedRequest({}, []), SIGNATURE).id
    kept.close()
    assert [line["served_id"] for line in lines(tmp_path / "served")] == [name]


def test_there_are_three_policies(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="policy 'hodl' not found"):
        keeping(tmp_path, "hodl")
