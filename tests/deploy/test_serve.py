"""The server, spoken to by a plain HTTP client and by a foreign client of the protocol."""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karat.core.errors import InputError, MachineError, OptionError
from karat.deploy.connections import Connections
from karat.deploy.endpoints import InferenceApp
from karat.deploy.limits import MIB, ServeLimits
from karat.deploy.model_in_use import ModelInUse
from karat.deploy.running import ServerPlace, listening, server_of
from karat.deploy.serve import serve

pytest.importorskip("uvicorn")
MAX_BYTES = 100_000


@pytest.fixture(scope="module")
def address(run: Path) -> Iterator[str]:
    limits = ServeLimits(max_body_mb=MAX_BYTES / MIB, drain_seconds=0, max_stop_seconds=2)
    with listening("127.0.0.1", 0) as listener:
        connections = Connections(limits)
        app = InferenceApp(ModelInUse.load(run, "", limits), connections)
        server = server_of(app, ServerPlace(), limits, connections)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield "{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def ask(address: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(address, timeout=20)
    raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    connection.request("GET" if body is None else "POST", path, raw, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    plain = "json" not in (response.getheader("content-type") or "")
    return response.status, text if plain else json.loads(text)


def tensors(ages: list[Any], kind: str = "FP64", **more: Any) -> dict[str, Any]:
    n = len(ages)
    return {
        "inputs": [
            {"name": "age", "shape": [n, 1], "datatype": kind, "data": ages},
            {"name": "城市", "shape": [n], "datatype": "BYTES", "data": ["北京"] * n},
            {"name": "when", "shape": [n, 1], "datatype": "BYTES", "data": [["2024/02/03"]] * n},
        ]
    } | more


INFER = "/v2/models/people/infer"


def test_health_and_metadata(address: str) -> None:
    assert ask(address, "/v2/health/live") == (200, {"live": True})
    assert ask(address, "/v2/health/ready") == (200, {"ready": True})
    assert ask(address, "/v2")[1]["name"] == "karat"
    assert ask(address, "/v2/models/people/versions/1/ready") == (200, {"name": "people", "ready": True})
    about = ask(address, "/v2/models/people")[1]
    assert [(i["name"], i["datatype"]) for i in about["inputs"]] == [
        ("age", "FP64"),
        ("城市", "BYTES"),
        ("when", "FP64"),
    ]
    assert about["outputs"][1] == {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]}
    assert ask(address, "/v2/models/people/schema")[1]["classes"] == ["no", "是"]


def test_an_answer_is_the_models(address: str) -> None:
    status, answer = ask(address, INFER, tensors([10, 40.0], id="7"))
    label, probabilities = answer["outputs"]
    assert status == 200
    assert answer["id"] == "7"
    assert label["data"] == ["no", "是"]
    p = 1 / (1 + np.exp(-(np.array([10, 40]) / 10 - 3 + 1)))
    assert np.allclose(np.reshape(probabilities["data"], (2, 2))[:, 1], p, atol=1e-6)
    assert "parameters" not in answer


@pytest.mark.parametrize(("kind", "age"), [("INT64", 40), ("FP32", 40.0), ("BYTES", "40"), ("FP64", 40)])
def test_datatypes_are_cast(address: str, kind: str, age: Any) -> None:
    assert ask(address, INFER, tensors([age], kind))[1]["outputs"][0]["data"] == ["是"]


@pytest.mark.parametrize("gap", [None, float("nan")])
def test_gaps(address: str, gap: Any) -> None:
    body = tensors([gap])
    body["inputs"][2]["data"] = [[""]]
    answer = ask(address, INFER, body)[1]
    p = 1 / (1 + np.exp(-(0 - 3 + 1 + 1)))
    assert answer["outputs"][1]["data"][1] == pytest.approx(p, abs=1e-6)
    assert ask(address, INFER, tensors(["?"], "BYTES"))[0] == 200


