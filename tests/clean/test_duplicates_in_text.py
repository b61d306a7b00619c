"""Near-duplicate texts, beside brute force."""

import random
import re

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.clean import duplicate_pairs
from karat.clean.duplicates_in_text import duplicates, keepers, near_duplicates
from karat.clean.memory_mapped_arrays import Scratch
from karat.clean.signatures import Signatures, sign
from karat.core.errors import InputError, OptionError

CHARACTERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"


def shingles(text: str, chinese: bool) -> set[tuple[str, ...]]:
    items = list(text) if chinese else re.findall(r"\w+", text.lower())
    return {tuple(items[i : i + 5]) for i in range(max(1, len(items) - 4))}


def corpus(seed: int, size: int, chinese: bool) -> list[str]:
    """Texts, and copies of some of them with a few tokens changed."""
    chance = random.Random(seed)
    pool = CHARACTERS if chinese else [f"w{k}" for k in range(500)]
    texts = [chance.choices(pool, k=chance.randrange(3, 120)) for _ in range(size)]
    for source in chance.sample(texts, size // 2):
        copy = list(source)
        for _ in range(chance.randrange(4)):
            copy[chance.randrange(len(copy))] = chance.choice(pool)
        texts.append(copy)
    chance.shuffle(texts)
    return [("" if chinese else " ").join(text) for text in texts]


def brute_force(texts: list[str], threshold: float, chinese: bool) -> dict[tuple[int, int], float]:
    sets = [shingles(text, chinese) for text in texts]
    pairs = ((i, j) for j in range(len(sets)) for i in range(j))
    told = {(i, j): len(sets[i] & sets[j]) / len(sets[i] | sets[j]) for i, j in pairs}
    return {pair: value for pair, value in told.items() if value >= threshold}


def as_pairs(table: pa.Table) -> dict[tuple[int, int], float]:
    return {(r["left"], r["right"]): r["jaccard"] for r in table.to_pylist()}


@pytest.mark.parametrize("chinese", [False, True])
@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
def test_all_pairs_of_brute_force_and_no_others(chinese, threshold):
    texts = corpus(int(threshold * 100), 160, chinese)
    wanted = brute_force(texts, threshold, chinese)
    found = as_pairs(near_duplicates(texts, threshold))
    assert len(wanted) > 10
    assert found == pytest.approx(wanted)


def test_the_public_name_is_the_function():
    table = karat.clean.near_duplicates(["a b c d e f", "x", "A, b; c d e f"], threshold=0.8)
    assert table.to_pylist() == [{"left": 0, "right": 2, "jaccard": 1.0}]
    assert table.schema.types == [pa.int64(), pa.int64(), pa.float64()]


def test_fifty_short_chinese_reviews_are_fifty():
    reviews = [
        f"{a}{b}"
        for a in ("很好", "难吃", "送餐慢", "不错", "一般")
        for b in ("", "！", "吃", "了吧", "味道", "赞", "差", "咸", "淡", "辣")
    ]
    assert len(set(reviews)) == 50
    assert near_duplicates(reviews).num_rows == 0
    assert near_duplicates([*reviews, "很 好"]).to_pylist() == [{"left": 0, "right": 50, "jaccard": 1.0}]


def test_texts_without_words_are_compared_whole():
    texts = ["!!!", "???", "! !!", "", None, "", None, "😀", "\n"]
    assert set(as_pairs(near_duplicates(texts))) == {(0, 2), (3, 5), (3, 8), (5, 8)}


@pytest.mark.parametrize("given", ["string", "large", "chunked", "view"])
def test_every_kind_of_text_array_gives_the_same(given):
    texts = corpus(3, 40, chinese=False)
    kinds = {
        "string": pa.array(texts),
        "large": pa.array(texts, pa.large_string()),
        "chunked": pa.chunked_array([texts[:7], [], texts[7:]], pa.string()),
        "view": pa.array(texts, pa.string_view()),
    }
    assert near_duplicates(kinds[given]).equals(near_duplicates(texts))


def test_workers_and_pieces_change_no_bit(monkeypatch):
    texts = corpus(4, 300, chinese=True)
    one = near_duplicates(texts, workers=1)
    monkeypatch.setattr("karat.clean.signatures.PIECE_BYTES", 512)
    monkeypatch.setattr(duplicate_pairs, "PIECE_PAIRS", 3)
    monkeypatch.setattr(duplicate_pairs, "HELD_SHINGLES", 300)
    assert near_duplicates(texts, workers=2).equals(one)


def test_nothing_in_and_things_that_are_no_texts():
    assert near_duplicates([]).num_rows == 0
    assert near_duplicates([None]).num_rows == 0
    with pytest.raises(InputError, match="cannot be read"):
        near_duplicates([1, 2])
    with pytest.raises(InputError, match="cannot be read"):
        near_duplicates(["lone \ud800 surrogate"])
    with pytest.raises(OptionError):
        near_duplicates(["a"], threshold=2)


def template(count: int) -> list[str]:
    chance = random.Random(5)
    words = [f"w{k}" for k in range(100)]
    places = [chance.randrange(100) for _ in range(count)]
    return [" ".join([*words[:at], str(k), *words[at + 1 :]]) for k, at in enumerate(places)]


def test_a_crowd_is_told_of_and_every_text_stands_beside_the_first(monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "ROOM_PAIRS", 100)
    texts = template(300)
    with pytest.warns(UserWarning, match="too large to list"):
        table = near_duplicates(texts)
    assert table.schema.metadata[b"left_out"] == b"true"
    told = {*table["left"].to_pylist(), *table["right"].to_pylist()}
    assert told == set(range(300))
    assert table["jaccard"].to_numpy().min() >= 0.8


def test_ten_thousand_copies_cost_one_line_each():
    with pytest.warns(UserWarning, match="too large to list"):
        table = near_duplicates(["one template for all of you, dear reader"] * 10_000)
    assert table["right"].to_pylist() == list(range(1, 10_000))
    assert set(table["left"].to_pylist()) == {0}


def gone(texts: list[str], **options) -> pa.Table:
    return duplicates(sign(texts), lambda at: [texts[k] for k in at], **options)


@pytest.mark.parametrize("held", [300, 1 << 25])
def test_a_text_goes_only_beside_one_that_is_kept_and_like_it(held, monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "HELD_SHINGLES", held)
    texts = corpus(6, 400, chinese=False)
    wanted = brute_force(texts, 0.8, chinese=False)
    table = gone(texts)
    dropped = set(table["row"].to_pylist())
    for row in table.to_pylist():
        assert row["keeper"] not in dropped
        assert row["jaccard"] == pytest.approx(wanted[row["keeper"], row["row"]])
    assert not [pair for pair in wanted if not dropped & set(pair)]


@pytest.mark.parametrize("held", [300, 1 << 25])
def test_signatures_in_files_give_the_same_keepers(held, tmp_path, monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "HELD_SHINGLES", held)
    monkeypatch.setattr(duplicate_pairs, "FETCHED_SHINGLES", 100)
    monkeypatch.setattr("karat.clean.signatures.COPIED", 7)
    texts = [*corpus(6, 300, chinese=False), *corpus(7, 100, chinese=True), "", *template(60)]
    texts += [text.upper() for text in texts[:40]]
    held_in_memory = gone(texts)
    assert held_in_memory.num_rows > 100
    written = sign(texts).to_table()
    scratch = Scratch(tmp_path)
    signatures = Signatures.filled([written.slice(0, 100), written.slice(100)], len(texts), scratch)
    table = duplicates(signatures, lambda at: [texts[k] for k in at], scratch=scratch)
    assert table.equals(held_in_memory)
    assert table.schema.metadata == held_in_memory.schema.metadata
    assert not list(tmp_path.iterdir())


def test_a_crowd_leaves_one_text():
    texts = template(2000)
    table = gone(texts)
    assert table.num_rows == 1999
    assert set(table["keeper"].to_pylist()) == {0}


def test_texts_that_had_too_many_others_are_told_of(monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "MOST_COMPARED", 2)
    chance = random.Random(9)
    shared = [f"s{k}" for k in range(100)]
    texts = [" ".join([*shared, *(str(chance.random()) for _ in range(8))]) for _ in range(30)]
    assert int(gone(texts).schema.metadata[b"not_compared"]) > 0
    assert gone(texts[:2]).schema.metadata is None


def test_the_order_says_who_is_kept():
    text = "a b c d e f g h"
    table = gone([text, text + "!", text.upper()], order=np.array([2, 0, 1]))
    assert table["row"].to_pylist() == [0, 2]
    assert table["keeper"].to_pylist() == [1, 1]
    assert table["kind"].to_pylist() == ["near", "near"]
    assert gone([text, text])["kind"].to_pylist() == ["exact"]


def test_nothing_goes_on_a_chain():
    pairs = pa.table({"left": [0, 1], "right": [1, 2], "jaccard": [0.9, 0.9]})
    assert keepers(pairs).to_pylist() == [{"row": 1, "keeper": 0, "jaccard": 0.9}]
    assert keepers(pairs, np.array([1, 0, 2])).to_pylist() == [
        {"row": 0, "keeper": 1, "jaccard": 0.9},
        {"row": 2, "keeper": 1, "jaccard": 0.9},
    ]


def test_signatures_survive_being_written_down():
    made = sign(corpus(8, 20, chinese=True))
    back = Signatures.from_table(made.to_table().slice(3, 9))
    for ours, theirs in zip(made.take(np.arange(3, 12)).parts(), back.parts(), strict=True):
        assert np.array_equal(ours, theirs)
