"""Runs of words that occur twice, beside brute force."""

import random
import re

import pytest

from karat.clean import repeated_substrings as module
from karat.clean.repeated_substrings import repeated_substrings
from karat.core.errors import OptionError


def brute_force(texts: list[str], width: int) -> dict[int, set[int]]:
    """Tokens of each text that only later windows cover."""
    seen: dict[tuple[str, ...], int] = {}
    every = [re.findall(r"\w+", text.lower()) for text in texts]
    windows = [(row, at, tuple(t[at : at + width])) for row, t in enumerate(every) for at in range(len(t) - width + 1)]
    for number, (_, _, window) in enumerate(windows):
        seen.setdefault(window, number)
    twice = {window for number, (_, _, window) in enumerate(windows) if seen[window] != number}
    later: dict[int, set[int]] = {}
    first: dict[int, set[int]] = {}
    for number, (row, at, window) in enumerate(windows):
        if window in twice:
            side = first if seen[window] == number else later
            side.setdefault(row, set()).update(range(at, at + width))
    cut = {row: tokens - first.get(row, set()) for row, tokens in later.items()}
    return {row: tokens for row, tokens in cut.items() if tokens}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bits", [1 << 9, 1 << 16])
def test_the_tokens_of_brute_force_are_cut(seed, bits, monkeypatch):
    monkeypatch.setattr(module, "LEAST_BITS", bits)
    monkeypatch.setattr(module, "MOST_BITS", bits)
    chance = random.Random(seed)
    pool = [f"w{k}" for k in range(40)]
    texts = [chance.choices(pool, k=chance.randrange(80)) for _ in range(30)]
    for _ in range(20):
        source, target = chance.sample(texts, 2)
        at = chance.randrange(len(source) + 1)
        target[len(target) // 2 : len(target) // 2] = source[at : at + chance.randrange(30)]
    joined = [" ".join(text) for text in texts]
    found: dict[int, set[int]] = {}
    for row in repeated_substrings(joined, 8).to_pylist():
        before = len(re.findall(r"\w+", joined[row["row"]][: row["span_start"]]))
        inside = joined[row["row"]][row["span_start"] : row["span_end"]]
        assert len(inside.split()) == row["tokens"]
        found.setdefault(row["row"], set()).update(range(before, before + row["tokens"]))
    assert found == brute_force(joined, 8)
    assert len(found) > 2


def test_a_text_that_repeats_itself_keeps_its_first_run():
    found = repeated_substrings(["da da da da da da da da da da"], 4).to_pylist()
    assert [(r["span_start"], r["tokens"], r["keeper"]) for r in found] == [(12, 6, 0)]


def test_chinese_is_cut_by_characters():
    poem = "床前明月光疑是地上霜举头望明月低头思故乡"
    found = repeated_substrings(["诗云：" + poem, "他 念 道：" + poem + "。完"], 15).to_pylist()
    assert [(r["row"], r["span_start"], r["span_end"], r["tokens"]) for r in found] == [(1, 5, 26, 21)]


def test_nulls_short_texts_and_options():
    assert repeated_substrings([None, "", "a b c", "a b c"]).num_rows == 0
    with pytest.raises(OptionError):
        repeated_substrings(["a"], 1)
