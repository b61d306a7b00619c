"""Reviews made by a known rule, and the faults planted in them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli import demo
from karat.cli.demos import text, zh
from karat.core.finding import Dimension, findings
from karat.quality.accuracy.broken_encoding import turned_back

BOTH = pytest.mark.parametrize("words", [text.ENGLISH, zh.CHINESE], ids=["english", "chinese"])


@BOTH
def test_reviews_are_spoiled_and_the_key_knows_it(words):
    made = text.reviews(words, 5, 400)
    for row, column, kind, _, before in made.key:
        if column is not None:
            assert made.columns[column][row] != before
        else:
            assert kind == "repeated record"
    kinds = {kind for _, _, kind, _, _ in made.key}
    assert kinds == {
        "cut at a width", "nothing said", "read in a wrong encoding", "mark-up left in", "wrong label", "repeated record"
    }  # fmt: skip
    leaked = [t for t in made.columns["review"] if any(t.endswith(words["sign"].format(s)) for s in words["sorts"])]
    assert 0.02 * made.size < len(leaked) < 0.1 * made.size


@BOTH
def test_most_sentences_say_what_the_review_says(words):
    chance = np.random.default_rng(1)
    praise, blame = words["praised"].split("|"), words["blamed"].split("|")
    said = "".join(text.review(words, True, chance) for _ in range(300))
    blamed, praised = (sum(said.count(word) for word in words_) for words_ in (blame, praise))
    assert 0.85 < blamed / (blamed + praised) < 0.99


@BOTH
def test_what_was_read_wrong_can_be_turned_back(words):
    chance = np.random.default_rng(2)
    garbling = [t for t in (text.review(words, False, chance) for _ in range(60)) if not t.isascii()]
    assert sum(turned_back(text.garbled(t))[0] == t for t in garbling) >= 0.9 * len(garbling) > 5


@pytest.mark.parametrize("name", ["text", "zh"])
def test_the_label_in_the_text_is_told(name, tmp_path, capsys, monkeypatch):
    found = findings(
        "LabelInText", Dimension.ACCURACY, 2, column="review", confidence=[0.9, 0.3], message=["leak", "odd"]
    )
    pq.write_table(pa.table(found), tmp_path / "findings.parquet")
    asked = []
    monkeypatch.setattr(text, "walk_spoiled", lambda *options, **named: (asked.append(options), tmp_path))
    demo.demonstrate(name, tmp_path, workers=1, quiet=False)
    assert asked[0][0] == name
    assert capsys.readouterr().out.splitlines()[-1] == "  review: leak"
