"""The paths of the Open Inference Protocol v2: the one that is asked all the time by hand, the others by Starlette."""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from karat.core.errors import KaratError, OptionError
from karat.core.release import VERSION
from karat.deploy.answer_text import render
from karat.deploy.batching import Overloaded
from karat.deploy.connections import Connections
from karat.deploy.counters import CONTENT_TYPE, Counters
from karat.deploy.example_request import curl_line, example_request
from karat.deploy.guarded_app import Scope, TooLarge, answer, reply
from karat.deploy.judging import JudgedRequest
from karat.deploy.limits import ServeLimits
from karat.deploy.model_in_use import AT_ONCE, LoadedModel, ModelInUse
from karat.deploy.openapi import docs_page, document
from karat.deploy.policies import Keeping, Outcome, Rejected
from karat.deploy.protocol import Request, parse
from karat.deploy.siblings import Siblings
from karat.deploy.signature import Signature

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

SMALL_BYTES = 65_536  # cost: a larger body is read by a thread
HEADER = "inference-header-content-length"
JSON = b"application/json"
BINARY = b"application/octet-stream"


Answered = tuple[int, bytes, int | None]  # status, body, and the length of its JSON part where binary data follows it
ANSWERED = frozenset({200, 202, 422})


class Gone(Exception):  # noqa: N818  nobody waits for an answer
    """The client has gone."""


