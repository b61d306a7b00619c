"""Texts in another language than their column, and texts in two languages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.finding import Dimension
from karat.core.hashes import text_hashes
from karat.quality.by_text import ByText
from karat.quality.by_value import Rule, ValueVerdict
from karat.quality.distinct import Distinct
from karat.quality.mixtures import LEAST_LETTERS, SCRIPTS, WEIGHTS, mixtures, named_pieces, scripts_of

SAMPLE = 512  # texts that say which language a column is in; cost: more would change little once a language is clear
FEWEST = 20  # of them whose language must be sure; benchmarks/language_identification.md
MOSTLY, NEARLY_ALL = 0.85, 0.93  # as above
COMMON_WORDS = 60  # of the column: a longer text without any of them is looked at; as above
OFTEN = 0.05  # times a text; as above
FEW_WORDS = 8  # as above
MORE = 4_096  # cost: texts whose words are known
TWICE = 2  # as above
STRANGE = 0.5  # most of a text's words that the column knows, where it is in another language; as above
WORD = re.compile(r"[^\W\d_]+")
MOST_ASKED = 2_048  # texts of a block that the model looks at; cost: others are not named
MIXED_SHARE = 0.3  # unproven: quotations and names take less of a text
FOREIGN_SHARE = 0.15  # of the words: two languages have a few in common; as above
CLEAR = 0.8  # of the letters that are of one script; as above
MOST_ODD = 0.2  # of the texts; as above
LIKELY = 0.6  # of a whole text that has none of the column's words; as above
SUSPECT, SURE = 0.4, 0.6  # unproven: confidences


@dataclass(frozen=True)
class MixedLanguage(ByText):
    """Texts that are written in another language than nearly all of their column, or in two languages.

    A model for one language learns nothing from another one, and a translated part often repeats what stands before
    it. Which language a column is in is learned; a column of several is left alone. Counted only where nearly all
    texts are in one language; a text in two languages is suspicious only. Languages of one script are told apart with
    the extra ``text``.

    Source: ISO/IEC 5259-2, data consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data consistency"

    def text_rule(self, counts: ColumnCounts) -> Rule | None:
        """What differs from the column's script and language; nothing where it has none."""
        order = np.argsort(text_hashes(counts.texts), kind="stable")[:SAMPLE]
        sample = counts.texts.take(pa.array(order))
        names = [name for name in named_pieces(sample, by_script=True) if name]
        if len(names) < FEWEST:
            return None
        top = max(sorted(set(names)), key=names.count)
        if names.count(top) < MOSTLY * len(names):
            return None
        script = int(np.bincount(scripts_of(sample)[0], minlength=len(SCRIPTS)).argmax())
        spaced = top == list(SCRIPTS)[script]  # a script of several languages
        common, known = _words(counts.texts, order) if spaced else ("", frozenset())
        sure = SURE if names.count(top) >= NEARLY_ALL * len(names) else SUSPECT
        own = cache(lambda: _language_of(sample))
        return lambda seen: _foreign(seen, script, (common, known), sure, own)


def _language_of(sample: pa.Array) -> tuple[str, bool]:
    """The language of nearly all texts of a sample, and whether of so many that another one counts; "" for none."""
    names = [name for name in named_pieces(sample) if name]
    if len(names) < FEWEST:
        return "", False
    main = max(sorted(set(names)), key=names.count)
    share = names.count(main) / len(names)
    return (main, share >= NEARLY_ALL) if share >= MOSTLY else ("", False)


def _words(texts: pa.Array, order: np.ndarray) -> tuple[str, frozenset[str]]:
    """An expression of the words that many texts have, and all words that two texts or more may have."""
    some = pa.concat_arrays([texts.take(pa.array(order)), texts.slice(0, MORE)])
    words = pc.list_flatten(pc.split_pattern_regex(pc.utf8_lower(some), r"[^\pL]+"))
    counted = pc.value_counts(words.filter(pc.greater(pc.utf8_length(words), 0))).to_pylist()
    often = [word for word in counted if word["counts"] >= OFTEN * len(some)]
    ranked = sorted(often, key=lambda word: (-word["counts"], word["values"]))[:COMMON_WORDS]
    known = frozenset(word["values"] for word in counted if word["counts"] > TWICE)
    return (rf"(?i)\b(?:{'|'.join(word['values'] for word in ranked)})\b" if ranked else ""), known


def _foreign(
    seen: Distinct,
    script: int,
    words: tuple[str, frozenset[str]],
    sure: float,
    own_language: Callable[[], tuple[str, bool]],
) -> Iterator[ValueVerdict]:
    texts = seen.array
    own, letters = scripts_of(texts)
    total = letters.sum(axis=1)
    mine = letters[:, script] / np.maximum(1, total)
    enough = WEIGHTS[own] * total >= LEAST_LETTERS
    scripts = list(SCRIPTS)
    other = np.flatnonzero(enough & (mine < 1 - MIXED_SHARE / 2))[:MOST_ASKED]
    pairs = mixtures(texts.take(pa.array(other)).to_pylist(), by_script=True)
    for at, parts in zip(other.tolist(), pairs, strict=True):
        if parts.other and parts.share >= MIXED_SHARE:
            yield ValueVerdict(at, SUSPECT, f"{1 - parts.share:.0%} of it is {parts.main!r}, the rest {parts.other!r}")
        elif own[at] != script and letters[at, own[at]] >= CLEAR * total[at]:
            said = f"it is written in {scripts[own[at]]}, nearly all texts of the column in {scripts[script]}"
            yield ValueVerdict(at, sure, said)
    if words[0]:
        yield from _of_one_script(texts, enough & (mine >= CLEAR), words, own_language)


def _of_one_script(
    texts: pa.Array,
    able: np.ndarray,
    words_of_column: tuple[str, frozenset[str]],
    own_language: Callable[[], tuple[str, bool]],
) -> Iterator[ValueVerdict]:
    """Texts with hardly any of the column's words, where the model names another language for them."""
    common, vocabulary = words_of_column
    words = pc.count_substring_regex(texts, r"\pL+").to_numpy()
    known = pc.count_substring_regex(texts, common).to_numpy()
    able = able & (words >= FEW_WORDS)
    places = np.flatnonzero(able & (known <= FOREIGN_SHARE * words))
    if not len(places) or len(places) > MOST_ODD * max(FEWEST, able.sum()):  # its words tell nothing: titles, say
        return
    split = [WORD.findall(text.lower()) for text in texts.take(pa.array(places)).to_pylist()]
    places = places[[sum(word in vocabulary for word in said) <= STRANGE * len(said) for said in split]]
    if not len(places):  # the model, a second to read, is left alone
        return
    main, nearly_all = own_language()
    names = named_pieces(texts.take(pa.array(places[:MOST_ASKED])), LIKELY) if main else []
    for at, name in zip(places.tolist(), names, strict=False):
        if name and name not in (main, *SCRIPTS):
            said = f"it is in language {name!r}; nearly all texts of the column are in {main!r}"
            yield ValueVerdict(at, SURE if nearly_all else SUSPECT, said)
