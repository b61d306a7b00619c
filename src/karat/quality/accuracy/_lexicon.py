"""The texts or words of a column: which are one typing error from a frequent one, and how that looks."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, log, log1p

from karat.quality.accuracy._edits import Edit, Neighbours, one_edit, word_at
from karat.quality.accuracy._slips_or_names import letters_likelihood
from karat.quality.english_words import english_words

# cells of a text that others are measured against; best of 1, 3, 6 (benchmarks/constants.md): lower takes slips for
# true texts
FREQUENT = 3
MOST_FREQUENT = 5_000  # of them, so that a lexicon is made in a second or two; cost: slips of rarer ones are missed
LONGEST = 120  # characters; longer texts are looked at word by word; cost: a bound of time
# letters: words so short have near neighbours by nature; best of 1, 3, 6 (benchmarks/constants.md): higher calls more
# slips unsure
SHORT_WORD = 3
# flat from 0.0363 to 0.131 (benchmarks/constants.md): lower leaves more slips alone
HABIT = 0.07  # of the cells: a slip in five cells, a third of them swaps, makes one of two signs so often
# unproven: lower takes a slip made often for a rule of writing
RULE_SHARE = 0.4  # texts that the same edit starts from, and their share of those it could start from
RULE = 5  # flat from 2 to 10 (benchmarks/constants.md): see RULE_SHARE
# flat from 2 to 8 (benchmarks/constants.md): a scale alone, but for the limit of 2 on either side
ODDS_OF_LETTERS = 4.0  # a scale for differences of log likelihood, so that weights are of one size
BEYOND = 4  # times as many as the signs replaced and put in let expect; unproven: lower takes chance for a habit
# unproven: higher fixes more, less surely
CLEAR = 0.2  # of the cells of what was probably meant: with so many, another text may have been
MARKS = 2  # one for another; three and more were not meant; unproven: a judgement
LONG = 10  # characters for each error that leaves a text known; unproven: lower takes other texts for slips
# unproven: higher calls more words strange
STRANGELY_SPELT = -4.0  # log likelihood of the letters, beside what was meant: West is spelt as well as East
REPEATED = 0.5  # benchmarks/do_no_harm.md: cells with a frequent text: right where at least .67, broken below .15
# CLOSED flat from 0.98 to 0.995; OF flat from 10 to 40 (benchmarks/constants.md): looser takes open columns for lists
CLOSED, OF = 0.99, 20  # of the cells hold a frequent text, of which there are at most so many: a list to choose from
# cells at most of a word that is not on it; flat from 1 to 4 (benchmarks/constants.md): more may be a true word
# left off
SLIP_OF_A_LIST = 2
# cost: bounds time; beyond, such texts are not asked
MOST_COMPARED = 1_000  # frequent texts that one with several errors is compared with


@dataclass(frozen=True)
class NearText:
    """A text, the frequent text that it may be a slip of, and what speaks for and against.

    Parameters
    ----------
    seen : dict of str to float
        Features by name; what is absent is 0.
    clear : bool
        Is no other frequent text one error away that occurs nearly as often?
    """

    text: str
    meant: str
    cells: int
    meant_cells: int
    edit: Edit
    seen: dict[str, float]
    clear: bool


@dataclass
class Lexicon:
    """Distinct texts and their cells, asked for texts that are one typing error from a frequent one.

    Parameters
    ----------
    cells : dict of str to int
        How often each text occurs.
    words : bool
        Words of a table (then short words and their neighbours by a gap are treated with care), or whole cells.
    """

    cells: dict[str, int]
    words: bool = False
    total: int = field(init=False)
    shapes: Counter[str] = field(init=False)
    clouds: Counter[str] = field(init=False)
    closed: bool = field(init=False)
    density: tuple[float, float] = field(init=False)
    loners: float = field(init=False)
    names: float = field(init=False)
    near: dict[str, NearText] = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.cells.values())
        often = [text for text, count in self.cells.items() if count >= FREQUENT and len(text) <= LONGEST]
        self._often = sorted(often, key=lambda text: (-self.cells[text], text))[:MOST_FREQUENT]
        listed = sum(self.cells[text] for text in self._often)
        self._repeats = listed >= REPEATED * self.total
        self.closed = not self.words and len(self._often) <= OF and listed >= CLOSED * self.total
        self._index = Neighbours(self._often)
        self._one_mark = self.words and all(len(_marks(text)) <= 1 for text in self._often)
        self._variants = Counter(_mixed(text) for text in self._often)
        self.shapes = Counter()
        for text, count in self.cells.items():
            self.shapes[shape(text)] += count
        pairs = (
            {text: candidates for text in self.cells if (candidates := self._candidates(text))} if self._often else {}
        )
        best = {text: self._best(candidates) for text, candidates in pairs.items()}
        self._rules = self._rules_of(best)
        self.clouds = Counter(
            meant for text, (meant, _) in best.items() if self.cells[meant] >= RULE * self.cells[text]
        )
        self.density = self._densities()
        singles = sum(count == 1 and text not in best for text, count in self.cells.items())
        rare = sum(count < FREQUENT for count in self.cells.values())
        self.names = rare * exp(self.density[0])  # rare texts that would be near a frequent one if all were right
        self.loners = log((singles + 0.5) / max(1, self.total))
        self.near = {text: self._near(text, *best[text], candidates) for text, candidates in pairs.items()}
        self.near = {text: near for text, near in self.near.items() if self._key(near) not in self._rules}

    def ask(self, text: str) -> NearText | None:
        """What a text, known or not, may be a slip of."""
        if text in self.cells:
            return self.near.get(text)
        candidates = self._candidates(text)
        near = self._near(text, *self._best(candidates), candidates) if candidates else None
        return near if near and self._key(near) not in self._rules else None

    def far(self, text: str) -> str | None:
        """A frequent long text that a text differs from in a few places.

        None where frequent ones do so themselves, and where most cells hold no frequent text: of many names that occur
        once, some are a few letters from others by nature.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        limit = _allowed(len(text)) if self._repeats else 0
        if not limit or len(self._often) > MOST_COMPARED or self.cells.get(text, 0) >= FREQUENT or _is_number(text):
            return None
        close = [other for other in self._often if abs(len(other) - len(text)) <= limit]
        matches = process.extract(text, close, scorer=OSA.distance, score_cutoff=limit, limit=2)
        hits = [other for other, apart, _ in matches if apart > 1]
        digits = [sign for sign in text if sign.isdigit()]
        if len(matches) != 1 or not hits or letters_likelihood(text) - letters_likelihood(hits[0]) > STRANGELY_SPELT:
            return None
        same = digits == [sign for sign in hits[0] if sign.isdigit()]
        return hits[0] if same and (one_edit(text, hits[0]) or _single_slips(text, hits[0])) else None

    def _candidates(self, text: str) -> list[tuple[str, Edit]]:
        """Frequent texts one typing error away, where the difference is not one that tells things apart by design."""
        if not 1 <= len(text) <= LONGEST or self.cells.get(text, 0) > usual(self.total):
            return []
        near = list(self._index.of(text, self._gap(text)))
        if not near or _is_number(text):
            return []
        own = shape(text)
        by_design = "9" in own and self._variants.get(_mixed(text), 0) >= RULE
        cells, shaped = self.cells.get(text, 0), self.shapes.get(own, 0)
        return [
            (other, edit)
            for other, edit in near
            if self.cells[other] > cells
            and _spelt_otherwise(text, other)
            and not (_all_digits(edit) and shaped > cells)  # an own number, date or code, written as others are
            and not (by_design and len(text) == len(other))  # GUIDs and the like differ in any sign
            and not mark_for_mark(edit, other)
            and not (len(other) == 1 and edit.kind == "replace")
            and any(sign.isalnum() for sign in other)
            and (self._beside_a_list(text) or not _is_word(word_at(text, edit.at)))  # ethanol is no slip for methanol
            and (not self.words or _comparable(text, other, edit))
        ]

    def _gap(self, text: str) -> int | None:
        """Where the only mark of two neighbouring words stands: of edits, only those of it count; None to try all.

        Where no frequent text has two marks, whatever such an edit leads to lacks this one or has another there.
        """
        marks = _marks(text) if self._one_mark else []
        return marks[0] if len(marks) == 1 else None

    def _beside_a_list(self, text: str) -> bool:
        """Is it one word, hardly ever met, in a column of a few texts: a true word, but not on the list?"""
        return self.closed and text.isalpha() and self.cells.get(text, 0) <= SLIP_OF_A_LIST

    def _best(self, candidates: list[tuple[str, Edit]]) -> tuple[str, Edit]:
        return max(candidates, key=lambda pair: (self.cells[pair[0]], pair[0]))

    def _densities(self) -> tuple[float, float]:
        """How often frequent texts lie as close together themselves: by letters, by digits."""
        hits = [0.0, 0.0]
        for text in self._often:
            kinds = {
                _all_digits(edit)
                for other, edit in self._index.of(text)
                if _spelt_otherwise(text, other) and 0.1 < self.cells[other] / self.cells[text] < 10
            }
            hits[0] += False in kinds
            hits[1] += True in kinds
        return (
            log((hits[0] + 0.2) / (len(self._often) + 2)),
            log((hits[1] + 0.2) / (len(self._often) + 2)),
        )

    def _key(self, near: NearText) -> tuple[str, str, str]:
        return _key(near.meant, near.edit)

    def _rules_of(self, best: dict[str, tuple[str, Edit]]) -> frozenset[tuple[str, str, str]]:
        """Edits from so many texts that they mean something: al_1, al_2 … beside ak_1, ak_2 …"""
        starts: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for meant, edit in best.values():
            starts[_key(meant, edit)].add(meant)
        news, olds = Counter[str](), Counter[tuple[str, str]]()
        for (before, old, new), texts in starts.items():
            news[new] += len(texts)
            olds[before, old] += len(texts)
        total = sum(news.values())
        return frozenset(
            key
            for key, texts in starts.items()
            if (
                len(texts) >= RULE
                and len(texts) >= RULE_SHARE * sum(key[0] + key[1] in f"^{word}" for word in self._often)
            )
            or len(texts) >= max(FREQUENT, BEYOND * olds[key[:2]] * news[key[2]] / total)
        )

    def _near(self, text: str, meant: str, edit: Edit, candidates: list[tuple[str, Edit]]) -> NearText:
        cells, often = self.cells.get(text, 1), self.cells[meant]
        signs, digits = edit.old + edit.new, _all_digits(edit)
        word, right = word_at(text, edit.at), word_at(meant, edit.at)
        mark = any(not sign.isalnum() for sign in signs)
        last = edit.at + len(edit.old) >= len(meant)
        seen = {
            "ratio": min(log(often / cells), 4.0),
            "meant cells": min(log(often), 5.0),
            "cells": log(cells),
            edit.kind: 1.0,
            "mark": float(mark),
            "case": _case_breaks(text, meant),
            "meant a word": float(_is_word(right)),
            "length": log(len(meant)),
            "first": float(edit.at == 0),
            "last": float(last),
            "length at the end": float(last and edit.kind in ("insert", "delete")),
            "shape": log1p(20 * max(0, self.shapes.get(shape(text), 0) - cells) / self.total),
            "density": self.density[digits],
            "cloud": log(max(1, self.clouds.get(meant, 1))),
            "alternatives": log(len(candidates)),
            "loners": self.loners,
            "short": float(len(meant) <= SHORT_WORD),
            "a word": float(_is_word(word)),
            "has digits": float(any(sign.isdigit() for sign in meant)),
        }
        if digits:
            seen |= {"digits": 1.0, f"digits {edit.kind}": 1.0}
        else:
            seen |= _of_words(word, right, edit, mark, bool(seen["has digits"]))
        clear = sum(self.cells[other] >= CLEAR * often for other, _ in candidates) == 1
        return NearText(text, meant, cells, often, edit, seen, clear)


