"""How likely a text one edit from a frequent one is a typing error, given how many there are in the table."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp, log

import numpy as np

from karat.quality.accuracy._edits import word_at
from karat.quality.accuracy._lexicon import SHORT_WORD, SLIP_OF_A_LIST, Lexicon, NearText
from karat.quality.accuracy._slips_or_names import SHARES, chance_of_a_slip, each_evidence, evidence, slip_odds
from karat.quality.accuracy._templates import Broken, Templates

WORD = re.compile(r"[^\W\d_]{2,}")
# FEW flat from 0.0101 to 0.0392; CELLS 10 does as well, 40 worse (benchmarks/constants.md): higher fixes more, and
# more true rare texts
FEW, CELLS = 0.02, 20.0  # a prior on the share of typing errors, one in a thousand, worth 20 cells
WAYS = 30.0  # in which one text may be mistyped, about, that are as likely as any; unproven: a round figure
# unproven: more believes the table's slips later
SIGNS = 10.0  # slips whose signs are taken for unlike, whatever was seen
MOST_WORDS = 50_000  # cost: bounds memory; with more, words are not asked
MOST = 0.99  # flat from 0.98 to 0.995 (benchmarks/constants.md): nothing is surer
# cells of another column of the table in which a text is no slip; flat from 2 to 10 (benchmarks/constants.md): lower
# spares slips made often
AT_HOME = 5
# unproven: how sure such a slip is at most, judged
ONE_SIGN = 0.85  # at most, for one letter in a code of three; for one sign
SUSPICION = 0.45  # flat from 0.29 to 0.621 (benchmarks/constants.md): see ONE_SIGN
DOUBT = 0.3  # at most, for these and for what is spelt like a word, where the table's other slips do not say so
# at most, where what was written is a word: asked, never fixed unasked; flat from 0.429 to 0.75
# (benchmarks/constants.md): judged
TRUE_WORD = 0.6
# benchmarks/do_no_harm.md, "Names one letter apart"
LICENSED = 0.85  # chance that a near text is a slip and no name, from which on it is believed
CODES_LICENSED = 0.8  # the same of a code, of which its letters say nothing
LIKELIER = 0.5  # definition: likelier a slip than a name: asked, but not fixed unasked
# benchmarks/do_no_harm.md, "Near texts that are asked about"
LISTED = 0.25  # the same in a column of a few texts, where hardly any rare name lies near a frequent one
IDEOGRAPHS = "\u2e80"  # standard: Unicode, from here on a sign is a syllable or a word, and another one another word
OFTEN_IN_NAMES = 0.1  # of the letters in which one name differs from another are the commonest
ELSEWHERE = 10.0  # near texts of a column that all near texts of the table's others say as much as, at most
# benchmarks/do_no_harm.md
MANY, FULL = 10, 0.004  # slips, and their share of the cells; of 92 curated tables none has so many
SPARSE = -2.3  # log share of frequent texts that are close to another, 1 in 10; unproven: lower fixes fewer
SEVERAL = 0.95  # for a long text with several slips in such a table; unproven: judged
# benchmarks/do_no_harm.md: chosen on its clean tables, with lakes, hospital and facilities as the price
DENSE, HARDLY_RARER = (
    log(0.15),
    5,
)  # cost 3 of 3,280 right fixes of lakes and facilities, spare 43 of 128 in 632 clean tables
# benchmarks/do_no_harm.md; its length unproven
SHORT_CODE = 6  # signs of a code such as DC-9 that one capital more or less makes another
SWAPPED = 2  # letters of a code whose swap, or one of which, is a code as well; benchmarks/do_no_harm.md, clean tables


@dataclass(frozen=True)
class TypingWeights:
    """Log odds per feature, without and with the share of typing errors known."""

    first: Mapping[str, float]
    second: Mapping[str, float]


@cache
def weights() -> dict[str, TypingWeights]:
    """For "cells", "words" and "codes"; fitted by ``benchmarks/fit_typing_errors.py`` on tables with planted errors."""
    levels = json.loads(files("karat.quality.accuracy").joinpath("typing_weights.json").read_text("utf-8"))
    return {level: TypingWeights(**fields) for level, fields in levels.items()}


def log_odds(seen: Mapping[str, float], by: Mapping[str, float]) -> float:
    """The weighted sum of features."""
    return by[""] + sum(by.get(name, 0.0) * value for name, value in seen.items())


def chance(odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True)
class Dirt:
    """Texts that are expected to be typing errors, for so many cells, in a lexicon and in its table.

    Each text counts once, however often it occurs: what a table repeats with its records is no new slip.
    """

    own: tuple[float, float]
    table: tuple[float, float]
    signs: Mapping[str, float] = field(default_factory=dict)  # of the table: slips that replace a sign, by the new one
    slips: np.ndarray = field(default_factory=lambda: np.zeros(len(SHARES)))  # log likelihood of each of ``SHARES``
    names: float = 0.0  # texts of the lexicon that would be near others if all were names
    closed: bool = False  # is the lexicon a list of a few texts that nearly all cells choose from?

    def ways(self, near: NearText | Broken, part: float) -> float:
        """In which the text may be mistyped: few where the table's other slips put one sign wherever a sign is hurt."""
        if isinstance(near, Broken) or near.edit.kind != "replace":
            return WAYS
        return min(WAYS, len(near.meant) / max(self.same_sign(near, part), 1e-9))

    def same_sign(self, near: NearText, part: float) -> float:
        """Share of the table's other slips that put the same sign wherever a sign is hurt."""
        others = max(0.0, sum(self.signs.values()) - part)
        return max(0.0, self.signs.get(near.edit.new, 0.0) - part) / (others + SIGNS)

    def full(self) -> bool:
        """Is the lexicon or its table full of slips?"""
        return any(hits >= MANY and hits >= FULL * cells for hits, cells in (self.own, self.table))

    def most(self, near: NearText, part: float) -> float:
        """How sure a slip may be at most, as its letters and the other near texts speak for one or for a rare name."""
        odds = odds_of_a_slip(near)
        if odds is not None and near.edit.kind == "replace":
            odds += log(max(1.0, self.same_sign(near, part) / OFTEN_IN_NAMES))
        chance = chance_of_a_slip(odds or 0.0, self.slips)
        if chance >= LICENSED if odds is not None else chance >= CODES_LICENSED and self.own[0] > self.names:
            return MOST
        if odds is None or near.seen["a word"] or not all(map(_of_an_alphabet, near.edit.old + near.edit.new)):
            return DOUBT
        listed = self.closed and near.cells <= SLIP_OF_A_LIST
        return SUSPICION if chance >= (LISTED if listed else LIKELIER) else DOUBT

    def around(self, near: NearText | Broken, part: float) -> dict[str, float]:
        """Features: the shares without what one text itself adds, and whether it is repeated beyond chance."""
        own = (max(0.0, self.own[0] - part) + FEW) / (self.own[1] + CELLS)
        table = (max(0.0, self.table[0] - part) + FEW) / (self.table[1] + CELLS)
        repeats = 1 + near.meant_cells * max(own, table) / self.ways(near, part)
        return {"dirt": log(own), "dirt of the table": log(table), "repeated": max(0.0, log(near.cells / repeats))}


