"""Two texts one letter apart: a text and its typing error, or two names?"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from math import log

import numpy as np

from karat.quality.accuracy._edits import Edit, word_at
from karat.quality.english_words import english_words

VOWELS = frozenset("aeiouy")
SELDOM = frozenset("jkqvwxz")  # definition: letters that English uses least, which a finger hits as often as others
# benchmarks/do_no_harm.md, "Names one letter apart"
SUREST = 4.0  # log odds that one pair of texts says at most
SHARES = np.linspace(0.025, 0.975, 20)  # cost: of the near texts that are slips; a finer grid says the same


def slip_odds(text: str, meant: str, edit: Edit) -> float:
    """Log odds that a text is ``meant`` mistyped, against a name of its own, were both as common.

    Names one letter apart mostly differ at an end, in a vowel or by an accent; a finger slips anywhere and leaves what
    no language spells. The weights are fitted by ``benchmarks/fit_slips_or_names.py`` on names of many languages.
    """
    weights = slip_weights()
    odds = weights[""] + sum(
        weights.get(name, 0.0) * value for name, value in signs_of_a_slip(text, meant, edit).items()
    )
    return max(-SUREST, min(SUREST, odds))


@cache
def slip_weights() -> Mapping[str, float]:
    """Log odds per sign of a slip."""
    path = files("karat.quality.accuracy").joinpath("slip_weights.json")
    weights: dict[str, float] = json.loads(path.read_text("utf-8"))
    return weights


def signs_of_a_slip(text: str, meant: str, edit: Edit) -> dict[str, float]:
    """What an edit looks like; what is absent is 0."""
    old, new = edit.old.lower(), edit.new.lower()
    right, last = word_at(meant, edit.at), edit.at + len(edit.old) >= len(meant)
    ascii_only = (old + new).isascii()
    likelier = letters_likelihood(word_at(text, edit.at)) - letters_likelihood(right) if ascii_only else 0.0
    both = len(old) == len(new) == 1
    around = (meant[: edit.at][-1:].lower(), meant[edit.at + len(edit.old) :][:1].lower())
    return {
        edit.kind: 1.0,
        "letters": max(-8.0, min(4.0, likelier)),
        "strange": max(0.0, -3.0 - likelier),
        "length": log(len(right) + 1),
        "first": float(edit.at == 0),
        "last": float(last),
        "vowels": float(both and old in VOWELS and new in VOWELS),
        "consonants": float(both and ascii_only and old not in VOWELS and new not in VOWELS),
        "doubled": float(len(old + new) == 1 and old + new in around),
        "a vowel more": float(not old and new in VOWELS),
        "a vowel less": float(not new and old in VOWELS),
        "seldom": float(new in SELDOM),
        "foreign": float(not ascii_only),
        "another script": float(
            new.isascii() and new.isalpha() and not any("a" <= sign <= "z" for sign in plain(meant.lower()))
        ),
        "accent": float(not ascii_only and plain(old) == plain(new)),
        "mark": float(not (old + new).isalnum()),
        "digit": float(any(sign.isdigit() for sign in old + new)),
        "small": float(text[:1].islower() and meant[:1].isupper()),
    }


def evidence(odds: Iterable[tuple[float, float]]) -> np.ndarray:
    """Log likelihood of each of ``SHARES``, given texts: how likely each is a slip by its form, and its log odds."""
    total = np.zeros(len(SHARES))
    for term in each_evidence(odds):
        total += term
    return total


def each_evidence(odds: Iterable[tuple[float, float]]) -> list[np.ndarray]:
    """What each text adds to ``evidence``."""
    return [weight * np.log(SHARES * np.exp(each) + 1 - SHARES) for weight, each in odds]


def chance_of_a_slip(odds: float, log_likelihood: np.ndarray) -> float:
    """Chance that a text of such log odds is a slip, with the share of slips as the others say (flat without them)."""
    shares = np.exp(log_likelihood - log_likelihood.max())
    slips = SHARES * np.exp(odds)
    return float((shares * slips / (slips + 1 - SHARES)).sum() / shares.sum())


def plain(text: str) -> str:
    """Without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@cache
def _trigrams() -> np.ndarray:
    """(27, 27, 27) log probability of a letter after two others in English words; 0 is what is no letter."""
    codes = np.frombuffer("|".join(english_words()[0]).encode("ascii", "replace"), np.uint8)
    letters = np.pad(np.where((codes >= ord("a")) & (codes <= ord("z")), codes - ord("a") + 1, 0).astype(np.int64), 1)
    places = letters[:-2] * 27**2 + letters[1:-1] * 27 + letters[2:]
    three = np.bincount(places, minlength=27**3).reshape(27, 27, 27).astype(float)
    single = three.sum((0, 1)) / three.sum()
    two = three.sum(0)
    two = (two + 5 * single) / (two.sum(1, keepdims=True) + 5)
    out: np.ndarray = np.log((three + 3 * two) / (three.sum(2, keepdims=True) + 3))
    return out


@cache
def letters_likelihood(word: str) -> float:
    """Log probability of a word's letters, as English words are spelt."""
    codes = [0, *(ord(c) - ord("a") + 1 if "a" <= c <= "z" else 0 for c in word.lower()), 0]
    table = _trigrams()
    return float(sum(table[a, b, c] for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)))
