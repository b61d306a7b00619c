"""The card's SQL, run by a database, and its CSV, added up by hand, against the model."""

import csv

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.deploy.agreement import verify_prepared
from karat.deploy.onnx_model import OnnxModel, Prepared
from karat.deploy.onnx_scorecard import Card
from karat.deploy.points_table import PointsTable
from karat.deploy.predictor import Predictor
from karat.prepare.features import Preparation
from karat.prepare.target import read_target
from karat.train.naive import Naive
from karat.train.scorecard import Scorecard

N = 4_000


@pytest.fixture(scope="module")
def card():
    """A scorecard with crossed columns, odd names and values; and its records."""
    random = np.random.default_rng(5)
    debt, years = np.exp(random.normal(0, 1, N)).round(1), random.integers(0, 9, N)
    home = random.choice(["rent", "it's own", "租房", "n/a"], N)
    job = random.choice(["a", "b"], N)
    margin = debt / 2 - 0.2 * years + (home == "租房") + 2.0 * (job == "a") * (years > 4) - 1
    late = np.where(random.random(N) < 1 / (1 + np.exp(-margin)), "yes", "no")
    gap = random.random(N) < 0.05
    texts = {
        'the "debt"': [None if g else f"{v:.1f}" for g, v in zip(gap, debt, strict=True)],
        "years": [str(98 if c else v) for c, v in zip(np.random.default_rng(6).random(N) < 0.02, years, strict=True)],
        "home": home.tolist(),
        "job": job.tolist(),
        "late": late.tolist(),
    }
    numbers = ('the "debt"', "years")
    columns = [
        Column(
            name,
            Role.NUMBER if name in numbers else Role.CATEGORY,
            "float64" if name in numbers else "string",
            ("n/a",),
        )
        for name in texts
    ]
    columns[-1] = Column("late", Role.TARGET)
    schema = Schema(tuple(columns), "classification")
    block = Block(np.arange(N), pa.table({name: pa.array(held, pa.string()) for name, held in texts.items()}), schema)
    fitted = Preparation(schema, "evidence").fit(block)
    target = read_target(block)
    model = Scorecard().fit(fitted.apply(block), target.values)
    assert model.crossed
    assert any(part.special for part in fitted.parts)
    return Prepared("loans", "2", schema, fitted, model, target.classes), block


def scores(held, block):
    return held.model.start + held.model.points(held.preparation.apply(block)).sum(1)


def test_the_sql_gives_every_record_its_score(card, tmp_path):
    held, block = card
    PointsTable().export(held, tmp_path)
    applicants = {
        name: block.numbers(name) if column.role is Role.NUMBER else block.text(name)
        for name, column in zip(block.schema.names, block.schema, strict=True)
    }
    debt = applicants['the "debt"']
    applicants['the "debt"'] = pa.array(debt, mask=np.isnan(debt))
    with duckdb.connect() as base:
        base.register("applicants", pa.table(applicants))
        told = base.execute((tmp_path / "card.sql").read_text(encoding="utf-8")).fetchnumpy()["score"]
    assert told == pytest.approx(scores(held, block), abs=1e-9)
    assert np.ptp(told) > 50


def test_the_table_adds_up_to_the_score(card, tmp_path):
    held, block = card
    with PointsTable().export(held, tmp_path).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    start = float(lines[0]["points"])
    bins = {part.column: part.bins() for part in held.preparation.parts}
    slots = {part.column: part.slots(block) for part in held.preparation.parts}
    for row in range(40):
        mine = {name: bins[name][slots[name][row]] for name in bins}
        total = start + sum(float(line["points"]) for line in lines if mine.get(line["column"]) == line["bin"])
        for line in lines:
            if " × " in line["column"]:
                sides = zip(line["column"].split(" × "), line["bin"].split(" and "), strict=True)
                total += float(line["points"]) * all(mine[name] in met.split(" or ") for name, met in sides)
        assert total == pytest.approx(scores(held, block)[row], abs=1e-9)
    debt = [line for line in lines if line["column"] == 'the "debt"' and line["to"]]
    assert [float(line["to"]) for line in debt] == held.preparation.parts[0].edges.tolist()


def test_any_runtime_tells_the_score_the_points_and_the_reasons(card, tmp_path):
    held, block = card
    OnnxModel().export(held, tmp_path)
    assert verify_prepared(held, tmp_path, block.take(np.arange(600))).whole
    predictor = Predictor.load(tmp_path)
    names = [entry.name for entry in predictor.signature.outputs]
    assert names == ["label", "probabilities", "score", "reasons", "points"]
    told = predictor.answer(block)
    points = held.model.points(held.preparation.apply(block))
    assert told["points"] == pytest.approx(points, abs=1e-9)
    assert told["score"] == pytest.approx(scores(held, block), abs=1e-9)
    assert told["reasons"].tolist() == Card.of(held).reasons(points)
    worst = told["reasons"][:, 0]
    assert "job × years" in worst or "years × job" in worst
    # Nobody is told a reason that costs nothing.
    assert ((Card.of(held).best - points).max(1) <= 0).sum() == (worst == "").sum()


def test_another_learner_has_no_card(card, tmp_path):
    held, block = card
    naive = Naive().fit(held.preparation.apply(block), read_target(block).values)
    with pytest.raises(InputError, match="Scorecard"):
        PointsTable().export(Prepared("x", "1", held.schema, held.preparation, naive, held.classes), tmp_path)


def test_a_column_of_gaps_alone_and_one_class(tmp_path):
    texts = {"x": [None] * 60, "z": [str(k % 9) for k in range(60)], "y": ["no", "yes"] * 30}
    schema = Schema(
        (Column("x", Role.NUMBER, "float64"), Column("z", Role.NUMBER, "float64"), Column("y", Role.TARGET)),
        "classification",
    )
    block = Block(np.arange(60), pa.table({k: pa.array(v, pa.string()) for k, v in texts.items()}), schema)
    for train in (np.arange(60), np.arange(0, 60, 2)):
        fitted = Preparation(schema, "evidence").fit(block, train)
        model = Scorecard(classes=2).fit(fitted.apply(block, train), read_target(block).values[train])
        held = Prepared("gaps", "1", schema, fitted, model, ("no", "yes"))
        OnnxModel().export(held, tmp_path)
        assert verify_prepared(held, tmp_path, block).whole
