import numpy as np
import pandas as pd
import pytest

import karat


def test_every_record_has_a_score_and_its_columns():
    chance = np.random.default_rng(0)
    data = pd.DataFrame(chance.normal(size=(200, 3)), columns=["x", "y", "z"])
    data.loc[9, "y"] = 12.0
    scores = karat.outliers(data)
    assert scores.column_names == ["row", "score", "columns"]
    assert scores["row"].to_pylist() == list(range(200))
    assert int(np.argmax(scores["score"])) == 9
    assert scores["columns"][9].as_py()[0] == "y"


def test_the_order_of_records_and_columns_changes_no_score():
    chance = np.random.default_rng(1)
    data = pd.DataFrame(chance.normal(size=(200, 3)), columns=["x", "y", "z"])
    order = chance.permutation(200)
    mixed = karat.outliers(data.iloc[order][["z", "x", "y"]].reset_index(drop=True))
    assert np.array_equal(mixed["score"], np.asarray(karat.outliers(data)["score"])[order])


def test_the_target_is_left_out():
    data = pd.DataFrame(np.random.default_rng(2).normal(size=(200, 3)), columns=["x", "y", "z"])
    assert "z" not in {name for names in karat.outliers(data, "z")["columns"].to_pylist() for name in names}


def test_too_few_records_are_told():
    with pytest.raises(karat.InputError, match="fewer than 100 records"):
        karat.outliers(pd.DataFrame({"x": np.arange(40) / 7, "y": np.arange(40) / 3}))


def test_a_single_column_is_told():
    with pytest.raises(karat.InputError, match="fewer than two columns"):
        karat.outliers(pd.DataFrame({"x": range(200)}))
