"""A network on pictures says the same in ONNX, to the logit."""

import numpy as np
import onnxruntime as ort
import pytest

from karat.core.onnx_graph import Graph
from karat.deploy.agreement import verify_prepared
from karat.deploy.onnx_model import OnnxModel, Prepared
from karat.prepare.features import Preparation
from karat.prepare.target import read_target
from karat.train.onnx_network import network_of
from karat.train.recipes import headline_for, led_by
from karat.train.small_cnn import SmallCNN
from tests.quality._pictures import as_bytes, block_of, good_pictures

pytest.importorskip("torch")


@pytest.mark.parametrize(("classes", "columns"), [(3, 1), (2, 2)])
def test_logits_are_equal(classes, columns):
    chance = np.random.default_rng(0)
    features = chance.integers(0, 256, (40, 3072 * columns)).astype(np.float32)
    model = SmallCNN((6, 8, 10), passes=1, classes=classes).fit(features, np.arange(40) % classes)
    graph = Graph(frozenset(["pixels", "said"]))
    graph.add("Identity", network_of(graph, model, "pixels"), to="said")
    proto = graph.model([("pixels", "FLOAT", [None, features.shape[1]])], [("said", "DOUBLE", [None, None])], "logits")
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    (said,) = session.run(["said"], {"pixels": features})
    logits = model.logits(features)
    wanted = logits if classes > 2 else logits[:, 1:] - logits[:, :1]
    assert wanted.std() > 0.001
    np.testing.assert_allclose(said, wanted, atol=1e-5)


def test_the_exported_network_agrees_on_pictures_and_on_what_is_none(tmp_path):
    cells = [as_bytes(one) for one in good_pictures(24)]
    block = block_of(cells, labels=["ab花"[at % 3] for at in range(len(cells))])
    schema = led_by(block.schema, "SmallCNN")
    target = read_target(block)
    recipe = headline_for(schema).for_classes(3)
    fitted = Preparation(schema, recipe.features).fit(block)
    model = SmallCNN((8, 8), passes=2, classes=3).fit(fitted.apply(block), target.values)
    prepared = Prepared("photos", "1", schema, fitted, model, target.classes)
    OnnxModel().export(prepared, tmp_path / "model")
    agreement = verify_prepared(prepared, tmp_path / "model", block)
    assert agreement.whole
    assert agreement.worst < 1e-5
