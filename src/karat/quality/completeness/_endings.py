"""How answers end, and what their file is used to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import ALMOST_ALL, SAMPLE

MARK = r"[.!?。！？…‼⁉।؟][\s\"'”’»」』)\]）】*_~`>]*$"
FINISHED = MARK + r"|[\"”」』]\s*$|\p{So}\s*$|</\w+>\s*$|```\s*$"
MARKED_LINE = r"(?s)\n(?P<mark>[#=>*$\\\[<]{1,8}|[^\s\w]{0,2}(?:Answer|ANSWER|答案|答)\s*[:：])[^\n]*$"
LAST_LINE = r"(?s)(?P<line>[^\n]*)$"
CODE_LINE = r"[{};=|<>_\\]|\w\(|//|::"
LIST_ITEM = re.compile(r"^\s*(?:[-*•+–]|\d{1,3}[.):-]|[a-zA-Z][.)])\s*\S|^[^.!?\n]{1,40}:\s*\S|^[^\n|]*\|")
EARLIER_END = r"\p{L}{3}[.!?][\s\"”')]|[。！？]"
CLOSED_LINE = r"[.!?。！？;；:：][\"”')]*[ \t]*\n"
PROSE_WORDS = 5  # unproven: words from which a line is running text
LONG_LETTERS, LONG_HAN = 40, 12  # unproven: letters, or Chinese characters, of a fragment that is long
# What stands behind the last end of a sentence in the last line
FRAGMENT = r"(?s)(?:^|.*\p{L}{3}[.!?:][\s\"”')]+|.*[。！？：])(?P<fragment>.*)$"
SMALL_WORDS = (
    r"(?i)\b(?:a|an|the|and|or|but|of|to|in|on|at|by|for|with|from|into|about|as|than|that|which|who|because|if|when|"
    r"where|is|are|was|were|be|been|has|have|had|will|would|can|could|should|may|might|must|his|her|their|its|our|your|"
    r"my|this|these|those|it|he|she|they|we|you|i|not|do|does|did|so|there|what|how)\b"
)
SMALL_HAN = "[的了是在和我你他她它不有也就都要会能让用把被对从到以可这那]"
CLASSES = ("word", "line", "item", "code")
BEFORE = ("nothing", "a sentence", "closed lines", "open lines")
FORM = ("short", "long", "prose")
CONTEXTS = len(CLASSES) * len(BEFORE) * len(FORM)


@dataclass(frozen=True)
class EndingHabits:
    """What the answers of a file have in common at their ends.

    Parameters
    ----------
    markers : tuple of (str, int)
        How the last lines of answers of several lines begin, where with a mark, and how often; the commonest first.
    lined : int
        Answers of several lines.
    """

    markers: tuple[tuple[str, int], ...]
    lined: int

    def merge(self, other: "EndingHabits") -> "EndingHabits":
        counts = dict(self.markers)
        for mark, n in other.markers:
            counts[mark] = counts.get(mark, 0) + n
        return EndingHabits(_top(counts), self.lined + other.lined)

    @property
    def marker(self) -> tuple[str, float]:
        """The mark that last lines begin with, and the share that does; "" where there is no such habit."""
        if not self.markers or self.lined < SAMPLE or self.markers[0][1] < ALMOST_ALL * self.lined:
            return "", 0.0
        return self.markers[0][0], self.markers[0][1] / self.lined


def _top(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def habits(text: pa.Array) -> EndingHabits:
    """The habits of some answers.

    Parameters
    ----------
    text : pyarrow.Array of large string
        None null, none with white space at its end.
    """
    last = pc.struct_field(pc.extract_regex(text, MARKED_LINE), "mark")
    counts = {entry["values"]: entry["counts"] for entry in pc.value_counts(last.drop_null()).to_pylist()}
    lined = int(pc.sum(pc.match_substring(text, "\n")).as_py() or 0)
    return EndingHabits(_top(counts), lined)


def finished(text: pa.Array) -> np.ndarray:
    """(n,) bool: it ends with a mark that ends sentences, a quotation or a block."""
    return np.asarray(pc.match_substring_regex(text, FINISHED))


def contexts(text: pa.Array) -> np.ndarray:
    """(n,) int in [0, CONTEXTS): what the last line is, what stands before its last sentence, what form that has.

    The mark at the end is not looked at, so that an answer with it and the same without it have one context.
    """
    text = pc.replace_substring_regex(text, MARK, "")
    line = pc.struct_field(pc.extract_regex(text, LAST_LINE), "line")
    spaces = pc.count_substring_regex(line, r"\s").to_numpy()
    han = pc.count_substring_regex(line, r"\p{Han}").to_numpy()
    kind = np.where((spaces >= PROSE_WORDS - 1) | (han >= PROSE_WORDS + 1), 1, 0)
    kind[np.asarray(pc.match_substring_regex(line, LIST_ITEM.pattern))] = 2
    kind[np.asarray(pc.match_substring_regex(line, CODE_LINE))] = 3
    said = np.asarray(pc.match_substring_regex(line, EARLIER_END))
    lines = pc.count_substring_regex(text, r"\S[ \t]*\n").to_numpy()
    closed = pc.count_substring_regex(text, CLOSED_LINE).to_numpy()
    before = np.where(said, 1, np.where(lines == 0, 0, np.where(closed >= 0.7 * lines, 2, 3)))
    long = (pc.utf8_length(line).to_numpy() > LONG_LETTERS) | (han > LONG_HAN)
    form = np.where(_prose(line), 2, long)
    return (kind * len(BEFORE) + before) * len(FORM) + form


def _prose(line: pa.Array) -> np.ndarray:
    """(n,) bool: the last sentence begun reads like one: small words among five or more, few commas."""
    fragment = pc.struct_field(pc.extract_regex(line, FRAGMENT), "fragment")
    words = pc.count_substring_regex(fragment, r"\p{L}+").to_numpy()
    small = pc.count_substring_regex(fragment, SMALL_WORDS).to_numpy()
    commas = pc.count_substring(fragment, ",").to_numpy()
    spaced = (words >= PROSE_WORDS) & (small >= 0.2 * words) & (commas <= words / 5)
    han = pc.count_substring_regex(fragment, r"\p{Han}").to_numpy()
    little = pc.count_substring_regex(fragment, SMALL_HAN).to_numpy()
    return spaced | ((han > PROSE_WORDS) & (little >= 0.05 * han))


def class_of(context: int) -> int:
    """What the last line is, a place in ``CLASSES``."""
    return context // (len(BEFORE) * len(FORM))


def described(context: int) -> str:
    """A context in words."""
    before = BEFORE[context // len(FORM) % len(BEFORE)]
    return f"{FORM[context % len(FORM)]} {CLASSES[class_of(context)]} after {before}"
