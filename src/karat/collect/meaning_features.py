"""What a column's values look like, as numbers a model can weigh: characters, shapes, words, range, order."""

import math
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.meaning_words import (
    BANDS,
    FUNCTION_WORDS,
    ORDERS,
    ORGANISATIONS,
    PERIODS,
    PLACES,
    STREETS,
    hinted,
    lexicon,
)
from karat.collect.shapes import TIME_OF_DAY, DistinctTexts
from karat.collect.time_shapes import ISO
from karat.core.schema import Column
from karat.quality.quantities import read_quantity

MOST = 300  # cost: distinct values looked at; shares are then known to within .06 at 95 %; benchmarks/meanings.md
LONGEST = 120  # cost: characters of a value looked at
# of the values are numbers, and at most so many are codes with a letter (c168, V27), where a few other cells are slips;
# on 253 number columns of 27 labelled package tables with one slip each the likeliest type is right in .83, with the
# slips heard in .65
NUMBERS, CODED = 0.95, 0.01
SIZES = (-2, -1, 0, 1, 2, 3, 4, 5, 7)  # powers of ten that part sizes of numbers; weights are fitted to each part
PARTNERS = {
    "lat": "lon",
    "lon": "lat",
    "x": "y",
    "y": "x",
    "lng": "lat",
    "latitude": "longitude",
    "longitude": "latitude",
}
SHAPES = {
    "blank inside": r"\s",
    "upper": r"^[^a-z]*[A-Z][^a-z]*$",
    "lower": r"^[^A-Z]*[a-z][^A-Z]*$",
    "digit": r"\d",
    "letter": r"[A-Za-zÀ-ɏ]",
    "letter and digit": r"[A-Za-z]\S*\d|\d\S*[A-Za-z]",
    "han": r"[㐀-鿿]",
    "word": r"^[A-Za-zÀ-ɏ'.-]+$",
    "one letter": r"^[A-Za-zÀ-ɏ]$",
    "two letters": r"^[A-Z]{2}$",
    "short capitals": r"^[A-Z]{2,5}$",
    "short code": r"^[A-Z0-9][A-Z0-9./-]{0,7}$",
    "long code": r"^(?:[A-Za-z]{1,6}[-_ #/]?\d{3,}|[A-Za-z0-9]*\d[A-Za-z0-9]*([-_./][A-Za-z0-9]+)+)$",
    "leading zero": r"^0\d+$",
    "first last": r"^[A-Z][A-Za-zÀ-ɏ'.-]+ ([A-Z]\.? )?[A-Z][A-Za-zÀ-ɏ'.-]+( (Jr|Sr|I{2,3})\.?)?$",
    "last, first": r"^[A-Z][A-Za-zÀ-ɏ'-]+, [A-Z][A-Za-zÀ-ɏ'.-]+",
    "place, state": r"^[A-Z][A-Za-zÀ-ɏ .'-]+, [A-Z][A-Za-zÀ-ɏ .]+$",
    "house number": r"^\d+[A-Za-z]?\s+[A-Za-zÀ-ɏ]|\d+\s*号",
    "han street": r"[路街巷弄道]",
    "bracketed": r"\(.+\)$",
    "punctuation": r"[,;:!?]",
    "percent": r"%|％|‰",
    "currency": r"[$€£¥￥]|(?i)\b(usd|eur|gbp|cny|rmb)\b|元$|人民币",
    "number and letters": r"^[+-]?[\d.,]+\s*[A-Za-zÀ-ɏ°/%\"'²³一-龥]{1,10}$",
    "year": r"^(1[5-9]|20)\d\d(\.0)?年?$",
    "date": ISO.rstrip("$") + r"|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|^\d{4}年|^\d{1,2}[-\s][A-Za-z]{3,9}[-\s]\d{2,4}|"
    r"^[A-Za-z]{3,9}\s\d{1,2},?\s\d{4}|^(19|20)\d\d[01]\d([0-3]\d)?$",
    "month and year": r"^\d{4}-\d{2}$|^[A-Za-z]{3,9}[\s-]\d{4}$|^\d{4}年\d{1,2}月$",
    "clock": TIME_OF_DAY,
    "mail": r"^[^@\s]+@[^@\s]+\.\w+",
    "web": r"^(?i)(https?://|www\.)",
    "telephone": r"^\+?[\d()\s.-]*\d{3}[\s.)-]+\d{3,4}[\s.-]?\d{0,4}(x\d+)?$|^1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}$",
    "guid": r"^\{?[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?$",
    "pair": r"^\(?-?\d+\.\d+\s*,\s*-?\d+\.\d+\)?$",
    "boolean word": r"(?i)^(yes|no|true|false|y|n|t|f|是|否|有|无)$",
    "bit": r"^[01](\.0)?$",
    "band": BANDS,
    "order": ORDERS,
    "period": PERIODS,
    "street": STREETS,
    "organisation": ORGANISATIONS,
    "place word": PLACES,
    "function word": FUNCTION_WORDS,
}

