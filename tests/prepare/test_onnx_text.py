import numpy as np
import pytest

from karat.core.errors import InputError
from karat.prepare.character_ngrams import CharacterNgrams
from karat.prepare.onnx_text import MAX_CHARACTERS, _number, runs_of


def features(fitted, cells, nulls=()):
    """(n, runs) features as the graph makes them."""
    from tests._graphs import run_graph

    k = fitted.width

    def written(graph):
        runs = runs_of(graph, fitted, nulls, np.arange(k))
        n = graph.add("Shape", "t", start=0, end=1)
        shape = graph.concat([n, graph.constant([k], np.int64)], axis=0)
        nothing = graph.cast(graph.add("ConstantOfShape", shape), "DOUBLE")
        axis = graph.constant([1], np.int64)
        places = graph.concat([graph.add("Unsqueeze", runs.records, axis), graph.add("Unsqueeze", runs.runs, axis)])
        return graph.add("ScatterND", nothing, places, runs.weights)

    return run_graph(written, t=np.array([cell or "" for cell in cells], object)[:, None])


TEXTS = ["很好吃，推荐", "不好吃", None, "good FOOD good food", "Ｇood　food", "never seen 味道", "", "\n"]


@pytest.mark.parametrize("most", [1, 3, 4])
def test_runs_weigh_as_in_python(make_block, most):
    block = make_block(t=("text", TEXTS))
    fitted = CharacterNgrams("t", most=most, min_records=1).fit(block, np.array([0, 1, 3]))
    assert features(fitted, TEXTS) == pytest.approx(fitted.apply(block).toarray(), abs=1e-6)


def test_ways_to_write_a_gap_have_no_runs(make_block):
    block = make_block(nulls=("none", "n/a"), t=("text", ["none at all", "none", "n/a", "one"]))
    fitted = CharacterNgrams("t", most=2, min_records=1).fit(block)
    answer = features(fitted, ["none at all", "none", "n/a", "one"], ("none", "n/a", "none"))
    assert answer == pytest.approx(fitted.apply(block).toarray(), abs=1e-6)
    assert not answer[1:3].any()


def test_only_the_head_of_a_long_text_is_read(make_block):
    cells = ["a" * MAX_CHARACTERS + "b", "a" * (MAX_CHARACTERS - 1) + "b", "ab"]
    block = make_block(t=("text", cells))
    fitted = CharacterNgrams("t", most=1, min_records=1).fit(block)
    answer = features(fitted, cells)
    assert answer == pytest.approx(fitted.apply(block).toarray(), abs=1e-6)
    assert answer[0].tolist() == [1, 0]
    assert answer[1, 1] > 0


def test_a_batch_of_empty_texts_has_no_features(make_block):
    fitted = CharacterNgrams("t", most=2, min_records=1).fit(make_block(t=("text", ["ab", "b"])))
    assert features(fitted, ["", ""]).tolist() == np.zeros((2, fitted.width)).tolist()


def test_an_alphabet_too_large_for_its_runs_is_refused():
    class Part:
        column, idf = "t", np.ones(1, np.float32)

        def runs(self):
            return [tuple(range(1, 5))]

        def alphabet(self):
            return {chr(0x4E00 + at): at for at in range(1, 60_000)}

    from karat.core.onnx_graph import Graph

    with pytest.raises(InputError, match="'t' has 59999 different characters"):
        runs_of(Graph(frozenset(["t"])), Part(), (), np.arange(1))


def test_runs_are_numbers_in_the_base_of_their_alphabet():
    assert _number([1, 2, 3], 10) == 123
    assert _number([7], 9) == 7
