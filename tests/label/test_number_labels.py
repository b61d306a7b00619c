"""Votes that are numbers become numbers, with an interval."""

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.core.errors import InputError, OptionError


def lengths(seed=0, items=120):
    chance = np.random.default_rng(seed)
    truth = chance.normal(100, 20, items)
    item, voter = np.repeat(np.arange(items), 4), np.tile(np.arange(4), items)
    said = (
        truth[item]
        + np.array([4.0, -4.0, 0, 0])[voter]
        + np.array([1.0, 1.0, 6.0, 9.0])[voter] * chance.normal(size=len(item))
    )
    names = np.char.add("i", item.astype(str))
    votes = pa.table({"item": names, "voter": voter.astype(str), "label": np.round(said, 2).astype(str)})
    return votes, truth


def test_numbers_are_measured_and_not_counted():
    votes, truth = lengths()
    found = karat.label.aggregate(votes)
    assert (found.answers.name, found.chosen.method, found.classes) == ("number", "weighted", ())
    assert found.labels.column_names == ["item", "label", "confidence", "votes", "low", "high"]
    value = np.array(found.labels["label"].to_pylist(), float)
    said = np.array(votes["label"].to_pylist(), float).reshape(-1, 4)
    assert np.abs(value - truth).mean() < 0.5 * np.abs(said.mean(axis=1) - truth).mean()
    low, high = found.labels["low"].to_numpy(), found.labels["high"].to_numpy()
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.95, abs=0.06)
    quality = dict(zip(found.voters["voter"].to_pylist(), found.voters["quality"].to_pylist(), strict=True))
    assert quality["0"] > quality["3"]
    assert found.agreement > 0.8
    assert (found.ties, found.soft, found.counts) == (None, None, None)
    assert found.verified.startswith("not verified")
    assert "from the median" in found.chosen.cost


def test_known_answers_choose_and_verify():
    votes, truth = lengths()
    gold = {"item": [f"i{at}" for at in range(30)], "label": truth[:30]}
    found = karat.label.aggregate(votes, gold=gold)
    assert "mean error" in found.chosen.why
    assert found.verified.startswith("verified: ")
    assert float(found.labels["label"][0].as_py()) == pytest.approx(truth[0], rel=1e-5)
    assert found.chosen.methods["known"].to_pylist() == [30] * 3


def test_a_far_out_vote_is_suspect():
    votes, _ = lengths()
    labels = votes["label"].to_pylist()
    labels[0] = "900"
    found = karat.label.aggregate(votes.set_column(2, "label", [labels]))
    first = found.suspects.to_pylist()[0]
    assert (first["item"], first["voter"], first["label"]) == ("i0", "0", "900")
    assert found.suspects.num_rows < 10


def test_what_is_no_number_is_refused():
    votes = {"item": ["a", "b"], "voter": ["x", "x"], "label": ["1.5", "tall"]}
    with pytest.raises(InputError, match=r"1 votes are not numbers: vote 2 \(item 'b', voter 'x', label 'tall'\)"):
        karat.label.aggregate(votes, answers="number")
    with pytest.raises(OptionError, match="--probs does not apply to votes of type number"):
        karat.label.aggregate(lengths()[0], probs={"item": ["i0"]})
    with pytest.raises(OptionError, match="--classes does not apply to numbers"):
        karat.label.aggregate(lengths()[0], answers="number", classes=["1", "2"])
    with pytest.raises(OptionError, match="'glad' not found"):
        karat.label.aggregate(lengths()[0], method="glad")
    with pytest.raises(InputError, match="1 answers of gold are not numbers: 'tall'"):
        karat.label.aggregate(lengths()[0], gold={"item": ["i0"], "label": ["tall"]})
    with pytest.raises(InputError, match="none of the items of gold"):
        karat.label.aggregate(lengths()[0], gold={"item": ["z"], "label": ["1"]})
    with pytest.raises(InputError, match="only abstentions"):
        karat.label.aggregate(votes | {"label": [None, None]}, answers="number")
    with pytest.raises(OptionError, match="median needs numbers, and the votes are of type class"):
        karat.label.aggregate(votes | {"label": ["a", "b"]}, method="median")