class TypingErrors:
    """The typing errors of a table's columns.

    Two passes, so that each text is judged by how many others of its column and table look like slips: where there
    are many, a lonely oddity is one more; where there are none, it is likely to be right.

    Parameters
    ----------
    columns : mapping of str to (dict of str to int)
        How often each text occurs, by column.
    """

    def __init__(self, columns: Mapping[str, dict[str, int]]) -> None:
        self.cells = {name: Lexicon(cells) for name, cells in columns.items()}
        self.words = {name: word_lexicon(cells) for name, cells in columns.items()}
        self._homes = Counter(text for cells in columns.values() for text, count in cells.items() if count >= AT_HOME)
        sums = {name: expected(lexicon) for name, lexicon in self.cells.items()}
        looked_at = [pair for name, pair in sums.items() if self.cells[name].near]
        table = (sum(hits for hits, _ in looked_at), sum(cells for _, cells in looked_at))
        signs = replaced_signs([*self.cells.values(), *self.words.values()])
        by_cells = {name: near_odds(lexicon) for name, lexicon in self.cells.items()}
        around = _elsewhere(by_cells)
        self.dirt = {
            name: Dirt(pair, table, signs, evidence(by_cells[name]) + around[name], lexicon.names, lexicon.closed)
            for (name, pair), lexicon in zip(sums.items(), self.cells.values(), strict=True)
        }
        self.codes = {name: Templates(cells) for name, cells in columns.items()}
        self.code_dirt = {name: Dirt(expected_broken(codes), table) for name, codes in self.codes.items()}
        self.word_dirt = {
            name: Dirt(expected(lexicon), table, signs, evidence(near_odds(lexicon)) + around[name], lexicon.names)
            for name, lexicon in self.words.items()
        }

    def of_cell(self, column: str, text: str) -> tuple[NearText, float] | None:
        """What a cell may be a slip of, and how likely."""
        if self._homes[text] > (self.cells[column].cells.get(text, 0) >= AT_HOME):
            return None  # it is at home in another column
        near = self.cells[column].ask(text)
        return (near, judged(near, self.dirt[column], "cells")) if near else None

    def of_word(self, column: str, word: str) -> tuple[NearText, float] | None:
        """What a word of a column, or two neighbouring ones, may be a slip of, and how likely."""
        near = self.words[column].ask(word)
        return (near, judged(near, self.word_dirt[column], "words")) if near else None

    def of_far(self, column: str, text: str) -> tuple[str, float] | None:
        """The frequent cell that one with several slips was, in a table that is full of slips."""
        if not self.dirt[column].full():
            return None
        meant = self.cells[column].far(text)
        return (meant, SEVERAL) if meant else None

    def of_code(self, column: str, text: str) -> tuple[Broken, float] | None:
        """What way of building codes a text may break by a slip, and how likely."""
        broken = self.codes[column].ask(text)
        return (broken, judged(broken, self.code_dirt[column], "codes")) if broken else None


