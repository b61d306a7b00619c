"""The language spoken holds where it was set, in threads started from there too, and nowhere else."""

import asyncio

import pytest

from karat.core.errors import OptionError
from karat.show import spoken
from karat.show.spoken import asked_for, language, require_language, speak, speaking


def test_a_language_is_spoken_inside_and_not_after() -> None:
    with speaking("zh"):
        assert language() == "zh"
        assert asyncio.run(asyncio.to_thread(language)) == "zh"
    assert language() == "en"


def test_it_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), speaking("zh"):
        raise ZeroDivisionError
    assert language() == "en"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(OptionError, match="Use one of en, zh"):
        require_language("xx")


def test_a_process_speaks_what_it_was_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "_PROCESS", [""])
    assert (language(), asked_for()) == ("en", "")
    speak("zh")
    assert (language(), asked_for()) == ("zh", "zh")
    with speaking("en"):
        assert language() == "en"
