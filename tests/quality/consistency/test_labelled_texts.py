"""Labelled records as texts, and near-duplicates among them whose labels differ."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency import _labelled_texts
from karat.quality.consistency._labelled_texts import LabelledTexts, rivals, same_words
from karat.quality.consistency._question_pairs import Alike

SCHEMA = Schema(
    (
        Column("key", Role.ID),
        Column("title", Role.TEXT),
        Column("body", Role.TEXT),
        Column("y", Role.TARGET, nulls=("?",)),
    ),
    task="classification",
)
WORDS = "river bread garden window paper summer market village letter music stone winter bridge candle forest".split()  # noqa: SIM905


def block_of(rows):
    columns = list(zip(*rows, strict=True))
    table = pa.table(
        {name: pa.array(list(cells), pa.string()) for name, cells in zip(SCHEMA.names, columns, strict=True)}
    )
    return Block(np.arange(len(rows)) + 10, table, SCHEMA)


def sentence(seed, size=12):
    return " ".join(np.random.default_rng(seed).choice(WORDS, size))


def labelled(*pairs):
    return LabelledTexts.of(block_of([("k", text, None, label) for text, label in pairs]), "y")


def test_inputs_are_one_text_identifiers_and_labels_are_not():
    state = LabelledTexts.of(block_of([("1", "a", "b", "yes"), ("2", None, "c", "no")]), "y")
    assert state.texts.to_pylist() == ["a\nb", "c"]
    assert state.labels.to_pylist() == ["yes", "no"]
    assert (state.rows.tolist(), state.records) == ([10, 11], 2)


def test_records_without_a_label_or_a_text_are_left_out():
    rows = [
        ("1", "a", "b", None),
        ("2", "a", "b", "?"),
        ("3", None, None, "yes"),
        ("4", "", None, "yes"),
        ("5", "a", "", "yes"),
    ]
    state = LabelledTexts.of(block_of(rows), "y")
    assert (state.rows.tolist(), state.records) == ([14], 1)


def test_long_texts_are_cut(monkeypatch):
    monkeypatch.setattr(_labelled_texts, "MAX_TEXT", 3)
    assert LabelledTexts.of(block_of([("1", "abcdef", "中文字符", "yes")]), "y").texts.to_pylist() == ["abc\n中文字"]


def test_blocks_merge_to_the_whole_and_what_is_too_much_is_sampled(monkeypatch):
    whole = block_of([(str(at), f"text {at}", None, "yes") for at in range(9)])
    parts = [LabelledTexts.of(whole.take(np.arange(4)), "y"), LabelledTexts.of(whole.take(np.arange(4, 9)), "y")]
    assert parts[0].merge(parts[1]).texts.to_pylist() == LabelledTexts.of(whole, "y").texts.to_pylist()
    monkeypatch.setattr(_labelled_texts, "MAX_RECORDS", 4)
    kept = sorted((np.argsort(whole.keys)[:4] + 10).tolist())
    assert LabelledTexts.of(whole, "y").rows.tolist() == kept
    merged = parts[0].merge(parts[1])
    assert (merged.rows.tolist(), merged.records, len(merged.texts), len(merged.labels)) == (kept, 9, 4, 4)


def test_a_near_duplicate_of_another_label_is_a_rival():
    text = sentence(1)
    close = text.replace("river", "rivers", 1) if "river" in text else text + " bread"
    others, _ = rivals(labelled((text, "yes"), (close, "no"), (sentence(2), "yes"), (close + " stone", "no")), 0.8)
    assert others[0].votes == Counter({"no": 2})
    assert (others[0].other, others[0].nearest.earlier, others[0].nearest.later) == (1, 0, 1)
    assert others[1].votes == Counter({"yes": 1, "no": 1})
    assert others[1].other == 0
    assert 2 not in others


def test_equal_texts_are_left_to_another_check_but_vote():
    text = sentence(1)
    others, decisive = rivals(labelled((text, "yes"), (text, "no")), 0.8)
    assert others == {}
    assert decisive == pytest.approx((0.95, 0.95)), "no other pair was seen"


def test_the_nearest_rival_has_the_same_numbers_and_the_fewest_other_words():
    text = sentence(1) + " in room 7"
    number, word = text.replace("7", "8"), text + " please"
    others, _ = rivals(labelled((text, "yes"), (number, "no"), (word, "no")), 0.7)
    assert others[0].other == 2
    assert others[0].votes == Counter({"no": 2})


def test_how_far_likeness_decides_the_label():
    pairs = [(sentence(at), "yes" if at % 2 else "no") for at in range(200)]
    copies = [(text + " please", label) for text, label in pairs]
    turned = [(text + " please", "yes" if label == "no" else "no") for text, label in pairs]
    always = rivals(labelled(*pairs, *copies), 0.8)[1]
    never = rivals(labelled(*pairs, *turned), 0.8)[1]
    usual = 0.95
    assert always[1] == pytest.approx(((200 + 50 * (usual + 0.05 / 2)) / 250 - 0.5) / 0.5, abs=1e-6)
    assert never[1] == 0
    assert always[0] == never[0] == pytest.approx(usual), "of pairs that differ in a word none was seen"


def test_small_words_carry_no_meaning_numbers_and_others_do():
    assert same_words(Alike(1, 0, 0.9, same_numbers=True, swapped=()))
    assert not same_words(Alike(1, 0, 0.9, same_numbers=True, swapped=("stone",)))
    assert not same_words(Alike(1, 0, 0.9, same_numbers=False, swapped=()))
