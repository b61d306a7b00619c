"""Roles, types and nulls, on made tables whose answers are known and on the sets that ship with scikit-learn."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.collect.nulls import date_codes, null_codes, null_words
from karat.collect.read import open_data
from karat.collect.roles import infer_schema
from karat.core.block import BLOCK_RECORDS, Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema

N = 600
DICE = np.random.default_rng(7)
DAYS = [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(N)]


def states(table: pa.Table) -> tuple[ValueCounts, RecordSample]:
    schema = Schema(tuple(Column(name, Role.TEXT) for name in table.column_names))
    blocks = [
        Block(np.arange(at, min(len(table), at + BLOCK_RECORDS)), table.slice(at, BLOCK_RECORDS), schema)
        for at in range(0, len(table), BLOCK_RECORDS)
    ]
    counts, sample = ValueCounts.of(blocks[0]), RecordSample.of(blocks[0])
    for block in blocks[1:]:
        counts, sample = counts.merge(ValueCounts.of(block)), sample.merge(RecordSample.of(block))
    return counts, sample


def inferred(target: str | None = None, **columns: Any) -> Schema:
    texts = {
        name: pa.array([None if v is None or v == "" else str(v) for v in values], pa.string())
        for name, values in columns.items()
    }
    return infer_schema(*states(pa.table(texts)), target=target)


CASES: dict[str, tuple[Any, Role, str]] = {
    "id": (range(1, N + 1), Role.ID, "int64"),
    "CustomerID": (DICE.integers(1000, 1100, N), Role.GROUP, "int64"),
    "age": (DICE.integers(18, 90, N), Role.NUMBER, "int64"),
    "dirty_age": (["x1" if i % 40 == 0 else i % 60 + 20 for i in range(N)], Role.NUMBER, "int64"),
    "height": (DICE.normal(170, 10, N).round(1), Role.NUMBER, "float64"),
    "weight": ([f"{v:.1f} kg" for v in DICE.uniform(40, 90, N)], Role.NUMBER, "float64"),
    "重量": ([f"{v:.1f}公斤" for v in DICE.uniform(40, 90, N)], Role.NUMBER, "float64"),
    "share": ([f"{v}%" for v in DICE.integers(0, 100, N)], Role.NUMBER, "float64"),
    "flag": (DICE.integers(0, 2, N), Role.NUMBER, "int64"),
    "truth": (["True", "False"] * (N // 2), Role.CATEGORY, "bool"),
    "zip": ([f"{v:05d}" for v in DICE.integers(0, 300, N)], Role.CATEGORY, "string"),
    "city": (["北京", "上海", "广州"] * (N // 3), Role.CATEGORY, "string"),
    "clock": ([f"{v % 24:02d}.{v % 60:02d}.00" for v in range(N)], Role.CATEGORY, "string"),
    "version": ([f"1.{v % 9}.{v % 7}" for v in range(N)], Role.CATEGORY, "string"),
    "review": ([f"The {v}th order came late and the soup was cold again" for v in range(N)], Role.TEXT, "string"),
    "评论": ([f"送餐很快，味道不错，第{v}次点了" for v in range(N)], Role.TEXT, "string"),
    "uuid": ([f"{v * 7919:016x}" for v in range(N)], Role.ID, "string"),
    "empty": ([None] * N, Role.IGNORE, "string"),
    "year": ([2000 + v % 20 for v in range(N)], Role.NUMBER, "int64"),
    "pressure": ([f"{v % 50 + 100}/{v % 30 + 60}" for v in range(N)], Role.CATEGORY, "string"),
}


@pytest.mark.parametrize("name", CASES)
def test_roles(name: str) -> None:
    values, role, kind = CASES[name]
    column = inferred(None, **{"other": list(DICE.normal(0, 1, N)), name: list(values)})[name]
    assert (column.role, column.type) == (role, kind)


@pytest.mark.parametrize(
    ("write", "wanted"),
    [
        ("%Y-%m-%d", ""),
        ("%d/%m/%Y", "%d/%m/%Y"),
        ("%m/%d/%Y", "%m/%d/%Y"),
        ("%d.%m.%Y", "%d.%m.%Y"),
        ("%Y%m%d", "%Y%m%d"),
        ("%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M"),
        ("%Y-%m-%dT%H:%M:%S", ""),
        ("%d %b %Y", "%d %b %Y"),
    ],
)
def test_time_formats(write: str, wanted: str) -> None:
    column = inferred(when=[dt.datetime.combine(day, dt.time(9)).strftime(write) for day in DAYS])["when"]
    assert (column.role, column.type, column.format) == (Role.TIME, "timestamp", wanted)


def test_chinese_dates() -> None:
    column = inferred(日期=[f"{day.year}年{day.month}月{day.day}日" for day in DAYS])["日期"]
    assert (column.role, column.format) == (Role.TIME, "%Y年%m月%d日")


@pytest.mark.parametrize(
    ("values", "decimal", "thousands"),
    [
        ([f"{v:.1f}".replace(".", ",") for v in np.linspace(0, 99, N)], ",", ""),
        ([f"${v:,.2f}" for v in np.linspace(5, 99999, N)], ".", ","),
        ([f"{v:,}" for v in range(0, N * 50, 50)], ".", ","),
        ([f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in np.linspace(5, 99999, N)], ",", "."),
        ([f"{v / 8}" for v in range(N)], ".", ""),
    ],
)
def test_decimal_marks(values: list[str], decimal: str, thousands: str) -> None:
    column = inferred(price=values)["price"]
    assert (column.role, column.decimal, column.thousands) == (Role.NUMBER, decimal, thousands)


def test_null_words_where_they_can_mean_nothing_else() -> None:
    schema = inferred(
        n=["无" if i % 9 == 0 else "none" if i % 10 == 0 else i % 50 for i in range(N)],
        when=["unknown" if i % 9 == 0 else day for i, day in enumerate(DAYS)],
        debtor=["none", "unknown", "guarantor"] * (N // 3),
        city=["N/A", "Bend", "Gary"] * (N // 3),
    )
    assert schema["n"].nulls == ("none", "无")
    assert schema["when"].nulls == ("unknown",)
    assert schema["debtor"].nulls == ()
    assert schema["city"].nulls == ("N/A",)


def test_codes_are_learned_and_legal_values_are_not() -> None:
    some = np.arange(N) % 12 == 0
    schema = inferred(
        gas=np.where(some, -200, DICE.normal(900, 200, N).round()).astype(int),
        frost=np.where(some, -200, DICE.normal(5, 8, N).round(1)),
        age=np.where(some, 999, DICE.integers(18, 90, N)),
        days=np.where(DICE.random(N) < 0.6, -1, DICE.integers(1, 400, N)),
        grade=DICE.integers(-2, 9, N),
        debt=DICE.normal(100, 500, N).round().astype(int),
        hundred=DICE.integers(-5, 5, N) * 100,
        hours=DICE.integers(1, 100, N),
        gain=np.where(DICE.random(N) < 0.9, 0, DICE.integers(1, 40000, N)),
        born=["1900-01-01" if hit else day for hit, day in zip(some, DAYS, strict=True)],
    )
    assert schema["gas"].nulls == ("-200",)
    assert schema["frost"].nulls == ("-200.0",)
    assert schema["age"].nulls == ("999",)
    assert schema["born"].nulls == ("1900-01-01",)
    assert schema["days"].nulls == ("-1",)
    assert {c.name for c in schema if c.nulls} == {"gas", "frost", "age", "born", "days"}


def test_code_functions() -> None:
    values, counts = np.array([-200.0, *range(10, 60)]), np.array([30, *[5] * 50])
    assert null_codes({"a": (values, counts), "b": (np.array([-200.0, 1, 2, 3]), np.array([1, 9, 9, 9]))}) == {
        "a": (-200.0,),
        "b": (-200.0,),
    }
    assert null_codes({"a": (np.array([-2.0, -1, 0, 1, 2]), np.array([5, 9, 20, 8, 3]))}) == {}
    days = np.array(["2020-01-01", "9999-12-31", "2021-05-05"], "datetime64[D]")
    assert date_codes(days, np.array([3, 9, 4])) == [1]
    assert null_words(pa.array([" ｎ／ａ "]))[0]
    assert null_words(pa.array(["未知"]))[0]
    assert not null_words(pa.array(["未知"]), strong_only=True)[0]


def test_sources_that_report_the_same_entities() -> None:
    flights = [f"F{i}" for i in range(20)]
    rows = [
        (s, f, f"{i % 12}:{i % 60:02d}" if (i + j) % 9 else "x", f"{i % 11}:10")
        for j, s in enumerate("abcdef")
        for i, f in enumerate(flights)
    ]
    src, flight, out, back = (list(part) for part in zip(*rows, strict=True))
    schema = inferred(src=src, flight=flight, out=out, back=back)
    assert schema["src"].role is Role.SOURCE
    assert schema["flight"].role is Role.GROUP
    panel = inferred(
        land=src, year=flight, gdp=list(DICE.normal(0, 1, len(rows))), kind=list(DICE.choice(["p", "q"], len(rows)))
    )
    assert not panel.with_role(Role.SOURCE)


@pytest.mark.parametrize(
    ("values", "task", "kind"),
    [
        ([1, 2] * 50, "classification", "int64"),
        (["yes", "no"] * 50, "classification", "string"),
        (list(range(100)), "regression", "int64"),
        ([0.5, 1.5, 2.5, 3.5] * 25, "regression", "float64"),
        ([0.0, 1.0] * 50, "classification", "float64"),
    ],
)
def test_tasks(values: list[object], task: str, kind: str) -> None:
    schema = inferred("y", x=list(DICE.normal(0, 1, 100)), y=values)
    assert (schema.task, schema["y"].role, schema["y"].type) == (task, Role.TARGET, kind)


def test_targets_that_teach_nothing() -> None:
    with pytest.raises(OptionError, match="Did you mean 'income'"):
        inferred("incme", income=[1, 2], b=[1, 2])
    with pytest.raises(InputError, match="only one value, '1'"):
        inferred("y", x=[1, 2, 3], y=[1, 1, None])
    with pytest.raises(InputError, match="only missing"):
        inferred("y", x=[1, 2, 3], y=[None, "N/A", None])


def test_settings_overrule() -> None:
    counts, sample = states(pa.table({"a": ["1", "2", "9"], "b": ["x", "y", "z"]}))
    schema = infer_schema(
        counts, sample, overrides={"a": {"role": "category", "type": "string", "nulls": ["9"], "meanings": "code"}}
    )
    assert schema["a"] == Column("a", Role.CATEGORY, "string", ("9",), meanings=("code",))
    wrongs: list[dict[str, dict[str, object]]] = [
        {"a": {"rolle": "id"}},
        {"a": {"role": "ids"}},
        {"c": {}},
        {"a": {"meanings": ["code", "kode"]}},
    ]
    for wrong in wrongs:
        with pytest.raises(OptionError, match="not found"):
            infer_schema(counts, sample, overrides=wrong)
    assert infer_schema(counts, sample, types={"a": "string"})["a"].type == "string"


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
def test_bundled_sets(tmp_path: Path, name: str) -> None:
    datasets = pytest.importorskip("sklearn.datasets")
    getattr(datasets, f"load_{name}")(as_frame=True).frame.to_csv(tmp_path / "t.csv", index=False)
    table = pa.Table.from_batches(list(open_data(tmp_path / "t.csv").batches()))
    schema = infer_schema(*states(table), target="target")
    assert {c.role for c in schema if c.name != "target"} == {Role.NUMBER}
    assert not any(c.nulls for c in schema)
    assert schema.task == ("regression" if name == "diabetes" else "classification")


@pytest.mark.skipif("KARAT_DATA" not in os.environ, reason="KARAT_DATA names no folder of development data")
@pytest.mark.parametrize(
    ("path", "target", "task", "roles"),
    [
        ("german-credit/german_credit.csv", "default", "classification", {}),
        (
            "credit-default/UCI_Credit_Card.csv",
            "default.payment.next.month",
            "classification",
            {"ID": Role.ID, "PAY_0": Role.NUMBER},
        ),
        ("adult-errors/dirty.csv", "income", "classification", {"column_0": Role.ID, "fnlwgt": Role.NUMBER}),
        ("sms-spam/sms.csv", "label", "classification", {"text": Role.TEXT}),
        ("zh-reviews/waimai.csv", "label", "classification", {"text": Role.TEXT}),
        ("air-quality/AirQualityUCI.csv", "CO(GT)", "regression", {"Date": Role.TIME, "Time": Role.CATEGORY}),
        ("flights/dirty.csv", None, "", {"src": Role.SOURCE, "flight": Role.GROUP}),
        ("hospital/dirty.csv", None, "", {"zip": Role.CATEGORY, "phone": Role.CATEGORY, "index": Role.ID}),
        ("beers/dirty.csv", None, "", {"index": Role.ID, "ounces": Role.NUMBER, "abv": Role.NUMBER}),
    ],
)
def test_development_data(path: str, target: str | None, task: str, roles: dict[str, Role]) -> None:
    table = pa.Table.from_batches(list(open_data(Path(os.environ["KARAT_DATA"]) / path).batches()))
    schema = infer_schema(*states(table), target=target)
    assert schema.task == task
    assert {name: schema[name].role for name in roles} == roles
    coded = {c.name for c in schema if "-200" in c.nulls}
    there = (
        {name for name in table.column_names if "-200" in table[name].to_pylist()} if path.startswith("air") else set()
    )
    assert coded == there


@pytest.mark.parametrize(("word", "nulls"), [("x", ()), ("none", ()), ("-", ()), ("NA", ("NA",)), ("n/a", ("n/a",))])
def test_a_word_that_may_be_a_value_is_one_where_a_column_holds_nothing_else(word: str, nulls: tuple[str, ...]) -> None:
    counts, sample = states(pa.table({"a": [word] * 30, "b": [str(at) for at in range(30)]}))
    assert infer_schema(counts, sample)["a"].nulls == nulls
