"""The transformer gives what ``karat apply`` gives, and keeps scikit-learn's rules."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator

import karat
from karat.flow.applying import apply_run
from karat.sklearn import Cleaner, CleanerError

# scikit-learn skips it by itself where the environment has no array API (SCIPY_ARRAY_API)
NOT_HERE = {"check_array_api_input"}


def records(size=240, seed=0):
    chance = np.random.default_rng(seed)
    town = chance.choice(["Boston", "Austin", "Denver"], size).astype(object)
    income = np.round(chance.normal(5000, 400, size), 1).astype(str).astype(object)
    income[::40] = "N/A"
    town[7] = " Boston "
    return pd.DataFrame({"town": town, "income": income, "age": chance.integers(18, 80, size)})


@pytest.fixture(scope="module")
def fitted():
    return Cleaner().fit(records())


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=f"{at}-{getattr(check, 'func', check).__name__}")
        for at, (estimator, check) in enumerate(estimator_checks_generator(Cleaner()))
        if getattr(check, "func", check).__name__ not in NOT_HERE
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def test_new_records_come_out_as_apply_makes_them(fitted, tmp_path):
    new = records(90, seed=1)
    karat.clean(records(), kind="table", out=tmp_path / "run")
    apply_run(tmp_path / "run", new, tmp_path / "new")
    applied = pd.read_parquet(tmp_path / "new" / "data.parquet").drop(columns="_row")
    cleaned = fitted.transform(new)
    pd.testing.assert_frame_equal(cleaned, applied, check_dtype=False)
    assert cleaned["town"][7] == "Boston"
    assert cleaned["income"].isna().sum() == 3


def test_a_frame_keeps_its_library_its_index_and_its_names(fitted):
    new = records(60, seed=2).set_index(np.arange(60) + 1000)
    cleaned = fitted.transform(new)
    assert list(cleaned.index) == list(new.index)
    assert list(cleaned.columns) == list(new.columns) == list(fitted.get_feature_names_out())
    assert isinstance(fitted.transform(pl.from_pandas(new)), pl.DataFrame)


def test_it_survives_being_stored_and_works_in_a_pipeline(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    pd.testing.assert_frame_equal(again.transform(records(60)), fitted.transform(records(60)))
    numbers = records()[["income", "age"]]
    line = make_pipeline(Cleaner(), SimpleImputer(), LogisticRegression())
    line.fit(numbers, np.arange(len(numbers)) % 2)
    assert line.predict(numbers).shape == (len(numbers),)
    assert clone(Cleaner(ignore=("Misspellings",))).ignore == ("Misspellings",)


def test_arrays_give_arrays_and_what_is_left_out_is_left_out():
    values = np.array([["a", 1.5], ["b", None], ["a", 2.5]] * 20 + [[" a", 1.0]], dtype=object)
    assert Cleaner().fit(values).transform(values)[-1, 0] == "a"
    assert Cleaner(ignore=("StrayWhitespace",)).fit(values).transform(values)[-1, 0] == " a"


def test_other_columns_are_a_value_error(fitted):
    with pytest.raises(ValueError, match="feature names"):
        fitted.transform(records()[["town", "age"]])
    with pytest.raises(karat.OptionError, match=r"min_confidence is 2\.0"):
        Cleaner(min_confidence=2.0).fit(records())
    assert issubclass(CleanerError, karat.InputError)


def test_a_mixed_column_is_read_and_what_is_no_number_is_missing_for_a_model():
    known, new = records(), records(60, seed=2)
    for frame in (known, new):
        frame["age"] = frame["age"].astype(object)
    known.loc[3, "age"] = " 41 "
    new.loc[5, "age"], new.loc[6, "age"] = "unknown", None
    cleaner = Cleaner().fit(known)
    out = cleaner.transform(new)
    assert out["age"].dtype.kind == "f"
    assert np.flatnonzero(out["age"].isna()).tolist() == [5, 6]
    assert out["age"].drop([5, 6]).tolist() == new["age"].drop([5, 6]).tolist()
    array = Cleaner().fit_transform(known[["age", "income"]].to_numpy(object))
    assert array.dtype == np.float64
    assert array[3, 0] == 41
