"""One outer fold: everything is learned on its training records alone."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.patch import changes
from karat.flow.review import ANSWERS
from karat.lift import fold as module
from karat.lift.arms import known_target
from karat.lift.choose import Choice
from karat.lift.design import Design
from karat.lift.fold import ADDED, FoldWork, Setting
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import recipe_for
from karat.lift.recipe import FRAGILE, HEADLINE
from karat.lift.slices import slices
from karat.prepare.splits import plan_splits
from tests.lift._planted import perfect, records, refiner, useless

PLAN = Design(folds=3, repeats=1, inner_folds=2, choose_by="fragile", share_by="fragile", placebos=2)


def setting(block, refine=None, **more):
    recipe = recipe_for(block)
    light = replace(
        recipe,
        learners=dict.fromkeys((HEADLINE, FRAGILE), recipe.learners[FRAGILE]),
        ways=dict.fromkeys((HEADLINE, FRAGILE), recipe.ways[FRAGILE]),
    )
    return Setting(block, light, PLAN, refine or VersionChanges({}), known_target(block), slices(block), **more)


def work(s, number=0):
    return FoldWork(s, *list(plan_splits(s.block, repeats=1, folds=3).pairs())[number])


@pytest.fixture(scope="module")
def entry():
    dirty, clean = records(240, wrong=0.25)
    return work(setting(dirty, refiner(perfect(clean), useless), truth=clean)).run()


def test_a_fold_says_all_of_every_arm_in_plain_values(entry):
    assert json.loads(json.dumps(entry)) == entry
    assert (entry["repeat"], entry["fold"], entry["train"], entry["test"]) == (0, 0, 160, 80)
    assert set(entry["scores"]) == {"raw", "refined", "refined_mended_test", "plain", "placebo", "clean"}
    assert entry["scores"]["refined"] > entry["scores"]["raw"]
    assert entry["scores"]["refined"] == pytest.approx(entry["scores"]["clean"], abs=0.01)
    assert len(entry["scores"]["placebo"]) == 2
    assert entry["spread"]["records"] > entry["spread"]["draws"] > 0
    assert entry["changes"]["useless"] == 16


def test_shares_add_up_to_the_lift_and_the_first_repeat_looks_closer(entry):
    assert sum(entry["shares"].values()) == pytest.approx(entry["fragile"]["refined"] - entry["fragile"]["raw"])
    assert set(entry["looks"]["refined"]["curve"]) == {"0.25", "0.5"}
    assert "curve" not in entry["looks"]["raw"]
    assert {"spoiled missing", "spoiled noise", "spoiled shift"} <= set(entry["looks"]["raw"]["sets"])
    assert entry["waiting"] == {}
    assert "nudged" not in entry


def test_where_nothing_changed_a_few_records_less_say_what_could_be_seen():
    _, clean = records(120)
    s = setting(clean)
    fold = replace(work(s), repeat=1).run()
    assert fold["scores"]["refined"] == fold["scores"]["raw"]
    assert "nudged" in fold
    assert "placebo" not in fold["scores"]
    assert fold["spread"] == {"records": 0.0}
    assert "spread" not in work(replace(s, forward=True)).run()
    assert len(work(replace(s, plan=replace(PLAN, placebos=1)), 1).run()["scores"]["placebo"]) == 1
    assert "looks" not in fold
    assert fold["shares"] == {}


def test_test_records_are_testable_and_have_a_target_and_true_ones_come_first():
    dirty, clean = records(60, wrong=0.4)
    some = known_target(dirty)
    some[:10] = False
    plain = replace(setting(dirty), testable=some)
    tests = work(plain).held_out()
    assert tests.positions.tolist() == [at for at in work(plain).test if at >= 10]
    assert tests.sets["raw"] is dirty
    assert tests.truth.tolist() == [int(dirty.table["y"][int(at)].as_py()) for at in tests.positions]
    judged = work(replace(plain, judged=clean)).held_out()
    assert judged.truth.tolist() == [int(clean.table["y"][int(at)].as_py()) for at in judged.positions]
    assert judged.keys != tests.keys
    assert work(replace(plain, judged=dirty, truth=clean)).held_out().sets["raw"] is clean


def test_mended_test_records_are_one_more_state():
    dirty, _ = records(60)

    class Mending(VersionChanges):
        def __call__(self, block):
            refined = super().__call__(block)

            class Mended(type(refined)):
                def mend(self, block, families=None):
                    return Block(
                        block.rows, block.table.set_column(2, "place", pa.array(["x"] * len(block))), block.schema
                    )

            return Mended(refined.block, refined.learned, refined.findings, (), refined.patches, refined.waiting)

    s = setting(dirty, Mending({}))
    fold = work(s)
    refined = s.refine(dirty.take(fold.train))
    tests = fold.tests(refined, Choice(("a",), ()))
    assert set(tests.sets["mended"].take(fold.test).table["place"].to_pylist()) == {"x"}
    assert tests.sets["mended"].take(fold.train).table["place"].to_pylist() != ["x"] * len(fold.train)
    assert "mended" not in fold.tests(None, Choice((), ())).sets


def test_a_state_is_taken_out_of_the_tests():
    tests = module.Tests({"raw": 1, "mended": 2}, np.arange(2), np.arange(2), {"raw": "a", "mended": "b"})
    assert tests.without("mended").keys == {"raw": "a"}
    assert tests.without("mended").sets == {"raw": 1}
    assert tests.without("none").keys == tests.keys


def test_what_a_person_wrote_ships_without_being_asked_about():
    dirty, clean = records(90, wrong=0.3)
    fold = work(setting(dirty))
    training = dirty.take(fold.train)
    patch = perfect(clean)(training)[1]
    assert fold.chosen(training, {ANSWERS: patch}).kept == (ANSWERS,)
    both = fold.chosen(training, {ANSWERS: patch, "labels": patch})
    assert both.kept[0] == ANSWERS
    assert [effect.family for effect in both.effects] == ["labels"]
    assert fold.chosen(training, {}).kept == ()
    blind = replace(fold, setting=replace(fold.setting, plan=replace(PLAN, inner_folds=0)))
    assert blind.chosen(training, {"b": patch, "a": patch}) == Choice(("a", "b"), ())


def test_answers_are_priced_by_leaving_them_out():
    dirty, clean = records(120, wrong=0.3)

    def answers(block):
        return ANSWERS, perfect(clean)(block)[1]

    fold = work(setting(dirty, refiner(answers), truth=clean)).run()
    assert fold["scores"]["unanswered"] == fold["scores"]["raw"]
    assert fold["scores"]["refined"] > fold["scores"]["unanswered"]


def test_added_records_train_unless_they_repeat_a_test_record():
    block, _ = records(60)
    table = pa.concat_tables([block.table, block.table.slice(0, 5), records(8, seed=9)[0].table]).combine_chunks()
    whole = Block(np.arange(73), table, block.schema)
    added = whole.take(np.arange(60, 73))
    s = replace(setting(whole), added=added)
    fold = FoldWork(s, 0, 0, np.arange(3, 60), np.array([0, 1, 2]))
    fresh = fold._fresh()
    assert fresh.rows.tolist() == list(range(63, 73))
    training = whole.take(fold.train)
    assert fold.state(training, {ADDED: changes(0, action="set", check="V")}, [ADDED]).rows.tolist() == [
        *range(3, 60),
        *range(63, 73),
    ]
    assert fold.state(training, {}, []).rows.tolist() == list(range(3, 60))


def test_equal_arms_are_scored_once():
    block, _ = records(60)
    fold = work(setting(block))
    tests = fold.held_out()
    arm = fold.arm(block.take(fold.train))
    score = fold.score(arm, FRAGILE, tests)
    count = len(fold.setting.scores.memory)
    assert fold.score(fold.arm(block.take(fold.train)), FRAGILE, tests) == score
    assert len(fold.setting.scores.memory) == count
    fold.score(fold.arm(block.take(fold.train[:-1])), FRAGILE, tests)
    assert len(fold.setting.scores.memory) == count + 1


def test_a_detail_answers_later_questions_about_the_same_arm():
    block, _ = records(60)
    fold = work(setting(block))
    tests = fold.held_out()
    arm = fold.arm(block.take(fold.train))
    detail = fold.detail(arm, tests, looks=False)
    count = len(fold.setting.scores.memory)
    assert fold.score(arm, HEADLINE, tests) == detail["sets"]["raw"]
    assert len(fold.setting.scores.memory) == count
    assert "curve" not in detail


def test_slices_are_scored_where_ten_records_of_two_classes_are():
    block, _ = records(120)
    fold = work(setting(block))
    tests = fold.held_out()
    answer = np.tile([0.5, 0.5], (len(tests.positions), 1))
    parts = fold.setting.slices
    scores = fold._by_slice(tests, answer)
    assert len(scores) == len(parts)
    for part, score in zip(parts, scores, strict=True):
        here = part.mask[tests.positions]
        assert (score is None) == (here.sum() < 10 or len(set(tests.truth[here].tolist())) < 2)


def test_the_key_of_a_setting_tells_what_decides_its_results():
    block, clean = records(60, wrong=0.2)
    s = setting(block)
    others = [
        replace(s, seed=1),
        replace(s, truth=clean),
        replace(s, plan=replace(PLAN, folds=4)),
        replace(s, refine=VersionChanges({"a": changes(1, row=0, action="drop", check="V")})),
        replace(s, slices=[]),
        replace(s, asks=frozenset(["out_of_fold"])),
        replace(s, testable=~s.testable),
        replace(s, added=block.take(np.arange(50, 60))),
        replace(s, block=clean),
    ]
    assert len({s.key, *(other.key for other in others)}) == 10
    assert setting(block).key == s.key
