"""The document says what the server does: its paths answer, its schemas fit, its limits are the server's."""

import json
from pathlib import Path

import jsonschema
import pytest

from karat.deploy.answer_text import render
from karat.deploy.judging import Service
from karat.deploy.limits import ServeLimits
from karat.deploy.openapi import docs_page, document
from karat.deploy.protocol import parse

LIMITS = ServeLimits(max_records=7)


@pytest.fixture
def service(run: Path) -> Service:
    return Service.load(run)


def test_a_request_and_its_answer_fit_the_schemas(service: Service) -> None:
    signature = service.predictor.signature
    api = document(signature, LIMITS, "1")
    tensors = [
        {"name": "age", "shape": [1, 1], "datatype": "FP64", "data": [40]},
        {"name": "城市", "shape": [1, 1], "datatype": "BYTES", "data": ["北京"]},
        {"name": "when", "shape": [1, 1], "datatype": "FP64", "data": [None]},
    ]
    request = {"inputs": tensors, "id": "a", "outputs": [{"name": "label"}]}
    schemas = {"components": api["components"]}
    jsonschema.validate(request, schemas | {"$ref": "#/components/schemas/Request"})
    asked = parse(json.dumps(request).encode(), None, signature)
    judged = service.answer([asked])[0]
    assert not isinstance(judged, Exception)
    head = {"model_name": signature.model, "model_version": signature.version}
    text = render(head, judged.values, signature, asked.outputs)[0]
    jsonschema.validate(json.loads(text), schemas | {"$ref": "#/components/schemas/Answer"})
    tensors[0]["name"] = "agee"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(request, schemas | {"$ref": "#/components/schemas/Request"})


def test_it_names_the_model_and_its_limits(service: Service) -> None:
    api = document(service.predictor.signature, LIMITS, "1")
    assert api["openapi"].startswith("3.1")
    assert "/v2/models/people/versions/1/infer" in api["paths"]
    assert "At most 7 records" in api["paths"]["/v2/models/people/infer"]["post"]["description"]
    shape = api["components"]["schemas"]["Request"]["properties"]["inputs"]["prefixItems"][0]["properties"]["shape"]
    assert shape["prefixItems"][0]["maximum"] == 7
    page = docs_page(api)
    assert "/v2/models/people/infer" in page
    assert "<script" not in page
    assert "Try it" not in page
    assert "<h2>Try it</h2><pre><code>curl &lt;x&gt;</code></pre><h2>Paths" in docs_page(api, "curl <x>")
