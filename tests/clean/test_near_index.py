"""Batch after batch into one index."""

import random

import pytest

from karat.clean.near_index import NearIndex
from karat.core.errors import InputError


def texts(seed: int, size: int) -> list[str]:
    chance = random.Random(seed)
    pool = [f"w{k}" for k in range(900)]
    return [" ".join(chance.choices(pool, k=60)) for _ in range(size)]


def test_yesterdays_texts_stay_and_todays_copies_go(tmp_path):
    index = NearIndex(tmp_path / "index")
    old = texts(1, 50)
    assert index.add([*old, old[3]], "1").to_pylist() == [{"row": 50, "keeper": 3, "jaccard": 1.0, "kind": "exact"}]
    near = old[7].replace("w", "W", 3) + " more"
    today = [*texts(2, 20), near, old[9], None, ""]
    found = index.add(today, "2").to_pylist()
    assert [(r["row"], r["keeper"], r["kind"]) for r in found] == [(71, 7, "near"), (72, 9, "exact")]
    assert 0.9 < found[0]["jaccard"] < 1
    assert index.add([today[0], ""], "3")["keeper"].to_pylist() == [51, 74]


def test_batches_one_by_one_keep_what_all_at_once_keep(tmp_path):
    stream = texts(3, 40)
    stream += [t + " and" for t in stream[::2]] + [t + " and so" for t in stream[::3]] + stream[:5]
    whole = NearIndex(tmp_path / "one").add(stream, "all")
    index = NearIndex(tmp_path / "many")
    parts = [index.add(stream[a : a + 17], f"{a:03}") for a in range(0, len(stream), 17)]
    assert [r for part in parts for r in part["row"].to_pylist()] == whole["row"].to_pylist()


def test_a_batch_is_not_added_twice(tmp_path):
    index = NearIndex(tmp_path / "index")
    first = index.add(["a b c d e f", "a b c d e f"], "1")
    assert index.add(["something else"], "1").equals(first)
    assert index.add(["a b c d e f"], "2")["row"].to_pylist() == [2]
    with pytest.raises(InputError, match="order of their names"):
        index.add(["x"], "0")


def test_an_index_has_one_threshold(tmp_path):
    NearIndex(tmp_path / "index").add(["a"], "1")
    with pytest.raises(InputError, match="Use another folder"):
        NearIndex(tmp_path / "index", threshold=0.9).add(["a"], "2")
