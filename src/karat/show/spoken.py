"""The language spoken now, in which report, review page and terminal say everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from karat.core.errors import OptionError

LANGUAGES = {"en": "EN", "zh": "中文"}
_LANGUAGE: ContextVar[str] = ContextVar("karat_language", default="en")


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


def language() -> str:
    """The language spoken now, a key of ``LANGUAGES``."""
    return _LANGUAGE.get()
