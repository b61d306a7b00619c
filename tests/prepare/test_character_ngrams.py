import numpy as np
import pytest

from karat.core.state import freeze, thaw
from karat.prepare.character_ngrams import CharacterNgrams

TEXTS = ["很好吃，推荐", "不好吃", None, "good FOOD good food", "Ｇood　food", "never seen 味道"]


def reference(texts, train, most):
    """Scikit-learn's TF-IDF of the same characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    wide = str.maketrans({chr(0xFF21 + i): chr(0x41 + i) for i in range(26)} | {"　": " "})
    texts = [(text or "").translate(wide) for text in texts]
    made = TfidfVectorizer(analyzer="char", ngram_range=(1, most), sublinear_tf=True)
    made.fit([texts[at] for at in train])
    return made.transform(texts), made.get_feature_names_out()


@pytest.mark.parametrize("most", [1, 3, 4])
def test_weights_are_those_of_scikit_learn(make_block, most):
    block = make_block(t=("text", TEXTS))
    train = np.array([0, 1, 3])
    fitted = CharacterNgrams("t", most=most, min_records=1).fit(block, train)
    wanted, names = reference(TEXTS, train, most)
    order = {name: at for at, name in enumerate(names)}
    at = [order[name.removeprefix("t:")] for name in fitted.names]
    assert sorted(at) == list(range(len(names)))
    assert fitted.apply(block).toarray() == pytest.approx(wanted.toarray()[:, at], abs=1e-6)


def test_a_missing_text_has_no_runs_and_a_frozen_one_thaws(make_block):
    block = make_block(t=("text", TEXTS))
    fitted = CharacterNgrams("t").fit(block)
    found = fitted.apply(block)
    assert found[2].nnz == 0
    assert (thaw(freeze(fitted)).apply(block) != found).nnz == 0


def test_runs_reach_further_in_alphabets_than_in_ideographs(make_block):
    assert CharacterNgrams("t").longest(make_block(t=("text", ["服务很好", "ok 味道不错"]))) == 3
    assert CharacterNgrams("t").longest(make_block(t=("text", ["a fine place", "よ"]))) == 4
    assert CharacterNgrams("t").longest(make_block(t=("text", ["привет, как дела"]))) == 4


def test_the_most_frequent_runs_are_kept(make_block):
    block = make_block(t=("text", ["ab", "ac", "ad"]))
    assert CharacterNgrams("t", most=1, max_features=1).fit(block).names == ("t:a",)
    assert CharacterNgrams("t", most=2, min_records=2).fit(block).names == ("t:a",)


def test_every_character_of_the_alphabet_folds_to_a_code_of_the_runs(make_block):
    fitted = CharacterNgrams("t", most=1, min_records=1).fit(make_block(t=("text", ["aＢ 好"])))
    alphabet = fitted.alphabet()
    assert alphabet["A"] == alphabet["a"] == alphabet["Ａ"] == ord("a")
    assert alphabet["B"] == ord("b")
    assert alphabet["\n"] == alphabet["\u3000"] == ord(" ")
    assert alphabet["好"] == ord("好")
    assert "c" not in alphabet
