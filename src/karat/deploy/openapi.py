"""The OpenAPI 3.1 document of a served model, made from its signature and limits; and the same as a page to read."""

from html import escape
from typing import Any

from karat.deploy.limits import ServeLimits
from karat.deploy.protocol import BYTES, NUMPY_TYPES
from karat.deploy.signature import NUMERIC, Input, Output, Signature

JSON = "application/json"
BINARY = "application/octet-stream"
TEXT = {"type": "string"}
ERRORS = {
    "400": "The request cannot be understood; the message names the field and the cure.",
    "401": "The token is missing or wrong.",
    "403": "A page of another origin may not post here.",
    "404": "No such model, version or path.",
    "405": "Another method is wanted on this path.",
    "408": "The request did not arrive in time.",
    "413": "The request is too large.",
    "421": "The server does not answer to this host name.",
    "422": "The checks are sure that a record is wrong, and the policy is to reject it; findings says why.",
    "500": "The model failed on this request.",
    "503": "Too busy, about to stop, or the answer took too long; try again.",
}
OPEN_ERRORS = ("403", "405", "421")
EVERY_ERROR = ("401", *OPEN_ERRORS)
PATH_STYLE = (
    "body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}code{background:#eee}"
    "pre{white-space:pre-wrap}"
)


def document(signature: Signature, limits: ServeLimits, version: str) -> dict[str, Any]:
    """The document as plain values.

    Parameters
    ----------
    version : str
        Of Karat.
    """
    base, one = f"/v2/models/{signature.model}", f"/versions/{signature.version}"
    paths: dict[str, Any] = {
        "/v2": _get("About the server", _object(name="string", version="string", extensions="array")),
        "/v2/health/live": _get("Is the server alive?", _object(live="boolean"), EVERY_ERROR),
        "/v2/health/ready": _ready("May it be asked? False while it stops.", _object(ready="boolean")),
        "/metrics": _get("Counters for Prometheus", {"type": "string"}, kind="text/plain"),
        "/openapi.json": _get("This document", {"type": "object"}),
        "/docs": _get("This document as a page", {"type": "string"}, kind="text/html"),
    }
    for place in (base, base + one):
        about = _object(name="string", versions="array", platform="string", inputs="array", outputs="array")
        paths[place] = _get("Inputs and outputs of the model", about)
        paths[f"{place}/ready"] = _ready("May the model be asked?", _object(name="string", ready="boolean"))
        paths[f"{place}/schema"] = _get("What each input means, and how a gap is written", {"type": "object"})
        paths[f"{place}/infer"] = {"post": _infer(limits)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{signature.model}, served by Karat",
            "version": signature.version,
            "description": f"Open Inference Protocol v2; every record is validated by the checks of training. "
            f"Karat {version}.",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(signature, limits),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _object(**kinds: str) -> dict[str, Any]:
    return {"type": "object", "required": list(kinds), "properties": {name: {"type": t} for name, t in kinds.items()}}


def _errors(*statuses: str) -> dict[str, Any]:
    content = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": ERRORS[status], "content": content} for status in sorted(set(statuses))}


def _get(
    summary: str, schema: dict[str, Any], errors: tuple[str, ...] = EVERY_ERROR, kind: str = JSON
) -> dict[str, Any]:
    done = {"200": {"description": "Answered.", "content": {kind: {"schema": schema}}}}
    return {"get": {"summary": summary, "responses": done | _errors(*errors)}}


def _ready(summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    path = _get(summary, schema)
    path["get"]["responses"]["503"] = {"description": ERRORS["503"], "content": {JSON: {"schema": schema}}}
    return path


def _infer(limits: ServeLimits) -> dict[str, Any]:
    answer = {JSON: {"schema": {"$ref": "#/components/schemas/Answer"}}, BINARY: {}}
    header = {
        "name": "Inference-Header-Content-Length",
        "in": "header",
        "required": False,
        "description": "Length in bytes of the JSON part; binary tensors follow it.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"},
    }
    return {
        "summary": "The model's answers, and what is odd about the records",
        "description": f"At most {limits.max_records} records and {limits.max_body_bytes} bytes.",
        "parameters": [header],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/Request"}}},
        },
        "responses": {
            "200": {"description": "Answered.", "content": answer},
            "202": {"description": "Answered; records of karat_held are kept for review.", "content": answer},
        }
        | _errors("400", *EVERY_ERROR, "404", "408", "413", "422", "500", "503"),
    }


