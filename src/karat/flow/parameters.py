"""Parameters of units from ``[quality.CHECK]`` of the settings, and from ``[clean]``, which has some of their names."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import Unit
from karat.flow.settings import Settings
from karat.quality.confidentiality.personal_data import PersonalData

T = TypeVar("T", bound=Unit)
# what [clean] calls the parameters of checks: it had them before [quality]
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "BoilerplateLines": {"cut": "boilerplate"},
    "BrokenCharacters": {"repair": "repair_unicode"},
    "DuplicateTexts": {"remove": "exact_duplicates"},
    "CrowdedDomains": {"max_documents": "max_per_domain"},
    "FilteredTexts": {
        name: name
        for name in (
            "drop_urls",
            "drop_matching",
            "keep_matching",
            "min_characters",
            "max_characters",
            "min_words",
            "max_words",
            "min_tokens",
            "max_tokens",
        )
    },
    "FlaggedWords": {"max_share": "max_flagged", "words": "flagged_words"},
    "HtmlInTexts": {"remove": "html"},
    "KnownTexts": {"index": "index"},
    "NearDuplicateTexts": {"min_jaccard": "near_duplicates"},
    "OtherLanguages": {"languages": "languages", "identify": "identify_languages"},
    "PersonalData": {"treat": "personal_data", "names": "mask_names"},
    "PoorTexts": {
        "min_quality": "min_quality",
        "good": "good",
        "bad": "bad",
        "model": "quality",
        "label": "quality_label",
    },
    "QuestionsInTestSet": {"files": "test_sets"},
    "RepeatedLines": {"max_documents": "repeated_lines"},
    "RepeatedPassages": {"min_tokens": "repeated_tokens"},
    "ReplacedPatterns": {"patterns": "replace"},
    "StrangeTexts": {"max_bits": "max_bits", "usual": "usual"},
    "TestSetTexts": {"files": "test_sets"},
    "TwoLanguages": {"max_share": "max_mixed"},
}


def with_parameters(unit: T, wanted: Mapping[str, Any]) -> T:
    """The unit with some parameters of its own.

    Raises
    ------
    OptionError
        It has no such parameter, or the value is of another kind.
    """
    if not wanted:
        return unit
    where = f"[quality.{unit.code()}]"
    known = {field.name: getattr(unit, field.name) for field in fields(unit)}
    values = {}
    for name, value in wanted.items():
        if name not in known:
            raise OptionError.unknown("parameter", name, known, where)
        fitting = _fitting(value, known[name])
        if fitting is None:
            raise OptionError(
                f"{where} {name} is {value!r}, not a {_words(known[name])}", f"Write a {_words(known[name])}"
            )
        values[name] = fitting
    return replace(unit, **values)


def with_settings(unit: T, settings: Settings) -> T:
    """The unit with the parameters that the settings give it: those of ``[quality]`` before those of ``[clean]``.

    Raises
    ------
    OptionError
        As ``with_parameters``.
    """
    older = {ours: getattr(settings.clean, theirs) for ours, theirs in SETTINGS.get(unit.code(), {}).items()}
    return with_parameters(unit, older | settings.quality.get(unit.code(), {}))


def treatment(settings: Settings) -> str:
    """How personal data is treated in documents: mask, hash, drop or keep."""
    return with_settings(PersonalData(), settings).treat


def left_out(settings: Settings) -> frozenset[str]:
    """Codes of checks and fixes that ``[clean]`` leaves out: those to ignore, and every check but the only ones named.

    Raises
    ------
    OptionError
        A code that is no check or fix.
    """
    clean, checks = settings.clean, units("check").keys()
    for where, known, codes in (("ignore", checks | units("fix").keys(), clean.ignore), ("only", checks, clean.only)):
        for code in sorted(set(codes) - known):
            kinds = "check" if where == "only" else "check or fix"
            raise OptionError.unknown(kinds, code, known, f"[clean] {where}")
    return frozenset(clean.ignore) | (checks - set(clean.only) if clean.only else set())


def known_checks(names: Mapping[str, Any]) -> None:
    """Raise OptionError for a name that is no check."""
    checks = units("check")
    for code in names:
        if code not in checks:
            raise OptionError.unknown("check", code, checks, "[quality]")


def _fitting(value: Any, like: Any) -> Any:
    """A value of the kind of another one; None where it is not."""
    if isinstance(like, bool) or isinstance(value, bool):
        return value if isinstance(value, bool) and isinstance(like, bool) else None
    if isinstance(like, (int, float)):
        return value if isinstance(value, (int, float)) else None
    if isinstance(like, tuple):
        return tuple(value) if isinstance(value, (list, tuple)) else None
    return value if isinstance(value, type(like)) else None


def _words(like: Any) -> str:
    kinds = {bool: "yes or no (true or false)", int: "number", float: "number", tuple: "list", str: "text"}
    return next((words for kind, words in kinds.items() if isinstance(like, kind)), type(like).__name__)
