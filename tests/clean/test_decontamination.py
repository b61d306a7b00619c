"""Test texts inside training texts: runs of words, whole texts, Chinese, and what is no leak."""

import numpy as np
import pyarrow as pa
import pytest

from karat.clean.decontamination import decontaminate
from karat.core.errors import OptionError
from karat.quality import text_bytes
from karat.quality.contamination import TestSet

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("an", "ero", "ilu", "omi", "usta")]
HAN = [chr(0x4E00 + i) for i in range(1500)]


def passage(seed, size, words=WORDS, gap=" "):
    return gap.join(np.random.default_rng(seed).choice(words, size))


@pytest.mark.parametrize(("words", "gap", "size"), [(WORDS, " ", 40), (HAN, "", 60)])
def test_a_test_text_is_found_wholly_and_in_part_and_nowhere_else(words, gap, size):
    tests = [passage(i, size, words, gap) for i in range(20)]
    other = [passage(1000 + i, size, words, gap) for i in range(50)]
    half = tests[3][: len(tests[3]) // 2 + 8]
    texts = [*other, "Question: " + tests[7].upper() + " !", "。".join([other[0], half, other[1]])]
    found = decontaminate(texts, tests).to_pylist()
    assert [(row["row"], row["test_row"]) for row in found] == [(50, 7), (51, 3)]
    assert found[0]["overlap"] == 1.0
    assert found[0]["matched"] == tests[7].upper()
    assert 0.1 < found[1]["overlap"] < 0.7
    assert found[1]["matched"] in half


def test_twelve_words_in_common_are_no_leak_and_thirteen_are():
    test = passage(1, 40).split()
    assert decontaminate([" ".join(["x", *test[5:17], "y"])], [" ".join(test)]).num_rows == 0
    found = decontaminate([" ".join(["x", *test[5:18], "y"])], [" ".join(test)])
    assert found["overlap"].to_pylist() == [1 / 28]
    assert found["matched"].to_pylist() == [" ".join(test[5:18])]


def test_a_short_test_text_is_found_only_whole_and_full_width_forms_are_the_same():
    tests = ["What is 2 plus 2?", "二加二等于几？", "", None]
    texts = ["what is 2 plus 2", "so, what is 2 plus 2", "二加二等于几", "ＷＨＡＴ is ２ plus ２！", "", "?!"]
    found = decontaminate(texts, tests).to_pylist()
    assert [(row["row"], row["test_row"], row["overlap"]) for row in found] == [(0, 0, 1.0), (2, 1, 1.0), (3, 0, 1.0)]


def test_the_answer_does_not_depend_on_slices_chunks_or_offsets(monkeypatch):
    tests = [passage(i, 30) for i in range(10)]
    texts = [passage(100 + i, 20) + " " + (tests[i % 10] if i % 3 == 0 else "") for i in range(200)]
    whole = decontaminate(texts, tests)
    assert whole.num_rows == 67
    monkeypatch.setattr(text_bytes, "SLICE_BYTES", 500)
    array = pa.array(["", *texts], pa.string()).slice(1)
    assert decontaminate(array, TestSet.of(tests)).equals(whole)
    assert decontaminate(pa.chunked_array([array[:7], array[7:]]), tests).equals(whole)
    assert decontaminate([], tests).num_rows == 0
    assert decontaminate(texts, []).num_rows == 0


@pytest.mark.parametrize("n", [1, 41])
def test_a_run_of_no_sense_is_refused(n):
    with pytest.raises(OptionError, match="2 to 40"):
        decontaminate(["a"], ["b"], n)
