"""A request of one record, and the line that sends it: whatever stands in the cells, the shell passes it on."""

import json
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from karat.core.schema import Column, Role, Schema
from karat.deploy.example_request import MOST_CHARACTERS, curl_line, example_request
from karat.deploy.judging import JudgedRequest, Service
from karat.deploy.protocol import parse
from karat.deploy.signature import Input, Signature

ECHO = 'curl() { for last; do :; done; printf %s "$last"; }\n'


def sent(line: str, folder: Path) -> str:
    """What a shell gives to curl as the body."""
    return subprocess.run(["sh", "-c", ECHO + line], capture_output=True, text=True, check=True, cwd=folder).stdout


def test_the_model_answers_what_the_line_sends(run: Path, tmp_path: Path) -> None:
    service = Service.load(run)
    signature = service.predictor.signature
    request = example_request(signature, {"age": 40.0, "城市": "北京", "when": "2024/05/06", "id": "7"})
    assert request is not None
    assert [tensor["data"] for tensor in request["inputs"]] == [[40], ["北京"], ["2024/05/06"]]
    line = curl_line("http://127.0.0.1:8080/v2/models/people/infer", request)
    assert line.startswith("curl http://127.0.0.1:8080/v2/models/people/infer -H 'Content-Type: application/json' -d '")
    judged = service.answer([parse(sent(line, tmp_path).encode(), None, signature)])[0]
    assert isinstance(judged, JudgedRequest)
    assert judged.findings == []


def test_what_is_missing_is_sent_as_missing_and_a_long_text_is_cut(run: Path) -> None:
    signature = Signature.load(run / "model" / "schema.json")
    request = example_request(signature, {"age": float("nan"), "when": None})
    assert request is not None
    assert [tensor["data"] for tensor in request["inputs"]] == [[None], ["北京"], [None]]
    request = example_request(signature, {"age": 1.5, "城市": "x" * 999})
    assert request is not None
    assert [tensor["data"][0] for tensor in request["inputs"]] == [1.5, "x" * MOST_CHARACTERS, None]


@pytest.mark.parametrize("text", ["it's", '$HOME `id` \\n !! "q"', "a\nb\t\u009b31m\u202e", "'; echo no; '", ""])
def test_the_shell_passes_on_whatever_a_cell_holds(text: str, run: Path, tmp_path: Path) -> None:
    request = example_request(Signature.load(run / "model" / "schema.json"), {"城市": text})
    assert request is not None
    line = curl_line("http://x/infer", request, token=True)
    assert line.isprintable()
    assert ' -H "Authorization: Bearer $KARAT_TOKEN" -d ' in line
    assert json.loads(sent(line, tmp_path)) == request


def test_a_picture_is_read_from_a_file(run: Path, tmp_path: Path) -> None:
    signature = Signature.load(run / "model" / "schema.json")
    schema = Schema((Column("bytes", Role.IMAGE, "binary"),))
    picture = Signature("p", "1", (Input("bytes", Role.IMAGE, "BYTES", "", ""),), signature.outputs, (), schema)
    request = example_request(picture, {})
    assert request is not None
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8" * 90)
    assert json.loads(sent(curl_line("http://x", request), tmp_path))["inputs"][0]["data"] == [
        b64encode(b"\xff\xd8" * 90).decode()
    ]


def test_a_model_that_takes_no_records_has_no_example(run: Path) -> None:
    signature = Signature.load(run / "model" / "schema.json")
    other = Signature("p", "1", (Input("history", "number", "FP64", "", ""),), signature.outputs, (), signature.schema)
    assert example_request(other, {}) is None
