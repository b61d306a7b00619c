import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.quality.accuracy.unusual_records import UnusualRecords


@pytest.fixture
def purses():
    """Income, rent and savings rise together; record 41 has usual values that do not go together."""
    chance = np.random.default_rng(0)
    size = chance.normal(0, 1, 600)
    typical = {"income": (3000, 600), "rent": (900, 180), "储蓄": (12000, 3000)}
    made = {k: [f"{m + s * (x + 0.15 * e):.0f}" for x, e in zip(size, chance.normal(size=600), strict=True)]
            for k, (m, s) in typical.items()}  # fmt: skip
    made["rent"][41], made["储蓄"][41] = "1250", "5500"
    return made


def said(block: Block) -> list[dict]:
    check = UnusualRecords()
    return check.judge(check.learn(block), block).to_pylist()


def test_usual_values_that_do_not_go_together_are_named_with_their_columns(make_block, purses):
    found = {finding["row"]: finding for finding in said(make_block(purses))}
    assert 41 in found
    assert len(found) <= 3
    message = found[41]["message"]
    assert message.startswith("unusual together: ")
    assert "rent 1250 (similar records: about" in message
    assert "储蓄 5500" in message
    assert "income" not in message
    assert all(finding["confidence"] < 0.5 for finding in found.values())
    assert all(finding["suggestion"] is None for finding in found.values())


def test_a_rare_combination_of_category_and_number_is_named(make_block):
    chance = np.random.default_rng(1)
    kind = chance.choice(["child", "adult"], 500)
    age = np.where(kind == "child", chance.integers(1, 15, 500), chance.integers(25, 80, 500))
    height = np.where(kind == "child", 80 + 5 * age, 170) + chance.normal(0, 4, 500)
    kind[7], age[7], height[7] = "child", 52, 176
    block = make_block({"kind": kind.tolist(), "age": list(map(str, age)), "height": [f"{h:.0f}" for h in height]})
    check = UnusualRecords()
    assert int(np.argmax(check.record_scores(check.learn(block), block))) == 7


def test_few_of_records_without_outliers_are_named(make_block):
    chance = np.random.default_rng(2)
    block = make_block({name: [f"{x:.2f}" for x in chance.normal(size=4000)] for name in "abcd"})
    assert len(said(block)) <= 8


def test_every_record_has_a_score_that_does_not_depend_on_its_company(make_block, purses):
    block = make_block(purses)
    check = UnusualRecords()
    state = check.learn(block)
    whole = check.record_scores(state, block)
    assert whole.shape == (600,)
    assert np.isfinite(whole).all()
    assert np.median(whole) == pytest.approx(0, abs=0.3)
    some = block.take(np.arange(30, 50))
    assert np.array_equal(check.record_scores(state, some), whole[30:50])


def test_too_few_records_and_too_few_columns_are_not_scored(make_block):
    check = UnusualRecords()
    few = make_block({"a": list(map(str, range(50))), "b": list(map(str, range(50)))})
    assert isinstance(check.judge(check.learn(few), few), DoesNotApply)
    assert isinstance(check.applies(make_block({"a": ["1", "2"]}).schema), DoesNotApply)
    same = make_block({"a": ["1"] * 200, "b": ["x"] * 200})
    assert isinstance(check.judge(check.learn(same), same), DoesNotApply)


def test_more_cells_than_can_be_scored_in_time_are_left_out(make_block, purses, monkeypatch):
    monkeypatch.setattr("karat.quality.accuracy.unusual_records.MAX_CELLS", 1000)
    verdict = UnusualRecords().judge(UnusualRecords().learn(block := make_block(purses)), block)
    assert isinstance(verdict, DoesNotApply)
    assert "1,000 cells" in verdict.reason


def test_its_findings_are_no_measure(make_block, purses):
    block = make_block(purses)
    check = UnusualRecords()
    state = check.learn(block)
    assert check.measures(state, block.schema, check.judge(state, block)) == []
    assert isinstance(block.table, pa.Table)