def first_guess(near: NearText | Broken, level: str) -> float:
    """How likely a slip it is, by itself."""
    return chance(log_odds(near.seen, weights()[level].first))


def judged(near: NearText | Broken, dirt: Dirt, level: str) -> float:
    """How likely a slip it is, given the share of slips around it."""
    part = first_guess(near, level)
    around = dirt.around(near, part)
    sure = chance(log_odds(near.seen | around, weights()[level].second))
    if isinstance(near, Broken):
        return min(sure, SUSPICION if _other_template(near) else MOST)
    return min(sure, dirt.most(near, part), _ceiling(near, level, full=dirt.full()))


def odds_of_a_slip(near: NearText) -> float | None:
    """Log odds of a slip against a name, by its letters; None for codes, of which letters say nothing."""
    return None if near.seen.get("code") else slip_odds(near.text, near.meant, near.edit)


def near_odds(lexicon: Lexicon) -> list[tuple[float, float]]:
    """Near texts of a lexicon: how likely a slip each is by its counts and form, and its log odds by its letters."""
    return [(sure, odds) for near, sure in _likely(lexicon) if (odds := odds_of_a_slip(near)) is not None]


def _elsewhere(near: Mapping[str, list[tuple[float, float]]]) -> dict[str, np.ndarray]:
    """What the near texts of the other columns say to each of the share of slips, worth ``ELSEWHERE`` texts at most."""
    terms = np.array([term for some in near.values() for term in each_evidence(some)]).reshape(-1, len(SHARES))
    weights = [weight for some in near.values() for weight, _ in some]

    def of_others(begin: int, end: int) -> np.ndarray:
        others = np.concatenate([terms[:begin], terms[end:]]).sum(axis=0)  # row by row, in their order
        out: np.ndarray = others * min(1.0, ELSEWHERE / max(1e-9, sum(weights[:begin] + weights[end:])))
        return out

    ends = np.cumsum([len(some) for some in near.values()]).tolist()
    all_others = of_others(0, 0)
    return {
        name: of_others(end - len(some), end) if some else all_others
        for (name, some), end in zip(near.items(), ends, strict=True)
    }


