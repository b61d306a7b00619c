import numpy as np
import pytest

from karat.prepare.onnx_patches import patches_of
from karat.prepare.patches_pooled import WEIGHT, kinds_of, layout, pooled
from tests._graphs import run_graph


class Part:
    column = "p"
    layout = staticmethod(layout)

    def __init__(self, pixels, kinds=4):
        self.even, self.kinds = kinds_of(pixels, kinds)
        features = pooled(pixels, self.even, self.kinds)
        self.centre, self.spread = features.mean(axis=0), features.std(axis=0) + 0.01


def test_a_graph_holds_as_much_of_each_kind_of_patch_and_nothing_of_a_black_picture():
    pixels = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3)).astype(np.uint8)
    pixels[4] //= 200
    pixels[5] = 0
    part = Part(pixels)
    answer = run_graph(lambda graph: patches_of(graph, part), p=pixels)
    wanted = (pooled(pixels, part.even, part.kinds) - part.centre) / part.spread * np.float32(WEIGHT)
    assert answer.shape == (6, 2 * 9 * 4)
    assert answer[:5] == pytest.approx(wanted[:5], abs=2e-4)
    assert wanted[:5].std() > 0.02
    assert not answer[5].any()
