"""Signatures of texts: what they keep, written down and read again, and how the work is cut."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.memory_mapped_arrays import IN_MEMORY, Scratch
from karat.clean.signatures import Signatures, as_arrow, in_threads, pieces, sign, stretches
from karat.core.errors import InputError

TEXTS = [
    "the river runs through the old village and on",
    "The RIVER, runs through the old village and on!",
    "the river runs through the old village and on",
    "something else altogether stands here today in full",
    None,
    "",
    "天地玄黄宇宙洪荒日月盈昃",
]


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first.parts(), second.parts(), strict=True))


def test_equal_texts_have_equal_signatures_and_case_and_marks_show_in_the_exact_hash_alone():
    seen = sign(TEXTS)
    assert len(seen) == 7
    assert seen.exact[0].tolist() == seen.exact[2].tolist() != seen.exact[1].tolist()
    assert seen.folded[0].tolist() == seen.folded[1].tolist() != seen.folded[3].tolist()
    assert (seen.sketch[0] == seen.sketch[1]).all()
    assert (seen.bands[0] == seen.bands[1]).all()
    assert (seen.sketch[0] == seen.sketch[3]).mean() < 0.2
    assert not (seen.bands[0] == seen.bands[3]).any()


def test_shingles_are_runs_of_five_words_or_signs():
    assert sign(TEXTS).shingles.tolist() == [5, 5, 5, 4, 0, 1, 8]
    assert sign(["a b c d e", "a b c d e f", "a"]).shingles.tolist() == [1, 2, 1]


def test_the_agreement_of_sketches_estimates_the_jaccard():
    words = [f"w{at}" for at in range(204)]
    other = words[:104] + [f"x{at}" for at in range(100)]
    seen = sign([" ".join(words), " ".join(other)], bands=32, rows=8)
    assert (seen.sketch[0] == seen.sketch[1]).mean() == pytest.approx(1 / 3, abs=0.1)  # 100 of 300 shingles


def test_bands_and_rows_set_the_size():
    seen = sign(TEXTS, bands=3, rows=4)
    assert (seen.bands.shape, seen.sketch.shape) == ((7, 3), (7, 12))
    assert (seen.bands.dtype, seen.sketch.dtype) == (np.int64, np.uint8)


@pytest.mark.parametrize(
    "texts",
    [
        pa.array(TEXTS),
        pa.array(["x", *TEXTS], pa.large_string()).slice(1),
        pa.chunked_array([TEXTS[:3], [], TEXTS[3:]], pa.string()),
    ],
)
@pytest.mark.parametrize("workers", [1, 3])
def test_neither_arrays_nor_chunks_nor_threads_matter(texts, workers):
    assert equal(sign(texts, workers=workers), sign(TEXTS))


def test_a_table_of_signatures_and_back():
    seen = sign(TEXTS, bands=3, rows=2)
    table = seen.to_table()
    assert table.column_names == [
        "row",
        "exact_0",
        "exact_1",
        "folded_0",
        "folded_1",
        "band_0",
        "band_1",
        "band_2",
        "shingles",
        "sketch",
    ]
    assert table["row"].to_pylist() == list(range(7))
    assert seen.to_table(np.arange(5, 12))["row"].to_pylist() == list(range(5, 12))
    assert equal(Signatures.from_table(table), seen)
    assert equal(Signatures.from_table(table.slice(2, 3)), seen.take(np.arange(2, 5)))
    assert len(Signatures.from_table(table.slice(0, 0))) == 0


@pytest.mark.parametrize("on_disk", [False, True])
def test_some_of_the_signatures_in_memory_or_on_disk(on_disk, tmp_path):
    seen = sign(TEXTS, bands=3, rows=2)
    scratch = Scratch(tmp_path) if on_disk else IN_MEMORY
    some = seen.take(np.array([3, 0]), scratch)
    assert equal(some, seen.take(np.array([3, 0])))
    assert some.exact[1].tolist() == seen.exact[0].tolist()
    tables = [seen.take(np.arange(4)).to_table(), seen.take(np.arange(4, 7)).to_table()]
    assert equal(Signatures.filled(tables, 7, scratch), seen)


def test_texts_are_made_arrow_and_other_things_refused():
    assert as_arrow(["a", None]).type == pa.large_string()
    assert as_arrow(pa.chunked_array([], pa.string())).num_chunks == 0
    for wrong in (["a", 1], 5, pa.array([[1]])):
        with pytest.raises(InputError, match=r"cannot be read.*Arrow string array"):
            as_arrow(wrong)


def test_texts_whose_lower_case_depends_on_neighbours_are_lowered():
    (part,) = stretches(as_arrow(["ΟΔΟΣ", None, "plain"]))
    texts = [part.bytes[a:b].tobytes().decode() for a, b in zip(part.starts, part.ends, strict=True)]
    assert texts == ["οδος", "", "plain"]
    assert part.valid.tolist() == [True, False, True]
    (raw,) = stretches(as_arrow(["ΟΔΟΣ"]), folding=False)
    assert raw.bytes[raw.starts[0] : raw.ends[0]].tobytes().decode() == "ΟΔΟΣ"


@pytest.mark.parametrize(
    ("lengths", "cuts"),
    [
        ([3, 3, 3, 3], [(0, 2), (2, 4)]),
        ([20, 1, 1], [(0, 1), (1, 3)]),
        ([5, 5, 5], [(0, 2), (2, 3)]),
        ([1], [(0, 1)]),
        ([], []),
    ],
)
def test_work_is_cut_into_pieces_of_about_so_many_bytes(lengths, cuts):
    assert [(piece.start, piece.stop) for piece in pieces(np.array(lengths, np.int64), 6)] == cuts


@pytest.mark.parametrize("workers", [0, 1, 4])
def test_answers_come_in_the_order_of_the_items(workers):
    assert in_threads(lambda item: item * 2, range(20), workers) == [2 * at for at in range(20)]
    assert in_threads(lambda item: item, [], workers) == []
