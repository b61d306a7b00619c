"""The counts of ``karat.kernels.text_form`` for texts whose language is told."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LEAST_SURE = 0.8  # benchmark: text_signs.md: of a language; texts in languages that nobody knows stay below it
NO_LANGUAGE = ("zxx", "und")  # definition: as ``karat.quality.languages`` says them
Column: TypeAlias = pa.Array | pa.ChunkedArray
USUAL = ("form_usual_length", "form_usual_share", "form_no_language")


def form_scores(texts: Column, languages: Column, probabilities: Column) -> pa.Table:
    """int32 columns ``karat.kernels.text_form.COLUMNS`` and ``USUAL``, a row a text; null counts as empty.

    The last three: the mean length of the language's words in hundredths of a letter and the share of its commonest
    words in thousandths, 0 where they are not known; 1 where there is no language in the text, else 0.

    Parameters
    ----------
    languages, probabilities : pyarrow.Array or ChunkedArray
        As ``karat.quality.languages`` tells them; of a language that is unsure or null no words are known.
    """
    from karat.kernels.text_form import COLUMNS, form
    from karat.kernels.text_form_classes import form_classes

    texts, languages, probabilities = (
        column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        for column in (texts, languages, probabilities)
    )
    filled = pc.fill_null(texts.cast(pa.large_string()), "")
    offsets = np.frombuffer(filled.buffers()[1], np.int64, len(filled) + 1, filled.offset * 8)
    data = filled.buffers()[2]
    buf = np.frombuffer(data, np.uint8) if data and data.size else np.zeros(1, np.uint8)
    keys, ranges, codes = _keys()
    sure = pc.greater_equal(pc.fill_null(probabilities, 0.0), LEAST_SURE)
    which = pc.fill_null(pc.index_in(pc.if_else(sure, languages, None), pa.array(codes)), -1)
    which = which.to_numpy(zero_copy_only=False).astype(np.int64)
    out = np.zeros((len(filled), len(COLUMNS)), np.int32)
    form(buf, offsets, which, (*form_classes(), keys), ranges, out)
    scores = {name: np.ascontiguousarray(out[:, at]) for at, name in enumerate(COLUMNS)}
    none = pc.fill_null(pc.is_in(languages, pa.array(NO_LANGUAGE)), False).to_numpy(zero_copy_only=False)
    known = known_languages().values()
    length = np.array([*(round(100 * language.length) for language in known), 0], np.int32)
    share = np.array([*(round(1000 * language.share) for language in known), 0], np.int32)
    return pa.table(scores | dict(zip(USUAL, (length[which], share[which], none.astype(np.int32)), strict=True)))


@dataclass(frozen=True)
class KnownLanguage:
    """What is known of the words of a language.

    Parameters
    ----------
    words : tuple of str
        The commonest.
    length : float
        Mean letters of a word.
    share : float
        Of a text's words, those that are among the commonest, in [0, 1].
    """

    words: tuple[str, ...]
    length: float
    share: float


@cache
def known_languages() -> dict[str, KnownLanguage]:
    """By the code of the language.

    Source: ``benchmarks/stop_words.py``: the Universal Declaration of Human Rights and stopwords-iso 1.1.0 (MIT).
    """
    stored = _stored("stop_words.json").items()
    return {code: KnownLanguage(tuple(of["words"]), of["length"], of["share"]) for code, of in stored}


@cache
def _keys() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Keys of words, sorted within each language, those of notices last; where each begins; the languages.

    ``notice_words.json``, words of menus, notices about cookies and adverts in many languages (of Chinese and Japanese
    pairs of characters), is Karat's own list. One of them says nothing; a text that is full of them is one of those.
    """
    from karat.kernels.text_form import key_of

    known = known_languages()
    notices = {key_of(word) for words in _stored("notice_words.json").values() for word in words.split()}
    parts = [sorted({key_of(word) for word in words}) for words in (language.words for language in known.values())]
    keys = np.array([key for part in [*parts, sorted(notices)] for key in part], np.uint64)
    return keys, np.cumsum([0, *map(len, parts)]), list(known)


def _stored(name: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((files("karat.quality") / name).read_text(encoding="utf-8"))
    return stored
