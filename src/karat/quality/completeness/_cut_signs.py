"""Signs that a text was cut off."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from karat.quality.completeness._endings import CLASSES
from karat.quality.english_words import begins_english, is_english

NONE, BROKEN, ODD, HANGING, NEVER, OPEN, FAR, SHAPE = KINDS = range(8)
HANGS = re.compile(r"(?:[,，、;；:：(（\[{「『“=&<-]|\s[-*•–—+/\\]|\s\d{1,2}[.)])\s*$")
HAN_HANGS = re.compile(
    r"(?:[的和与或及在把被对从向而且但因为所以如果以及比还又就才是使让给由于关于并]|例如|比如|首先|其次|包括)$"
)
FUNCTION_WORDS = re.compile(
    "a|an|the|and|or|but|nor|of|to|in|on|at|by|for|with|from|into|onto|about|between|as|than|that|which|who|whose|whom|"
    "because|if|while|when|where|is|are|was|were|be|been|being|has|have|had|will|would|can|could|should|may|might|must|"
    "his|her|their|its|our|your|my|this|these|those|it's|i'm|you're|we're|they're|don't|doesn't|isn't|very|not|such|so|"
    "also|including|through|during|within|without|under|over|per|via"
)
BLOCK = re.compile(r"^\s*(?:if|elif|for|while|def|class|with|except)\b.*:\s*$", re.MULTILINE)
HEADER = re.compile(r"\s*(?:if|elif|for|while|def|class|with|except)\b[^:]*$")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
HAN = re.compile("[\u3400-\u9fff]")
BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "《": "》", "“": "”", "「": "」"}
FORMS = re.compile(r"(?:['’]?s|es|e?d|e?rs?|ing|ings|ly|al|y|e?n|['’]\w+|ness|ful|less|ment)")
SMILEY = re.compile(r"[:;=]-?[(\[]")


@dataclass(frozen=True)
class CutSign:
    """What the end of a text shows: one of the kinds above, and the words for it."""

    kind: int
    words: str


@dataclass(frozen=True)
class Vocabulary:
    """What a file's own words tell.

    Parameters
    ----------
    counts : mapping of str to int
        How often each word occurs; under a word and a NUL how often longer ones that are no form of it do.
    """

    counts: Mapping[str, int]

    def broken(self, word: str) -> int:
        """``BROKEN`` for the beginning of a word that is none itself, ``ODD`` for what might be, else ``NONE``."""
        low, single = word.lower(), len(word) == 1
        if not word.isascii() or is_english(word) or (word.isupper() and not single):
            return NONE
        often, longer = self.counts.get(low, 0), self.counts.get(f"{low}\0", 0)
        if often > 1 + 0.02 * longer:
            return NONE
        if single:
            return BROKEN if word.islower() else ODD
        if longer and (len(word) > 2 or word.islower()):
            return BROKEN if word.islower() or len(word) > 3 else ODD
        if begins_english(word):
            return BROKEN if len(word) > 3 and (word.islower() or len(word) > 4) else ODD
        return NONE


class WordCounts:
    """How often each word of some texts occurs, and longer ones that begin with it; those are counted when asked.

    Parameters
    ----------
    counts : dict of str to int
        By word, in small letters.
    """

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts, self._sorted = counts, sorted(counts)

    def longer(self, word: str) -> int:
        """How often words occur that begin with this one and are no form of it."""
        first = bisect_right(self._sorted, word)
        words = takewhile(lambda other: other.startswith(word), islice(self._sorted, first, None))
        return sum(self.counts[other] for other in words if not FORMS.fullmatch(other, len(word)))


def sign(text: str, kind: int, vocabulary: Vocabulary) -> CutSign:
    """The strongest sign that a text which does not end with a mark was cut off.

    Parameters
    ----------
    text : str
        Without white space at its end.
    kind : int
        What its last line is, a place in ``CLASSES``.
    """
    lines = text.split("\n")
    line = lines[-1]
    words = WORD.findall(line)
    last = words[-1] if words and line.endswith(words[-1]) else ""
    han = bool(HAN.search(line[-1:]))
    code = CLASSES[kind] == "code"
    broken = vocabulary.broken(last) if last and not han and (len(words) > 1 or len(lines) > 1) else NONE
    alone = len(last) == 1 and (code or len(words) == 1)
    if broken == BROKEN and not alone:
        return CutSign(BROKEN, f"its last word {last!r} is the beginning of another")
    if hanging := _hanging(line, words, code=code, several=len(lines) > 1):
        return hanging
    if han and HAN_HANGS.search(line) and len(line) > 6:
        return CutSign(NEVER, f"it ends with {line[-1]!r}")
    if last[1:] == last[1:].lower() and not code and FUNCTION_WORDS.fullmatch(last.lower()) and len(text) > len(last):
        return CutSign(NEVER, f"it ends with the word {last!r}")
    if HEADER.match(line) and BLOCK.search(text):
        return CutSign(HANGING, "its last line wants a colon")
    odd = CutSign(ODD, f"its last word {last!r} may be the beginning of another") if broken and not alone else None
    return _open(text, line) or odd or _shape(lines)


def _hanging(line: str, words: Sequence[str], *, code: bool, several: bool) -> CutSign | None:
    mark = line.strip()[-1:]
    greeting = several and len(words) <= 5 and mark in ",，"
    if HANGS.search(line) and not code and not greeting and "://" not in line:
        return CutSign(HANGING, f"it ends with {mark!r}")
    return None


def _open(text: str, line: str) -> CutSign | None:
    """A bracket or a code fence that is opened and never closed, in the last line or before."""
    if text.count("```") % 2:
        return CutSign(FAR, "``` is never closed")
    for begin, end in BRACKETS.items():
        if text.count(begin) > text.count(end) and not SMILEY.search(text):
            near = line.count(begin) > line.count(end)
            return CutSign(OPEN if near else FAR, f"{begin} is never closed")
    return None


def _shape(lines: Sequence[str]) -> CutSign:
    """A last line that stops short of the shape that the lines before it share: cells of a row, length of a code."""
    said = [line for line in lines if line.strip()]
    if len(said) > 2:
        bars = [line.count("|") for line in said[-3:]]
        if bars[0] == bars[1] > bars[2] > 0 or (bars[0] == bars[1] > 1 and bars[2] == 0 and len(said[-1]) < 20):
            return CutSign(SHAPE, "its last row has fewer cells than those before")
        tails = [line.split()[-1] for line in said[-3:]]
        if len(tails[0]) == len(tails[1]) > max(12, len(tails[2])):
            return CutSign(SHAPE, "its last line is shorter than those before, which are all as long")
    return CutSign(NONE, "")
