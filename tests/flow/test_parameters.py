"""Parameters of checks from the settings: known ones of the right kind, or an error that says which."""

from dataclasses import fields

import pytest

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.flow.parameters import SETTINGS, known_checks, left_out, treatment, with_parameters, with_settings
from karat.flow.settings import Settings, made_settings, read_settings, written
from karat.quality.accuracy.gopher_quality import GopherQuality
from karat.quality.consistency.other_languages import OtherLanguages


def test_given_parameters_replace_the_defaults():
    made = with_parameters(GopherQuality(), {"min_words": 10, "variant": "karat"})
    assert (made.min_words, made.variant, made.max_words) == (10, "karat", 100_000)
    assert with_parameters(OtherLanguages(), {"languages": ["en", "zh"]}).languages == ("en", "zh")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"min_word": 1}, "min_words"),
        ({"min_words": "ten"}, "not a number"),
        ({"min_words": True}, "not a number"),
        ({"variant": 3}, "not a text"),
    ],
)
def test_what_does_not_fit_is_an_error(given, said):
    with pytest.raises(OptionError, match=said):
        with_parameters(GopherQuality(), given)


@pytest.mark.parametrize(
    ("code", "parameter", "old", "value"),
    [
        ("PersonalData", "treat", "personal_data", "drop"),
        ("DuplicateTexts", "remove", "exact_duplicates", False),
        ("OtherLanguages", "identify", "identify_languages", False),
        ("TestSetTexts", "files", "test_sets", ("a.jsonl",)),
        ("QuestionsInTestSet", "files", "test_sets", ("a.jsonl",)),
        ("NearDuplicateTexts", "min_jaccard", "near_duplicates", 0.5),
    ],
)
def test_a_parameter_may_be_set_by_its_check_or_by_its_older_name(code, parameter, old, value):
    unit = units("check")[code]()
    assert getattr(with_settings(unit, Settings()), parameter) == getattr(unit, parameter) != value
    older = made_settings({"clean": {old: value}}, "the test")
    own = made_settings({"quality": {code: {parameter: value}}}, "the test")
    assert getattr(with_settings(unit, older), parameter) == getattr(with_settings(unit, own), parameter) == value


def test_every_older_name_is_a_parameter_that_there_is():
    for code, names in SETTINGS.items():
        unit = units("check")[code]
        assert set(names) <= {field.name for field in fields(unit)}, code
        assert set(names.values()) <= set(Settings().clean.__class__.model_fields), code


def test_an_unknown_treatment_of_personal_data_names_the_nearest():
    with pytest.raises(OptionError, match="'mask'"):
        treatment(made_settings({"quality": {"PersonalData": {"treat": "masc"}}}, "the test"))


def test_an_unknown_check_is_an_error_with_the_nearest():
    with pytest.raises(OptionError, match="Did you mean 'GopherQuality'"):
        known_checks({"GopherQualty": {}})


def test_parameters_are_written_and_read_again(tmp_path):
    given = made_settings({"quality": {"GopherQuality": {"min_words": 10, "variant": "karat"}}}, "the test")
    (tmp_path / "karat.toml").write_text(written(given))
    assert read_settings(tmp_path / "karat.toml") == given


def test_only_the_checks_named_run_and_what_is_ignored_does_not():
    assert left_out(Settings()) == set()
    some = left_out(made_settings({"clean": {"only": ["UnitSlips"], "ignore": ["RepairCells"]}}, "the test"))
    assert some == units("check").keys() - {"UnitSlips"} | {"RepairCells"}


@pytest.mark.parametrize("key", ["only", "ignore"])
def test_a_check_that_there_is_not_is_named_with_the_nearest(key):
    with pytest.raises(OptionError, match="UnitSlips"):
        left_out(made_settings({"clean": {key: ["UnitSlip"]}}, "the test"))


def test_a_fix_is_no_check_to_run_alone():
    with pytest.raises(OptionError, match=r"\[clean\] only"):
        left_out(made_settings({"clean": {"only": ["RepairCells"]}}, "the test"))
