"""Lists of words without a second meaning: whole words, each once, none inside of an innocent one."""

import re

import pytest

from karat.quality.flagged_lists import CHINESE, CHINESE_ADULT, CHINESE_INSULTS, ENGLISH, ENGLISH_ADULT, ENGLISH_INSULTS

LISTS = {
    "english": ENGLISH,
    "english adult": ENGLISH_ADULT,
    "english insults": ENGLISH_INSULTS,
    "chinese": CHINESE,
    "chinese adult": CHINESE_ADULT,
    "chinese insults": CHINESE_INSULTS,
}


@pytest.mark.parametrize("name", LISTS)
def test_words_are_in_lower_case_each_there_once_and_none_is_empty(name):
    words = LISTS[name].split("|")
    assert len(words) == len(set(words)) > 10
    assert all(word == word.strip().lower() and word for word in words)
    assert all(re.escape(word) == word.replace(" ", "\\ ") for word in words), "no sign of an expression"


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_of_one_language(name):
    chinese = [bool(re.search(r"[\u4e00-\u9fff]", word)) for word in LISTS[name].split("|")]
    assert all(chinese) if name.startswith("chinese") else not any(chinese)


def test_the_whole_lists_go_on_from_those_of_adult_words():
    assert set(ENGLISH_ADULT.split("|")) < set(ENGLISH.split("|"))
    assert set(CHINESE_ADULT.split("|")) < set(CHINESE.split("|"))


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe and Essex are in England",
        "a class assignment about basset hounds",
        "the cockpit of the plane, and a hello to Dick",
        "he was a specialist in socialist history",
        "gay, lesbian and transgender people",
        "people with a disability, Black and Jewish people",
    ],
)
def test_innocent_english_holds_no_word(text):
    for words in (ENGLISH, ENGLISH_INSULTS):
        assert re.search(rf"\b(?:{words})\b", text.lower()) is None


@pytest.mark.parametrize("text", ["门口交通很方便", "他的妈妈很漂亮", "请滚动鼠标", "智能手机很好用", "人民法院"])
def test_innocent_chinese_holds_no_word(text):
    for words in (CHINESE, CHINESE_INSULTS):
        assert re.search(words, text) is None


@pytest.mark.parametrize(("text", "words"), [("you idiot", ENGLISH_INSULTS), ("just go to hell!", ENGLISH_INSULTS), ("cheap viagra", ENGLISH), ("你这个混蛋", CHINESE_INSULTS), ("澳门赌场上线", CHINESE)])  # fmt: skip
def test_what_is_meant_is_found(text, words):
    assert re.search(words, text)
