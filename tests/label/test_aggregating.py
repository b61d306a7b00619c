"""Crowds with known answers: every method finds what it is made for, and the choice is explained."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.label.choosing import looks_like_rules
from karat.label.deciding import MADE_FOR, METHODS
from karat.label.votes import read_votes

CLASSES = np.array(["否", "是"], object)


def crowd(accuracy, items=300, per_item=0, fooled=0.0, experts=3, seed=0, fooling=1.0):
    """Votes on two classes; ``fooled`` items look, at a chance, like the other class to everybody but the experts."""
    chance = np.random.default_rng(seed)
    accuracy = np.asarray(accuracy)
    truth = chance.integers(0, 2, items)
    lines = []
    trap = chance.random(items) < fooled
    for item in range(items):
        voters = chance.permutation(len(accuracy))[: per_item or len(accuracy)]
        for voter in voters:
            saw = voter < experts or not trap[item] or (fooling < 1 and chance.random() > fooling)
            seen = truth[item] if saw else 1 - truth[item]
            right = chance.random() < accuracy[voter]
            lines.append((f"i{item}", f"v{voter}", CLASSES[seen if right else 1 - seen]))
    names, voters, labels = zip(*lines, strict=True)
    return pa.table({"item": names, "voter": voters, "label": labels}), {
        f"i{i}": CLASSES[t] for i, t in enumerate(truth)
    }


def right(found, truth):
    return np.mean([line["label"] == truth[line["item"]] for line in found.labels.to_pylist()])


@pytest.mark.parametrize("method", [name for name in METHODS if name not in MADE_FOR])
def test_every_method_reads_a_good_crowd(method):
    votes, truth = crowd([0.8] * 9)
    found = karat.label.aggregate(votes, method=method)
    assert right(found, truth) > 0.95
    assert found.labels.column_names == ["item", "label", "confidence", "votes"]
    confidence = found.labels["confidence"].to_numpy()
    assert ((confidence >= 0.5) & (confidence <= 1)).all()


def test_voters_who_answer_backwards_are_turned_round():
    votes, truth = crowd([0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1])
    assert right(karat.label.aggregate(votes, method="majority"), truth) < 0.9
    found = karat.label.aggregate(votes, method="dawid_skene")
    assert right(found, truth) > 0.97
    quality = dict(zip(found.voters["voter"].to_pylist(), found.voters["quality"].to_pylist(), strict=True))
    assert quality["v0"] > 0.8
    assert quality["v6"] < 0.2
    confusion = np.array(found.voters["confusion"].to_pylist())
    assert confusion.shape == (7, 2, 2)
    assert np.allclose(confusion.sum(axis=2), 1)


def test_without_known_answers_an_independent_crowd_is_modelled_and_a_fooled_one_counted():
    votes, truth = crowd([0.9] * 3 + [0.62] * 12)
    found = karat.label.aggregate(votes)
    assert found.chosen.method == "consensus"
    assert "independently" in found.chosen.why
    assert right(found, truth) > 0.95
    fooled, _ = crowd([0.95] * 3 + [0.9] * 25, fooled=0.4, fooling=0.5)
    other = karat.label.aggregate(fooled)
    assert other.chosen.method == "majority"
    assert "err together" in other.chosen.why
    assert "if it is right there" in other.chosen.cost


def test_known_answers_find_who_is_to_be_believed():
    votes, truth = crowd([0.95] * 5 + [0.9] * 20, fooled=0.35, experts=5)
    gold = dict(list(truth.items())[:30])
    known = pa.table({"item": list(gold), "label": list(gold.values())})
    alone = karat.label.aggregate(votes)
    found = karat.label.aggregate(votes, gold=known)
    assert found.chosen.method == "known_answers"
    assert right(found, truth) > right(alone, truth) + 0.2
    stands = {line["item"]: line for line in found.labels.to_pylist()}
    assert all(stands[item]["label"] == label and stands[item]["confidence"] == 1 for item, label in gold.items())
    assert found.chosen.methods["known"].to_pylist() == [30] * len(found.chosen.methods)


def test_confidence_can_be_taken_at_its_word_where_voters_differ():
    votes, truth = crowd(np.linspace(0.45, 0.85, 30), items=2000, per_item=5, seed=3)
    found = karat.label.aggregate(votes, method="dawid_skene")
    assert found.labels["confidence"].to_numpy().mean() == pytest.approx(right(found, truth), abs=0.04)


def test_a_good_model_decides_where_votes_are_few_and_a_useless_one_nothing():
    votes, truth = crowd([0.7] * 40, items=600, per_item=2, seed=1)
    names = read_votes(votes).items.to_pylist()
    code = np.array([int(truth[name] == "是") for name in names])
    chance = np.random.default_rng(0)
    good = np.clip(code + chance.normal(0, 0.35, len(code)), 0.02, 0.98)
    alone = right(karat.label.aggregate(votes, method="dawid_skene"), truth)
    helped = karat.label.aggregate(votes, probs=np.column_stack([1 - good, good]), method="with_model")
    assert right(helped, truth) > alone + 0.08
    noise = chance.random(len(code))
    harmed = karat.label.aggregate(votes, probs=np.column_stack([1 - noise, noise]), method="with_model")
    assert right(harmed, truth) > alone - 0.05


def rule_votes(size=600, seed=0):
    """Rules that each say one class, some of them copies of a bad one, and texts that show the truth."""
    chance = np.random.default_rng(seed)
    truth = np.where(chance.random(size) < 0.3, "垃圾", "正常")
    good = np.array(["请转账到这个账户领取大奖", "点击链接免费领取红包"])
    plain = np.array(["今天晚上一起吃饭吧朋友", "会议改到下午三点开始了"])
    texts = [f"{(good if t == '垃圾' else plain)[chance.integers(2)]}{i:04d}" for i, t in enumerate(truth)]
    lines = []
    for i, t in enumerate(truth):
        fires = chance.random(6)
        if fires[0] < (0.3 if t == "垃圾" else 0.03):
            lines.append((f"t{i}", "大奖", "垃圾"))
        if fires[1] < (0.3 if t == "垃圾" else 0.03):
            lines.append((f"t{i}", "链接", "垃圾"))
        if fires[2] < (0.4 if t == "正常" else 0.05):
            lines.append((f"t{i}", "吃饭", "正常"))
    items = pa.table({"id": [f"t{i}" for i in range(size)], "text": texts, "label": truth.tolist()})
    names, voters, labels = zip(*lines, strict=True)
    return (
        pa.table({"item": names, "voter": voters, "label": labels}),
        items,
        dict(zip(items["id"].to_pylist(), truth, strict=True)),
    )


def test_rules_are_known_for_what_they_are_and_texts_reach_what_they_leave_out():
    votes, items, truth = rule_votes()
    assert looks_like_rules(read_votes(votes))
    alone = karat.label.aggregate(votes, items=items["id"], method="label_model")
    found = karat.label.aggregate(votes, items=items)
    assert found.chosen.method == "end_model"
    assert right(found, truth) > max(0.97, right(alone, truth) + 0.05)
    assert found.ties.without_votes > 100


def test_people_are_not_taken_for_rules():
    assert not looks_like_rules(read_votes(crowd([0.8] * 9)[0]))


def test_the_same_votes_give_the_same_bits_in_any_order(tmp_path):
    votes, _ = crowd(np.linspace(0.5, 0.9, 12), items=200, per_item=4)
    first = karat.label.aggregate(votes)
    assert karat.label.aggregate(votes).labels.equals(first.labels)
    mixed = votes.take(np.random.default_rng(1).permutation(votes.num_rows))
    other = karat.label.aggregate(mixed, items=first.labels["item"])
    assert other.labels["label"].equals(first.labels["label"])
    place = first.save(tmp_path / "out")
    assert pq.read_table(place / "labels.parquet").equals(first.labels)
    assert pq.read_table(place / "voters.parquet").column_names[:3] == ["voter", "quality", "votes"]
