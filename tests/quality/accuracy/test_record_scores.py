import numpy as np
import pytest

from karat.quality.accuracy._record_scores import FEW, LONG_REFERENCE, REFERENCE, RecordScores


def block_of(make_block, values: np.ndarray):
    return make_block({f"v{at}": [f"{x:.4f}" for x in column] for at, column in enumerate(values.T)})


@pytest.mark.parametrize("kind", ["far", "cluster", "together"])
def test_outliers_of_every_kind_score_above_the_rest(make_block, kind):
    chance = np.random.default_rng(3)
    values = chance.normal(size=(400, 4))
    values[:, 1] = values[:, 0] + 0.1 * values[:, 1]
    out = slice(0, 12)
    if kind == "far":
        values[out] *= 6
    elif kind == "cluster":
        values[out] = 5 + 0.1 * chance.normal(size=(12, 4))
    else:
        values[out, 1] = -values[out, 0] - 2 * np.sign(values[out, 0])
    model = RecordScores.of(block := block_of(make_block, values))
    scores = model.scores(block)
    assert np.median(scores[out]) > np.quantile(scores[12:], 0.95)


def test_the_shares_of_columns_sum_to_one_and_name_the_strange_one(make_block):
    values = np.random.default_rng(4).normal(size=(300, 3))
    values[5, 2] = 9
    block = block_of(make_block, values)
    shares = RecordScores.of(block).shares(block)
    assert shares.sum(axis=1) == pytest.approx(np.ones(300))
    assert shares[5].argmax() == 2
    assert shares[5, 2] > 0.8


def test_what_similar_records_have_is_told_in_the_columns_own_units(make_block):
    chance = np.random.default_rng(5)
    values = np.column_stack([1000 + 100 * chance.normal(size=300), chance.normal(size=300)])
    model = RecordScores.of(block := block_of(make_block, values))
    assert np.median(np.abs(model.usual(block)[:, 0] - values[:, 0])) < 40


def test_the_limit_rises_with_the_records_and_names_few(make_block):
    values = np.random.default_rng(6).standard_t(2, size=(1000, 3))
    model = RecordScores.of(block_of(make_block, values))
    assert model.limit(100_000, 0.5, 0.5) > model.limit(1000, 0.5, 0.5)
    assert (model.sample > model.limit(1000, 0.5, 0.0)).sum() <= FEW


def test_copies_of_one_record_do_not_break_it(make_block):
    values = np.zeros((300, 2))
    values[:3] = [[1, 2], [2, 1], [3, 3]]
    scores = RecordScores.of(block := block_of(make_block, values)).scores(block)
    assert np.isfinite(scores).all()
    assert scores[2] > scores[10]


def test_one_column_is_not_enough(make_block):
    assert RecordScores.of(block_of(make_block, np.random.default_rng(7).normal(size=(300, 1)))) is None


def test_records_of_a_long_data_set_are_compared_with_fewer(make_block):
    block = block_of(make_block, np.random.default_rng(8).normal(size=(5_000, 2)))
    assert len(RecordScores.of(block).keys) == REFERENCE
    assert len(RecordScores.of(block, 1_000_000).keys) == LONG_REFERENCE
    long = RecordScores.of(block, 1_000_000).scores(block)
    assert np.corrcoef(RecordScores.of(block).scores(block), long)[0, 1] > 0.9
