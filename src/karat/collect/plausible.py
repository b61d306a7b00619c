"""How likely decoded text is, as the text of any of many languages: the measure by which an encoding is chosen."""

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

# Costs are negative logarithms in tenths of a nat. Those of letters and pairs come from ``letters.json`` (its source
# stands in it); the others are round figures for "common", "odd" and "never in text", chosen on generated names and
# places of 34 locales in 40 codecs (benchmarks/encodings.py).
UNKNOWN = 140  # a letter that the language does not have
BACK_OFF = 20  # a pair that the language does not have, beside the cost of its second letter; benchmarks/encodings.py
FOREIGN = 60  # a Latin letter in the text of another script; benchmarks/encodings.py
PLAIN = 30  # digits and the punctuation of ASCII; benchmarks/encodings.py
MARK = 40  # a combining mark of the script; benchmarks/encodings.py
SIGN, RARE_SIGN, ODD_SIGN, NEVER = 50, 80, 130, 200
INSIDE_WORD = 60  # a sign, a change of script or a capital where a word goes on; benchmarks/encodings.py
BESIDE_DIGIT = 40  # a letter of an alphabet other than ASCII beside a digit; benchmarks/encodings.py
HALF_WIDTH = 60  # katakana of half width, in Japanese; benchmarks/encodings.py
SIGNS = frozenset("\u00a0°€£“”’–—²³®™、。「」『』（）：；，！？《》【】～￥％・〜　")
RARE_SIGNS = frozenset("§«»‘„…½¼·×©¿¡ºª№•′″±µ")
JOINING = frozenset("’·-")
ROUNDS = 4  # cost: of expectation and maximisation over the shares of the languages


@dataclass(frozen=True)
class Letters:
    """The costs of all languages, by the place of a letter in one common alphabet (0: in none).

    Parameters
    ----------
    place : (65536,) uint16
        From code point to place.
    alone : (languages, places) uint8
    paired : (languages, places, places) uint8
        Of the second letter behind the first.
    ideographs : (4, 65536) uint8
        Of simplified and traditional Chinese, Japanese and Korean, by code point.
    """

    place: np.ndarray
    alone: np.ndarray
    paired: np.ndarray
    ideographs: np.ndarray


WITHOUT_PAIRS = ("zh-cn", "zh-tw", "ja", "ko")


@cache
def letters() -> Letters:
    """The table, read once."""
    table = json.loads(files("karat.collect").joinpath("letters.json").read_text(encoding="utf-8"))
    languages = sorted(table["pairs"])
    alphabet = sorted({char for name in languages for chars in table["letters"][name].values() for char in chars})
    place = np.zeros(1 << 16, np.uint16)
    place[[ord(char) for char in alphabet]] = np.arange(1, len(alphabet) + 1)
    alone = np.full((len(languages), len(alphabet) + 1), UNKNOWN, np.uint8)
    latin = place[[*range(ord("a"), ord("z") + 1)]]
    paired = np.empty((len(languages), len(alphabet) + 1, len(alphabet) + 1), np.uint8)
    for at, name in enumerate(languages):
        _fill(alone[at], place, table["letters"][name])
        alone[at, latin] = np.minimum(alone[at, latin], FOREIGN)
        paired[at] = np.minimum(alone[at] + BACK_OFF, UNKNOWN)
        for cost, pairs in table["pairs"][name].items():
            places = place[[ord(char) for char in pairs]]
            paired[at, places[::2], places[1::2]] = int(cost)
    ideographs = np.full((len(WITHOUT_PAIRS), 1 << 16), UNKNOWN, np.uint8)
    for at, name in enumerate(WITHOUT_PAIRS):
        _fill(ideographs[at], None, table["letters"][name])
        ideographs[at, ord("a") : ord("z") + 1] = FOREIGN
    ideographs[WITHOUT_PAIRS.index("ja"), 0xFF66:0xFFA0] = HALF_WIDTH
    return Letters(place, alone, paired, ideographs)


def _fill(costs: np.ndarray, place: np.ndarray | None, by_cost: dict[str, str]) -> None:
    for cost, chars in by_cost.items():
        codes = np.array([ord(char) for char in chars if ord(char) < 1 << 16])
        costs[codes if place is None else place[codes]] = min(int(cost), UNKNOWN)


