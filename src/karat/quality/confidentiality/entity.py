"""One kind of personal data: its form, and what proves it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

VALUE = "value"  # the group of a pattern that is the personal data, where words beside it belong to the pattern


def always(_text: str) -> bool:
    """The form alone says it."""
    return True


@dataclass(frozen=True)
class Entity:
    """One kind of personal data.

    Parameters
    ----------
    name : str
        What it is called in findings and settings.
    pattern : re.Pattern
        Its form inside of a text; with a group ``value`` where only that is the data.
    proves : callable
        Text to bool: its checksum, or that its parts are possible.
    certain : float
        Confidence that what fits is what it looks like.
    hint : str
        An expression of RE2 that texts must match to be looked at; "" for runs of digits.
    keyed : bool
        The pattern begins with a word that says what follows.
    size : callable, optional
        Matched text to how many of its characters are the data, where the form alone does not say where it ends.
    """

    name: str
    pattern: re.Pattern[str]
    proves: Callable[[str], bool]
    certain: float
    hint: str = ""
    keyed: bool = False
    size: Callable[[str], int] | None = None

    @property
    def proves_more(self) -> bool:
        """Does it ask for more than the form?"""
        return self.proves is not always

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Where the data itself stands in a match."""
        if self.size is not None:
            return match.start(), match.start() + self.size(match.group())
        return match.span(VALUE) if VALUE in self.pattern.groupindex else match.span()
