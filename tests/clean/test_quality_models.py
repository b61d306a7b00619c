"""Quality models of any kind: which label is the good one, and a line for what is no model."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from karat.clean.quality_classifier import train
from karat.clean.quality_models import load_quality_model, scored_by
from karat.core.errors import InputError, OptionError

sys.path.insert(0, str(Path(__file__).parent))
from fasttext_files import Made


@dataclass
class Fixed:
    labels: tuple[str, ...]

    def probabilities(self, texts):
        return np.tile(np.arange(1, len(self.labels) + 1) / 10, (len(texts), 1))


@pytest.mark.parametrize(
    ("labels", "label", "score"),
    [
        (("cc", "hq"), "", 0.2),
        (("a", "b"), "a", 0.1),
        (("0", "1", "2"), "", 0.2 + 2 * 0.3),
        (("LABEL_0",), "", 0.1),
    ],
    ids=["by name", "as named", "numbers", "one number"],
)
def test_the_good_label(labels, label, score):
    assert scored_by(Fixed(labels), label, "m").score(["x"])[0] == pytest.approx(score)


def test_a_label_that_nobody_can_guess_or_that_is_not_there_is_an_error():
    with pytest.raises(OptionError, match=r"m has the labels en, fr, and which of them is the good one is not known"):
        scored_by(Fixed(("en", "fr")), "", "m")
    with pytest.raises(OptionError, match=r"label 'hg' not found in m\. Did you mean 'hq'"):
        scored_by(Fixed(("cc", "hq")), "hg", "m")


def test_files_of_both_kinds_are_told_by_their_content(tmp_path):
    (tmp_path / "a.bin").write_bytes(Made(["the"], ["cc", "hq"]).written())
    ours = train(["good text"] * 9, ["bad words"] * 9).save(tmp_path / "b.npz")
    assert 0 < load_quality_model(tmp_path / "a.bin").score(["the"])[0] < 1
    good, bad = load_quality_model(ours).score(["good text", "bad words"])
    assert good > bad


def test_what_is_no_model_is_one_line(tmp_path):
    (tmp_path / "x.bin").write_bytes(b"nothing at all")
    (tmp_path / "y.npz").write_text("nothing")
    for name, says in (("x.bin", "not a fastText model"), ("y.npz", "not a saved quality model"), ("z", "not found")):
        with pytest.raises(InputError, match=says):
            load_quality_model(tmp_path / name)
    with pytest.raises(InputError, match=r"a folder without config\.json"):
        load_quality_model(tmp_path)
