"""The rules for Chinese, at and beyond each limit."""

import pyarrow as pa
import pytest

from karat.quality.accuracy.chinese_quality import RULES, ChineseQuality
from karat.quality.text_family import text_scores
from karat.quality.text_rules import TextRule, decided


def broken(text: str, rules: tuple[TextRule, ...]) -> list[str]:
    """Every rule that a text breaks."""
    return list(decided(text_scores(pa.array([text])), rules).failing)


def signs(count: int, first: int = 0x4E10) -> str:
    """So many different characters, none of them a stop word."""
    return "".join(chr(first + at) for at in range(count) if chr(first + at) not in "也了人")


S = signs(3000, 0x6000).replace("我", "").replace("是", "").replace("有", "")
TALK = "的是" + S

AT_LIMIT = {
    "chinese_few_characters": ("好吃", "好 ok"),
    "chinese_letters": (TALK[:50] + "，" * 50, TALK[:50] + "，" * 51),
    "chinese_hashes": (TALK[:94] + "#" * 6, TALK[:93] + "#" * 7),
    "chinese_ellipses": (TALK[:94] + "…" * 6, TALK[:93] + "…" * 7),
    "chinese_bullets": (
        "\n".join(f"- {S[10 * at : 10 * at + 9]}" for at in range(9)) + "\n好的是",
        "\n".join(f"- {S[10 * at : 10 * at + 9]}" for at in range(10)),
    ),
    "chinese_stop_words": (TALK[:90], "的的的的" + S[:90]),
    "chinese_top_2_gram": (
        "".join("天地" + S[8 * at : 8 * at + 8] for at in range(10)),
        "".join("天地" + S[8 * at : 8 * at + 8] for at in range(10))[:-1],
    ),
    "chinese_top_3_gram": (
        "".join("天地人" + S[20 * at : 20 * at + 14] for at in range(6))[:100],
        "".join("天地人" + S[20 * at : 20 * at + 13] for at in range(6)),
    ),
    "chinese_top_4_gram": (
        "".join("天地人和" + S[30 * at : 30 * at + 21] for at in range(4)),
        "".join("天地人和" + S[30 * at : 30 * at + 20] for at in range(4)),
    ),
}


@pytest.mark.parametrize("code", AT_LIMIT)
def test_a_text_at_the_limit_stays_and_one_beyond_it_goes(code):
    inside, beyond = AT_LIMIT[code]
    assert code not in broken(inside, RULES)
    assert code in broken(beyond, RULES)


@pytest.mark.parametrize("size", range(5, 11))
def test_repeated_characters(size):
    share = (20 - size) / 100
    code = f"chinese_repeated_{size}_grams"
    whole = round(size / share)
    inside, beyond = whole + (whole * share < size), int(size / share - 1e-9)
    text = S[:size]
    times = 2 if inside >= 80 else 3
    inside, beyond = [round(count * (times - 1)) for count in (inside, beyond - (beyond * share >= size))]

    def built(length: int) -> str:
        fill = S[100 : 100 + length - size * times]
        cut = len(fill) // times
        parts = [fill[at * cut : (at + 1) * cut if at < times - 1 else None] for at in range(times)]
        return "".join(text + part for part in parts)

    assert code not in broken(built(max(inside, 80)), RULES)
    if beyond >= 80:
        assert code in broken(built(beyond), RULES)


def test_every_rule_has_its_golden_text():
    assert {rule.code for rule in RULES} == {*AT_LIMIT, *(f"chinese_repeated_{n}_grams" for n in range(5, 11))}
    assert ChineseQuality().rules() == RULES


@pytest.mark.parametrize(
    "text", ["很好吃", "没有送水没有送水没有送水", "好吃！！！！！！", "送餐快,送餐大哥态度好", "武昌鱼不新鲜-_-#"]
)
def test_short_texts_are_whole_as_they_stand(text):
    assert not broken(text, RULES)


def test_other_scripts_are_not_asked():
    assert not broken("ok", RULES)
    assert not broken("# " * 100, RULES)


def test_japanese_is_asked_too():
    assert "chinese_top_2_gram" in broken("これはとても" * 30, RULES)