def test_the_door_says_what_is_odd(address: str) -> None:
    status, answer = ask(address, INFER, tensors([30, 250]))
    odd = json.loads(answer["parameters"]["karat_findings"])
    assert status == 200
    assert [(f["record"], f["column"], f["check"], f["value"]) for f in odd] == [(1, "age", "TooOld", "250")]
    assert "oldest in training" in odd[0]["message"]
    metrics = ask(address, "/metrics")[1]
    assert 'karat_findings_total{model="people",check="TooOld",dimension="accuracy",sure="true"}' in metrics
    assert 'karat_check_errors_total{model="people",check="Broken"}' in metrics
    assert 'karat_quality_score{dataset="people",dimension="accuracy"} 0.97' in metrics


def _without(at: int) -> dict[str, Any]:
    body = tensors([1.0])
    del body["inputs"][at]
    return body


def _with(at: int, **change: Any) -> dict[str, Any]:
    body = tensors([1.0])
    body["inputs"][at] |= change
    return body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (_without(0), "'age'"),
        (_with(0, name="agee"), "'agee'"),
        (_with(0, shape=[2, 1]), "'age'"),
        (_with(0, shape=[1, 2]), "'age'"),
        (_with(0, shape="1"), "'age'"),
        (_with(0, datatype="FLOAT"), "'age'"),
        (_with(0, datatype="INT64"), "'age', record 0"),
        (_with(0, data=["x"]), "'age', record 0"),
        (_with(0, datatype="INT8", data=[900]), "'age'"),
        (_with(0, datatype="BYTES", data=["forty"]), "'age', record 0"),
        (_with(0, data=[float("inf")]), "'age', record 0"),
        (_with(1, datatype="BOOL", data=[True]), "'城市'"),
        (_with(1, data=[5]), "'城市', record 0"),
        (_with(1, data=["\ud800"]), "'城市'"),
        (_with(2, data=["2024-02-03"]), "'when', record 0"),
        (_with(2, data=[["2024/02/03"], "2024/02/03"]), "'when'"),
        (_with(2, name="age"), "'age'"),
        (tensors([1.0], outputs=[{"name": "labels"}]), "outputs"),
        ({"inputs": {}}, "inputs"),
        ({"inputs": [3]}, "inputs"),
        ({"inputs": []}, "inputs"),
        ([], "request"),
        (b"{", "request"),
        (b"\xff", "request"),
        (b'{"inputs": ' + b"9" * 5000 + b"}", "request"),
        (_with(0, datatype=["FP64"]), "datatype"),
        (_with(0, datatype={"FP64": 1}), "datatype"),
    ],
)
def test_a_bad_request_names_the_field(address: str, body: Any, field: str) -> None:
    status, answer = ask(address, INFER, body)
    assert status == 400
    assert field in answer["error"]
    assert "Traceback" not in answer["error"]


def test_bad_binary(address: str) -> None:
    body = _with(0, datatype="FP64", parameters={"binary_data_size": 8})
    del body["inputs"][0]["data"]
    head = json.dumps(body).encode()
    size = {"Inference-Header-Content-Length": str(len(head))}
    good = np.array([40.0]).tobytes()
    assert ask(address, INFER, head + good, **size)[0] == 200
    for raw in (head + good[:-1], head + good + b"x"):
        assert ask(address, INFER, raw, **size)[0] == 400
    assert ask(address, INFER, head + good, **{"Inference-Header-Content-Length": "99999"})[0] == 400
    for size in ("-", "9" * 5000, "١٢"):
        header = {"Inference-Header-Content-Length": size.encode()}
        assert ask(address, INFER, head + good, **header)[0] == 400


