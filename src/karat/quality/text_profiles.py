"""Profiles: which rules are asked of a text, in which order, and which of its lines are cut."""

from dataclasses import dataclass, replace

from karat.core.errors import OptionError
from karat.quality.accuracy import chinese_quality, gopher_quality, refinedweb_lines
from karat.quality.completeness import c4_quality, fineweb_quality
from karat.quality.consistency import gopher_repetition
from karat.quality.text_rules import EMPTY, LATIN, SPACED, TextRule

LONG_WORD, FEW_WORDS, NO_END_MARK, SCRIPT_NOTICE, POLICY_NOTICE, CAPITALS, NUMBERS, COUNTER, BUTTON, CITATION = range(
    10
)
LINE_RULES = (
    "c4_long_word",
    "c4_short_line",
    "c4_no_end_mark",
    "c4_script_notice",
    "c4_policy_notice",
    "refinedweb_capitals",
    "refinedweb_numbers",
    "refinedweb_counter",
    "refinedweb_button",
    "c4_citation",
)
C4_LINES = (LONG_WORD, FEW_WORDS, SCRIPT_NOTICE, POLICY_NOTICE, CITATION)
REFINEDWEB_LINES = (CAPITALS, NUMBERS, COUNTER, BUTTON)


@dataclass(frozen=True)
class Profile:
    """A choice of rules.

    Parameters
    ----------
    name : str
    rules : tuple of TextRule
        In the order in which they are asked; the first that is broken is named.
    lines : tuple of int
        Places in ``LINE_RULES``: the lines, or parts of lines, that are cut from texts.
    """

    name: str
    rules: tuple[TextRule, ...]
    lines: tuple[int, ...] = ()


def _gopher() -> tuple[TextRule, ...]:
    return (*gopher_repetition.RULES, *gopher_quality.RULES)


def _datatrove() -> Profile:
    quality = (*gopher_quality.SIZE, *gopher_quality.SHAPE, gopher_quality.LETTERS_OF_ALL, gopher_quality.STOPS)
    rules = (*gopher_repetition.ALSO_ONCE, *quality, *c4_quality.WITHOUT_END_MARKS, *fineweb_quality.AFTER_C4)
    return Profile("datatrove", (EMPTY, *rules), C4_LINES)


def _dclm() -> Profile:
    quality = tuple(
        replace(rule, top=("stop_word_count",)) if rule.code == "gopher_stop_words" else rule
        for rule in gopher_quality.RULES
    )
    lost = tuple(replace(rule, high=0.0535) for rule in refinedweb_lines.RULES)
    return Profile("dclm", (EMPTY, *gopher_repetition.RULES, *quality, *lost), REFINEDWEB_LINES)


def _karat() -> Profile:
    blocks = gopher_repetition.BLOCKS
    anywhere = (*gopher_repetition.RULES[len(blocks) :], *gopher_quality.SHAPE[2:], gopher_quality.LETTERS)
    english = (*gopher_quality.SIZE, *gopher_quality.SHAPE[:2], gopher_quality.STOPS)
    pages = (c4_quality.RULES[0], fineweb_quality.JOINED, *fineweb_quality.RULES[1:])
    of_spaced = tuple(replace(rule, script=SPACED) for rule in anywhere)
    of_latin = tuple(replace(rule, script=LATIN) for rule in (*english, *pages))
    lines = (SCRIPT_NOTICE, POLICY_NOTICE, COUNTER)
    return Profile("karat", (EMPTY, *blocks, *of_spaced, *of_latin, *chinese_quality.RULES), lines)


PROFILES = {
    profile.name: profile
    for profile in (
        _karat(),
        Profile("gopher", (EMPTY, *_gopher())),
        Profile("c4", (EMPTY, *c4_quality.RULES), (*C4_LINES, NO_END_MARK)),
        Profile("fineweb", (EMPTY, *fineweb_quality.RULES)),
        Profile("refinedweb", (EMPTY, *_gopher(), *refinedweb_lines.RULES), REFINEDWEB_LINES),
        _dclm(),
        _datatrove(),
        Profile("zh", (EMPTY, *gopher_repetition.BLOCKS, *chinese_quality.RULES), (SCRIPT_NOTICE, POLICY_NOTICE)),
    )
}


def profile_of(name: str) -> Profile:
    """The profile of a name; an unknown one is an error that lists the others."""
    if name not in PROFILES:
        raise OptionError.unknown("profile", name, PROFILES)
    return PROFILES[name]
