"""Profiles: which rules are asked of a text, in which order, and which of its lines are cut."""

from dataclasses import dataclass

from karat.core.errors import OptionError
from karat.quality.accuracy.chinese_quality import ChineseQuality
from karat.quality.accuracy.gopher_quality import GopherQuality
from karat.quality.accuracy.refinedweb_lines import RefinedwebLines
from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.completeness.c4_quality import C4Quality
from karat.quality.completeness.empty_texts import EmptyTexts
from karat.quality.completeness.fineweb_quality import PROGRAM_REPEATED, FinewebQuality
from karat.quality.consistency.gopher_repetition import GopherRepetition
from karat.quality.documents import DocumentCheck
from karat.quality.text_family import TextFamily
from karat.quality.text_rules import TextRule

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
    """A named set of parameters: which checks judge documents, in which order, and with which limits.

    Parameters
    ----------
    checks : tuple of DocumentCheck
        In the order in which they are asked; the first rule that is broken is named.
    lines : tuple of int
        Places in ``LINE_RULES``: the lines, or parts of lines, that are cut from texts.
    """

    name: str
    checks: tuple[DocumentCheck, ...]
    lines: tuple[int, ...] = ()

    @property
    def rules(self) -> tuple[TextRule, ...]:
        """The published rules of its checks, in their order."""
        return tuple(rule for check in self.checks if isinstance(check, TextFamily) for rule in check.rules())

    @property
    def votes(self) -> WorthlessTexts | None:
        """What judges documents by all signs together, where it does so."""
        return next((check for check in self.checks if isinstance(check, WorthlessTexts)), None)


def _profile(name: str, *checks: DocumentCheck, lines: tuple[int, ...] = ()) -> Profile:
    return Profile(name, (EmptyTexts(), *checks), lines)


PROFILES = {
    profile.name: profile
    for profile in (
        _profile("karat", WorthlessTexts(), lines=(POLICY_NOTICE, COUNTER)),
        _profile("none"),  # filters of the settings alone
        _profile("gopher", GopherRepetition(), GopherQuality()),
        _profile("c4", C4Quality(), lines=(*C4_LINES, NO_END_MARK)),
        _profile("fineweb", FinewebQuality()),
        _profile("refinedweb", GopherRepetition(), GopherQuality(), RefinedwebLines(), lines=REFINEDWEB_LINES),
        _profile(
            "dclm",
            GopherRepetition(),
            GopherQuality("dclm"),
            RefinedwebLines(max_lost_words=0.0535),  # as its program sets it
            lines=REFINEDWEB_LINES,
        ),
        _profile(
            "datatrove",
            GopherRepetition("datatrove"),
            GopherQuality("datatrove"),
            C4Quality("datatrove"),
            FinewebQuality("datatrove", max_repeated_lines=PROGRAM_REPEATED),
            lines=C4_LINES,
        ),
        _profile("zh", GopherRepetition("blocks"), ChineseQuality(), lines=(SCRIPT_NOTICE, POLICY_NOTICE)),
    )
}


def profile_of(name: str) -> Profile:
    """The profile of a name; an unknown one is an error that lists the others."""
    if name not in PROFILES:
        raise OptionError.unknown("profile", name, PROFILES)
    return PROFILES[name]