def cost_of(tokens: list[str]) -> float:
    """What some words cost, in nats, as a mixture of languages whose shares are estimated from the words themselves."""
    table = letters()
    text = "\n".join(unicodedata.normalize("NFC", token) for token in tokens)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds, common = _kinds(codes)
    lower = np.frombuffer(
        "".join(c if len(c) == 1 else c[0] for c in map(str.lower, text)).encode("utf-32-le", "surrogatepass"),
        np.uint32,
    )
    small = np.minimum(lower, (1 << 16) - 1)
    place = table.place[small]
    before = np.concatenate([[0], place[:-1]])
    letter = kinds == LETTER
    after_letter = np.concatenate([[False], letter[:-1]])
    word = letter & (place > 0)
    costs = np.full((len(table.alone) + len(WITHOUT_PAIRS), len(codes)), UNKNOWN, np.float32)
    paired = word & after_letter & (before > 0)
    first = word & ~paired
    costs[: len(table.alone), paired] = table.paired[:, before[paired], place[paired]]
    costs[: len(table.alone), first] = table.alone[:, place[first]]
    costs[len(table.alone) :, letter] = table.ideographs[:, small[letter]]
    costs[:, ~letter] = 0.0
    common = common + _breaks(codes, lower, kinds)
    starts = np.concatenate([[0], np.flatnonzero(codes == ord("\n")) + 1])
    starts = np.minimum(starts, len(codes) - 1)
    by_language = np.add.reduceat(costs, starts, axis=1) / 10
    return _mixed(by_language) + float(common.sum()) / 10


LETTER, COMBINING = 1, 2


def _kinds(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which characters are letters, and what each of the others costs whatever the language."""
    distinct, inverse = np.unique(codes, return_inverse=True)
    kinds, costs = np.zeros(len(distinct), np.int8), np.zeros(len(distinct), np.float32)
    for at, code in enumerate(distinct.tolist()):
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] == "L" and char not in RARE_SIGNS:
            kinds[at] = LETTER
        elif char == "\n":
            continue
        elif category[0] == "M":
            kinds[at], costs[at] = COMBINING, MARK
        elif code < 128:
            costs[at] = PLAIN if category != "Cc" or char in "\t\r" else NEVER
        else:
            known = SIGN if char in SIGNS else RARE_SIGN if char in RARE_SIGNS else ODD_SIGN
            costs[at] = NEVER if category[0] == "C" or char == "\ufffd" else known
    return kinds[inverse], costs[inverse]


def _breaks(codes: np.ndarray, lower: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """What breaks a word costs: a sign or another script between letters, a capital behind a small letter."""
    costs = np.zeros(len(codes), np.float32)
    if len(codes) < 3:
        return costs
    letter = kinds == LETTER
    joining = np.isin(codes, [ord(char) for char in JOINING])
    sign = ~letter & (codes >= 128) & ~joining
    costs[1:-1] += INSIDE_WORD * (sign[1:-1] & letter[:-2] & letter[2:])
    mark = kinds == COMBINING
    costs[1:] += NEVER * (mark[1:] & (codes[1:] >> 8 != codes[:-1] >> 8) & (codes[1:] >> 8 != 3))  # of another script
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    foreign = letter & (codes >= 128) & (codes < 0x1100)
    costs[1:] += BESIDE_DIGIT * ((foreign[1:] & digit[:-1]) | (digit[1:] & foreign[:-1]))
    capital, small = codes != lower, _small(codes) & letter
    capital &= letter
    costs[1:] += INSIDE_WORD * (capital[1:] & small[:-1])
    costs[1:-1] += INSIDE_WORD * (capital[1:-1] & capital[:-2] & small[2:])
    latin = letter & (codes < 0x250)
    high = letter & (codes >= 0x250) & (codes < 0x1100)  # alphabets; ideographs stand beside Latin letters
    costs[1:] += INSIDE_WORD * ((latin[1:] & high[:-1]) | (high[1:] & latin[:-1]))
    return costs


def _small(codes: np.ndarray) -> np.ndarray:
    distinct, inverse = np.unique(codes, return_inverse=True)
    return np.array([chr(code).islower() for code in distinct.tolist()])[inverse]


def _mixed(costs: np.ndarray) -> float:
    """(languages, words) costs as one: every word is of some language, the commoner languages likelier."""
    share = np.full(len(costs), 1.0 / len(costs))
    best = costs.min(axis=0)
    odds = np.exp(best - costs)
    for _ in range(ROUNDS):
        weighted = odds * share[:, None]
        share = (weighted / weighted.sum(axis=0)).mean(axis=1)
    return float((best - np.log((odds * share[:, None]).sum(axis=0))).sum())
