"""fastText's files: the same answers as plain Python after the papers, and a line for what is none."""

import sys
from pathlib import Path

import numpy as np
import pytest

from karat.clean.fasttext_model import FastTextModel, is_fasttext
from karat.core.errors import InputError

sys.path.insert(0, str(Path(__file__).parent))
from fasttext_files import Made

TEXTS = ["the cat sat", "the the unknown 中文 café", "", "a\nb  the\tcat", "__label__hq cat __label__zz", "café </s>"]


@pytest.mark.parametrize(
    "how",
    [{}, {"longest": 1}, {"longest": 3}, {"least": 2, "most": 4}, {"least": 1, "most": 2, "longest": 1}, {"loss": 4}],
    ids=str,
)
def test_it_answers_as_the_format_says(tmp_path, how):
    made = Made(["the", "cat", "café", "中文"], ["hq", "cc", "other"], **how)
    place = tmp_path / "m.bin"
    place.write_bytes(made.written())
    model = FastTextModel.read(place)
    assert model.labels == ("hq", "cc", "other")
    expected = np.array([made.answers(text) for text in TEXTS[:5]])
    assert np.abs(model.probabilities(TEXTS[:5]) - expected).max() < 1e-6


def test_a_sign_of_the_end_ends_the_text(tmp_path):
    place = tmp_path / "m.bin"
    place.write_bytes(Made(["the", "cat"], ["hq", "cc"]).written())
    first, second = FastTextModel.read(place).probabilities(["the cat </s> the the", "the cat"])
    assert (first == second).all()


@pytest.mark.parametrize(
    ("how", "says"),
    [({"kind": 1}, "holds word vectors"), ({"loss": 1}, "has a tree of labels")],
    ids=["vectors", "tree"],
)
def test_what_is_no_such_classifier_is_said(tmp_path, how, says):
    place = tmp_path / "m.bin"
    place.write_bytes(Made(["the"], ["a", "b"], **how).written())
    with pytest.raises(InputError, match=says):
        FastTextModel.read(place)


@pytest.mark.parametrize("left", [4, 30, 60, 90, 150, 400, 900])
def test_a_file_cut_anywhere_is_one_line(tmp_path, left):
    place = tmp_path / "m.bin"
    place.write_bytes(Made(["the", "cat"], ["a", "b"]).written()[:left])
    assert is_fasttext(place)
    with pytest.raises(InputError, match="not a fastText model that can be read"):
        FastTextModel.read(place)


def test_random_bytes_after_the_beginning_are_one_line(tmp_path):
    chance = np.random.default_rng(0)
    place, whole = tmp_path / "m.bin", bytearray(Made(["the", "cat"], ["a", "b"]).written())
    for _ in range(200):
        broken = bytearray(whole)
        for at in chance.integers(8, 140, 4):
            broken[at] = int(chance.integers(256))
        place.write_bytes(bytes(broken))
        try:
            FastTextModel.read(place)
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017