OF_NUMBERS = tuple(
    shape for shape in SHAPES if shape in ("year", "bit", "date", "leading zero", "telephone")
)  # definition: what may be asked of numbers too
PATTERNS = tuple(SHAPES.values())  # definition: those of all shapes
PATTERNS_OF_NUMBERS = tuple(SHAPES[shape] for shape in OF_NUMBERS)  # definition: and of these


def features_of(name: str, texts: DistinctTexts, column: Column, names: frozenset[str]) -> dict[str, float]:
    """Named features of one column, each about between -1 and 1.

    Parameters
    ----------
    texts : Texts
        Its distinct values without those that mean missing.
    column : Column
        How its numbers are written.
    names : frozenset of str
        The names of the table's columns, in small letters: a latitude seldom comes alone.
    """
    looked_at = texts if len(texts.text) <= MOST and texts.sizes.max(initial=0) <= LONGEST else _some(texts)
    weight = looked_at.weight.astype(float)
    weight /= weight.sum()
    out = {f"name {meaning}": much for meaning, much in hinted(name).items()}
    out |= _amount_of_values(texts, weight)
    values = looked_at.numbers(column.decimal, column.thousands)
    kept = np.isfinite(values)
    if kept.all() or not _slips_aside(looked_at, weight, kept):
        kept = np.ones(len(values), bool)
    else:
        weight = weight[kept]
        weight /= weight.sum()
    values, number = values[kept], np.isfinite(values[kept])
    plain = float(weight[number].sum())
    out["number"] = plain
    shapes, patterns = (tuple(SHAPES), PATTERNS) if not number.all() else (OF_NUMBERS, PATTERNS_OF_NUMBERS)
    for shape, pattern, shown in zip(shapes, patterns, looked_at.showing(patterns), strict=True):
        out[shape] = float(weight[looked_at.matches(pattern)[kept]].sum()) if shown else 0.0
    if not number.all():
        out |= _words(looked_at.text if kept.all() else looked_at.text.filter(pa.array(kept)), weight)
    if plain > 0.5:
        out |= _numbers(values[number], weight[number] / plain, texts, name, names)
    return out


def _step(texts: DistinctTexts) -> int:
    return max(1, math.ceil(len(texts.text) / MOST))


def _some(texts: DistinctTexts) -> DistinctTexts:
    """Some of a column's texts, shortened."""
    at = np.arange(0, len(texts.text), _step(texts))
    some = DistinctTexts(texts.counts)
    some.__dict__.update(
        text=pc.utf8_slice_codeunits(texts.text.take(pa.array(at)), 0, LONGEST), weight=texts.weight[at]
    )
    return some


def _slips_aside(texts: DistinctTexts, weight: np.ndarray, number: np.ndarray) -> bool:
    """Are the values numbers but for a few slips, which say nothing about what the column means?"""
    coded = texts.matches(SHAPES["letter and digit"]) & ~number
    return bool(weight[number].sum() >= NUMBERS and weight[coded].sum() <= CODED)


def _two_places(values: np.ndarray) -> np.ndarray:
    """(n,) bool: written with two decimal places or fewer."""
    with np.errstate(over="ignore"):  # the largest numbers have none anyway
        cents = values * 100
        return np.isclose(cents, np.round(cents))


def _amount_of_values(texts: DistinctTexts, weight: np.ndarray) -> dict[str, float]:
    """How many values there are and how long they are."""
    distinct, sizes = len(texts.text), texts.sizes[:: _step(texts)].astype(float)
    words = texts.blanks[:: _step(texts)] + 1.0
    mean, mean_words = float((sizes * weight).sum()), float((words * weight).sum())
    spread = math.sqrt(float((weight * (sizes - mean) ** 2).sum()))
    edges = {"one": 1, "two": 2, "to five": 5, "to twelve": 12, "to thirty": 30, "to hundred": 100}
    band = next((key for key, edge in edges.items() if distinct <= edge), "many")
    return {
        f"distinct {band}": 1.0,
        "distinct share": texts.distinct_share,
        "all distinct": float(texts.distinct_share > 0.98),
        "nearly all distinct": float(texts.distinct_share > 0.8),
        "long": min(1.0, math.log1p(mean) / 6),
        "very long": float(mean > 30),
        "one length": float(spread < 0.05),
        "words": min(1.0, mean_words / 10),
        "few words": float(1.5 < mean_words <= 3.5),
        "many words": float(mean_words > 3.5),
    }


