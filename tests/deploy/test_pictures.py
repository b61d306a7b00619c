"""Pictures through the exported model and the server: the Python model's answers, from the bytes of a file."""

import base64
import json
import struct
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from starlette.testclient import TestClient

from karat.deploy.agreement import verify_prepared
from karat.deploy.connections import Connections
from karat.deploy.endpoints import InferenceApp
from karat.deploy.limits import ServeLimits
from karat.deploy.model_in_use import ModelInUse
from karat.deploy.onnx_model import OnnxModel, Prepared
from karat.deploy.request_checks import save_checks
from karat.prepare.features import Preparation
from karat.prepare.target import read_target
from karat.quality.accuracy.dark_images import DarkImages
from karat.train.recipes import headline_for
from tests.quality._pictures import as_bytes, block_of, good_pictures

CLASSES = ("风景", "flower", "other")


@pytest.fixture(scope="module")
def block():
    cells = [as_bytes(one) for one in good_pictures(30)]
    return block_of(cells, labels=[CLASSES[at % 3] for at in range(len(cells))])


@pytest.fixture(scope="module")
def prepared(block):
    target = read_target(block)
    recipe = headline_for(block.schema).for_classes(len(target.classes))
    fitted = Preparation(block.schema, recipe.features).fit(block)
    model = recipe.fit(fitted.apply(block), target.values, 0)
    return Prepared("photos", "1", block.schema, fitted, model, target.classes)


@pytest.fixture(scope="module")
def run(prepared, block, tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("run")
    OnnxModel().export(prepared, folder / "model")
    check = DarkImages()
    save_checks({check.code(): (check, check.learn(block))}, folder / "model" / "checks.json")
    return folder


@pytest.fixture(scope="module")
def client(run):
    limits = ServeLimits()
    app = InferenceApp(ModelInUse.load(run, "", limits), Connections(limits))
    with TestClient(app) as held:
        yield held


def asked(client, data):
    tensor = {"name": "bytes", "datatype": "BYTES", "shape": [len(data), 1], "data": data}
    return client.post("/v2/models/photos/infer", json={"inputs": [tensor]})


def expected(prepared, cells):
    return prepared.model.predict(prepared.preparation.apply(block_of(cells, labels=["other"] * len(cells))))


def test_the_exported_model_agrees_on_pictures_and_on_what_is_none(prepared, run, block):
    agreement = verify_prepared(prepared, run / "model", block)
    assert agreement.whole
    assert agreement.probes >= 10


def test_pixels_alone_give_the_same_answer_without_karat(prepared, run):
    pixels = np.random.default_rng(1).integers(0, 256, (2, 32, 32, 3), np.uint8)
    session = ort.InferenceSession(run / "model" / "model.onnx", providers=["CPUExecutionProvider"])
    (chances,) = session.run(["probabilities"], {"bytes": pixels})
    np.testing.assert_allclose(chances, expected(prepared, [as_bytes(one) for one in pixels]), atol=1e-5)


def test_a_file_is_answered_as_base64_and_as_bytes(prepared, client):
    cells = [as_bytes(good_pictures(3)[2], "JPEG"), as_bytes(good_pictures(2)[1])]
    wanted = expected(prepared, cells)
    told = asked(client, [base64.b64encode(cell).decode() for cell in cells]).json()
    held = {one["name"]: one for one in told["outputs"]}
    np.testing.assert_allclose(np.reshape(held["probabilities"]["data"], (2, 3)), wanted, atol=1e-5)
    assert held["label"]["data"] == [sorted(CLASSES)[at] for at in wanted.argmax(axis=1)]
    raw = b"".join(struct.pack("<I", len(cell)) + cell for cell in cells)
    tensor = {"name": "bytes", "datatype": "BYTES", "shape": [2, 1], "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [tensor]}).encode()
    again = client.post(
        "/v2/models/photos/infer", content=head + raw, headers={"inference-header-content-length": str(len(head))}
    )
    assert again.json()["outputs"] == told["outputs"]


def test_what_is_no_picture_is_refused_and_a_dark_one_is_told(client):
    refused = asked(client, ["bm8gcGljdHVyZQ=="])
    assert refused.status_code == 400
    assert "record 0: not a picture: text. Send a file's bytes" in refused.json()["error"]
    assert asked(client, ["not base64!"]).status_code == 400
    night = base64.b64encode(as_bytes(good_pictures(1)[0] * 0.02)).decode()
    (found,) = json.loads(asked(client, [night]).json()["parameters"]["karat_findings"])
    assert found["check"] == "DarkImages"
    wrong = {"name": "bytes", "datatype": "FP32", "shape": [1, 1], "data": [1.0]}
    assert "takes files of pictures" in client.post("/v2/models/photos/infer", json={"inputs": [wrong]}).text
