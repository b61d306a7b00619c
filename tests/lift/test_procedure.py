"""The procedure on generated records: real effects seen, useless and harmful fixes not sold, nothing for nothing."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from karat.core.block import Block
from karat.lift.certificate import Certificate, differences, schema
from karat.lift.choose import choose
from karat.lift.design import Design
from karat.lift.procedure import chosen, prove, recipe_for
from karat.prepare.splits import plan_splits
from tests.lift._planted import gaps, harmful, perfect, records, refiner, useless

QUICK = Design(folds=3, repeats=2, inner_folds=2, choose_by="fragile", placebos=6)


@pytest.fixture(scope="module")
def proof() -> Certificate:
    dirty, clean = records(300, wrong=0.3)
    return prove(dirty, truth=clean, refine=refiner(perfect(clean), useless), plan=QUICK)


def test_a_perfect_repair_is_worth_it(proof: Certificate) -> None:
    assert proof.verdict == "worth it"
    assert proof.lift > 0.02
    assert proof.low < proof.lift < proof.high
    assert proof.refined.value - proof.raw.value == pytest.approx(proof.lift)
    assert proof.won_back is not None
    assert proof.won_back.share == pytest.approx(1.0, abs=0.1)


def test_the_right_family_gets_the_share_and_shares_add_up(proof: Certificate) -> None:
    best = proof.contributions[0]
    assert (best.family, best.verdict) == ("labels", "keep")
    assert sum(c.lift for c in proof.contributions) == pytest.approx(proof.lift)
    assert next(c for c in proof.contributions if c.family == "useless").verdict == "no effect"


def test_shares_by_the_linear_learner_add_up_to_its_own_lift() -> None:
    dirty, clean = records(300, wrong=0.3)
    plan = replace(QUICK, repeats=1, share_by="fragile", placebos=2)
    found = prove(dirty, truth=clean, refine=refiner(perfect(clean), useless), plan=plan)
    by = found.contributions_by
    assert by["learner"] == "logistic regression"
    assert sum(c.lift for c in found.contributions) == pytest.approx(by["lift"])
    assert by["refined"] - by["raw"] == pytest.approx(by["lift"])
    assert found.contributions[0].family == "labels"
    assert found.placebo.n == 2
    jsonschema.validate(json.loads(json.dumps(found.to_json(), allow_nan=False)), schema())


def test_the_headline_learner_has_a_veto_over_what_the_linear_one_chose() -> None:
    dirty, _ = records(600)
    away = [str(int(abs(v) > 0.7)) for v in dirty.numbers("second")]  # no line can tell: only trees lose the column
    block = Block(dirty.rows, dirty.table.set_column(3, "y", [away]), dirty.schema)
    patches = refiner(harmful)(block).patches
    whole = recipe_for(block)
    linear = replace(
        whole,
        learners=dict.fromkeys(whole.learners, whole.learners["fragile"]),
        ways=dict.fromkeys(whole.ways, whole.ways["fragile"]),
    )
    folds = [(train, test) for _, _, train, test in plan_splits(block, seed=1, repeats=1, folds=2).pairs()]
    assert choose(block, block, patches, linear, folds, learner="fragile").kept == ("harmful",)
    assert choose(block, block, patches, whole, folds, learner="fragile").kept == ()


def test_the_certificate_fits_its_schema(proof: Certificate) -> None:
    fits = jsonschema.Draft202012Validator(schema())
    written = json.loads(json.dumps(proof.to_json(), allow_nan=False))
    assert [error.message for error in fits.iter_errors(written)] == []
    assert list(fits.iter_errors(written | {"verdict": "great"}))


@pytest.mark.parametrize("patch", [useless, harmful])
def test_useless_and_harmful_fixes_are_not_worth_it(patch: object) -> None:
    dirty, _ = records(300)
    assert prove(dirty, refine=refiner(patch), plan=QUICK).verdict != "worth it"  # type: ignore[arg-type]


def test_harm_is_left_off_and_told() -> None:
    dirty, clean = records(400, wrong=0.3)
    found = prove(dirty, truth=clean, refine=refiner(perfect(clean), harmful), plan=QUICK)
    assert next(c for c in found.contributions if c.family == "harmful").verdict == "left out"
    assert found.verdict != "harm"
    dirty, clean = records(600, wrong=0.2)
    choice = chosen(dirty, refiner(perfect(clean), harmful)(dirty).patches, plan=QUICK)
    assert choice.kept == ("labels",)


def test_nothing_changed_is_exactly_nothing() -> None:
    dirty, _ = records(200)
    found = prove(dirty, refine=refiner(), plan=QUICK)
    assert (found.lift, found.low, found.high, found.p_value, found.verdict) == (0.0, 0.0, 0.0, 1.0, "nothing changed")
    assert found.placebo.lift == 0.0
    assert found.minimal_detectable_effect > 0


def test_gaps_in_disguise_among_the_targets_leave_the_test_and_mending_them_is_worth_it() -> None:
    dirty, _ = records(200, wrong=0.2, task="regression")
    found = prove(dirty, refine=refiner(gaps), plan=QUICK)
    assert (found.metric, found.verdict) == ("R2", "worth it")
    assert found.splits["untestable"] == dirty.text("y").to_pylist().count("-9")


def test_two_workers_give_the_same_bits_and_a_cache_changes_nothing(tmp_path: Path) -> None:
    dirty, clean = records(150, wrong=0.3)
    one = prove(dirty, refine=refiner(perfect(clean)), plan=QUICK).to_json()
    two = prove(dirty, refine=refiner(perfect(clean)), plan=QUICK, workers=2, cache=tmp_path).to_json()
    for at, path in enumerate(sorted(tmp_path.iterdir())):
        if at % 3 == 0:
            path.unlink()
        elif at % 3 == 1:
            path.write_text(path.read_text(encoding="utf-8")[:5], encoding="utf-8")
    again = prove(dirty, refine=refiner(perfect(clean)), plan=QUICK, cache=tmp_path).to_json()
    assert differences(one, two) == differences(one, again) == []
    assert differences(one, prove(dirty, refine=refiner(perfect(clean)), plan=QUICK, seed=1).to_json()) != []


def test_records_without_a_target_leave_the_test() -> None:
    dirty, _ = records(200)
    table = dirty.table.set_column(3, "y", [[None] * 20 + dirty.text("y").to_pylist()[20:]])
    found = prove(Block(dirty.rows, table, dirty.schema), refine=refiner(), plan=QUICK)
    assert found.splits["untestable"] == 20
    assert sum(fold["test"] for fold in found.folds) == 180 * QUICK.repeats


def test_the_same_records_in_another_order_give_the_same_scores() -> None:
    dirty, _ = records(200, wrong=0.3)
    first = prove(dirty, refine=refiner(gaps), plan=QUICK)
    order = np.random.default_rng(6).permutation(len(dirty))
    mixed = Block(np.arange(len(dirty)), dirty.table.take(order), dirty.schema)
    again = prove(mixed, refine=refiner(gaps), plan=QUICK)
    for name in ("raw", "refined", "plain", "placebo"):
        mine, other = ([fold["scores"].get(name, 0) for fold in certificate.folds] for certificate in (first, again))
        assert np.allclose(np.hstack(mine), np.hstack(other), atol=1e-9), name