@cache
def _names() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], tuple[str, ...]]:
    """Places, their codes, given names, Han surnames and Han places."""
    known = lexicon()
    sets = (frozenset(known[key]) for key in ("places", "place_codes", "given_names", "han_surnames"))
    return (*sets, tuple(known["han_places"]))  # type: ignore[return-value]


def _words(text: pa.Array, weight: np.ndarray) -> dict[str, float]:
    """Shares of values that are, or begin or end with, a known name."""
    places, codes, given_names, surnames, han = _names()
    values = text.to_pylist()
    firsts = [value.replace(",", " ").casefold().split()[:1] for value in values]
    lasts = [value.replace(",", " ").casefold().split()[-1:] for value in values]
    read = [read_quantity(value) for value in values]
    tests = {
        "unit": [quantity is not None and quantity.unit is not None for quantity in read],
        "known place": [v.casefold().strip() in places or v.startswith(han) for v in values],
        "place code": [v in codes for v in values],
        "given name first": [bool(first) and first[0] in given_names for first in firsts],
        "given name last": [bool(last) and last[0] in given_names for last in lasts],
        "surname": [v[:1] in surnames and 2 <= len(v) <= 3 for v in values],
        "in place": [v.rpartition(",")[2].strip().casefold() in places for v in values],
    }
    return {key: float(weight[np.array(hits, bool)].sum()) for key, hits in tests.items()}


def _numbers(
    values: np.ndarray, weight: np.ndarray, texts: DistinctTexts, name: str, names: frozenset[str]
) -> dict[str, float]:
    """Range, lattice, tail and order of numbers."""
    whole = values == np.floor(values)
    order = np.argsort(values, kind="stable")
    middle = float(values[order][np.searchsorted(np.cumsum(weight[order]), 0.5).clip(0, len(values) - 1)])
    size = math.log10(max(abs(middle), 1e-6))
    integer = float(bool(whole.all()))
    partner = PARTNERS.get(name.casefold(), "")
    return _range(values, integer, middle) | {
        "integer": integer,
        "fraction": 1 - float(weight[whole].sum()),
        "negative": float(weight[values < 0].sum()),
        "zero": float(weight[values == 0].sum()),
        "whole hundreds": float(weight[(values % 100 == 0) & (values != 0)].sum()),
        "whole fives": float(weight[(values % 5 == 0) & (values != 0)].sum()),
        "two places": float(weight[_two_places(values)].sum()) * (1 - integer),
        f"size {int(np.digitize(size, SIZES))}": 1.0,
        "integer, all distinct": integer * float(texts.distinct_share > 0.98),
        "integer, large": integer * float(size >= 4),
        "partner": float(bool(partner) and any(column.startswith(partner) for column in names)),
    }


def _range(values: np.ndarray, integer: float, middle: float) -> dict[str, float]:
    """Where distinct numbers lie, and how they follow each other."""
    low, high, distinct, steps = float(values.min()), float(values.max()), len(values), np.diff(values)
    return {
        "some negative": float(low < 0),
        "within one": float(low >= 0 and high <= 1),
        "within ten": float(low >= 0 and high <= 10),
        "within hundred": float(low >= 0 and high <= 100),
        "reaches hundred": float(low >= 0 and 90 <= high <= 100),
        "within 180": float(abs(low) <= 180 and abs(high) <= 180 and high > 0.5),
        "two-digit year": integer * float(low >= 40 and high <= 99 and high - low <= 40),
        "from one on": integer * float(low == 1),
        "from zero on": integer * float(low == 0),
        "every integer": integer * float(high - low + 1 == distinct),
        "counts up": integer * float(distinct > 10 and bool((steps > 0).all())),
        "rises": float(distinct > 10 and bool((steps > 0).mean() > 0.9)),
        "tail": min(1.0, max(0.0, math.log10(max(high, 1e-6) / max(middle, 1e-6)) / 3)) if middle > 0 else 0.0,
        "narrow": float(high - low < 0.2 * max(abs(high), abs(low))),
        "two numbers": float(distinct == 2),
        "integer and few": integer * float(distinct <= 12),
    }
