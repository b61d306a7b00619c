"""Wrong labels from given probabilities or from records; what is lacking is said."""

import json

import numpy as np
import pyarrow as pa
import pytest

from karat.cli.label_errors import errors
from karat.core.errors import OptionError
from karat.label.wrong_labels import wrong_labels

PROBABILITIES = np.array([[0.95, 0.05], [0.1, 0.9]] * 40)


def test_given_probabilities_are_judged_as_they_stand():
    values = [0, 1] * 39 + [1, 1]
    table = errors(values, PROBABILITIES, budget=1)
    assert table.equals(wrong_labels(values, PROBABILITIES, budget=1))
    assert table.filter(table["is_error"])["row"].to_pylist() == [78]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"pred_probs": PROBABILITIES}, "was given probabilities but no labels"),
        ({}, "needs probabilities, or records to learn from"),
        ({"given": [0, 1]}, "needs probabilities, or records to learn from"),
        ({"data": pa.table({"x": [1]})}, "needs probabilities, or records to learn from"),
        ({"target": "y"}, "needs probabilities, or records to learn from"),
    ],
)
def test_what_is_lacking_is_said(options, problem):
    with pytest.raises(OptionError, match=problem):
        errors(**options)


def test_records_are_answered_out_of_fold_and_those_without_a_label_left_out():
    dice = np.random.default_rng(0)
    size = 240
    x = dice.normal(0, 1, size)
    labels: list[str | None] = ["high" if value > 0 else "low" for value in x]
    wrong = [at for at in range(size) if abs(x[at]) > 1.2][:6]
    for at in wrong:
        labels[at] = "low" if labels[at] == "high" else "high"
    labels[5] = None
    table = errors(data=pa.table({"x": x, "z": dice.normal(0, 1, size), "y": labels}), target="y", budget=6)
    assert table.column_names == ["row", "given", "suggested", "score", "is_error"]
    rows = table["row"].to_pylist()
    assert 5 not in rows
    assert set(rows) <= set(range(size))
    suspects = set(table.filter(table["is_error"])["row"].to_pylist())
    assert len(suspects & set(wrong) - {5}) >= 4
    first = {entry["row"]: entry for entry in table.to_pylist()}[wrong[0] if wrong[0] != 5 else wrong[1]]
    assert first["given"] != first["suggested"]
    assert {first["given"], first["suggested"]} == {"high", "low"}
    assert "expected_precision" in json.loads(table.schema.metadata[b"karat"])
