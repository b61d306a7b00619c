"""The examples of CONTRIBUTING.md, pasted as printed."""

import re
import textwrap
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow as pa
import pytest

from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.loading import load, plain_settings

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"
LOUD = "THIS IS A SENTENCE IN CAPITALS, LONG ENOUGH TO BE ONE, AND NO ABBREVIATION"


def examples() -> dict[str, str]:
    """Each block of Python under its class."""
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    code = [textwrap.dedent(body) for _, body in blocks]
    return {re.findall(r"^class (\w+)", body, re.MULTILINE)[-1]: body for body in code}


def unit(name: str):
    """A fresh unit of an example."""
    module = ModuleType(f"a_contribution_of_{name.lower()}")
    exec(compile(examples()[name], name, "exec"), module.__dict__)
    return getattr(module, name)()


def judged(check, table: pa.Table):
    """What a check finds in a table, and why it was skipped."""
    data = Dataset.of(load(table, plain_settings("")))
    learned = engine.learn(data, [check])
    return [row for _, found in engine.judge(data, learned) for row in found.to_pylist()], learned.skipped


def test_there_is_an_example_of_each():
    assert set(examples()) == {"NegativeAges", "Shouting", "WithinTenPercent", "NearestMean"}


def test_the_check_works_where_the_column_is():
    ages = [30 + at % 40 for at in range(60)]
    ages[7] = -3
    found, skipped = judged(unit("NegativeAges"), pa.table({"age": ages, "n": range(60)}))
    assert [(row["row"], row["column"], row["value"], row["check"]) for row in found] == [
        (7, "age", "-3", "NegativeAges")
    ]
    assert skipped == {}


@pytest.mark.parametrize("name", ["NegativeAges", "Shouting"])
def test_a_check_does_not_apply_where_the_column_is_not(name):
    found, skipped = judged(unit(name), pa.table({"height": [150 + at for at in range(60)], "n": range(60)}))
    assert found == []
    assert skipped[name].startswith("no column")


def test_the_text_rule_reads_texts():
    texts = [f"a calm sentence about number {at}, as people write them when they have time" for at in range(60)]
    texts[5] = LOUD
    found, _ = judged(unit("Shouting"), pa.table({"note": texts, "n": range(60)}))
    assert [(row["row"], row["column"]) for row in found] == [(5, "note")]


def test_the_metric_scores():
    truth = np.array([10.0, 20.0, 30.0, 40.0])
    assert unit("WithinTenPercent").score(truth, truth * [1, 1.05, 1.2, 0.5]) == 0.5


def test_the_learner_learns():
    chance = np.random.default_rng(0)
    target = np.repeat([0, 1], 50)
    features = chance.normal(0, 1, (100, 3)) + 4 * target[:, None]
    answer = unit("NearestMean").fit(features, target, 0).predict(features)
    assert answer.shape == (100, 2)
    assert np.allclose(answer.sum(axis=1), 1)
    assert np.mean(answer.argmax(axis=1) == target) > 0.95


def test_the_text_rule_reads_documents_too():
    texts = [f"This is the quiet document number {at}, and it goes on for a while." for at in range(30)]
    found, skipped = judged(unit("Shouting"), pa.table({"text": [*texts, LOUD]}))
    assert [row["row"] for row in found] == [30]
    assert skipped == {}


def test_the_score_counts_the_cells_that_the_check_judged():
    check = unit("NegativeAges")
    block = Dataset.of(load(pa.table({"age": [3, -1, None, 9], "n": range(4)}), plain_settings(""))).whole()
    assert check.total(check.learn(block), block.schema) == 3
