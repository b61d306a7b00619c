import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.train.boosted_trees import BoostedTrees
from karat.train.naive import Naive
from karat.train.recipes import along, headline_for, led_by, recipes_for

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
