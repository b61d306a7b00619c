"""Parameters of checks from the settings: known ones of the right kind, or an error that says which."""

import pytest

from karat.core.errors import OptionError
from karat.flow.parameters import known_checks, with_parameters
from karat.flow.settings import made_settings, read_settings, written
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


def test_an_unknown_check_is_an_error_with_the_nearest():
    with pytest.raises(OptionError, match="Did you mean 'GopherQuality'"):
        known_checks({"GopherQualty": {}})


def test_parameters_are_written_and_read_again(tmp_path):
    given = made_settings({"quality": {"GopherQuality": {"min_words": 10, "variant": "karat"}}}, "the test")
    (tmp_path / "karat.toml").write_text(written(given))
    assert read_settings(tmp_path / "karat.toml") == given
