"""What the application answers beside the model's answers: readiness, time limits, memory, large requests in parts."""

import asyncio
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from karat.deploy import endpoints, model_in_use
from karat.deploy.connections import Connections
from karat.deploy.endpoints import InferenceApp
from karat.deploy.limits import ServeLimits
from karat.deploy.model_in_use import ModelInUse

starlette = pytest.importorskip("starlette.testclient")
PATH = "/v2/models/people/infer"


def body(ages: list[Any], city: str = "北京", **more: Any) -> dict[str, Any]:
    n = len(ages)
    return {
        "inputs": [
            {"name": "age", "shape": [n, 1], "datatype": "FP64", "data": ages},
            {"name": "城市", "shape": [n, 1], "datatype": "BYTES", "data": [city] * n},
            {"name": "when", "shape": [n, 1], "datatype": "FP64", "data": [None] * n},
        ]
    } | more


def application(run: Path, **limits: Any) -> InferenceApp:
    bounds = ServeLimits(**limits)
    return InferenceApp(ModelInUse.load(run, "", bounds), Connections(bounds))


def test_readiness_means_it(run: Path) -> None:
    app = application(run)
    with starlette.TestClient(app) as client:
        assert client.get("/v2/health/ready").json() == {"ready": True}
        app.connections.draining = True
        for path in ("/v2/health/ready", "/v2/models/people/ready"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert client.get("/v2/health/live").status_code == 200
        assert client.post(PATH, json=body([40])).status_code == 200  # what still comes is answered


def test_the_document_the_page_and_the_gauges(run: Path) -> None:
    with starlette.TestClient(application(run)) as client:
        assert PATH in client.get("/openapi.json").json()["paths"]
        page = client.get("/docs")
        assert "text/html" in page.headers["content-type"]
        assert f"curl http://testserver{PATH} -H" in page.text
        assert "KARAT_TOKEN" not in page.text
        assert "KARAT_TOKEN" in client.get("/docs", headers={"authorization": "Bearer x"}).text
        client.post(PATH, json=body([40]))
        metrics = client.get("/metrics").text
        assert 'karat_requests_total{model="people",code="200"} 1' in metrics
        assert 'karat_requests_waiting{model="people"} 0' in metrics
        assert set(client.put("/v2").headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_the_page_shows_a_record_as_an_example_and_a_wrong_method_names_the_right_one(run: Path) -> None:
    bounds = ServeLimits()
    app = InferenceApp(ModelInUse.load(run, "", bounds), Connections(bounds), cells={"age": 41.0})
    with starlette.TestClient(app) as client:
        assert "&quot;data&quot;: [41]" in client.get("/docs").text
        refused = client.get(PATH)
        assert refused.status_code == 405
        assert refused.json()["error"] == f"GET is not allowed on {PATH}. Use POST."


def test_a_large_request_is_answered_in_parts_as_in_one(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ages = [10, 250, 40, 99, None, 20, 251]
    with starlette.TestClient(application(run)) as client:
        whole = client.post(PATH, json=body(ages)).json()
        monkeypatch.setattr(endpoints, "AT_ONCE", 2)
        monkeypatch.setattr(endpoints, "SMALL_BYTES", 10)
        assert client.post(PATH, json=body(ages)).json() == whole
    odd = json.loads(whole["parameters"]["karat_findings"])
    assert [finding["record"] for finding in odd] == [1, 3, 6]
    assert model_in_use.AT_ONCE > 2


def test_records_nesting_and_time_have_limits(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with starlette.TestClient(application(run, max_records=2, max_nesting=8, max_request_seconds=0.2)) as client:
        assert client.post(PATH, json=body([1, 2])).status_code == 200
        assert "3 records (limit 2)" in client.post(PATH, json=body([1, 2, 3])).json()["error"]
        deep = client.post(
            PATH, content=json.dumps(body([1], parameters={"a": 1})).replace('"a": 1', '"a": ' + "[" * 9 + "]" * 9)
        )
        assert (deep.status_code, "nested more than 8 deep" in deep.json()["error"]) == (400, True)
        deepest = client.post(PATH, content=b'{"inputs": ' + b"[" * 20_000)
        assert deepest.status_code == 400

        async def never(*_: Any, **__: Any) -> None:
            await asyncio.sleep(5)

        monkeypatch.setattr("karat.deploy.batching.Batcher.submit", never)
        late = client.post(PATH, json=body([1]))
        assert (late.status_code, late.headers["retry-after"]) == (503, "1")


def test_a_full_queue_is_told(run: Path) -> None:
    with starlette.TestClient(application(run, max_waiting=0)) as client:
        answer = client.post(PATH, json=body([1]))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_distinct_long_texts_leave_nothing_behind(run: Path) -> None:
    """150 texts of 3 MB once left 459 MB; 30 of 100 kB show the same."""
    with starlette.TestClient(application(run, max_cache_mb=0.1)) as client:
        client.post(PATH, json=body([1], "x" * 100_000))
        tracemalloc.start()
        before = tracemalloc.take_snapshot()
        for at in range(30):
            assert client.post(PATH, json=body([1], f"{at}é" + "x" * 100_000)).status_code == 200
        grown = sum(entry.size_diff for entry in tracemalloc.take_snapshot().compare_to(before, "filename"))
        tracemalloc.stop()
    assert grown < 1_000_000


def test_a_large_nested_body_leaves_the_others_their_turn(run: Path) -> None:
    app = application(run)
    bomb = b'{"inputs": [' + b"[]," * 300_000 + b"[]]}"

    async def turns_of_others() -> int:
        async def receive() -> Any:
            return {"type": "http.request", "body": bomb, "more_body": False}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
        working = asyncio.create_task(app(scope, receive, send))
        turns = 0
        while not working.done():
            await asyncio.sleep(0.001)
            turns += 1
        assert sent[0]["status"] == 400
        return turns

    assert asyncio.run(turns_of_others()) > 10
