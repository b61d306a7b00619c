"""A batch of requests through door and model: company changes no answer, and what is unreadable is set aside."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.deploy import judging
from karat.deploy.judging import JudgedRequest, Service
from karat.deploy.protocol import Request


def request(ages: list[str | None], quarantine: bool = False, **columns: list[str | None]) -> Request:
    n = len(ages)
    sent = {"age": ages, "城市": ["北京"] * n, "when": ["2024/02/03"] * n} | columns
    return Request("", sent, {}, quarantine)


@pytest.fixture
def service(run: Path, tmp_path: Path) -> Service:
    return replace(Service.load(run), quarantine=tmp_path / "quarantine.jsonl")


def answered(answer: JudgedRequest | Exception) -> JudgedRequest:
    assert isinstance(answer, JudgedRequest)
    return answer


def test_requests_answered_together_are_answered_as_alone(service: Service) -> None:
    requests = [request(["10"]), request(["40", "95"]), request(["old"]), request([None, "old"], quarantine=True)]
    together = service.answer(requests)
    for asked, answer in zip(requests, together, strict=True):
        (alone,) = service.answer([asked])
        if isinstance(alone, JudgedRequest):
            assert answered(answer).findings == alone.findings
            assert np.array_equal(answered(answer).values["label"], alone.values["label"])
            assert np.allclose(answered(answer).values["probabilities"], alone.values["probabilities"], equal_nan=True)
        else:
            assert str(answer) == str(alone)


def test_what_the_door_says_belongs_to_its_record(service: Service) -> None:
    first, second = service.answer([request(["10"]), request(["20", "95"])])
    assert answered(first).findings == []
    (finding,) = answered(second).findings
    assert (finding["record"], finding["column"], finding["check"], finding["value"]) == (1, "age", "TooOld", "95")
    assert "row" not in finding


def test_an_unreadable_cell_refuses_its_request_alone(service: Service) -> None:
    refused, fine = service.answer([request(["old", "10", "older"]), request(["10"])])
    assert isinstance(refused, InputError)
    assert refused.problem == "input 'age', record 0: 'old' is not a number (and 1 more such cells)"
    assert refused.do.startswith("send a number, NaN or an empty string, or send parameters")
    assert answered(fine).values["label"].tolist() == ["no"]
    (single,) = service.answer([request(["10"], when=["2024-02-03"])])
    assert "'2024-02-03' is not a time as '%Y/%m/%d'" in str(single)


def test_in_quarantine_the_other_records_are_answered(service: Service) -> None:
    (answer,) = service.answer([request(["old", "50"], quarantine=True)])
    values = answered(answer).values
    assert values["label"].tolist() == ["", "是"]
    assert np.isnan(values["probabilities"][0]).all()
    assert not np.isnan(values["probabilities"][1]).any()
    (finding,) = answered(answer).findings
    assert (finding["record"], finding["check"], finding["confidence"]) == (0, "Unreadable", 1.0)
    assert finding["message"] == "'old' is not a number; send a number, NaN or an empty string"


def test_unreadable_records_are_kept_privately_and_up_to_a_bound(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = service.quarantine
    assert path is not None
    service.answer([request(["10"])])
    assert not path.exists()
    service.answer([request(["10", "old"], 城市=["上海", "北京"])])
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "record": {"age": "old", "城市": "北京", "when": "2024/02/03"},
        "errors": [{"column": "age", "found": "old"}],
    }
    size = path.stat().st_size
    monkeypatch.setattr(judging, "MAX_QUARANTINE_BYTES", size)
    service.answer([request(["old"])])
    assert path.stat().st_size > size
    monkeypatch.setattr(judging, "MAX_QUARANTINE_BYTES", size)
    full = path.stat().st_size
    service.answer([request(["old"])])
    assert path.stat().st_size == full


def test_everything_is_counted(service: Service) -> None:
    service.answer([request(["10", "old", "95"])])
    counters = service.counters
    assert counters.records == 2
    assert counters.refused == {"age": 1}
    assert counters.findings == {("TooOld", "accuracy", "true"): 1}
    assert counters.broken["Broken"] >= 1
    assert dict(counters.quality) == {"accuracy": 0.97}


def test_a_column_that_was_not_sent_is_blank_and_not_judged(service: Service) -> None:
    sent = Request("", {"城市": ["北京"], "when": ["2024/02/03"]}, {}, False)
    (answer,) = service.answer([sent])
    chance = 1 / (1 + np.exp(2.0))  # no age stands for none: 0 / 10 - 3 + 1
    assert answered(answer).values["probabilities"][0, 1] == pytest.approx(chance, abs=1e-6)
    assert answered(answer).findings == []


def test_long_texts_are_quoted_by_their_beginning(service: Service) -> None:
    (long,) = service.answer([request(["x" * 61])])
    assert "'" + "x" * 57 + "...' is not a number" in str(long)
    (exact,) = service.answer([request(["x" * 60])])
    assert "'" + "x" * 60 + "' is not a number" in str(exact)


def test_a_run_without_a_model_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"run folder .* not found"):
        Service.load(tmp_path / "none")
    with pytest.raises(OptionError, match="model 'forecast' not found"):
        Service.load(run, "forecast")


def test_scores_before_stand_in_for_those_after(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    assert judging._quality(path) == {}
    dimensions = {"dimensions": {"accuracy": {"score": 0.5}, "timeliness": {"score": None}}}
    path.write_text(json.dumps({"before": dimensions}), encoding="utf-8")
    assert judging._quality(path) == {"accuracy": 0.5}
