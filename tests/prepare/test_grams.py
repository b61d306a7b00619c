import numpy as np
import pyarrow as pa

from karat.prepare import grams
from karat.prepare.grams import count_grams, spelled


def as_dicts(held):
    rows = []
    for row in range(len(held)):
        at = slice(held.indptr[row], held.indptr[row + 1])
        rows.append({spelled(held.keys[i]): int(n) for i, n in zip(held.indices[at], held.counts[at], strict=True)})
    return rows


def by_hand(text, least, most):
    runs = [text[i : i + n] for n in range(least, most + 1) for i in range(len(text) - n + 1)]
    return {run: runs.count(run) for run in runs}


TEXTS = ["banana", "", "好好学习", "a", "天天向上banana"]


def test_counts_are_those_by_hand():
    assert as_dicts(count_grams(pa.array(TEXTS), (1, 3))) == [by_hand(text, 1, 3) for text in TEXTS]
    assert as_dicts(count_grams(pa.array(TEXTS), (2, 4))) == [by_hand(text, 2, 4) for text in TEXTS]


def test_chunks_do_not_show(monkeypatch):
    whole = count_grams(pa.array(TEXTS), (1, 3))
    monkeypatch.setattr(grams, "CHUNK_CHARACTERS", 5)
    cut = count_grams(pa.array(TEXTS), (1, 3))
    for name in ("keys", "indptr", "indices", "counts"):
        assert np.array_equal(getattr(cut, name), getattr(whole, name))


def test_beyond_the_limit_nothing_is_read(monkeypatch):
    monkeypatch.setattr(grams, "MAX_CHARACTERS", 3)
    assert as_dicts(count_grams(pa.array(["abcdef"]), (1, 1))) == [{"a": 1, "b": 1, "c": 1}]


def test_no_text_at_all():
    for texts in ([], ["", ""]):
        assert as_dicts(count_grams(pa.array(texts, pa.string()), (1, 3))) == [{}] * len(texts)


def test_characters_beyond_the_basic_plane_have_codes_of_their_own():
    first, second = as_dicts(count_grams(pa.array(["😀", "😡"]), (1, 1)))
    assert first.keys() != second.keys()
