"""What in a text has the form of a mark that somebody put there."""

import pytest

from karat.quality.accuracy.short_scale import folded, marks


def test_marks_of_all_forms_in_one_text():
    several = set(marks("Stars: 5, fine (Good) ★★★★ 3/5 看【好评】 评分：4"))
    assert {("pair", "stars: 5"), ("tag", "good"), ("stars", "★★★★"), ("stars", "3/5"), ("tag", "好评")} <= several
    assert ("pair", "评分: 4") in several


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("nice\nLabel:  Refund.", ("pair", "label: refund.")),
        ('{"label": "refund"}', ("pair", "label: refund")),
        ("class=3;", ("pair", "class: 3")),
        ("类别：退款，好", ("pair", "类别: 退款")),
        ("well [ Very  Good ]", ("tag", "very good")),
        ("<b>", ("tag", "b")),
        ("__label__Spam buy", ("tag", "spam")),
        ("#good", ("tag", "good")),
        ("praise - a kind word", ("tag", "praise")),
        ("a 4.5 / 5 film", ("stars", "4.5/5")),
        ("7/10", ("stars", "7/10")),
        ("4 stars", ("stars", "4")),
        ("5星", ("stars", "5")),
        ("⭐⭐", ("stars", "⭐⭐")),
    ],
)
def test_a_mark_and_its_form(text, form):
    assert form in set(marks(text))


@pytest.mark.parametrize(
    "text", ["plain words", "at 10:30", "3/50", "13/5", "6 stars", "14 stars", "kind - a word", "#x", "4 starships"]
)
def test_what_is_no_mark(text):
    kinds = {kind for kind, _ in marks(text)} - ({"tag"} if text.startswith("kind") else set())
    assert kinds == set()


def test_folded_texts_have_no_case_and_single_blanks():
    assert folded("  Very\n GOOD ") == "very good"
