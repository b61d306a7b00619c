"""The language spoken now, in which report, review page and terminal say everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from karat.core.errors import OptionError

LANGUAGES = {"en": "EN", "zh": "中文"}
_LANGUAGE: ContextVar[str] = ContextVar("karat_language", default="")
_PROCESS = [""]  # what is spoken where nothing else was asked for


def require_language(language: str) -> str:
    """A language results are shown in. Raises OptionError for any other."""
    if language not in LANGUAGES:
        raise OptionError(f"--lang {language} is not available", f"Use one of {', '.join(LANGUAGES)}")
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is said in a language, a key of ``LANGUAGES``."""
    before = _LANGUAGE.set(require_language(language))
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def speak(language: str) -> None:
    """Everything this process says from now on is said in a language. Raises OptionError for one there is not."""
    _PROCESS[0] = require_language(language)


def language() -> str:
    """The language spoken now, a key of ``LANGUAGES``."""
    return _LANGUAGE.get() or _PROCESS[0] or "en"


def asked_for() -> str:
    """The language this process was asked to speak; "" where nobody asked."""
    return _PROCESS[0]
