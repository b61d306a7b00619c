"""Rare words that are a slip of the finger away from frequent ones, and how far a column's habits make that a slip."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

FREQUENT, RATIO = 5, 10  # a word others are measured against; how much rarer than it a slip is
SHORT_RATIO = 50
MOST_FREQUENT, MOST_PAIRS = 2_000, 8_000_000
SHORTEST, SHORTEST_HAN = 3, 3
LIKELIER, UNLIKELIER = 6.0, 0.8  # odds when the letters do not follow each other elsewhere, and when they do
RULE, RULE_SHARE = 5, 0.4  # different words that one edit leads to, and their share of the words it could lead to
CEILING, SHORT_CEILING = 0.97, 0.93
MEASURED = ((0.0, 0.0), (0.5, 0.5), (0.7, 0.55), (0.8, 0.94), (1.0, 0.99))  # share right, where the truth is known
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LOOKALIKES = (
    *(
        "己已巳",
        "未末",
        "土士",
        "日曰",
        "人入",
        "干千于",
        "大太犬",
        "侯候",
        "拔拨",
        "折拆",
        "戊戌戍",
        "赢羸",
        "辩辨瓣",
        "坐座",
    ),
    *("在再", "做作", "帐账", "像象", "历厉", "洲州", "市巿", "名各", "天夭", "东冻", "冶治", "贷货", "侍待", "班斑"),
    *("幕慕墓", "密蜜", "桨浆奖"),
)


def _neighbours() -> frozenset[tuple[str, str]]:
    out = set()
    for row, keys in enumerate(KEYS):
        for at, key in enumerate(keys):
            near = [keys[at - 1 : at], keys[at + 1 : at + 2]] + [
                KEYS[other][max(at - 1, 0) : at + 2] for other in (row - 1, row + 1) if 0 <= other < 3
            ]
            out |= {(key, other) for part in near for other in part}
    return frozenset(out) | {(a, b) for group in LOOKALIKES for a in group for b in group if a != b}


NEAR_KEYS = _neighbours()


@dataclass(frozen=True)
class Slip:
    """A rare word and what was meant.

    Parameters
    ----------
    meant : str
        The frequent word.
    count : int
        How often it occurs.
    confidence : float
    """

    meant: str
    count: int
    confidence: float


def allowed(length: int) -> int:
    """Edits that may lie between a slip and a word of so many characters."""
    return 0 if length < SHORTEST else 1 if length < 10 else 2 if length < 20 else int(0.15 * length)


class Speller:
    """The words of one column, and which are slips of others.

    Parameters
    ----------
    words : list of str
        Distinct.
    counts : ndarray of int64, shape (k,)
    """

    def __init__(self, words: list[str], counts: np.ndarray) -> None:
        order = sorted(np.flatnonzero(counts >= FREQUENT), key=lambda at: (-counts[at], words[at]))
        fit = [at for at in order if len(words[at]) >= SHORTEST and any(c.isalpha() for c in words[at])][:MOST_FREQUENT]
        self.words, self.counts = [words[at] for at in fit], counts[fit]
        self.known = {word: int(count) for word, count in zip(words, counts, strict=True)}
        self.pairs = {pair for word in self.words for pair in _pairs(word)}
        rare = [word for word, count in self.known.items() if count * RATIO <= counts.max(initial=0)]
        near = dict(zip(rare, self._nearest(rare, None), strict=True)) if self.words else {}
        self.rules = self._rules(near)
        near = {
            word: place for word, place in near.items() if place is not None and self._is_slip(word, self.words[place])
        }
        few = sum(count < FREQUENT or count * RATIO <= counts.max(initial=0) for count in self.known.values())
        self.prior = self._prior(len(near), few) if near else 0.0
        self.found = {word: self._slip(word, place) for word, place in near.items() if place is not None and self.prior}

    def _prior(self, near: int, rare: int) -> float:
        """Share of near misses that are slips: the rest when rare words are as often near as frequent ones."""
        alike = sum(meant is not None for meant in self._nearest(self.words, 1.0))
        by_nature = (alike + 0.5) / (len(self.words) + 2.0)
        expected = by_nature / (1 - by_nature) * max(rare - near, 0)
        return max(0.0, 1 - (expected + 0.5) / (near + 1.0))

    def _rules(self, near: dict[str, int | None]) -> frozenset[tuple[str, str, str]]:
        """Edits that lead to so many different words that they mean something: al_1, al_2 … beside ak_1, ak_2 …"""
        seen: dict[tuple[str, str, str], set[str]] = {}
        for word, place in near.items():
            if place is not None:
                seen.setdefault(_edit(word, self.words[place]), set()).add(self.words[place])
        many = {edit: words for edit, words in seen.items() if len(words) >= RULE}
        return frozenset(
            edit
            for edit, words in many.items()
            if len(words) >= RULE_SHARE * sum(f"{edit[0][-1:]}{edit[1]}" in word for word in self.words)
        )

    def _is_slip(self, word: str, meant: str) -> bool:
        return not self.rules or _edit(word, meant) not in self.rules

    def _slip(self, word: str, place: int) -> Slip:
        return Slip(self.words[place], int(self.counts[place]), round(self._confidence(word, self.words[place]), 4))

    def slips(self, words: list[str]) -> dict[str, Slip]:
        """Which of some words are slips; words never seen before are measured too."""
        if not self.prior:
            return {}
        out = {word: self.found[word] for word in words if word in self.found}
        fresh = [word for word in words if word not in self.known]
        for word, place in zip(fresh, self._nearest(fresh, None), strict=True):
            if place is not None and self._is_slip(word, self.words[place]):
                out[word] = self._slip(word, place)
        return out

    def _nearest(self, words: list[str], ratio: float | None) -> list[int | None]:
        """Per word the place of the frequent word it may be a slip of, if that is ``ratio`` times as frequent."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if not words or len(words) * len(self.words) > MOST_PAIRS:
            return [None] * len(words)
        limits = np.array([allowed(len(word)) for word in self.words])
        distance = process.cdist(
            words, self.words, scorer=OSA.distance, score_cutoff=int(limits.max(initial=0)), dtype=np.int32
        )
        mine = np.array([self.known.get(word, 1) for word in words])[:, None]
        needed = (
            np.where(np.array([len(word) for word in self.words]) < 4, SHORT_RATIO, RATIO) if ratio is None else ratio
        )
        close = (distance > 0) & (distance <= limits) & (self.counts >= needed * mine)
        out: list[int | None] = [None] * len(words)
        for at in np.flatnonzero(close.any(axis=1)):
            places = np.flatnonzero(close[at])
            ranked = sorted(places, key=lambda place: (distance[at, place], -self.counts[place], place))
            out[at] = next((int(place) for place in ranked if _spelling_differs(words[at], self.words[place])), None)
        return out

    def _confidence(self, word: str, meant: str) -> float:
        strange = [pair for pair in _pairs(word) if pair not in self.pairs]
        odds = self.prior / (1 - min(self.prior, 0.99)) * (LIKELIER if strange else UNLIKELIER)
        if any((a, b) in NEAR_KEYS for a, b in _swapped(word, meant)):
            odds *= 1.5
        sure = float(np.interp(odds / (1 + odds), *np.array(MEASURED).T))
        return min(sure, SHORT_CEILING if len(meant) < 4 else CEILING)