def _of_words(word: str, right: str, edit: Edit, mark: bool, has_digits: bool) -> dict[str, float]:
    """What speaks for an edit of letters or marks in the word around it."""
    short = len(right) <= SHORT_WORD
    seen = {
        "word length": log1p(len(right)),
        "short replace": float(short and edit.kind == "replace"),
        "short swap": float(short and edit.kind == "swap"),
        "code": float(has_digits or (right.isupper() and len(right) <= SHORT_WORD + 1)),
    }
    if not mark:
        odds = (letters_likelihood(word) - letters_likelihood(right)) / ODDS_OF_LETTERS
        seen["letters"] = max(-2.0, min(2.0, odds))
    return seen


def _marks(text: str) -> list[int]:
    """Places of the signs that are no letters or digits."""
    return [] if text.isalnum() else [at for at, sign in enumerate(text) if not sign.isalnum()]


def _single_slips(text: str, meant: str) -> bool:
    """Do they differ in single signs apart from each other, not all of them marks: no hr analyst for qa analyst?"""
    from rapidfuzz.distance import Levenshtein

    parts = Levenshtein.opcodes(meant, text)
    slips = [part for part in parts if part.tag != "equal"]
    apart = all(left.tag == "equal" or right.tag == "equal" for left, right in pairwise(parts))
    single = all(max(slip.src_end - slip.src_start, slip.dest_end - slip.dest_start) == 1 for slip in slips)
    signs = "".join(meant[slip.src_start : slip.src_end] + text[slip.dest_start : slip.dest_end] for slip in slips)
    return apart and single and any(sign.isalnum() for sign in signs)


