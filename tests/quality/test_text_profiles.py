"""Profiles are named sets of checks with their limits."""

import pytest

from karat.core.errors import OptionError
from karat.quality.text_family import TextFamily
from karat.quality.text_profiles import LINE_RULES, PROFILES, profile_of

FAMILIES = {
    "karat": ["EmptyTexts", "WorthlessTexts"],
    "gopher": ["EmptyTexts", "GopherRepetition", "GopherQuality"],
    "c4": ["EmptyTexts", "C4Quality"],
    "fineweb": ["EmptyTexts", "FinewebQuality"],
    "refinedweb": ["EmptyTexts", "GopherRepetition", "GopherQuality", "RefinedwebLines"],
    "dclm": ["EmptyTexts", "GopherRepetition", "GopherQuality", "RefinedwebLines"],
    "datatrove": ["EmptyTexts", "GopherRepetition", "GopherQuality", "C4Quality", "FinewebQuality"],
    "zh": ["EmptyTexts", "GopherRepetition", "ChineseQuality"],
}
CUT = {
    "karat": ["c4_policy_notice", "refinedweb_counter"],
    "gopher": [],
    "c4": [
        "c4_long_word", "c4_short_line", "c4_script_notice", "c4_policy_notice", "c4_citation", "c4_no_end_mark",
    ],
    "fineweb": [],
    "refinedweb": ["refinedweb_capitals", "refinedweb_numbers", "refinedweb_counter", "refinedweb_button"],
    "dclm": ["refinedweb_capitals", "refinedweb_numbers", "refinedweb_counter", "refinedweb_button"],
    "datatrove": ["c4_long_word", "c4_short_line", "c4_script_notice", "c4_policy_notice", "c4_citation"],
    "zh": ["c4_script_notice", "c4_policy_notice"],
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_profile_asks_and_which_lines_it_cuts(name):
    profile = profile_of(name)
    assert profile.name == name
    assert [check.code() for check in profile.checks] == FAMILIES[name]
    assert [LINE_RULES[place] for place in profile.lines] == CUT[name]


def test_there_are_no_other_profiles_and_an_unknown_one_is_an_error():
    assert set(PROFILES) == {*FAMILIES, "none"}
    with pytest.raises(OptionError, match=r"fineweeb.*fineweb"):
        profile_of("fineweeb")


@pytest.mark.parametrize("name", FAMILIES)
def test_the_rules_of_a_profile_are_those_of_its_checks_in_their_order(name):
    rules = profile_of(name).rules
    assert rules[0].code == "empty"
    assert len({rule.code for rule in rules}) == len(rules)
    families = [check for check in profile_of(name).checks if isinstance(check, TextFamily)]
    assert [rule for check in families for rule in check.rules()] == list(rules)


def test_only_the_default_judges_by_all_signs_together():
    assert {name for name in PROFILES if profile_of(name).votes} == {"karat"}


def limits(name):
    return {rule.code: rule.limit for rule in profile_of(name).rules}


def test_limits_that_a_program_sets_otherwise_than_the_paper():
    assert limits("dclm")["refinedweb_lost_words"] == 0.0535
    assert limits("refinedweb")["refinedweb_lost_words"] == 0.05
    assert limits("datatrove")["fineweb_repeated_lines"] == 0.01
    assert limits("fineweb")["fineweb_repeated_lines"] == 0.1
