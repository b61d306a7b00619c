import pytest

from karat.quality.consistency.html_remains import HtmlRemains, plain_text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("AT&amp;T", "AT&T"),
        ("10:39 p.m.&nbsp(Estimated)", "10:39 p.m. (Estimated)"),
        ("<b>北京</b>", "北京"),
        ("one<br/>two", "one two"),
        ("&#20013;&#22269;", "中国"),
        ("<p class='x'>a</p>", "a"),
    ],
)
def test_tags_and_entities_are_resolved(judge, text, wanted):
    a = [f"value {at}" for at in range(100)]
    a[5] = text
    found = judge(HtmlRemains(), {"a": a})
    assert set(found) == {(5, "a")}
    assert found[5, "a"][0] >= 0.5
    assert found[5, "a"][1] == wanted


@pytest.mark.parametrize("text", ["a < b and c > d", "R&D & more", "<3", "x &copyright", "if (a<b) then"])
def test_what_only_looks_like_it(text):
    assert plain_text(text) == text


def test_a_column_of_mark_up_is_what_it_is(judge, sure):
    assert not sure(judge(HtmlRemains(), {"a": [f"<p>page {at}</p>" for at in range(50)]}))


@pytest.mark.parametrize(
    ("text", "kind"), [("AT&amp;T", "form"), ("a&nbsp;b", "form"), ("<b>a</b>", "fact"), ("a &lt b", "fact")]
)
def test_entities_are_form_and_tags_are_questions(make_block, text, kind):
    block = make_block({"a": [f"value {at}" for at in range(100)] + [text]})
    check = HtmlRemains()
    (row,) = check.judge(check.learn(block), block).to_pylist()
    assert row["kind"] == kind
    assert (row["confidence"] >= 0.9) == (kind == "form")


def test_web_addresses_have_no_entities():
    assert plain_text("/find?a=1&copy=2&reg=3") == "/find?a=1&copy=2&reg=3"
