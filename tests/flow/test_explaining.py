import json

import numpy as np
import pytest

from karat.cli.wiring import walked
from karat.flow.explaining import outcomes_by_group
from karat.flow.job import Job
from karat.flow.settings import made_settings


def loans(path, n=400, seed=0):
    random = np.random.default_rng(seed)
    debt, sex = random.integers(0, 10, n), random.choice(["f", "m"], n)
    late = random.random(n) < 0.1 + 0.07 * debt
    rows = [f"{d},{s},{random.normal():.2f},{'yes' if y else 'no'}" for d, s, y in zip(debt, sex, late, strict=True)]
    path.write_text("\n".join(["debt,sex,noise,late", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    home = tmp_path_factory.mktemp("explained")
    settings = {"workers": 1, "collect": {"target": "late"}, "prepare": {"folds": 3, "repeats": 1}}
    settings |= {"deploy": {"model": False}}
    walked(Job(loans(home / "loans.csv"), home / "run", "run", made_settings(settings, "test")))
    return json.loads((home / "run" / "evaluation.json").read_text(encoding="utf-8"))


def test_single_predictions_are_taken_apart(evaluation):
    assert evaluation["predictions"]
    for one in evaluation["predictions"]:
        told = one["base"] + sum(part["part"] for part in one["parts"]) + one["others"]
        assert told == pytest.approx(one["margin"])
        assert 1 / (1 + np.exp(-told)) == pytest.approx(one["answer"])
        assert len(one["drivers"]) == 5
    assert evaluation["shap"][0]["column"] == "debt"


def test_the_card_stands_beside_the_trees(evaluation):
    assert set(evaluation["learners"]) == {
        "logistic regression",
        "boosted trees",
        "sized boosted trees",
        "naive",
        "scorecard",
    }
    scores = evaluation["learners"]["scorecard"]
    assert scores["Gini"]["value"] == pytest.approx(2 * scores["AUC"]["value"] - 1)
    assert 0 < scores["KS"]["value"] < 1
    card = evaluation["scorecard"]
    assert card["columns"][0]["column"] == "debt"
    assert card["stability"] < 0.25
    assert card["of"] == "yes"


def test_groups_are_compared(evaluation):
    (sex,) = evaluation["fairness"]
    assert sex["column"] == "sex"
    assert [group["name"] for group in sex["groups"]] == ["f", "m"]
    assert sum(group["records"] for group in sex["groups"]) == 400


def test_long_numbers_fall_into_quarters():
    import pyarrow as pa

    from karat.core.block import Block
    from karat.core.schema import Column, Role, Schema

    ages = [str(18 + k % 60) for k in range(600)]
    schema = Schema((Column("年龄", Role.NUMBER, "int64"), Column("pay", Role.NUMBER, "int64")))
    block = Block(np.arange(600), pa.table({"年龄": ages, "pay": ages}), schema)
    truth = np.arange(600) % 3 == 0
    (told,) = outcomes_by_group(block, truth, truth * 0.5 + 0.1, None)
    assert told["column"] == "年龄"
    assert len(told["groups"]) == 4
