"""How answers end, and what their file is used to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FINISHED = r"[.!?。！？…‼⁉।؟][\s\"'”’»」』)\]）】*_~`>]*$|[\"”」』]\s*$|\p{So}\s*$|</\w+>\s*$|```\s*$"
HANGING = r"(?:[,，、;；:：(（\[{「『“=&<-]|\s[-*•–—+/\\]|\s\d{1,2}[.)])\s*$"
MARKED_LINE = r"(?s)\n(?P<mark>[#=>*$\\\[<]{1,8}|[^\s\w]{0,2}(?:Answer|ANSWER|答案|答)\s*[:：])[^\n]*$"
CODE_LINE = r"[{};=|<>_\\]|\w\(|//|::"
HAN_SMALL = re.compile("[的了是在和我你他她它不有也就都要会能让用把被对从到以可这那]")
FUNCTION_WORDS = re.compile(
    "a|an|the|and|or|but|nor|of|to|in|on|at|by|for|with|from|into|onto|about|between|as|than|that|which|who|whose|whom|"
    "because|if|while|when|where|is|are|was|were|be|been|being|has|have|had|will|would|can|could|should|may|might|must|"
    "his|her|their|its|our|your|my|this|these|those|it's|i'm|you're|we're|they're|don't|doesn't|isn't|very|not|such|so|"
    "also|including|through|during|within|without|under|over|per|via"
)
HAN_HANGING = re.compile(
    r"(?:[的和与或及在把被对从向而且但因为所以如果以及比还又就才是使让给由于关于并]|例如|比如|首先|其次|包括)$"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?](?=[\s\"”')])|[。！？]")
LIST_ITEM = re.compile(r"^\s*(?:[-*•+–]|\d{1,3}[.):-]|[a-zA-Z][.)])\s*\S|^[^.!?\n]{1,40}:\s*\S|^[^\n|]*\|")
BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "《": "》", "“": "”", "「": "」"}
PROSE_WORDS = 5
MARKER_SHARE = 0.9
ENOUGH = 20  # answers from which on a habit is one
CLASSES = ("word", "line", "item", "code")
HABIT = 0.93


@dataclass(frozen=True)
class Habits:
    """What the answers of a file have in common at their ends.

    Parameters
    ----------
    markers : tuple of (str, int)
        How the last lines of answers of several lines begin, where with a mark, and how often; the commonest first.
    lined : int
        Answers of several lines.
    sizes, finished : tuple of int, length 4
        Answers whose last line is a word or two, a line of words, an item of a list, code; and how many of them end
        with a mark that ends sentences.
    """

    markers: tuple[tuple[str, int], ...]
    lined: int
    sizes: tuple[int, ...]
    finished: tuple[int, ...]

    def merge(self, other: "Habits") -> "Habits":
        counts = dict(self.markers)
        for mark, n in other.markers:
            counts[mark] = counts.get(mark, 0) + n
        sizes = tuple(a + b for a, b in zip(self.sizes, other.sizes, strict=True))
        finished = tuple(a + b for a, b in zip(self.finished, other.finished, strict=True))
        return Habits(_top(counts), self.lined + other.lined, sizes, finished)

    @property
    def marker(self) -> tuple[str, float]:
        """The mark that last lines begin with, and the share that does; "" where there is no such habit."""
        if not self.markers or self.lined < ENOUGH or self.markers[0][1] < MARKER_SHARE * self.lined:
            return "", 0.0
        return self.markers[0][0], self.markers[0][1] / self.lined

    def finishing(self, kind: int) -> float:
        """The share of answers of a class that end with a mark; a half where there are few."""
        return self.finished[kind] / self.sizes[kind] if self.sizes[kind] >= ENOUGH else 0.5


def _top(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def habits(answers: pa.Array) -> Habits:
    """The habits of some answers."""
    text = pc.utf8_rtrim_whitespace(answers.drop_null())
    last = pc.struct_field(pc.extract_regex(text, MARKED_LINE), "mark")
    counts = {one["values"]: one["counts"] for one in pc.value_counts(last.drop_null()).to_pylist()}
    finished = np.asarray(pc.match_substring_regex(text, FINISHED))
    kinds = classes(text)
    lined = int(pc.sum(pc.match_substring(text, "\n")).as_py() or 0)
    sizes = np.bincount(kinds, minlength=len(CLASSES)).tolist()
    return Habits(_top(counts), lined, tuple(sizes), tuple(np.bincount(kinds[finished], minlength=4).tolist()))


def classes(texts: pa.Array) -> np.ndarray:
    """(n,) int: what the last line is, as a place in ``CLASSES``."""
    line = pc.struct_field(pc.extract_regex(texts, r"(?s)(?P<line>[^\n]*)$"), "line")
    spaces = pc.count_substring_regex(line, r"\s").to_numpy()
    han = pc.count_substring_regex(line, r"\p{Han}").to_numpy()
    out = np.where((spaces >= PROSE_WORDS - 1) | (han >= PROSE_WORDS + 1), 1, 0)
    out[np.asarray(pc.match_substring_regex(line, LIST_ITEM.pattern))] = 2
    out[np.asarray(pc.match_substring_regex(line, CODE_LINE))] = 3
    return out


@dataclass(frozen=True)
class Sign:
    """One sign that a text was cut: how likely it makes that, and the words for it."""

    chance: float
    words: str


def signs(text: str, vocabulary: Mapping[str, int], finishing: float, kind: int) -> list[Sign]:
    """The signs that a text which does not end with a mark was cut off.

    Parameters
    ----------
    text : str
        Without white space at its end.
    vocabulary : mapping of str to int
        How often each word of the file occurs, lower case.
    finishing : float
        Share of the file's texts of its class that end with a mark.
    kind : int
        Its class, a place in ``CLASSES``.
    """
    lines = text.split("\n")
    line = lines[-1]
    words = WORD.findall(line)
    last = words[-1] if words and line.endswith(words[-1]) else ""
    fragment = SENTENCE_END.split(line)[-1] if kind <= 1 else line
    prose = kind == 1 and is_prose(fragment) and not _verse(lines)
    found = _hanging(line, words, kind, len(lines))
    if FUNCTION_WORDS.fullmatch(last.casefold()) and last.islower() and len(words) > 1 and kind != 3:
        found.append(Sign(0.9, f"it ends with the word {last!r}"))
    elif last.islower() and len(words) > 1:
        found += _cut(last, vocabulary, prose, kind)
    if opened := _open(text):
        near = opened == "```" or line.count(opened) > line.count(BRACKETS[opened])
        found.append(Sign(0.6 if prose or near else 0.4, f"{opened} is never closed"))
    if finishing >= HABIT:
        found.append(Sign(0.5 + 0.4 * finishing, f"{finishing:.0%} of such answers end with a mark, it has none"))
    elif fragment != line and re.search(r"\w", fragment) and fragment.lstrip()[:1] not in "(（—―-":
        found.append(Sign(0.75 if prose else 0.6, "its last sentence has no end, those before it have"))
    elif _ended(lines):
        found.append(Sign(0.7, "its last line has no end, those before it have"))
    elif prose:
        found.append(Sign(0.35 + 0.3 * min(1.0, len(fragment) / 80), "its last sentence has no end"))
    return found


def _hanging(line: str, words: list[str], kind: int, lines: int) -> list[Sign]:
    """Signs that lie in the last character."""
    mark = line.strip()[-1:]
    greeting = lines > 1 and len(words) <= PROSE_WORDS and mark in ",，"
    if re.search(HANGING, line) and kind != 3 and not greeting and "://" not in line:
        return [Sign(0.85, f"it ends with {mark!r}")]
    if HAN_HANGING.search(line) and _han(line) > PROSE_WORDS:
        return [Sign(0.8, f"it ends with {mark!r}")]
    return []


def is_prose(text: str) -> bool:
    """Do these words read like a sentence: small words among them, few capitals, no list of things?"""
    words = WORD.findall(text)
    if _han(text) >= 6:
        return len(HAN_SMALL.findall(text)) >= 0.05 * _han(text) and text.count("、") < 3
    if len(words) < PROSE_WORDS:
        return False
    small = sum(bool(FUNCTION_WORDS.fullmatch(word.casefold())) for word in words)
    capitals = sum(word[0].isupper() for word in words[1:])
    return small >= 0.2 * len(words) and capitals <= 0.4 * len(words) and text.count(",") <= len(words) / 5


def _verse(lines: list[str]) -> bool:
    """Do most lines end without a mark, as in a poem or a list?"""
    said = [line for line in lines[:-1] if line.strip()]
    return len(said) > 1 and sum(not re.search(r"[.!?。！？:：\"”)]\s*$", line) for line in said) > 0.5 * len(said)


def _han(text: str) -> int:
    return sum("\u3400" <= letter <= "\u9fff" for letter in text)


def _ended(lines: list[str]) -> bool:
    """Do the other lines, three or more, end with a mark, and does the last one not greet or sign?"""
    said = [line for line in lines[:-1] if line.strip()]
    kept = sum(bool(re.search(r"[.!?。！？；;]\s*$", line)) for line in said)
    return len(said) > 2 and kept >= 0.8 * len(said) and bool(LIST_ITEM.search(lines[-1]) or len(lines[-1]) > 40)


def _cut(word: str, vocabulary: Mapping[str, int], prose: bool, kind: int) -> list[Sign]:
    """A last word that is found nowhere else and is the beginning of others, or a single letter."""
    if not word.isascii() or len(word) > 12:
        return []
    single = len(word) == 1 and word != "a" and kind != 3
    if single or (vocabulary.get(word, 0) <= 1 and vocabulary.get(f"{word}\0", 0)):
        chance = 0.8 if single else (0.7 if prose else 0.6 if kind != 3 else 0.4)
        return [Sign(chance, f"its last word {word!r} is the beginning of another")]
    return []


def _open(text: str) -> str:
    """A bracket or a code fence that is opened and never closed; "" where there is none."""
    if text.count("```") % 2:
        return "```"
    for begin, end in BRACKETS.items():
        missing = text.count(begin) - text.count(end)
        if missing > 0 and not re.search(r"[:;=]-?[(\[]", text):
            return begin
    return ""


def together(found: list[Sign]) -> float:
    """How likely a text was cut, all signs taken together as if they knew nothing of each other."""
    return 1 - reduce(lambda held, sign: held * (1 - sign.chance), found, 1.0)
