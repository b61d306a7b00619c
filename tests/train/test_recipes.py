import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.train.boosted_trees import BoostedTrees
from karat.train.least_squares import LeastSquares
from karat.train.linear import Linear
from karat.train.naive import Naive
from karat.train.recipes import along, headline_for, led_by, recipes_for, weighs, weighted_fit, weights_of

Y = Column("y", Role.TARGET)


def test_trees_lead_on_tables_and_weights_on_text():
    table = Schema((Column("x", Role.NUMBER), Y), task="classification")
    text = Schema((Column("t", Role.TEXT), Y), task="classification")
    assert [recipe.name for recipe in recipes_for(table)] == ["logistic regression", "boosted trees", "naive"]
    assert headline_for(table).name == "boosted trees"
    assert headline_for(text).name == "support vector machine"
    assert headline_for(text).features == "linear"
    assert recipes_for(Schema((Y,), task="regression"))[0].name == "ridge regression"


def test_a_recipe_for_k_classes_answers_for_k():
    recipe = recipes_for(Schema((Y,), task="classification"))[2].for_classes(3)
    features = np.zeros((4, 1), np.float32)
    assert recipe.fit(features, np.array([0, 0, 1, 1])).predict(features).shape == (4, 3)


def test_the_learner_that_is_ordered_leads():
    table = Schema((Column("x", Role.NUMBER), Y), task="classification")
    assert headline_for(led_by(table, "Scorecard")).features == "evidence"
    assert headline_for(led_by(table, "Linear")).name == "logistic regression"
    assert led_by(table, "") is table
    for schema, name in ((table, "Scorecrad"), (Schema((*table.columns,), "regression"), "Scorecard")):
        with pytest.raises(OptionError, match=name):
            led_by(schema, name)


def test_directions_reach_only_learners_that_can_keep_to_them():
    assert along(BoostedTrees(), ((1, -1),)).monotone == ((1, -1),)
    assert along(Naive(), ((1, -1),)) == Naive()
    recipe = recipes_for(Schema((Y,), task="classification"))[0]
    assert recipe.along(((0, 1),)).learner.monotone == ((0, 1),)


@pytest.mark.parametrize("learner", [Linear(), BoostedTrees()])
@pytest.mark.parametrize("kind", ["dense", "sparse", "numbers"])
def test_a_record_of_almost_no_weight_hardly_counts(learner, kind):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 3)).astype(np.float32)
    target = (features[:, 0] > 0).astype(np.int64) if kind != "numbers" else features[:, 0].astype(float)
    spoiled = target.copy()
    spoiled[:120] = spoiled[:120][::-1] if kind == "numbers" else 1 - spoiled[:120]
    shown = sparse.csr_matrix(features) if kind == "sparse" else features
    weights = np.where(np.arange(400) < 120, 1e-6, 1.0)
    kept = weighted_fit(learner, shown[120:], spoiled[120:], 0, None).predict(shown[:120])
    light = weighted_fit(learner, shown, spoiled, 0, weights).predict(shown[:120])
    heavy = weighted_fit(learner, shown, spoiled, 0, None).predict(shown[:120])
    assert np.abs(light - kept).mean() < 0.4 * np.abs(heavy - kept).mean()


def test_weights_are_read_from_their_column_and_refused_where_they_cannot_count():
    schema = Schema((Column("x", Role.NUMBER, "float64"), Column("_weight", Role.IGNORE, "float64")))
    block = Block(np.arange(4), pa.table({"x": ["1", "2", "3", "4"], "_weight": ["0.5", None, "-1", "2"]}), schema)
    assert weights_of(block, np.array([0, 1, 2, 3])).tolist() == [0.5, 1, 0, 2]
    bare = Block(np.arange(1), pa.table({"x": ["1"]}), Schema(schema.columns[:1]))
    assert weights_of(bare, np.array([0])) is None
    assert not weighs(LeastSquares())
    features, target = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])
    with pytest.raises(OptionError, match="LeastSquares cannot weigh records"):
        weighted_fit(LeastSquares(), features, target, 0, np.array([1, 2, 1, 1.0]))
    assert weighted_fit(Naive(), features, target, 0, np.ones(4)) is not None
