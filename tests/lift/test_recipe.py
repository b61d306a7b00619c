import json
import os
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.folder import sealed
from karat.lift import recipe as module
from karat.lift.procedure import recipe_for
from karat.lift.recipe import FRAGILE, HEADLINE, Arm, Scores, content_key
from tests.lift._planted import records


def block(rows=None, **cells):
    table = pa.table(cells)
    return Block(
        np.arange(table.num_rows) if rows is None else np.array(rows),
        table,
        Schema(tuple(Column(name, Role.CATEGORY) for name in cells)),
    )


def test_a_key_is_of_contents_however_they_are_cut_in_memory():
    whole = block(x=["ab", None, "c"], y=["1", "2", "3"])
    cut = block(x=pa.chunked_array([["ab"], [None, "c"]]), y=pa.array(["0", "1", "2", "3"])[1:])
    assert content_key(whole) == content_key(cut)
    assert content_key(whole.take(np.array([1, 2]))) == content_key(block([1, 2], x=[None, "c"], y=["2", "3"]))


@pytest.mark.parametrize(
    "other",
    [
        {"x": ["ab", "", "c"]},
        {"x": ["a", None, "bc"]},
        {"x": ["ab", None, "d"]},
        {"z": ["ab", None, "c"]},
        {"x": ["ab", None, "c"], "rows": [0, 1, 3]},
        {"x": ["ab", None, "c"], "w": [None, None, None]},
    ],
)
def test_anything_else_has_another_key(other):
    cells = {name: pa.array(values, pa.string()) for name, values in other.items() if name != "rows"}
    assert content_key(block(other.get("rows"), **cells)) != content_key(block(x=["ab", None, "c"]))


def test_pictures_have_keys_too():
    one, two = (block(p=pa.array([b"\x00", cell], pa.binary())) for cell in (b"\x01", None))
    assert content_key(one) != content_key(two)
    assert content_key(block(x=pa.array([], pa.string()))) == content_key(block(x=pa.array([], pa.string())))


def test_an_arm_is_the_base_with_some_cells_changed():
    base, _ = records(20)
    mended = base.take(np.arange(5, 20))
    arm = Arm.of(base, mended)
    assert arm.positions.tolist() == list(range(5, 20))
    assert len(arm.block) == 20
    assert arm.key == content_key(mended)


def test_records_without_a_target_are_left_out_of_a_fit():
    _, clean = records(120)
    recipe = recipe_for(clean)
    spoiled = clean.table.set_column(
        3, "y", pa.array([None if at < 60 else v for at, v in enumerate(clean.table["y"].to_pylist())])
    )
    fit = recipe.fit(Arm.of(clean, Block(clean.rows, spoiled, clean.schema)), FRAGILE)
    half = recipe.fit(Arm.of(clean, clean.take(np.arange(60, 120))), FRAGILE)
    at = np.arange(60)
    assert (fit.answers(clean, at) == half.answers(clean, at)).all()
    assert fit.answers(clean, at).shape == (60, 2)


def test_scores_are_signed_so_that_more_is_better():
    _, clean = records(60, task="regression")
    recipe = recipe_for(clean, metric="MAE")
    assert recipe.score(np.array([1.0, 2.0]), np.array([1.0, 6.0])) == -2.0
    others = recipe.by_others(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert others["R2"] == 1.0
    assert "MAE" not in others


def test_a_learner_differs_by_what_it_is_or_how_it_prepares():
    recipe = recipe_for(records(60)[1])
    assert recipe.differs(FRAGILE)
    assert not recipe.differs(HEADLINE)
    same = replace(
        recipe,
        learners=dict.fromkeys((HEADLINE, FRAGILE), recipe.learners[HEADLINE]),
        ways=dict.fromkeys((HEADLINE, FRAGILE), "trees"),
    )
    assert not same.differs(FRAGILE)
    assert replace(same, ways={HEADLINE: "trees", FRAGILE: "linear"}).differs(FRAGILE)


def test_a_recipe_is_named_by_all_it_holds_fixed():
    recipe = recipe_for(records(60)[1])
    assert recipe.hash == recipe_for(records(90)[1]).hash
    others = [
        replace(recipe, seed=1),
        replace(recipe, classes=("a", "b")),
        replace(recipe, others=()),
        replace(recipe, ways=recipe.ways | {HEADLINE: "linear"}),
    ]
    assert len({recipe.hash, *(other.hash for other in others)}) == 5
    facts = recipe.describe()
    assert facts["metric"] == "AUC"
    assert facts["classes"] == ["0", "1"]
    assert facts["learners"][HEADLINE]["features"] == recipe.ways[HEADLINE]
    json.dumps(facts)


def test_a_score_is_made_once_for_equal_parts():
    scores, made = Scores(), []

    def make():
        made.append(1)
        return len(made)

    assert [scores.get(["a", 1], make), scores.get(["a", 1], make), scores.get(["a", 2], make)] == [1, 1, 2]


def test_scores_are_kept_in_a_folder_and_made_anew_where_it_is_broken(tmp_path):
    place = tmp_path / "scores"
    assert Scores(place).get(["a"], lambda: 0.5) == 0.5
    assert Scores(place).get(["a"], lambda: 7) == 0.5
    (path,) = place.glob("*")
    whole = path.read_text(encoding="utf-8")
    for broken in ("", "0.", '{"value"', "[]", "{}", whole.replace("0.5", "0.6")):
        path.write_text(broken, encoding="utf-8")
        assert Scores(place).get(["a"], lambda: 0.25) == 0.25
        assert sealed(path) == {"value": 0.25}
    assert [file.suffix for file in place.iterdir()] == [".json"]


def test_other_code_measures_anew(tmp_path, monkeypatch):
    assert len(bytes.fromhex(module.measuring_code())) == 8
    Scores(tmp_path).get(["a"], lambda: 1)
    monkeypatch.setattr(module, "measuring_code", lambda: "other")
    assert Scores(tmp_path).get(["a"], lambda: 2) == 2


def test_the_oldest_of_very_many_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    scores = Scores(tmp_path)
    for at in range(5):
        scores.get([at], lambda at=at: at)
        newest = max(tmp_path.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1_000 + at, 1_000 + at))
    scores.tidy()
    assert sorted(json.loads(path.read_text())["value"] for path in tmp_path.iterdir()) == [2, 3, 4]
    scores.tidy()
    assert len(list(tmp_path.iterdir())) == 3
    Scores().tidy()
    Scores(tmp_path / "none").tidy()
