from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from karat.deploy.onnx_recommender import OnnxRecommender, Recommender, recommendations
from karat.deploy.signature import Signature
from karat.quality.interaction_columns import InteractionColumns
from karat.train.als import ImplicitALS
from karat.train.bpr import BPR
from karat.train.ease import EASE
from karat.train.head_ease import HeadEASE
from karat.train.item_knn import ItemKNN
from karat.train.popularity import Popularity


def made(learner, items=15):
    chance = np.random.default_rng(0)
    histories = sparse.csr_array((chance.random((40, items)) < 0.3).astype(np.float32))
    names = pa.array([f"电影 {at}, 'x'" for at in range(items)], pa.large_string())
    model = learner.fit(histories)
    return Recommender("films", "2", names, model, np.asarray(histories.sum(axis=0)).ravel()), histories


def asked(folder, *histories):
    import onnxruntime as ort

    session = ort.InferenceSession(str(folder / "model.onnx"))
    return session.run(None, {"history": np.array([["\n".join(one)] for one in histories], object)})


@pytest.mark.parametrize(
    "learner",
    [
        EASE(5.0),
        ItemKNN(neighbours=5, shrinkage=1.0),
        ImplicitALS(factors=6),
        ImplicitALS(factors=6, confidence=8.0, penalty=0.5),
        BPR(factors=4, rounds=20),
        HeadEASE(5.0, most_items=9),
        Popularity(),
    ],
    ids=lambda learner: learner.code(),
)
def test_the_exported_model_ranks_as_the_python_model(tmp_path, learner):
    held, histories = made(learner)
    OnnxRecommender().export(held, tmp_path)
    assert held.agreement(tmp_path, histories) == (40, 40)
    broken = Recommender("films", "2", held.items, made(EASE(0.01))[0].model, held.popularity)
    assert broken.agreement(tmp_path, histories)[0] < 40


def test_what_was_met_is_left_out_what_is_unknown_passed_over_and_nothing_gets_the_best_sellers(tmp_path):
    held, _ = made(EASE(5.0))
    OnnxRecommender().export(held, tmp_path)
    names = held.items.to_pylist()
    items, scores = asked(tmp_path, names[:2], [*names[:2], "unheard of"], [""], names[:13])
    assert not {*names[:2]} & set(items[0])
    assert items[0].tolist() == items[1].tolist()
    best = np.argsort(-held.popularity, kind="stable")[:10]
    assert items[2].tolist() == [names[at] for at in best]
    assert set(items[3]) == {*names[13:], ""}
    assert np.isnan(scores[3][2:]).all()
    assert Signature.load(tmp_path / "schema.json").outputs[0].shape == (-1, 10)


def test_a_small_catalogue_and_a_model_that_is_not_served(tmp_path):
    held, histories = made(EASE(5.0), items=4)
    OnnxRecommender().export(held, tmp_path)
    assert held.agreement(tmp_path, histories) == (40, 40)
    assert held.served
    unwritten = Recommender("x", "1", held.items, SimpleNamespace(items=np.ones((4, 2))), held.popularity)
    assert not unwritten.served
    large = replace(held, model=replace(held.model, weights=np.broadcast_to(np.float32(0), (9_000, 9_000))))
    assert not large.served


def test_lists_as_a_table():
    named = InteractionColumns("用户", "item")
    table = recommendations(
        pa.array(["a", "b"]),
        pa.array(["x", "y", "z"]),
        np.array([[2, 0], [1, -1]]),
        np.array([[3.0, 1], [2, np.nan]]),
        named,
    )
    assert table.to_pydict() == {
        "用户": ["a", "a", "b"],
        "rank": [1, 2, 1],
        "item": ["z", "x", "y"],
        "score": [3.0, 1.0, 2.0],
    }
