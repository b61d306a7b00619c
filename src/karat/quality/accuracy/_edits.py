"""One typing error between two texts: a character too many, missing, replaced, or two exchanged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edit(NamedTuple):
    """What turns one text into another.

    Parameters
    ----------
    kind : str
        "insert", "delete", "replace" or "swap".
    at : int
        Where in the right text.
    old, new : str
        What the right text has there and what the wrong one has.
    """

    kind: str
    at: int
    old: str
    new: str


def one_edit(wrong: str, right: str) -> Edit | None:
    """The single typing error that leads from ``right`` to ``wrong``; None where there is none or more than one."""
    if abs(len(wrong) - len(right)) > 1 and not _run(wrong, right):
        return None
    ends = min(len(wrong), len(right))
    start = next((at for at in range(ends) if wrong[at] != right[at]), ends)
    tail = next((at for at in range(ends - start) if wrong[-1 - at] != right[-1 - at]), ends - start)
    old, new = right[start : len(right) - tail], wrong[start : len(wrong) - tail]
    if not old and new and (len(new) == 1 or len(set(new)) == 1):
        return Edit("insert", start, old, new)
    if not new and len(old) == 1:
        return Edit("delete", start, old, new)
    if len(old) == len(new) == 1:
        return Edit("replace", start, old, new)
    if len(old) == len(new) == 2 and old == new[::-1]:
        return Edit("swap", start, old, new)
    return None


def _run(wrong: str, right: str) -> bool:
    """Is the wrong text the right one before or behind the same sign again and again?"""
    more = wrong.removeprefix(right) if wrong.startswith(right) else wrong.removesuffix(right)
    return len(more) < len(wrong) and len(set(more)) == 1 and not more[0].isalnum()


class Neighbours:
    """Texts that can be asked for those one typing error away (deletion neighbourhoods, Garbe 2012)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.places: defaultdict[str, list[str]] = defaultdict(list)
        self._heads: set[str] = set()
        self._tails: set[str] = set()
        for text in texts:
            for key in _keys(text):
                self.places[key].append(text)
            for length in range(max(1, len(text) - 1), len(text) + 2):  # of texts one error away
                self._heads.add(text[: length // 2])
                self._tails.add(text[len(text) - (length - 1) // 2 :])

    def of(self, text: str, at: int | None = None) -> Iterator[tuple[str, Edit]]:
        """The texts one error away from a text, each with the error; those that lack its sign at a place, if given."""
        seen = {text}
        keys = (*self._likely_keys(text), *_without_run(text)) if at is None else (text[:at] + text[at + 1 :],)
        for key in keys:
            for other in self.places.get(key, ()):
                if other not in seen:
                    seen.add(other)
                    edit = one_edit(text, other)
                    if edit:
                        yield other, edit

    def _likely_keys(self, text: str) -> set[str]:
        """Those of its keys that may lead to a text: before an error, or else behind it, half of the text is right."""
        size, half = len(text), len(text) // 2
        early = text[size - (size - 1) // 2 :] in self._tails
        late = text[:half] in self._heads
        if not (early or late):
            return set()
        places = range(0 if early else half, size if late else half)
        return {text, *(text[:at] + text[at + 1 :] for at in places)}


def _keys(text: str) -> set[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _without_run(text: str) -> Iterator[str]:
    """The text without a run of the same sign at an end."""
    for mark in {text[:1], text[-1:]}:
        if mark and not mark.isalnum() and text != (bare := text.strip(mark)):
            yield bare


def word_at(text: str, at: int) -> str:
    start = end = min(at, len(text))
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[start:end]
