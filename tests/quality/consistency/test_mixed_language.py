"""Texts in another language than their column, and in two."""

import numpy as np
import pytest

from karat.quality.consistency.mixed_language import MixedLanguage
from karat.quality.mixtures import mixtures

pytest.importorskip("py3langid")

EN = (
    "the house at the end of our street has been empty for many years",
    "nobody knows who it belongs to or why they left it in such a hurry",
    "in the summer the children of the village play in its garden",
    "my mother says that a doctor lived there when she was a young girl",
)
ZH = (
    "我们街道尽头的那座房子已经空了很多年",
    "没有人知道它属于谁，也不知道他们为什么离开",
    "夏天村里的孩子们都在它的花园里玩耍",
)
DE = (
    "das Haus am Ende unserer Straße steht schon seit vielen Jahren leer und niemand weiß, wem es gehört oder warum sie "
    "es damals so eilig verlassen haben."
)
RU = "дом в конце нашей улицы уже много лет стоит пустой, и никто не знает, чей он и почему хозяева уехали так спешно."


def column(parts, mark, size=200):
    chance = np.random.default_rng(3)
    return [mark.join([*chance.permutation(parts)[:3].tolist(), str(at)]) + mark for at in range(size)]


@pytest.mark.parametrize("texts", [column(EN, ". "), column(ZH, "。")], ids=["english", "chinese"])
@pytest.mark.parametrize("foreign", [DE, RU], ids=["german", "russian"])
def test_a_text_in_another_language(judge, sure, texts, foreign):
    texts = [*texts]
    texts[7] = foreign
    assert set(sure(judge(MixedLanguage(), {"t": texts}))) == {(7, "t")}


def test_english_among_chinese_and_the_other_way_round(judge, sure):
    english, chinese = column(EN, ". "), column(ZH, "。")
    assert set(sure(judge(MixedLanguage(), {"t": [*chinese, english[0]]}))) == {(200, "t")}
    assert set(sure(judge(MixedLanguage(), {"t": [*english, chinese[0]]}))) == {(200, "t")}


def test_a_text_in_two_languages_is_suspicious(judge, sure):
    texts = [*column(EN, ". "), f"{EN[0]}. {EN[1]}.\n{ZH[0]}。{ZH[1]}。{ZH[2]}。"]
    found = judge(MixedLanguage(), {"t": texts})
    assert set(found) == {(200, "t")}
    assert not sure(found)


@pytest.mark.parametrize("texts", [column(EN, ". "), column(ZH, "。")], ids=["english", "chinese"])
def test_names_and_terms_are_no_mixture(judge, texts):
    texts = [
        *texts,
        "我们用 TensorFlow 和 PyTorch 训练了一个 GPT 模型，效果很好，大家都很满意。",
        "Café Müller in Köln is nice.",
    ]
    assert {key[0] for key in judge(MixedLanguage(), {"t": texts[:200]})} == set()


def test_a_column_of_two_languages_is_left_alone(judge):
    assert not judge(MixedLanguage(), {"t": [*column(EN, ". "), *column(ZH, "。", 100)]})


def test_shares():
    made = mixtures([f"{EN[0]}.\n{EN[1]}.\n{DE}", EN[0], "", f"{EN[0]}. 你好"])
    assert (made[0].main, made[0].other) in (("en", "de"), ("de", "en"))
    assert 0.3 < made[0].share < 0.5 + 0.1
    assert (made[1].main, made[1].other, made[2].main, made[3].other) == ("en", "", "", "")
