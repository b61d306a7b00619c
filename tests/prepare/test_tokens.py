"""Tokens give back every text; a tokenizer without an end, or that is no tokenizer, is told."""

from itertools import pairwise

import numpy as np
import pytest

from karat.core.errors import InputError

pytest.importorskip("tokenizers")
from karat.prepare.tokens import encoded, end_of, load_tokenizer, train_tokenizer, width_of

TEXTS = ["the cat sat on the mat. ", "猫坐在垫子上。", "", "naïve 🙂 \x00 text", "<b>the</b> cat"]


def test_every_text_comes_back():
    made = train_tokenizer(TEXTS[:2], 300)
    tokens, bounds = encoded(made, TEXTS)
    assert tokens.dtype == np.uint16
    assert [made.decode(tokens[a:b].tolist()) for a, b in pairwise(bounds)] == TEXTS
    assert end_of(made) not in tokens.tolist()


def test_a_saved_tokenizer_is_the_same(tmp_path):
    made = train_tokenizer(TEXTS, 280)
    made.save(str(tmp_path / "tokenizer.json"))
    for place in (tmp_path, tmp_path / "tokenizer.json"):
        assert encoded(load_tokenizer(place), TEXTS)[0].tolist() == encoded(made, TEXTS)[0].tolist()


def test_training_twice_gives_the_same():
    assert train_tokenizer(TEXTS, 290).to_str() == train_tokenizer(TEXTS, 290).to_str()


def test_what_is_no_tokenizer_is_told(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match=r"tokenizer\.json"):
        load_tokenizer(tmp_path)
    with pytest.raises(InputError, match="257"):
        train_tokenizer(TEXTS, 10)
    import tokenizers

    with pytest.raises(InputError, match="ends a document"):
        end_of(tokenizers.Tokenizer(tokenizers.models.BPE()))


def test_wide_vocabularies_take_four_bytes():
    class Wide:
        def get_vocab_size(self):
            return 70_000

    assert width_of(Wide()) is np.uint32