def _allowed(length: int) -> int:
    """Errors that a text of so many characters may have and still be known."""
    return 0 if length < LONG else max(2, length // LONG)


class _Signs(dict[int, str]):
    """What stands for each sign, by its code, asked once per sign: millions of texts are written so."""

    def __init__(self, of: Callable[[str], str]) -> None:
        self.of = of

    def __missing__(self, code: int) -> str:
        self[code] = self.of(chr(code))
        return self[code]


_SHAPES = _Signs(lambda c: "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c)
_MIXED = _Signs(lambda c: "x" if c.isalnum() else c)


def shape(text: str) -> str:
    """Every digit as 9, every capital as A, every other letter as a."""
    return text.translate(_SHAPES)


def usual(total: int) -> float:
    """Cells from which on a text, or a way of building it, is one of the column's own."""
    return max(RULE, HABIT * total)


def _mixed(text: str) -> str:
    """Every letter and digit as x."""
    return text.translate(_MIXED)


def mark_for_mark(edit: Edit, meant: str) -> bool:
    """One mark for another, or one more or less at the end (300+, a web address with /): ways of writing, not slips."""
    signs = edit.old + edit.new
    at_the_end = edit.kind != "swap" and edit.at + len(edit.old) >= len(meant)
    return len(signs) <= MARKS and not any(sign.isalnum() for sign in signs) and (edit.kind == "replace" or at_the_end)


def _key(meant: str, edit: Edit) -> tuple[str, str, str]:
    """The sign before an edit, what is replaced and by what."""
    return f"^{meant}"[edit.at], edit.old, edit.new


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,. ]*\d[\d,. ]*(?:[eE][-+]?\d+)?%?", text))


def _all_digits(edit: Edit) -> bool:
    return (edit.old + edit.new).isdigit()


def _spelt_otherwise(text: str, other: str) -> bool:
    """Do they differ in more than blanks and case, which are changes of form?"""
    return " ".join(text.split()).casefold() != " ".join(other.split()).casefold()


def _comparable(text: str, other: str, edit: Edit) -> bool:
    """Words of some length; two words that stand together, only where the gap between them is the matter."""
    if text.isalpha() and other.isalpha():
        return len(other) > SHORT_WORD
    return any(not sign.isalnum() for sign in edit.old + edit.new)


def _is_word(word: str) -> bool:
    return len(word) >= SHORT_WORD and word.lower() in english_words()[1]


def _case_breaks(text: str, meant: str) -> float:
    """How many places more a text has than another where a small letter stands before or between capitals."""
    return float(min(2, max(0, _breaks(text) - _breaks(meant))))


def _breaks(text: str) -> int:
    inside = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    between = sum(
        a.isupper() and b.islower() and c.isupper() for a, b, c in zip(text, text[1:], text[2:], strict=False)
    )
    return inside + between + (text[:1].islower() and text[1:2].isupper())
