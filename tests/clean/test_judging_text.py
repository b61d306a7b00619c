"""Judging texts: the call, decisions from statistics, lines cut."""

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.clean.judging_text import EDITS, decide, judge, judge_text, line_edits, profiles
from karat.core.errors import InputError, MissingExtraError, OptionError
from karat.quality.text_profiles import LINE_RULES, PROFILES

GOOD = (
    "The old house at the end of our lane has been empty for many years, and nobody knows who owns it now. "
    "People who walk past see that the windows are broken and that young trees grow in front of its door. "
    "Last summer a family from the city came to look at it, but they did not come back. Have you ever been inside?"
)
MENU = "\n".join(["Home | About | Log in"] * 30)
ZH = "房间很干净，服务员也很热情，早餐的种类不多但是味道不错，离地铁站只有五分钟，下次来还会住这里。"


def test_it_is_a_call_of_clean():
    found = karat.clean.judge_text([GOOD, MENU, "", ZH, None])
    assert found.schema == pa.schema([("keep", pa.bool_()), ("check", pa.string())])
    assert found["keep"].to_pylist() == [True, False, False, True, False]
    assert found["check"].to_pylist() == [None, "repeated_words", "empty", None, "empty"]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_any_arrow_form_gives_the_same(profile):
    texts = [GOOD, "x " * 60, None, ZH, GOOD + "{", "the " * 100]
    first = judge_text(texts, profile=profile)
    whole = pa.array(["pad", *texts, "pad"]).slice(1, len(texts))
    for form in (whole, whole.cast(pa.large_string()), pa.chunked_array([whole.slice(0, 2), whole.slice(2)])):
        assert judge_text(form, profile=profile).equals(first)
    assert judge_text([], profile=profile).num_rows == 0
    assert judge_text(pa.chunked_array([], pa.string()), profile=profile).num_rows == 0


def test_what_is_no_text_or_no_profile_is_told():
    with pytest.raises(OptionError, match="gopher"):
        judge_text([GOOD], profile="gofer")
    for wrong in ("one text", 7, pa.array([1, 2]), [1, 2], ["\ud800"]):
        with pytest.raises(InputError):
            judge_text(wrong)
    with pytest.raises(OptionError, match="gopher_few_words"):
        decide(judge([GOOD]).scores, "gopher", {"gopher_words": 3})


def test_limits_are_drawn_anew_from_statistics():
    judged = judge([GOOD, "The end of the day that we have."], "gopher")
    assert judged.keep.tolist() == [True, False]
    again = decide(judged.scores, "gopher", {"gopher_few_words": 5})
    assert again.keep.tolist() == [True, True]
    assert again.table()["measure"].to_pylist() == [None, None]


def test_the_first_rule_is_named_and_all_are_listed():
    decision = judge(["# one two ... three", GOOD], "gopher").decision
    row = decision.table().to_pylist()[0]
    assert row["check"] == "gopher_few_words"
    assert (row["measure"], row["limit"]) == (3, 50)
    assert list(decision.failing) == ["gopher_few_words", "gopher_hashes", "gopher_ellipses", "gopher_stop_words"]


def test_lines_are_cut_and_can_be_put_back():
    texts = [
        f"Überschrift é [12] und mehr.\nPlease enable JavaScript to go on.\r\n{GOOD}",
        None,
        "We use cookies: read on, please.\n你好 3 likes\n1,204 likes",
        "",
        GOOD,
    ]
    edits, edited = line_edits(pa.array(texts), "datatrove")
    assert edits.schema == EDITS
    assert edits.select(["row", "before", "check"]).to_pylist() == [
        {"row": 0, "before": "[12]", "check": "c4_citation"},
        {"row": 0, "before": "Please enable JavaScript to go on.\r\n", "check": "c4_script_notice"},
        {"row": 2, "before": "We use cookies: read on, please.\n", "check": "c4_policy_notice"},
        {"row": 2, "before": "1,204 likes", "check": "c4_short_line"},
    ]
    assert edited.to_pylist() == [f"Überschrift é  und mehr.\n{GOOD}", None, "你好 3 likes\n", "", GOOD]
    for edit in edits.to_pylist():
        assert texts[edit["row"]][edit["span_start"] : edit["span_end"]] == edit["before"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("w" * 1001 + " is a long word.", "c4_long_word"),
        ("Two words.", "c4_short_line"),
        ("No end mark here", "c4_no_end_mark"),
        ("Three dots end it...", "c4_no_end_mark"),
        ("You need JAVASCRIPT for this page.", "c4_script_notice"),
        ("By this you accept our privacy policy.", "c4_policy_notice"),
    ],
)
def test_lines_of_c4(line, rule):
    edits, _ = line_edits(pa.array([f"A line that stays here.\n{line}\nAnother one stays here."]), "c4")
    assert edits["check"].to_pylist() == [rule]
    assert edits["before"].to_pylist() == [line + "\n"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("THIS IS ALL IN CAPITALS", "refinedweb_capitals"),
        ("2024", "refinedweb_numbers"),
        ("1.2k shares", "refinedweb_counter"),
        ("Read more... about it", "refinedweb_button"),
        ("3 items in cart", "refinedweb_button"),
    ],
)
def test_lines_of_refinedweb(line, rule):
    for profile in ("refinedweb", "dclm"):
        edits, _ = line_edits(pa.array([f"A line that stays\n{line}"]), profile)
        assert edits["check"].to_pylist() == [rule]
    kept = f"A line that stays\n{line} and here are so very many small words more that it is no button at all"
    assert line_edits(pa.array([kept]), "refinedweb")[0].num_rows == 0


def test_every_rule_of_every_profile_has_its_source():
    table = profiles()
    assert set(table["profile"].to_pylist()) == set(PROFILES)
    assert all(table["source"].to_pylist())
    assert np.isfinite(table["published"].to_numpy()).all()
    assert len(set(LINE_RULES)) == len(LINE_RULES)
    for profile in PROFILES.values():
        codes = [rule.code for rule in profile.rules]
        assert len(set(codes)) == len(codes)


def test_short_texts_are_kept_in_any_script():
    reviews = ["很好吃，送得也快", "味道一般，不会再点了", "不错不错，推荐", ZH, "😀", "ok", "Sehr gut!", "Отлично."]
    assert judge_text(reviews)["keep"].to_pylist() == [True] * len(reviews)
    assert judge_text([ZH * 5, "好"], "zh")["keep"].to_pylist() == [False] * 2
    assert judge_text([" \u3000\n"])["check"].to_pylist() == ["empty"]


def test_one_sign_alone_drops_nothing():
    wrapped = [f"the committee met on day {at} of the month and it was said by member {at} that" for at in range(9)]
    decision = judge(["\n".join(wrapped), ZH * 5]).decision
    assert decision.keep.all()
    assert decision.failing["repeated_words"].tolist() == [1]
    assert "fineweb_line_ends" in judge(["\n".join(wrapped)], "fineweb").decision.failing


def test_without_languages_the_other_signs_decide(monkeypatch):
    def missing(_):
        raise MissingExtraError("no extra", "Install it")

    monkeypatch.setattr("karat.clean.judging_text.languages", missing)
    assert judge_text([GOOD, MENU])["keep"].to_pylist() == [True, False]
