import numpy as np

from karat.prepare.weight_of_evidence import WeightOfEvidence
from tests.prepare.test_weight_of_evidence import coded


def test_codes_are_written_alike_in_onnx(make_block):
    import onnxruntime

    from karat.core.onnx_graph import Graph
    from karat.prepare import onnx_columns

    block = coded(make_block)
    late = WeightOfEvidence("late").fit(block)
    graph = Graph(frozenset({"late", "told"}))
    (features,) = onnx_columns.evidence(graph, [(late, np.arange(1))], block.schema)
    graph.cast(features.tensor, "FLOAT", "told")
    proto = graph.model([("late", "DOUBLE", [None, 1])], [("told", "FLOAT", [None, 1])], "evidence")
    asked = block.numbers("late").astype(np.float64)[:, None]
    (told,) = onnxruntime.InferenceSession(proto.SerializeToString()).run(None, {"late": asked})
    assert np.array_equal(told, late.apply(block))