def _ceiling(near: NearText, level: str, *, full: bool) -> float:
    """Short codes and words lie close together: one letter for another is no evidence there, but among many slips."""
    size, replaced = len(near.meant), near.edit.kind == "replace" and not near.seen["mark"]
    # MD and DM are two countries, I and ID two offices
    replaced |= size == SWAPPED and (near.edit.kind == "swap" or (near.edit.kind == "delete" and near.meant.isupper()))
    short = replaced and (size <= SHORT_WORD + (level == "words") or near.seen.get("short replace", 0.0) > 0)
    if (short and not (full and near.seen["density"] <= SPARSE)) or another_code(near) or _one_of_many_alike(near):
        return SUSPICION
    if near.seen["a word"] and level == "cells":
        return TRUE_WORD
    return ONE_SIGN if size == 1 else MOST


def _one_of_many_alike(near: NearText) -> bool:
    """Is it hardly rarer than what was meant, where frequent texts lie as close together: Byd and Boyd, both names?"""
    return near.seen["density"] >= DENSE and near.meant_cells < HARDLY_RARER * near.cells


def another_code(near: NearText) -> bool:
    """Capitals among capitals (NSL and NL, C220 and 220), and numbers that stand alone, tell codes apart by design."""
    text, meant, edit = near.text, near.meant, near.edit
    if edit.kind == "insert":
        around = text[max(0, edit.at - 1) : edit.at] + text[edit.at + len(edit.new) :][:1]
        word = word_at(meant, edit.at)
        return (edit.new.isupper() and word == word.upper()) or (edit.new.isdigit() and not _has_sign(around))
    short = len(meant) <= SHORT_CODE and any(sign.isdigit() for sign in meant)
    return edit.kind == "delete" and edit.old.isupper() and short


def _of_an_alphabet(sign: str) -> bool:
    return sign.isalpha() and sign < IDEOGRAPHS


def _has_sign(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _other_template(broken: Broken) -> bool:
    """A capital more, or two signs the other way round, make another code."""
    capital = broken.seen.get("insert capital", 0.0) > 0
    return capital or (broken.seen.get("swap", 0.0) > 0 and len(broken.template) <= SWAPPED)


def expected(lexicon: Lexicon) -> tuple[float, float]:
    """Texts of a lexicon expected to be slips, and its cells."""
    return sum(sure for _, sure in _likely(lexicon)), float(lexicon.total)


def _likely(lexicon: Lexicon) -> Iterator[tuple[NearText, float]]:
    """The likely slips of a lexicon, each with how likely it is by itself."""
    level = "words" if lexicon.words else "cells"
    for near in lexicon.near.values():
        if _ceiling(near, level, full=False) > SUSPICION:
            yield near, first_guess(near, level)


def replaced_signs(lexicons: Iterable[Lexicon]) -> dict[str, float]:
    """Likely slips that replace a sign by another, by the new sign; each wrong text of a lexicon counts once."""
    signs: dict[str, float] = {}
    for lexicon in lexicons:
        for near, sure in _likely(lexicon):
            if near.edit.kind == "replace":
                signs[near.edit.new] = signs.get(near.edit.new, 0.0) + sure
    return signs


def words_of(text: str) -> Iterable[str]:
    """The words of a text, and each two with a single sign between them."""
    matches = list(WORD.finditer(text))
    yield from (match[0] for match in matches)
    for left, right in pairwise(matches):
        if right.start() - left.end() == 1:
            yield text[left.start() : right.end()]


def expected_broken(codes: Templates) -> tuple[float, float]:
    """Texts of a column expected to be slips by how they are built, and its cells."""
    return sum(first_guess(broken, "codes") for broken in codes.broken.values()), float(codes.total)


def word_lexicon(cells: Mapping[str, int]) -> Lexicon:
    """The words of a column's cells, and in how many cells each occurs; none where they are too many."""
    counted: dict[str, int] = {}
    for text, count in cells.items():
        for word in set(words_of(text)):
            counted[word] = counted.get(word, 0) + count
    return Lexicon(counted if len(counted) <= MOST_WORDS else {}, words=True)
