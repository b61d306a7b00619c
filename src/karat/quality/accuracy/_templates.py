"""The ways a column's codes are built, and codes that are one typing error away from one."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from karat.quality.accuracy._edits import Edit, Neighbours
from karat.quality.accuracy._lexicon import mark_for_mark, shape, usual

LONGEST = 120  # characters; cost: bounds time; longer texts are no codes
LEAST_SHARE = 0.1  # cells of a template; unproven: fewer make a slip a template
FEWEST = 8  # flat from 4 to 16 (benchmarks/constants.md): see LEAST_SHARE
# flat from 0.176 to 0.462 (benchmarks/constants.md): higher gives up exact templates sooner
MIXED = 0.3  # where no exact template has this share, letters and digits count as one class
# unproven: lower judges words
MOSTLY_DIGITS = 0.9  # cells with a digit, where letters and digits are mixed: others are words
# unproven: shorter ones fit words
SHORTEST_MIXED = 8  # characters of a template in which letters and digits are one class
RUN, NUMBER = re.compile("9+"), re.compile(r"\d+")
COUNTED = 0.5  # definition: most numbers between the least and the largest occur
FIXED = 1  # different signs at one place of a template that make it a constant; definition: a constant has one
ONE_CLASS = str.maketrans("9Aa", "xxx")  # definition: of a template in which letters and digits are mixed
CLASSES = {"9": "digit", "A": "capital", "a": "small", "x": "sign"}


@dataclass(frozen=True)
class Broken:
    """A text that is one typing error away from a template.

    Parameters
    ----------
    template : str
        With every digit as 9, capital as A, small letter as a; every letter or digit as x where they are mixed.
    cells, meant_cells : int
        Of all texts written like this one, and of the template.
    right : str or None
        The only text of the template that the error can have started from, where there is only one.
    seen : dict of str to float
        Features by name.
    """

    text: str
    template: str
    cells: int
    meant_cells: int
    right: str | None
    seen: dict[str, float]


@dataclass
class Templates:
    """How the texts of a column are built.

    Parameters
    ----------
    cells : dict of str to int
        How often each text occurs.
    """

    cells: dict[str, int]
    total: int = field(init=False)
    mixed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.total = sum(self.cells.values())
        self._count()
        digits = sum(count for own, count in self.shapes.items() if "9" in own)
        if max(self.shapes.values(), default=0) < MIXED * self.total and digits >= MOSTLY_DIGITS * self.total:
            self.mixed = True
            self._count()
        least = max(FEWEST, LEAST_SHARE * self.total)
        self.often = {
            template: count
            for template, count in self.shapes.items()
            if count >= least
            and len(template) <= LONGEST
            and (len(template) >= SHORTEST_MIXED if self.mixed else "9" in template)
        }
        self._index = Neighbours(self.often)
        self._signs = {template: _signs(self._texts[template], template) for template in self.often}

    @cached_property
    def _running(self) -> frozenset[str]:
        """Shapes whose number has as many digits as it needs: County 7, County 77; runs of digits as one.

        Either two lengths are frequent, or most numbers between the least and the largest occur.
        """
        lengths = Counter(RUN.sub("9", template) for template in self.often)
        several = {template for template, count in lengths.items() if count > 1}
        numbers: defaultdict[str, set[str]] = defaultdict(set)
        for template, texts in self._texts.items():
            if len(RUN.findall(template)) == 1:
                numbers[RUN.sub("9", template)].update(digits for text in texts for digits in NUMBER.findall(text))
        counted = {template for template, seen in numbers.items() if _is_count(seen)}
        return frozenset(several | counted)

    @cached_property
    def broken(self) -> dict[str, Broken]:
        """Every text of the column that breaks a template."""
        return {text: broken for text in self.cells if (broken := self.ask(text))} if self.often else {}

    def ask(self, text: str) -> Broken | None:
        """What template a text, known or not, breaks by one typing error."""
        if not self.often or not 2 <= len(text) <= LONGEST:
            return None
        own = self._shape(text)
        if own in self.often or self.shapes.get(own, 0) > usual(self.total):
            return None
        near = [
            (other, edit)
            for other, edit in self._index.of(own)
            if self.often[other] > 2 * self.shapes.get(own, 0)
            and not mark_for_mark(edit, other)
            and not (set(edit.old + edit.new) == {"9"} and RUN.sub("9", own) == RUN.sub("9", other) in self._running)
        ]
        if not near:
            return None
        template, edit = max(near, key=lambda pair: (self.often[pair[0]], pair[0]))
        sources = set(self._sources(text, template, edit)) if len(near) == 1 else set()
        right = next(iter(sources)) if len(sources) == 1 else None
        seen = self._seen(own, template, edit, len(sources))
        return Broken(text, template, max(1, self.shapes.get(own, 1)), self.often[template], right, seen)

    def _count(self) -> None:
        self.shapes: Counter[str] = Counter()
        self._texts: defaultdict[str, list[str]] = defaultdict(list)
        for text, count in self.cells.items():
            own = self._shape(text)
            self.shapes[own] += count
            self._texts[own].append(text)

    def _shape(self, text: str) -> str:
        own = shape(text)
        return own.translate(ONE_CLASS) if self.mixed else own

    def _sources(self, text: str, template: str, edit: Edit) -> Iterator[str]:
        """The texts of a template, as far as its signs are known, that one such error turns into this one."""
        signs = self._signs[template]
        for at in range(len(text) + 1):
            if edit.kind == "insert":
                some = [text[:at] + text[at + len(edit.new) :]]
            elif edit.kind == "swap":
                some = [text[:at] + text[at : at + 2][::-1] + text[at + 2 :]]
            elif at < len(template):
                rest = at if edit.kind == "delete" else at + 1
                some = [text[:at] + sign + text[rest:] for sign in signs[at]]
            else:
                some = []
            yield from (source for source in some if source != text and self._fits(source, template))

    def _fits(self, text: str, template: str) -> bool:
        """Is it built like the template, with no sign where the template never has it?"""
        if self._shape(text) != template:
            return False
        return all(sign in known for sign, known in zip(text, self._signs[template], strict=True))

    def _seen(self, own: str, template: str, edit: Edit, sources: int) -> dict[str, float]:
        count = self.often[template]
        kinds = {CLASSES.get(sign, "mark") for sign in edit.old + edit.new}
        beside = template[max(0, edit.at - 1) : edit.at + len(edit.old) + 1]
        run = edit.kind in ("insert", "delete") and (edit.old + edit.new)[0] in beside.replace(edit.old, "", 1)
        seen = {
            "share": log(count / max(1, self.total - count)) if count < self.total else log(self.total),
            "template cells": min(log(count), 5.0),
            "cells of the shape": log(max(1, self.shapes.get(own, 1))),
            "templates": log(len(self.often)),
            "shapes": log((sum(n > 1 for n in self.shapes.values()) + 1) / (len(self.shapes) + 1)),
            "other cells": log((self.total - sum(self.often.values()) + 1) / (self.total + 1)),
            "length": log(len(template)),
            "one source": float(sources == 1),
            "no source": float(sources == 0),
            "longer or shorter run": float(run),
            "first": float(edit.at == 0),
            "last": float(edit.at + len(edit.old) >= len(template)),
            "mixed": float(self.mixed),
            "several kinds": float(len(kinds) > 1),
            edit.kind: 1.0,
        }
        return seen | {f"{edit.kind} {kind}": 1.0 for kind in kinds}


def _is_count(numbers: set[str]) -> bool:
    """Do most numbers between the least and the largest occur, without leading zeros?"""
    values = [int(digits) for digits in numbers]
    padded = any(digits[0] == "0" and len(digits) > 1 for digits in numbers)
    return len(values) >= FEWEST and not padded and len(values) >= COUNTED * (max(values) - min(values))


def _signs(texts: list[str], template: str) -> list[frozenset[str]]:
    """Per position the signs that may be there: those always seen, or where they vary, all that vary in its class."""
    seen = [frozenset(column) for column in zip(*texts, strict=True)]
    varied = {kind: frozenset[str]().union(*_varied(seen, template, kind)) for kind in set(template)}
    return [at_place if len(at_place) <= FIXED else varied[kind] for at_place, kind in zip(seen, template, strict=True)]


def _varied(seen: list[frozenset[str]], template: str, kind: str) -> list[frozenset[str]]:
    return [at_place for at_place, own in zip(seen, template, strict=True) if own == kind and len(at_place) > FIXED]