def _pairs(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[at : at + 2] for at in range(len(padded) - 1)]


def _edit(word: str, meant: str) -> tuple[str, str, str]:
    """What stands before the edit, what is replaced, and by what."""
    ends = min(len(word), len(meant))
    start = next((at for at in range(ends) if word[at] != meant[at]), ends)
    tail = next((at for at in range(ends - start) if word[-1 - at] != meant[-1 - at]), ends - start)
    return meant[max(start - 1, 0) : start], meant[start : len(meant) - tail], word[start : len(word) - tail]


def _swapped(word: str, meant: str) -> list[tuple[str, str]]:
    """Characters that differ where two words of one length differ."""
    return [(a, b) for a, b in zip(word, meant, strict=False) if a != b] if len(word) == len(meant) else []


def _spelling_differs(word: str, meant: str) -> bool:
    """Do letters differ, and nothing but letters: numbers, case and marks are other checks' matter?"""
    if [c for c in word if c.isdigit()] != [c for c in meant if c.isdigit()]:
        return False
    mine, theirs = ([c for c in text.casefold() if c.isalnum()] for text in (word, meant))
    marks = [Counter(c for c in text if not c.isalnum() and not c.isspace()) for text in (word, meant)]
    return (mine != theirs and marks[0] == marks[1]) or _letter_for_mark(word, meant)


def _letter_for_mark(word: str, meant: str) -> bool:
    """A letter struck where a space or mark belongs, length kept."""
    return len(word) == len(meant) and all(
        a.isalpha() and not a.isdigit() for a, b in zip(word, meant, strict=True) if a != b
    )
