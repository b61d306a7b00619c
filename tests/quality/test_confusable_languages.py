"""Small words tell a sentence of a language from its neighbours."""

import re

import pytest

from karat.quality.confusable_languages import (
    BANTU,
    DIALECTS,
    MAORI_SHAPE,
    MAORI_WORDS,
    RARE,
    TSONGA_WORDS,
    WORDS,
)

SENTENCES = {
    "ms": "Beliau berkata bahawa syarikat itu boleh membeli kereta kerana wang mencukupi",
    "id": "Polisi mengatakan bahwa perusahaan itu bisa membeli mobil karena uang cukup",
    "hr": "Što je netko rekao prošlog tjedna u Zagrebu tijekom siječnja o sustavu",
    "bs": "Šta je neko rekao prošle sedmice u Sarajevu tokom januara o sistemu",
    "nn": "Eg veit ikkje kva dei gjer, men noko kjem frå heile landet",
    "nb": "Jeg vet ikke hva noen gjør nå, men mye blir sendt inn etter hvert",
    "da": "Jeg ved ikke hvad nogen gør nu, men meget bliver sendt ind efter hånden",
    "tn": "Batho ba tlaa dira tiro thata gore dikgang di nne sentle gape",
    "st": "Batho ba ile ba re hore ha ho letho hobane lilemo tsena li thata haholo empa",
    "nso": "Bašomi ba bjale gomme ba šoma gobane bakeng sa moo",
    "sr": "Ово је кућа која није у граду, али су ђаци ту",
    "mk": "Тој беше во Скопје со ѓаволот и не знам дека сум тука",
    "bg": "Той ще дойде във вторник със съпругата си, че са първи",
    "ru": "Он сказал, что это как раз его дом, если верить",
    "uk": "Він сказав, що це його хата та що їжа від бабусі",
    "be": "Ён сказаў, што гэта таксама яго дом, якія быў",
    "xh": "Umntu okanye abantwana bathi ndiyathanda ngoku kwaye into leyo",
    "zu": "Umuntu uthi futhi ngiyathanda ukuthi manje lapho kanye nokuthi yini",
}


def hits(pattern, text):
    return sum(re.fullmatch(pattern, word) is not None for word in re.findall(r"[\w’']+", text.lower()))


@pytest.mark.parametrize(
    ("group", "code"),
    [(group, code) for group in WORDS for code in group if code in SENTENCES and code in WORDS[group]],
)
def test_a_sentence_has_more_words_of_its_language_than_of_any_neighbour(group, code):
    counts = {other: hits(pattern, SENTENCES[code]) for other, pattern in WORDS[group].items()}
    assert counts[code] >= 3
    assert counts[code] > max(count for other, count in counts.items() if other != code)


def test_each_word_is_known_of_a_language_in_its_group():
    for group, known in WORDS.items():
        assert set(known) <= set(group)
        assert len(known) >= 2


@pytest.mark.parametrize(("code", "sign", "plain"), [("yue", "佢喺邊度", "他在那里"), ("wuu", "阿拉侬", "我们的")])
def test_a_dialect_has_characters_of_its_own(code, sign, plain):
    like, signs = DIALECTS[code]
    assert like == "zh"
    assert re.search(signs, sign)
    assert not re.search(signs, plain)


def test_maori_has_open_syllables_and_small_words():
    words = ["ko", "te", "reo", "māori", "he", "taonga", "nō", "ngā", "tūpuna", "whakapapa"]
    assert all(re.fullmatch(MAORI_SHAPE, word) for word in words)
    assert sum(re.fullmatch(MAORI_WORDS, word) is not None for word in words) >= 6
    assert not any(re.fullmatch(MAORI_SHAPE, word) for word in ("strict", "hello", "beth"))


def test_tsonga_words_do_not_stand_in_a_zulu_sentence():
    assert hits(TSONGA_WORDS, "leswi swi endlekile hikuva vanhu va nkarhi lowu va vona xikwembu") >= 6
    assert hits(TSONGA_WORDS, SENTENCES["zu"]) == 0


def test_rare_languages_are_none_of_those_that_are_read_often():
    rare = RARE.split()
    assert len(rare) == len(set(rare))
    assert not {"en", "zh", "de", "fr", "es", "ru", "ar", "hi", "ja"} & set(rare)
    assert set(BANTU) > {"xh", "zu", "tn", "st", "nso"}