def _schemas(signature: Signature, limits: ServeLimits) -> dict[str, Any]:
    return {
        "Error": _record({"error": TEXT}, "error"),
        "Request": _request([_tensor(entry, limits) for entry in signature.inputs], signature),
        "Answer": _answer(signature),
    }


def _record(properties: dict[str, Any], *required: str, **more: str) -> dict[str, Any]:
    return {"type": "object"} | more | ({"required": list(required)} if required else {}) | {"properties": properties}


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items} | more


def _exactly(items: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    """A list of these and no others."""
    return {"type": "array"} | more | {"prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def _request(inputs: list[dict[str, Any]], signature: Signature) -> dict[str, Any]:
    parameters = {"quarantine": {"type": "boolean"}, "binary_data_output": {"type": "boolean"}}
    names = {"enum": [output.name for output in signature.outputs]}
    properties = {
        "id": TEXT,
        "parameters": _record(parameters),
        "inputs": _exactly(inputs, description="One tensor per input, in any order, all of one length."),
        "outputs": _list(_record({"name": names}, "name")),
    }
    return _record(properties, "inputs")


def _answer(signature: Signature) -> dict[str, Any]:
    said = "JSON: a list of record, column, check, dimension, value, suggestion, confidence, message."
    properties = {
        "model_name": {"const": signature.model},
        "model_version": {"const": signature.version},
        "id": TEXT,
        "parameters": _record({"karat_findings": TEXT | {"description": said}}),
        "outputs": _list({"anyOf": [_output(output) for output in signature.outputs]}),
    }
    return _record(properties, "model_name", "model_version", "outputs")


def _tensor(entry: Input, limits: ServeLimits) -> dict[str, Any]:
    rows = {"type": "integer", "minimum": 1, "maximum": limits.max_records}
    value = {"type": ["number" if entry.datatype == NUMERIC else "string", "null"]}
    properties = {
        "name": {"const": entry.name},
        "shape": _exactly([rows, {"const": 1}]),
        "datatype": {"enum": list(dict.fromkeys([entry.datatype, *NUMPY_TYPES, BYTES]))},
        "data": _list(value, minItems=1),
    }
    about = f"{entry.meaning}; missing: {entry.missing}"
    return _record(properties, "name", "shape", "datatype", "data", description=about)


def _output(output: Output) -> dict[str, Any]:
    properties = {
        "name": {"const": output.name},
        "datatype": {"const": output.datatype},
        "shape": _list({"type": "integer"}),
        "data": _list(TEXT if output.datatype == BYTES else {"type": ["number", "null"]}),
    }
    return _record(properties, "name", "datatype", "shape", description=output.meaning)


def docs_page(api: dict[str, Any], example: str = "") -> str:
    """The document as a page without scripts.

    Parameters
    ----------
    api : dict
        As ``document`` gives it.
    example : str
        A command that asks the model; "" where there is none.
    """
    rows = []
    for path, methods in api["paths"].items():
        for method, about in methods.items():
            statuses = ", ".join(about["responses"])
            rows.append(
                f"<li><code>{method.upper()} {escape(path)}</code> {escape(about['summary'])} ({statuses})</li>"
            )
    tensors = api["components"]["schemas"]["Request"]["properties"]["inputs"]["prefixItems"]
    inputs = [
        f"<li><code>{escape(entry['properties']['name']['const'])}</code> "
        f"{escape(entry['properties']['datatype']['enum'][0])}: {escape(entry['description'])}</li>"
        for entry in tensors
    ]
    info = api["info"]
    example = f"<h2>Try it</h2><pre><code>{escape(example)}</code></pre>" if example else ""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f"<style>{PATH_STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info['description'])} "
        f'The whole of it: <a href="/openapi.json">openapi.json</a>.</p>{example}<h2>Paths</h2><ul>{"".join(rows)}</ul>'
        f"<h2>Inputs</h2><ul>{''.join(inputs)}</ul></html>"
    )
