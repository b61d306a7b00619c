"""Hashes of texts and records: of what they say, never of where they stand."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.hashes import LONG_BYTES, column_terms, content_hashes, mix, record_keys, row_hashes, text_hashes

TEXTS = [
    "",
    "a",
    "b",
    "a\0",
    "abcdefg",
    "abcdefgh",
    "abcdefghi",
    "中文",
    "x" * LONG_BYTES,
    "x" * (LONG_BYTES + 1),
    "y" * 3000,
    None,
]


def test_every_text_has_a_hash_of_its_own_also_the_blank():
    assert len(set(text_hashes(pa.array(TEXTS)).tolist())) == len(TEXTS)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_hash_depends_on_the_text_alone(kind):
    plain = text_hashes(pa.array(TEXTS, kind))
    assert text_hashes(pa.array(["?", *TEXTS, "?"], kind).slice(1, len(TEXTS))).tolist() == plain.tolist()
    assert text_hashes(pa.array(TEXTS[::-1], kind)).tolist() == plain.tolist()[::-1]
    assert text_hashes(pa.array([text and text.encode() for text in TEXTS], pa.binary())).tolist() == plain.tolist()
    assert len(text_hashes(pa.array([], kind))) == 0


def test_hashes_are_the_same_on_every_machine():
    """Splitmix64 (Steele et al. 2014): the first numbers of its stream with seed 0."""
    golden = 0x9E3779B97F4A7C15
    stream = mix(np.array([golden, 2 * golden % 2**64], np.uint64))
    assert [int(v) for v in stream] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
    assert text_hashes(pa.array(["a"])).tolist() == [13150307802283921603]  # written down


def columns(**cells):
    return [pa.array(values, pa.string()) for values in cells.values()], list(cells)


def test_the_hash_of_a_record_is_the_sum_over_its_cells_in_any_order_of_columns():
    parts, names = columns(a=["x", "z", None], b=["y", "y", ""], c=["x", None, "z"])
    terms = column_terms(parts, names)
    whole = content_hashes(parts, names, 3)
    assert (terms.sum(axis=0, dtype=np.uint64) == whole).all()
    assert content_hashes(parts[::-1], names[::-1], 3).tolist() == whole.tolist()
    assert content_hashes(parts, ["b", "a", "c"], 3).tolist() != whole.tolist()
    assert len(set(terms.ravel().tolist())) == 8, "a column that says the same twice has one term twice, no other"


def test_columns_are_hashed_in_parts_and_with_other_types_beside_them(monkeypatch):
    parts, names = columns(a=["x", "z"], b=["y", "y"], c=["p", "q"])
    parts.append(pa.array([b"1", None], pa.binary()))
    whole = content_hashes(parts, [*names, "d"], 2)
    monkeypatch.setattr("karat.core.hashes.CELLS", 4)
    assert content_hashes(parts, [*names, "d"], 2).tolist() == whole.tolist()
    assert content_hashes([], [], 2).tolist() == [0, 0]


def test_keys_are_the_same_for_the_same_contents_in_any_order():
    content = row_hashes(np.array([5, 1, 5, 2, 5, 1, 3]))
    keys = record_keys(content)
    assert len(set(keys.tolist())) == 7
    assert keys[[0, 1, 3, 6]].tolist() == content[[0, 1, 3, 6]].tolist()
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(7)
        again = record_keys(content[order])
        assert sorted(zip(content[order].tolist(), again.tolist(), strict=True)) == sorted(
            zip(content.tolist(), keys.tolist(), strict=True)
        )


def test_copies_have_their_share_of_a_sample():
    """Of 10,000 records, 9,000 of two kinds: the tenth with the smallest keys has them in proportion."""
    content = row_hashes(np.concatenate([np.repeat([1, 2], [6000, 3000]), np.arange(10, 1010)]))
    kept = content[np.argsort(record_keys(content))[:1000]]
    assert abs(int((kept == content[0]).sum()) - 600) < 50
    assert abs(int((kept == content[7000]).sum()) - 300) < 50
