"""The Python face: signatures, help, frames of the caller's library, short reprs, one error to catch."""

import inspect
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import karat
from karat.cli.options import fields

RECORDS = {
    "age": [20 + at % 41 for at in range(80)],
    "city": ["Oslo", "Bergen", None, "Oslo"] * 20,
    "many": [None if at == 3 else at for at in range(80)],
}


@pytest.fixture(scope="module")
def table():
    return pa.table(RECORDS)


@pytest.fixture(scope="module")
def from_pandas(table):
    return karat.clean(table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), workers=1)


@pytest.fixture(scope="module")
def from_polars(table):
    return karat.clean(pl.from_arrow(table), workers=1)


@pytest.mark.parametrize("call", [karat.assess, karat.clean, karat.run, karat.clean.__class__(karat.clean.__name__)])
def test_every_setting_is_a_named_option(call):
    parameters = inspect.signature(call).parameters
    assert not any(p.kind is p.VAR_KEYWORD or p.kind is p.VAR_POSITIONAL for p in parameters.values())
    assert set(fields()) <= set(parameters)
    assert parameters["near_duplicates"].default == 0.8
    assert parameters["near_duplicates"].annotation is float
    assert parameters["out"].default is None


def test_the_signature_of_lift_names_its_options():
    assert {"key", "metric", "seed", "budget", "command", "reads"} <= set(inspect.signature(karat.lift).parameters)


@pytest.mark.parametrize("call", [karat.assess, karat.clean.__call__, karat.lift.__call__, karat.run])
def test_a_call_has_help_of_its_own(call):
    assert len(inspect.getdoc(call)) > 40


def test_dir_lists_what_there_is():
    assert {"assess", "clean", "run", "lift", "label", "KaratError"} <= set(dir(karat))
    assert {"judge_text", "near_duplicates"} <= set(dir(karat.clean))
    assert dir(karat.label) == sorted(["aggregate", "errors", "next_items", "noise", "rule"])
    for module in (karat, karat.clean, karat.label):
        assert all(getattr(module, name) is not None for name in module.__all__)


def test_pandas_in_pandas_out(from_pandas, table):
    for name in ("data", "findings", "ledger", "review", "quarantine"):
        assert isinstance(getattr(from_pandas, name), pd.DataFrame), name
        assert isinstance(getattr(from_pandas.arrow, name), pa.Table), name
    assert isinstance(from_pandas.undo(), pd.DataFrame)
    assert list(from_pandas.data.columns) == from_pandas.arrow.data.column_names
    assert len(from_pandas.data) == table.num_rows


def test_whole_numbers_with_a_gap_stay_whole_numbers_in_pandas(from_pandas):
    many = from_pandas.data["many"]
    assert pd.api.types.is_integer_dtype(many.dtype)
    assert many.isna().sum() == from_pandas.arrow.data["many"].null_count
    assert pd.api.types.is_integer_dtype(from_pandas.findings["row"].dtype)


def test_polars_in_polars_out(from_polars):
    assert isinstance(from_polars.data, pl.DataFrame)
    assert isinstance(from_polars.findings, pl.DataFrame)
    assert from_polars.data.to_arrow().column_names == from_polars.arrow.data.column_names
    assert from_polars.arrow.arrow.path == from_polars.path


def test_arrow_duckdb_and_a_path_give_arrow(table, tmp_path):
    import duckdb
    from pyarrow.csv import write_csv

    write_csv(table, tmp_path / "x.csv")
    for data in (table, tmp_path / "x.csv", str(tmp_path / "x.csv"), duckdb.from_arrow(table)):
        assert isinstance(karat.assess(data, workers=1).findings, pa.Table)


def test_votes_give_labels_in_the_callers_frames():
    votes = {"item": list("aaab"), "voter": list("xyzx"), "label": list("ppqq")}
    assert isinstance(karat.label.aggregate(pd.DataFrame(votes)).labels, pd.DataFrame)
    found = karat.label.aggregate(pl.DataFrame(votes), method="majority")
    assert isinstance(found.voters, pl.DataFrame)
    assert isinstance(found.arrow.labels, pa.Table)
    assert found.labels["label"].to_list() == ["p", "q"]
    assert repr(found) == "<Labels of 2 items by 3 voters: majority>"
    assert isinstance(karat.label.aggregate(votes).labels, pa.Table)


def test_texts_stay_arrow():
    texts = ["the quick brown fox jumps over the lazy dog again"] * 2
    assert isinstance(karat.clean.near_duplicates(texts), pa.Table)
    assert isinstance(karat.clean.judge_text(texts), pa.Table)


def test_a_repr_is_one_short_line(from_pandas):
    text = repr(from_pandas)
    assert text.startswith("<Cleaned of data: 80 records · ")
    assert "\n" not in text
    assert len(text) < 200
    assert "<" in from_pandas._repr_html_()


def test_one_class_catches_every_error(table):
    with pytest.raises(karat.KaratError):
        karat.assess(table, profil="zh")
    with pytest.raises(karat.OptionError, match="'profile'"):
        karat.assess(table, profil="zh")
    assert issubclass(karat.InputError, karat.KaratError)
    assert issubclass(karat.GateError, karat.KaratError)


def test_import_and_dir_load_nothing_heavy():
    code = (
        "import sys, karat; dir(karat), dir(karat.clean), dir(karat.label), repr(karat.lift);"
        "print(sorted({'numpy', 'pyarrow', 'pydantic', 'pandas', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_certificate_is_one_line():
    from karat.lift.certificate import Certificate, Gain, Level

    some, none = Level(0.7, 0.6, 0.8), Gain(0.0, -0.1, 0.1)
    made = Certificate(
        "versions", "AUC", some, some, some, 0.019, 0.011, 0.027, 0.01, none, none, none, 0.008, "worth it"
    )
    assert repr(made) == "<Certificate: +0.0190 AUC [+0.0110, +0.0270], placebo +0.0000: worth it>"


def test_frames_are_taken_wherever_data_is():
    rng = np.random.default_rng(0)
    x = rng.normal(size=260)
    frame = pd.DataFrame({"x": x, "y": (x + rng.normal(size=260) > 0).astype(int)})
    certificate = karat.lift(frame[:180], frame[:180], target="y", test=frame[180:], workers=1)
    assert certificate.protocol == "versions"