class InferenceApp:
    """The web application of the model in use.

    Parameters
    ----------
    keeping : Keeping, optional
        What becomes of records that the checks are sure about, and which are kept.
    siblings : Siblings, optional
        The other workers of the same server.
    cells : mapping, optional
        Of the record that the page of the interface shows as an example, by column.
    """

    def __init__(
        self,
        model: ModelInUse,
        connections: Connections,
        keeping: Keeping | None = None,
        siblings: Siblings | None = None,
        cells: Mapping[str, Any] | None = None,
    ) -> None:
        self.siblings, self.cells = siblings, cells or {}
        self.keeping = keeping or Keeping()
        self.model, self.connections, self.limits = model, connections, model.limits
        self._others = self._routes()
        self._reader = ThreadPoolExecutor(1, "karat-reading")

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/infer"):
            loaded = self.model.current
            if _named(scope["path"], loaded.service.predictor.signature):
                await self._infer(loaded, scope, receive, send)
                return
        await self._others(scope, receive, send)

    async def _infer(self, loaded: LoadedModel, scope: Scope, receive: Any, send: Any) -> None:
        start = time.monotonic()
        counters = loaded.service.counters
        try:
            body = await self._body(receive)
            size = _header_size(scope)
            answered = self._at_once(loaded, body, size)
            if answered is None:
                async with asyncio.timeout_at(start + self.limits.max_request_seconds):
                    latest = start + self.limits.max_request_seconds
                    answered = await self._answered(loaded, size, body, latest)
            status, text, header = answered
        except Gone:
            return
        except TooLarge:
            counters.answered(413, time.monotonic() - start)
            raise
        except (KaratError, RecursionError) as error:
            status, message = 400, str(error) if isinstance(error, KaratError) else "the request is nested too deep."
        except Overloaded:
            status, message = 503, "the queue of requests is full. Try again in a second."
        except TimeoutError:
            most = self.limits.max_request_seconds
            status, message = 503, f"the answer took more than {most:g} s. Send fewer records."
        except Exception as error:  # noqa: BLE001  the client gets one line, never a traceback
            status, message = 500, f"the model failed on this request ({type(error).__name__}). Send fewer records."
        counters.answered(status, time.monotonic() - start)
        if status not in ANSWERED:
            await answer(send, message, status)
        elif header is None:
            await reply(send, text, JSON, status)
        else:
            await reply(send, text, BINARY, status, (HEADER.encode(), b"%d" % header))

    def _at_once(self, loaded: LoadedModel, body: bytes, size: int | None) -> Answered | None:
        """The answer to a plain request about one record, where no other has come; None for all others."""
        if size is not None or len(body) > SMALL_BYTES or self.connections.arrived:
            return None
        asked = loaded.reader.read(body)
        judged = None if asked is None else loaded.batcher.at_once(asked)
        if asked is None or judged is None:
            return None
        if isinstance(judged, Exception):
            raise judged
        return self._rendered(loaded, asked, judged)

    def _rendered(self, loaded: LoadedModel, asked: Request, judged: JudgedRequest) -> Answered:
        signature = loaded.service.predictor.signature
        try:
            outcome = self.keeping.outcome(asked, judged, signature)
        except Rejected as rejected:
            return 422, rejected.body(), None
        head = _head(signature, outcome, judged)
        return 202 if outcome.held else 200, *render(head, judged.values, signature, asked.outputs)

    async def _answered(self, loaded: LoadedModel, size: int | None, body: bytes, deadline: float) -> Answered:
        read = partial(_read, loaded, body, size, self.limits, deadline)
        loop = asyncio.get_running_loop()
        asked = read() if len(body) <= SMALL_BYTES else await loop.run_in_executor(self._reader, read)
        if asked.records <= AT_ONCE:
            judged = await loaded.batcher.submit(asked, last=not self.connections.arrived)
        else:
            judged = await _in_parts(loaded, asked)
        write = partial(self._rendered, loaded, asked, judged)
        return write() if asked.records <= AT_ONCE else await loop.run_in_executor(self._reader, write)

    async def _body(self, receive: Any) -> bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        if not message.get("more_body"):
            body: bytes = message["body"]
            return body
        parts = [message["body"]]
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":  # what is half-sent for too long is dropped with its connection
                raise Gone
            parts.append(message.get("body", b""))
        return b"".join(parts)

    def _routes(self) -> "Starlette":
        from starlette.applications import Starlette
        from starlette.routing import Route

        @contextlib.asynccontextmanager
        async def life(_app: "Starlette") -> AsyncIterator[None]:
            watching = asyncio.create_task(self.model.watch())
            async with self.siblings.telling(self.counted) if self.siblings else contextlib.nullcontext():
                yield
            watching.cancel()
            self.model.close()
            await asyncio.to_thread(self.keeping.close)
            self._reader.shutdown(wait=False, cancel_futures=True)

        model = "/v2/models/{model}"
        routes = [
            Route("/v2", self._server),
            Route("/v2/health/live", self._alive),
            Route("/v2/health/ready", self._ready),
            Route("/metrics", self._metrics),
            Route("/openapi.json", self._openapi),
            Route("/docs", self._docs),
        ]
        for base in (model, model + "/versions/{version}"):
            routes += [
                Route(base, self._of_model(self._about)),
                Route(base + "/ready", self._of_model(self._model_ready)),
                Route(base + "/schema", self._of_model(self._schema)),
                Route(base + "/infer", self._of_model(self._about), methods=["POST"]),  # of another model: 404
            ]
        return Starlette(routes=routes, lifespan=life, exception_handlers={404: _not_found, 405: _not_found})

    @property
    def signature(self) -> Signature:
        """Of the model in use."""
        return self.model.current.service.predictor.signature

    async def _server(self, _request: "HttpRequest") -> "Response":
        return _json({"name": "karat", "version": VERSION, "extensions": ["binary_tensor_data"]})

    async def _alive(self, _request: "HttpRequest") -> "Response":
        return _json({"live": True})

    async def _ready(self, _request: "HttpRequest") -> "Response":
        ready = not self.connections.draining  # a model is in use only after it has answered
        return _json({"ready": ready}, 200 if ready else 503)

    async def _metrics(self, _request: "HttpRequest") -> "Response":
        from starlette.responses import Response

        counters, gauges = self.model.current.service.counters, self._gauges()
        others = await self.siblings.others() if self.siblings else []
        for other in others:
            gauges = {name: value + other["gauges"][name] for name, value in gauges.items()}
        text = Counters.summed(counters, [other["counters"] for other in others]).text(gauges)
        return Response(text, media_type=CONTENT_TYPE)

    def _gauges(self) -> dict[str, float]:
        return {
            "karat_connections_open": len(self.connections.open),
            "karat_requests_waiting": len(self.model.current.batcher.waiting),
            "karat_connections_dropped_total": self.connections.dropped,
            "karat_connections_refused_total": self.connections.refused,
            "karat_models_exchanged_total": self.model.exchanged,
            "karat_models_failed_total": self.model.failed,
            **self.keeping.series(),
        }

    def counted(self) -> dict[str, Any]:
        """What this process has counted, for another worker of the same server."""
        return {"counters": self.model.current.service.counters.plain(), "gauges": self._gauges()}

    async def _openapi(self, _request: "HttpRequest") -> "Response":
        return _json(document(self.signature, self.limits, VERSION))

    async def _docs(self, request: "HttpRequest") -> "Response":
        from starlette.responses import HTMLResponse

        policy = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
        asked = example_request(self.signature, self.cells)
        address = f"{str(request.base_url).rstrip('/')}/v2/models/{self.signature.model}/infer"
        line = curl_line(address, asked, token="authorization" in request.headers) if asked else ""
        return HTMLResponse(docs_page(document(self.signature, self.limits, VERSION), line), headers=policy)

    def _of_model(self, handler: Callable[[Signature], "Response"]) -> Callable[["HttpRequest"], Awaitable["Response"]]:
        """A handler for the model in use; any other model or version is not found."""

        async def handled(request: "HttpRequest") -> "Response":
            signature, asked = self.signature, request.path_params
            if asked["model"] != signature.model:
                return _error(str(OptionError.unknown("model", asked["model"], [signature.model])), 404)
            if asked.get("version", signature.version) != signature.version:
                return _error(str(OptionError.unknown("version", asked["version"], [signature.version])), 404)
            return handler(signature)

        return handled

    @staticmethod
    def _about(signature: Signature) -> "Response":
        return _json(
            {
                "name": signature.model,
                "versions": [signature.version],
                "platform": "onnx_onnxv1",
                "inputs": [{"name": i.name, "datatype": i.datatype, "shape": [-1, 1]} for i in signature.inputs],
                "outputs": [
                    {"name": o.name, "datatype": o.datatype, "shape": list(o.shape)} for o in signature.outputs
                ],
            }
        )

    def _model_ready(self, signature: Signature) -> "Response":
        ready = not self.connections.draining
        return _json({"name": signature.model, "ready": ready}, 200 if ready else 503)

    @staticmethod
    def _schema(signature: Signature) -> "Response":
        return _json(signature.to_json())


