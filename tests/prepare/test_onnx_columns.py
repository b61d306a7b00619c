"""Every transform's graph makes the features that its ``apply`` makes."""

import numpy as np
import pytest

from karat.core.onnx_graph import Features
from karat.prepare import onnx_columns
from karat.prepare.missing_indicators import MissingIndicators
from karat.prepare.one_hot_categories import OneHotCategories
from karat.prepare.ordinal_categories import OrdinalCategories
from karat.prepare.scale_numbers import ScaleNumbers
from karat.prepare.time_parts import TimeParts
from karat.prepare.to_float import ToFloat
from karat.prepare.weight_of_evidence import WeightOfEvidence
from tests._graphs import run_graph

NUMBERS = ["1", "3", None, "1000", "1e300", "-1e300", "0.1"]


def column(values):
    return np.array([np.nan if value is None else float(value) for value in values])[:, None]


def texts(values):
    return np.array([value or "" for value in values], object)[:, None]


def features(write, parts, schema, **inputs):
    def written(graph):
        (block,) = write(graph, parts, schema)
        assert isinstance(block, Features)
        return block.tensor

    return run_graph(written, **inputs)


def whole(fitted):
    return [(fitted, np.arange(fitted.width))]


def test_numbers_as_they_are(make_block):
    block = make_block(x=("number", NUMBERS), y=("number", NUMBERS[::-1]))
    parts = [(ToFloat("x").fit(block), np.array([1])), (ToFloat("y").fit(block), np.array([0]))]
    answer = features(onnx_columns.plain, parts, block.schema, x=column(NUMBERS), y=column(NUMBERS[::-1]))
    assert np.array_equal(answer, np.hstack([part.apply(block) for part, _ in parts]), equal_nan=True)
    assert answer.dtype == np.float32


def test_numbers_on_one_scale(make_block):
    block = make_block(x=("number", NUMBERS))
    fitted = ScaleNumbers("x").fit(block, np.array([0, 1, 6]))
    assert (features(onnx_columns.scaled, whole(fitted), block.schema, x=column(NUMBERS)) == fitted.apply(block)).all()


def test_gaps_are_told(make_block):
    block = make_block(x=("number", NUMBERS), y=("number", [None] * 3 + ["1"] * 4))
    fitted = MissingIndicators(("x", "y")).fit(block)
    answer = features(
        onnx_columns.indicators, whole(fitted), block.schema, x=column(NUMBERS), y=column([None] * 3 + ["1"] * 4)
    )
    assert (answer == fitted.apply(block)).all()
    assert answer.sum() > 0


CELLS = ["a", "b", None, "N/A", "a", "rare", "b", "a"]


@pytest.mark.parametrize("cells", [CELLS, ["never met", None, "N/A", "b"] * 2])
@pytest.mark.parametrize(
    ("transform", "write"),
    [(OneHotCategories("x", min_records=2), onnx_columns.one_hot), (OrdinalCategories("x"), onnx_columns.ordinal)],
)
def test_categories(make_block, transform, write, cells):
    train = make_block(nulls=("N/A",), x=("category", CELLS))
    fitted = transform.fit(train)
    block = make_block(nulls=("N/A",), x=("category", cells))
    answer = features(write, whole(fitted), block.schema, x=texts(cells))
    assert np.array_equal(answer, fitted.apply(block), equal_nan=True)


def test_a_null_that_was_a_category_is_missing(make_block):
    block = make_block(x=("category", ["a", "a", "b"]))
    fitted = OneHotCategories("x", min_records=1).fit(block)
    other = make_block(nulls=("b",), x=("category", ["b", "a", "c"]))
    answer = features(onnx_columns.one_hot, whole(fitted), other.schema, x=texts(["b", "a", "c"]))
    assert (answer == fitted.apply(other)).all()


def test_evidence_of_numbers_and_of_categories(make_block):
    chance = np.random.default_rng(0)
    x = chance.normal(size=200)
    numbers = [f"{value:.6f}" if at % 9 else None for at, value in enumerate(x)]
    words = ["yes" if value > 0 else "no" for value in x]
    block = make_block(
        x=("number", numbers), c=("category", words), y=("target", ["1" if value > 0.2 else "0" for value in x])
    )
    fitted = WeightOfEvidence("x").fit(block)
    assert len(fitted.edges)
    edges = [*map(repr, fitted.edges.tolist()), *numbers]
    asked = make_block(x=("number", edges))
    answer = features(onnx_columns.evidence, whole(fitted), asked.schema, x=column(edges))
    assert (answer == fitted.apply(asked)).all()
    fitted = WeightOfEvidence("c", numeric=False).fit(block)
    answer = features(onnx_columns.evidence, whole(fitted), block.schema, c=texts(words))
    assert (answer == fitted.apply(block)).all()


@pytest.mark.parametrize("waves", [False, True])
def test_times(make_block, waves):
    times = ["2024-02-29 13:45:10", "1969-07-20 20:17:00", None, "2030-12-31 23:59:59", "2001-01-01 00:00:00"]
    block = make_block(t=("time", times))
    fitted = TimeParts("t", waves=waves).fit(block)
    from karat.prepare.columns import seconds

    answer = features(onnx_columns.times, whole(fitted), block.schema, t=seconds(block, "t")[:, None])
    wanted = fitted.apply(block)
    assert wanted.shape[1] == (7 if waves else 4)
    assert answer == pytest.approx(wanted, abs=2e-7, nan_ok=True)


def test_pixels_are_laid_out_row_by_row(make_block):
    shown = np.arange(2 * 2 * 2 * 3, dtype=np.uint8).reshape(2, 2, 2, 3)

    class Part:
        column = "p"

    answer = features(onnx_columns.pixels, [(Part(), np.arange(12))], None, p=shown)
    assert answer.tolist() == np.arange(24.0).reshape(2, 12).tolist()
