"""The family ``label weights``: no record that judges has fitted one, and the proof chooses it like any other."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.core.block import Block
from karat.core.patch import changes
from karat.flow.review import ANSWERS
from karat.flow.weighing import LabelWeights
from karat.lift import label_weighting as module
from karat.lift.choose import choose
from karat.lift.design import Design
from karat.lift.label_weighting import (
    CHECK,
    LABEL_WEIGHTS,
    LabelWeighting,
    at_power,
    patches_with,
    unweighed,
    weighing_for,
    with_weights,
)
from karat.lift.placebo import placebo
from karat.lift.procedure import chosen, prove, recipe_for
from karat.prepare.splits import plan_splits
from tests.lift._planted import perfect, records, refiner

QUICK = Design(folds=3, repeats=1, inner_folds=2, choose_by="fragile", share_by="fragile", placebos=3, weigh_folds=2)


@pytest.fixture(scope="module")
def noisy():
    return records(500, wrong=0.2)


@pytest.fixture(scope="module")
def proof(noisy):
    dirty, clean = noisy
    return prove(dirty, truth=clean, refine=refiner(), plan=QUICK, weighing=LabelWeighting())


def test_wrong_labels_are_worth_weighing(proof):
    assert proof.refined.value > proof.raw.value
    share = next(c for c in proof.contributions if c.family == LABEL_WEIGHTS)
    assert share.lift > 0
    assert all(fold["changes"][LABEL_WEIGHTS] > 0 for fold in proof.folds)


def test_the_order_of_records_does_not_matter(noisy, proof):
    dirty, clean = noisy
    order = np.random.default_rng(0).permutation(len(dirty))

    def mixed(block):
        return Block(np.arange(len(block)), block.table.take(pa.array(order)).combine_chunks(), block.schema)

    again = prove(mixed(dirty), truth=mixed(clean), refine=refiner(), plan=QUICK, weighing=LabelWeighting())
    assert (again.lift, again.placebo) == (proof.lift, proof.placebo)


def test_without_being_asked_nothing_is_weighed(noisy):
    dirty, clean = noisy
    assert prove(dirty, truth=clean, refine=refiner(), plan=QUICK).verdict == "nothing changed"
    off = replace(QUICK, weigh_folds=0)
    assert prove(dirty, refine=refiner(), plan=off, weighing=LabelWeighting()).verdict == "nothing changed"


def test_no_record_that_judges_fits_a_weight(noisy, monkeypatch):
    dirty, _ = noisy
    block = with_weights(dirty)
    seen = []
    learn = module.weighed_labels

    def spied(records, *options):
        assert "_weight" not in records.table.column_names
        seen.append(set(records.rows.tolist()))
        return learn(records, *options)

    monkeypatch.setattr(module, "weighed_labels", spied)
    patches, weigh = patches_with({}, block, LabelWeighting(folds=2))
    folds = [(train, test) for _, _, train, test in plan_splits(block, repeats=1, folds=2).pairs()]
    choose(block, block, patches, recipe_for(block), folds, learner="fragile", weigh=weigh)
    assert seen[0] == set(block.rows.tolist())
    assert seen[1:] == [set(block.rows[train].tolist()) for train, _ in folds]


def test_the_choice_is_by_inner_weights_not_by_those_that_saw_validation(noisy):
    dirty, _ = noisy
    block = with_weights(dirty)
    patches, _ = patches_with({}, block, LabelWeighting(folds=2))
    none = patches[LABEL_WEIGHTS].slice(0, 0)
    folds = [(train, test) for _, _, train, test in plan_splits(block, repeats=1, folds=2).pairs()]
    idle = choose(block, block, patches, recipe_for(block), folds, learner="fragile", weigh=lambda *_: none)
    assert [(effect.lift, effect.kept) for effect in idle.effects] == [(0.0, False)]


def test_the_placebo_is_the_same_weights_permuted_within_the_class(noisy):
    dirty, _ = noisy
    block = with_weights(dirty)
    patch = LabelWeighting(folds=2).after(None)(block, 1.0)
    drawn = placebo(block, patch, np.random.default_rng(1))
    label = block.text("y")
    for name in ("0", "1"):
        mine = [
            sorted(
                p.filter(pc.equal(label.take(pa.array(np.searchsorted(block.rows, p["row"].to_numpy()))), name))[
                    "after"
                ].to_pylist()
            )
            for p in (patch, drawn)
        ]
        assert mine[0] == mine[1]
    assert drawn.sort_by("row")["after"] != patch.sort_by("row")["after"]
    assert set(patch["check"].to_pylist()) == {CHECK}


def test_weights_that_help_ship():
    dirty, clean = records(500, seed=2, wrong=0.2)
    wrong = dirty.rows[np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist())]

    def by_one_who_knows(records, _=1.0):
        here = records.rows[np.isin(records.rows, wrong)]
        return changes(len(here), row=here, column="_weight", action="set", after="0.01", check=CHECK)

    patches = {LABEL_WEIGHTS: by_one_who_knows(dirty)}
    assert chosen(dirty, patches, plan=QUICK, weigh=by_one_who_knows).kept == (LABEL_WEIGHTS,)


def test_weights_that_harm_are_left_off(noisy):
    dirty, clean = noisy
    wrong = np.flatnonzero(np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist()))

    def upside_down(records, _=1.0):
        here = np.isin(records.rows, dirty.rows[wrong])
        after = np.where(here, "20", "0.05")
        return changes(
            len(records), row=records.rows, column="_weight", action="set", after=after.tolist(), check=CHECK
        )

    choice = chosen(dirty, {LABEL_WEIGHTS: upside_down(dirty)}, plan=QUICK, weigh=upside_down)
    assert choice.kept == ()
    assert choice.effects[0].lift < 0


def test_a_label_that_a_person_has_spoken_of_counts_one_and_as_it_was_put_right(noisy):
    dirty, clean = noisy
    answers = perfect(clean)(dirty)[1]
    spared = frozenset(answers["row"].to_pylist()[:10])
    weighing = LabelWeighting(folds=2, spared=spared)
    weigh = weighing.after(None)
    assert not spared & set(weigh(dirty, 1.0)["row"].to_pylist())
    patches, _ = patches_with({ANSWERS: answers}, dirty, weighing)
    rows = np.array(sorted(set(answers["row"].to_pylist()) - spared))
    before = LabelWeights.of_changes(weigh(dirty, 1.0)).of(rows)
    after = LabelWeights.of_changes(patches[LABEL_WEIGHTS]).of(rows) if LABEL_WEIGHTS in patches else np.ones(len(rows))
    assert before.mean() < 0.5 < 0.8 < after.mean()


def test_a_power_moves_weights_less_and_validation_chooses_it():
    dirty, clean = records(500, seed=2, wrong=0.2)
    weigh = LabelWeighting(folds=2).after(None)
    strong, mild = (LabelWeights.of_changes(weigh(dirty, power)).of(dirty.rows) for power in (1.0, 0.5))
    assert mild.std() < strong.std()
    wrong = dirty.rows[np.array(dirty.text("y").to_pylist()) != np.array(clean.text("y").to_pylist())]

    def good_only_when_mild(records, power):
        right = np.isin(records.rows, wrong) == (power == 0.5)
        after = np.where(right, "0.05", "1").tolist()
        return changes(len(records), row=records.rows, column="_weight", action="set", after=after, check=CHECK)

    choice = chosen(dirty, {LABEL_WEIGHTS: good_only_when_mild(dirty, 1.0)}, plan=QUICK, weigh=good_only_when_mild)
    assert (choice.kept, choice.power) == ((LABEL_WEIGHTS,), 0.5)
    both = at_power({LABEL_WEIGHTS: "strong"}, dirty, lambda *_: "mild", 0.5)
    assert both == {LABEL_WEIGHTS: "mild"}
    assert at_power(both, dirty, None, 0.5) is both


def test_the_column_of_weights_comes_and_goes(noisy):
    dirty, _ = noisy
    block = with_weights(dirty)
    assert block.text("_weight").to_pylist() == ["1"] * len(dirty)
    assert np.array_equal(block.keys, dirty.keys)
    assert unweighed(block).table.column_names == dirty.table.column_names
    assert unweighed(dirty) is dirty
    assert weighing_for(block, LabelWeighting(), 3) is None
    assert weighing_for(dirty, None, 3) is None
    assert weighing_for(dirty.take(np.arange(499)), LabelWeighting(), 3) is None
    assert weighing_for(dirty, LabelWeighting(), 3) == LabelWeighting(folds=3)