async def _in_parts(loaded: LoadedModel, asked: Request) -> JudgedRequest:
    """The answer to a large request, part by part, so that small ones come in between."""
    values: list[dict[str, np.ndarray]] = []
    findings: list[dict[str, Any]] = []
    for part in asked.parts(AT_ONCE):
        judged = await loaded.batcher.submit(part)
        values.append(judged.values)
        findings += judged.findings
    return JudgedRequest({name: np.concatenate([some[name] for some in values]) for name in values[0]}, findings)


def _read(loaded: LoadedModel, body: bytes, size: int | None, limits: ServeLimits, deadline: float) -> Request:
    """The request of a body: quickly where it is plain."""
    plain = loaded.reader.read(body) if size is None and len(body) <= SMALL_BYTES else None
    return plain or parse(body, size, loaded.service.predictor.signature, limits, deadline)


def _named(path: str, signature: Signature) -> bool:
    """Is it the path on which the model is asked?"""
    base = f"/v2/models/{signature.model}"
    return path in (f"{base}/infer", f"{base}/versions/{signature.version}/infer")


def _header_size(scope: Scope) -> int | None:
    """The length of the JSON part, from the header."""
    size = None
    for name, value in scope["headers"]:
        if name == b"content-encoding" and value.lower() != b"identity":
            raise OptionError("the request is compressed", "Send it without Content-Encoding")
        if name == HEADER.encode():
            if not re.fullmatch(b"[0-9]{1,15}", value):
                raise OptionError(
                    f"Inference-Header-Content-Length is {value[:40].decode('latin-1')!r}", "Send a number of bytes"
                )
            size = int(value)
    return size


def _head(signature: Signature, outcome: Outcome, judged: JudgedRequest) -> dict[str, Any]:
    head: dict[str, Any] = {"model_name": signature.model, "model_version": signature.version}
    if outcome.id:
        head["id"] = outcome.id
    if judged.findings:  # the protocol allows only plain values as parameters: JSON inside a string
        head["parameters"] = {"karat_findings": json.dumps(judged.findings, ensure_ascii=False)}
    if outcome.held:
        head["parameters"] |= {"karat_held": json.dumps(outcome.held)}
    return head


async def _not_found(request: "HttpRequest", error: Any) -> "Response":
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        said = f"{request.method} is not allowed on {request.url.path}. Use {allowed}."
    else:
        said = f"{request.url.path} is not a path of the Open Inference Protocol v2. Try /v2/models/{{model}}/infer."
    response = _error(said, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _json(values: dict[str, Any], status: int = 200) -> "Response":
    from starlette.responses import Response

    return Response(json.dumps(values, ensure_ascii=False), status, media_type="application/json")


def _error(message: str, status: int) -> "Response":
    return _json({"error": message}, status)
