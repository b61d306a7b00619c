"""Characters are repaired, and what is right stays."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karat.clean.repair_unicode import repair

BROKEN = {
    "CafÃ© and itâ€™s fine": "Café and it’s fine",
    "ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€": "Привет мир",
    "a\u200bb\u00adc\ufeff": "abc",
    "one\r\ntwo\rthree\x00\x07": "one\ntwo\nthree",
    "e\u0301te\u0301": "été",
    "ﬁne ﬂow": "fine flow",
    "ＡＢＣ１２３，全角！": "ABC123，全角！",
    "price\u00a020": "price 20",
    "\u202eabc\u202c": "abc",
}
RIGHT = [
    "plain text\nwith lines\tand tabs",
    "今天天气很好，我们去公园。",
    "naïve café “ok” – yes £20 ©",
    "می\u200cخواهم",
    "👨\u200d👩\u200d👧",
    "Ä Ö Ü ß ÂÊ",
    "тест на русском",
    "這個銆東西",
    "",
]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_characters_are_repaired(text):
    assert repair([text, "other", None]).to_pylist() == [BROKEN[text], "other", None]


@pytest.mark.parametrize("text", ["你好，世界！今天的天气真不错", "我们今天去公园，天气很好。他们明天也来。"])
def test_chinese_read_as_gbk_is_turned_back(text):
    garbled = text.encode().decode("gb18030", "ignore")
    if garbled.encode("gb18030") == text.encode():
        assert repair([f"abc {garbled} xyz"]).to_pylist() == [f"abc {text} xyz"]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_stays(text):
    assert repair([text]).to_pylist() == [text]


def test_types_chunks_and_slices_are_kept():
    column = pa.chunked_array([pa.array(["a", "CafÃ©"], pa.large_string()), pa.array([None], pa.large_string())])
    out = repair(column)
    assert out.type == pa.large_string()
    assert out.to_pylist() == ["a", "Café", None]


LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf"], exclude_characters="ÂÃâ")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=40), max_size=5))
def test_repairing_twice_changes_nothing_more(texts):
    once = repair(pa.array(texts, pa.string()))
    assert repair(once).to_pylist() == once.to_pylist()


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("It&#39;s AT&amp;amp;T &eacute;t&eacute;", "It's AT&T été"),
        ("景&#21306;酒店", "景区酒店"),
        ("<p>a &amp; b</p>", "<p>a &amp; b</p>"),
        ("R&D and x&y; &nothing;", "R&D and x&y; &nothing;"),
        ("FranÃƒÂ§ois naÃƒÂ¯ve", "François naïve"),
        ("Ã¦Ë†â€˜Ã¤Â»Â¬", "我们"),
        ("ÐÂÎÅ", "新闻"),
        ("ÀÉÈ ÇA et DÉJÀ ÄÖÜ", "ÀÉÈ ÇA et DÉJÀ ÄÖÜ"),
        ("BjÃ¶rk â€” xÂ y", "Björk — x y"),
    ],
)
def test_entities_double_mojibake_and_lone_gbk(broken, meant):
    assert repair([broken]).to_pylist() == [meant]
