import numpy as np

from karat.quality.accuracy._record_features import MAX_LEVELS, RecordFeatures


def test_numbers_are_scaled_and_levels_have_places(make_block):
    block = make_block({"n": ["1", "2", "3", None] * 25, "c": ["x", "y", "x", "x"] * 25, "same": ["7"] * 100})
    features = RecordFeatures.of(block)
    assert features.names == ("n", "c")
    places = features.places(block)
    assert places.shape[1] == len(features.owners)
    assert places[1, 0] == 0
    assert places[3, 0] == 0  # a gap lies in the middle
    assert places[0, 0] == -places[2, 0] < 0
    assert (places[:, 1:].sum(axis=1) == 1).all()
    assert np.array_equal(places[0, 1:], places[2, 1:])


def test_tails_are_the_share_of_records_as_far_out(make_block):
    block = make_block({"n": [str(x) for x in range(100)], "c": ["x"] * 99 + ["y"]})
    tails = RecordFeatures.of(block).tails(block)
    assert tails[0, 0] == tails[99, 0] == -np.log(1 / 100)
    assert tails[99, 1] == -np.log(1 / 100)
    assert tails[0, 1] == -np.log(99 / 100)


def test_a_value_beyond_all_that_were_learned_is_the_rarest(make_block):
    learned = RecordFeatures.of(make_block({"n": [str(x) for x in range(100)], "c": ["x", "y"] * 50}))
    tails = learned.tails(make_block({"n": ["1000", "50"], "c": ["z", "x"]}))
    assert tails[0, 0] > -np.log(1 / 100)
    assert tails[0, 1] > tails[1, 1]


def test_rare_levels_share_a_place(make_block):
    levels = [f"l{at}" for at in range(60)]
    features = RecordFeatures.of(make_block({"c": levels * 12, "n": [str(x) for x in range(720)]}))
    assert len(features.levels[0].places) == MAX_LEVELS


def test_two_values_of_a_number_are_levels(make_block):
    features = RecordFeatures.of(make_block({"flag": ["0", "1"] * 50, "n": [str(x) for x in range(100)]}))
    assert [column.name for column in features.levels] == ["flag"]


def test_equal_values_are_equally_far_out(make_block):
    block = make_block({"n": ["1"] * 10 + ["2"] * 30 + ["3"] * 60, "c": ["x", "y"] * 50})
    tails = RecordFeatures.of(block).tails(make_block({"n": ["1", "2", "2.5", "3", "0"], "c": ["x"] * 5}))
    assert np.allclose(tails[:, 0], -np.log([0.1, 0.4, 0.4, 0.6, 0.005]))
