"""A forecaster over HTTP: what it takes, and what it says of what it cannot take."""

import json

import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.deploy.history_service import HistoryService, application
from karat.deploy.limits import ServeLimits


def answer(history: pa.Table, horizon: int) -> pa.Table:
    if horizon > 9:
        raise InputError("too far", "Ask for less")
    return pa.table(
        {"time": ["x"] * horizon, "step": pa.array(range(horizon), pa.int64()), "forecast": [1.5] * horizon}
    )


SERVICE = HistoryService("load", "1", ("t", "y"), 3, answer, ServeLimits(max_records=4))


def body(horizon=2, **columns):
    columns = columns or {"t": ["2024-01-01", "2024-01-02"], "y": [1, None]}
    tensors = [{"name": n, "shape": [len(v)], "datatype": "BYTES", "data": v} for n, v in columns.items()]
    return json.dumps({"inputs": tensors, "parameters": {"horizon": horizon}}).encode()


def test_columns_become_text_and_the_answer_tensors():
    history, horizon = SERVICE.read(body())
    assert (history.to_pydict(), horizon) == ({"t": ["2024-01-01", "2024-01-02"], "y": ["1", None]}, 2)
    outputs = SERVICE.answered(body())["outputs"]
    assert [(o["name"], o["datatype"], o["shape"]) for o in outputs] == [
        ("time", "BYTES", [2]),
        ("step", "INT64", [2]),
        ("forecast", "FP64", [2]),
    ]


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"{", "is not JSON"),
        (b"[]", "of type list"),
        (b"{}", "inputs in the request is missing"),
        (body(t=["a"], z=[1]), "no column 'z'"),
        (body(t=["a", "b"], y=[1]), "have \\[1, 2\\] records"),
        (body(t=[], y=[]), "0 records"),
        (body(t=["a"] * 5, y=[1] * 5), "5 records"),
        (body(t=[{}], y=[1]), "of type dict"),
        (body(horizon="two"), "horizon in the request is 'two'"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(sent, problem):
    with pytest.raises(InputError, match=problem):
        SERVICE.answered(sent)


def test_over_http():
    pytest.importorskip("starlette")
    pytest.importorskip("httpx")
    from starlette.testclient import TestClient

    client = TestClient(application(SERVICE))
    assert client.get("/v2/health/ready").json() == {"ready": True}
    assert client.get("/v2/models/load").json()["parameters"] == {"horizon": 3}
    said = client.post("/v2/models/load/infer", content=body())
    assert (said.status_code, said.json()["outputs"][2]["data"]) == (200, [1.5, 1.5])
    far = client.post("/v2/models/load/versions/1/infer", content=body(horizon=10))
    assert (far.status_code, far.json()) == (400, {"error": "too far. Ask for less."})
