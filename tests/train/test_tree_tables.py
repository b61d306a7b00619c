import numpy as np

from karat.train.boosted_trees import BoostedTrees
from karat.train.tree_tables import TreeTables


def test_the_mean_of_tables_has_the_mean_of_the_margins():
    chance = np.random.default_rng(0)
    features = chance.normal(size=(200, 3)).astype(np.float32)
    fits = [BoostedTrees(trees=8).fit(features, features[:, 0] * k, seed=k).trees for k in (1, 2)]
    both = [TreeTables.of(fit) for fit in fits]
    mean = TreeTables.mean(both)
    assert len(mean.stages) == 16
    assert mean.baseline[0] == np.mean([tables.baseline[0] for tables in both])
    assert np.isclose(mean.stages[0][0]["value"].sum() * 2, both[0].stages[0][0]["value"].sum())
    assert TreeTables.mean(both[:1]) is both[0]
