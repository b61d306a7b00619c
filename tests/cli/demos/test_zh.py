"""Chinese reviews follow the rule of the English ones, in Chinese alone."""

from karat.cli.demos import zh
from karat.cli.demos.text import ENGLISH, reviews


def test_the_words_have_the_parts_of_the_english_ones():
    assert set(zh.CHINESE) == set(ENGLISH)
    assert len(set(zh.CHINESE["sorts"])) == 2
    for kind in ("things", "praised", "blamed", "said"):
        parts = zh.CHINESE[kind].split("|")
        assert len(set(parts)) == len(parts) > 5
    assert not set(zh.CHINESE["praised"].split("|")) & set(zh.CHINESE["blamed"].split("|"))
    assert all("{thing}" in said and "{word}" in said for said in zh.CHINESE["said"].split("|"))


def test_nothing_but_chinese_stands_in_a_good_review():
    spoiled = reviews(zh.CHINESE, 22, 60)
    touched = {row for row, column, *_ in spoiled.key if column in ("review", None)}
    good = [text for row, text in enumerate(spoiled.columns["review"]) if row not in touched]
    assert good
    assert not [text for text in good if any(letter.isascii() and letter.isalpha() for letter in text)]


def test_it_is_walked_under_its_own_name(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(zh, "walk_reviews", lambda name, spoiled, out, **_: asked.append((name, spoiled.size, out)))
    zh.demonstrate(tmp_path, workers=1, quiet=True)
    assert asked == [("zh", 918, tmp_path)]  # 900, and 2 % again