def test_quarantine_answers_the_rest(address: str, run: Path) -> None:
    body = tensors(["old", "40"], "BYTES", parameters={"quarantine": True})
    status, answer = ask(address, INFER, body)
    assert status == 200
    assert answer["outputs"][0]["data"] == ["", "是"]
    assert answer["outputs"][1]["data"][:2] == [None, None]
    odd = json.loads(answer["parameters"]["karat_findings"])
    assert [(f["record"], f["column"], f["value"]) for f in odd] == [(0, "age", "old")]
    kept = json.loads((run / "model" / "quarantine.jsonl").read_text().splitlines()[-1])
    assert kept["record"]["age"] == "old"
    assert kept["errors"] == [{"column": "age", "found": "old"}]


def test_a_folder_that_cannot_be_written_costs_no_answer(address: str, run: Path) -> None:
    place = run / "model" / "quarantine.jsonl"
    place.unlink(missing_ok=True)
    place.mkdir()
    try:
        status, _ = ask(address, INFER, tensors(["old", "40"], "BYTES", parameters={"quarantine": True}))
    finally:
        place.rmdir()
    assert status == 200


def test_bounds_and_paths(address: str) -> None:
    assert ask(address, INFER, b" " * (MAX_BYTES + 1))[0] == 413
    assert ask(address, INFER)[0] == 405
    assert ask(address, "/v2/models/peeple/ready")[0] == 404
    assert "people" in ask(address, "/v2/models/peeple")[1]["error"]
    assert ask(address, "/v2/models/people/versions/9")[0] == 404
    assert "error" in ask(address, "/nothing")[1]
    assert ask(address, INFER, b"{}", **{"Content-Encoding": "gzip"})[0] == 400


def test_company_does_not_change_an_answer(address: str) -> None:
    bodies = [tensors([age], "BYTES") for age in ["10", "old", "250", "", "40"] * 8]
    alone = [ask(address, INFER, body) for body in bodies[:5]]
    answers: list[Any] = [None] * len(bodies)

    def one(at: int) -> None:
        answers[at] = ask(address, INFER, bodies[at])

    threads = [threading.Thread(target=one, args=(at,)) for at in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == alone * 8


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_client(address: str, binary: bool) -> None:
    client_of = pytest.importorskip("tritonclient.http")
    client = client_of.InferenceServerClient(address)
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("people")
    assert client.get_model_metadata("people")["platform"] == "onnx_onnxv1"
    age = client_of.InferInput("age", [2, 1], "FP32")
    age.set_data_from_numpy(np.array([[40], [np.nan]], np.float32), binary_data=binary)
    city = client_of.InferInput("城市", [2, 1], "BYTES")
    city.set_data_from_numpy(np.array([["上海"], ["北京"]], object), binary_data=binary)
    when = client_of.InferInput("when", [2, 1], "FP64")
    when.set_data_from_numpy(np.array([[1.7e9], [1.7e9]]), binary_data=binary)
    wanted = [client_of.InferRequestedOutput(name, binary_data=binary) for name in ("label", "probabilities")]
    for outputs in (wanted, None):
        answer = client.infer("people", [age, city, when], outputs=outputs, request_id="a")
        labels = [label.decode() if isinstance(label, bytes) else label for label in answer.as_numpy("label")]
        assert labels == ["是", "no"]
        p = 1 / (1 + np.exp(-np.array([1.0, -2.0])))
        assert np.allclose(answer.as_numpy("probabilities")[:, 1], p, atol=1e-6)
    with pytest.raises(Exception, match="'age'"):
        client.infer("people", [city, when])
    client.close()


def test_no_model_no_server(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run folder"):
        serve(tmp_path / "none")
    with pytest.raises(InputError, match=r"schema\.json"):
        serve(tmp_path)


def test_a_port_in_use() -> None:
    with listening("127.0.0.1", 0) as held, pytest.raises(MachineError, match="cannot be used"):
        listening(*held.getsockname())


def test_the_extra_is_named_when_it_is_not_there(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(OptionError, match=r"pip install 'karat-data\[serve\]'"):
        serve(run)
