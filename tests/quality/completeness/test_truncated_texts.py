import numpy as np
import pytest

from karat.quality.completeness.truncated_texts import TruncatedTexts

WORDS = "the river was slow and wide where people came to wash their horses before winter began again".split()  # noqa: SIM905
SIGNS = list("山水人家天地日月风云花草树木鸟兽虫鱼上下左右东西南北")


def english(size=400, seed=1):
    chance = np.random.default_rng(seed)
    return [" ".join(chance.choice(WORDS, n).tolist()).capitalize() + "." for n in chance.integers(5, 40, size)]


def chinese(size=400, seed=2):
    chance = np.random.default_rng(seed)
    return ["".join(chance.choice(SIGNS, n).tolist()) + "。" for n in chance.integers(20, 120, size)]


@pytest.mark.parametrize("texts", [english(), chinese()], ids=["english", "chinese"])
def test_a_column_that_was_cut_at_its_width(judge, sure, texts):
    width = int(np.quantile([len(text) for text in texts], 0.85))
    cut = {(at, "t") for at, text in enumerate(texts) if len(text) > width}
    found = set(sure(judge(TruncatedTexts(), {"t": [text[:width] for text in texts]})))
    assert len(found & cut) >= 0.9 * len(cut)
    assert len(found - cut) <= 0.02 * len(texts)


def test_a_width_in_bytes(judge, sure):
    texts = [f"{a[: at % 7]}{b}" for at, (a, b) in enumerate(zip(english(), chinese(), strict=True))]
    cut = [text.encode()[:180].decode(errors="ignore") for text in texts]
    hit = {(at, "t") for at, text in enumerate(texts) if len(cut[at].encode()) == 180 and cut[at] != text}
    found = set(sure(judge(TruncatedTexts(), {"t": cut})))
    assert len(hit) > 20
    assert len(found & hit) >= 0.9 * len(hit)


@pytest.mark.parametrize("texts", [english(), chinese()], ids=["english", "chinese"])
def test_whole_texts_are_left_alone(judge, sure, texts):
    assert not sure(judge(TruncatedTexts(), {"t": texts}))


def test_what_one_template_wrote_has_one_length_and_was_not_cut(judge, sure):
    texts = [*english(300), *(f"your parcel {at:06d} waits at the door of the old house today" for at in range(100))]
    assert not sure(judge(TruncatedTexts(), {"t": texts}))


@pytest.mark.parametrize("end", [" ... Read more", "…展开全文"])
def test_what_is_folded_away(judge, sure, end):
    texts = english()
    texts[7] = texts[7][:-1] + end
    assert set(sure(judge(TruncatedTexts(), {"t": texts}))) == {(7, "t")}


def test_a_last_word_that_is_the_beginning_of_another(judge, sure):
    texts = english()
    texts[3] = "They came where the people wash their hor"
    assert set(sure(judge(TruncatedTexts(), {"t": texts}))) == {(3, "t")}


def test_titles_have_no_habit_to_break(judge, sure):
    chance = np.random.default_rng(4)
    assert not sure(judge(TruncatedTexts(), {"t": [" ".join(chance.choice(WORDS, 6).tolist()) for _ in range(300)]}))
