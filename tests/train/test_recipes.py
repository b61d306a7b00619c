import numpy as np

from karat.core.schema import Column, Role, Schema
from karat.train.recipes import headline_for, recipes_for

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
