"""Which language a text is in, without the network."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import MissingExtraError
from karat.core.release import install
from karat.quality.confusable_languages import BANTU, DIALECTS, MAORI_SHAPE, MAORI_WORDS, RARE, TSONGA_WORDS, WORDS

MOST_CHARACTERS = 1_200  # cost: of a text that are looked at; more change nothing
BATCH_TEXTS = 16_384  # cost: texts whose scores are in memory at a time
RARE_PENALTY = 5.0  # nats, for languages of few readers; benchmarks/language_identification.md
WORD_BONUS = 6.0  # unproven: nats a telling word is worth
MOST_WORDS = 6  # unproven: telling words of one text that count
MIN_TSONGA = 0.2  # unproven: of the words
MOST_FOREIGN = 0.06  # unproven: letters that Māori has not, among the plain ones
UNKNOWN = "und"
RENAMED = {"no": "nb"}
EDGE = r"[^\pL’']+"


@dataclass(frozen=True, eq=False)
class _Model:
    """The model as its wheel holds it, with the classes by their codes."""

    moves: np.ndarray
    rows: np.ndarray
    features: np.ndarray
    weights: np.ndarray
    priors: np.ndarray
    codes: tuple[str, ...]
    label_of: np.ndarray  # (k,) which label a class is
    penalty: np.ndarray  # (k,)


def languages(texts: Any) -> pa.Table:
    """The language of each text, and the probability that it is that one.

    A walk over the bytes gives the n-grams, a naive Bayes model their languages; languages that are close are told
    apart by small words. Māori, Tsonga and Tswana, which the model does not know, are known by their words alone.

    Parameters
    ----------
    texts : pyarrow.Array or ChunkedArray of string, or list of str
        Null = blank.

    Returns
    -------
    pyarrow.Table
        ``language``: ISO 639-1, else 639-3; ``zxx`` where there is no language (numbers, markup), ``und`` where there
        is no letter. ``probability``: float64 in [0, 1].

    Source: Lui and Baldwin (2012), langid.py, ACL; the model is that of the package py3langid.

    Raises
    ------
    MissingExtraError
        The extra ``text`` is not installed.
    """
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    column = column.cast(pa.string())
    parts = [_of(column.slice(at, BATCH_TEXTS)) for at in range(0, len(column), BATCH_TEXTS)]
    empty = pa.table({"language": pa.array([], pa.string()), "probability": pa.array([], pa.float64())})
    return pa.concat_tables(parts or [empty]).combine_chunks()


def _of(column: pa.Array) -> pa.Table:
    text = pc.utf8_slice_codeunits(pc.fill_null(column, ""), 0, MOST_CHARACTERS)
    text = pc.utf8_normalize(pc.if_else(pc.utf8_is_upper(text), pc.utf8_lower(text), text), "NFC")
    # a blank before and behind: the ends of words tell most, and short texts consist of them
    text = pc.binary_join_element_wise(" ", text, " ", "")
    scores, labels = _scored(text)
    size = np.sqrt(np.maximum(1, pc.binary_length(text).to_numpy(zero_copy_only=False)))
    best = scores.argmax(axis=1)
    top = scores[np.arange(len(scores)), best]
    with np.errstate(under="ignore"):
        share = 1.0 / np.exp((scores - top[:, None]) / size[:, None]).sum(axis=1)
    none = ~np.asarray(pc.match_substring_regex(text, r"\pL"))
    names = np.where(none, UNKNOWN, np.array(labels, object)[best])
    return pa.table({"language": pa.array(names, pa.string()), "probability": np.where(none, 0.0, share)})


def _scored(text: pa.Array) -> tuple[np.ndarray, tuple[str, ...]]:
    """(n, labels) float64 scores in nats, and the labels."""
    from karat.kernels.languages import scores

    model = _model()
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    data = np.frombuffer(text.buffers()[2] or b"", np.uint8)
    raw, letters = scores(data, offsets, model.moves, model.rows, model.features, model.weights, model.priors)
    raw -= model.penalty
    out = np.full((len(text), len(model.codes)), -np.inf, np.float32)
    for column, label in enumerate(model.label_of.tolist()):
        np.maximum(out[:, label], raw[:, column], out=out[:, label])
    _tell_apart(out, text, letters[:, 1] <= MOST_FOREIGN * letters[:, 0], model.codes)
    return out, model.codes


def _tell_apart(scores: np.ndarray, text: pa.Array, polynesian: np.ndarray, codes: tuple[str, ...]) -> None:
    """Add what small words say, in place; ``text`` has blanks around it."""
    at = {code: column for column, code in enumerate(codes)}
    best = scores.argmax(axis=1)
    for code, (like, signs) in DIALECTS.items():
        here = np.flatnonzero(np.isin(best, [at[code], at[like]]))
        if len(here):
            plain = ~np.asarray(pc.match_substring_regex(text.take(pa.array(here)), signs))
            scores[here[plain], at[like]] = scores[here[plain]].max(axis=1)
            scores[here[plain], at[code]] = -np.inf
    sotho = np.isin(best, [at["nso"], at["st"]])
    scores[sotho, at["tn"]] = scores[sotho].max(axis=1)
    near = [at[code] for code in {code for group in WORDS for code in group} | set(BANTU)]
    places = np.flatnonzero(np.isin(best, near) | polynesian)
    if not len(places):
        return
    words = pc.replace_substring_regex(pc.utf8_lower(text.take(pa.array(places))), EDGE, "  ")
    part = scores[places]
    for group, known in WORDS.items():
        some = np.flatnonzero(np.isin(best[places], [at[code] for code in group]))
        here = words.take(pa.array(some))
        for code, pattern in known.items() if len(some) else ():
            part[some, at[code]] += WORD_BONUS * np.minimum(_count(here, pattern), MOST_WORDS)
    _unmodelled(part, words, polynesian[places], at)
    scores[places] = part


def _unmodelled(scores: np.ndarray, words: pa.Array, polynesian: np.ndarray, at: dict[str, int]) -> None:
    """Put the languages that the model does not know above all others where their words abound."""
    top = scores.max(axis=1)
    counts = pc.count_substring_regex(words, r"[^ ]+").to_numpy(zero_copy_only=False)
    bantu = np.flatnonzero(np.isin(scores.argmax(axis=1), [at[code] for code in BANTU]))
    hits = _count(words.take(pa.array(bantu)), TSONGA_WORDS)
    bantu = bantu[hits >= np.maximum(1, MIN_TSONGA * counts[bantu])]
    scores[bantu, at["ts"]] = top[bantu] + WORD_BONUS
    near = np.flatnonzero(polynesian)
    maori = near[_maori(words.take(pa.array(near)), counts[near])]
    scores[maori, at["mi"]] = top[maori] + WORD_BONUS * np.minimum(counts[maori], MOST_WORDS)


def _count(words: pa.Array, pattern: str) -> np.ndarray:
    """(n,) how many words match; words stand between two blanks."""
    inside = pattern.replace(r"\w", "[^ ]")
    counts: np.ndarray = pc.count_substring_regex(words, f" (?:{inside}) ").to_numpy(zero_copy_only=False)
    return counts


def _maori(words: pa.Array, counts: np.ndarray) -> np.ndarray:
    """(n,) bool: are nearly all words of open syllables, and many of them Māori?"""
    shaped = _count(words, MAORI_SHAPE)
    small = _count(words, MAORI_WORDS)
    telling = _count(words, r"\w*(?:wh[aeiouāēīōū]|[aeiou]ng[aeiou]|[āēīōū])\w*")
    several = (counts > 2) & (shaped >= 0.85 * counts) & (small + telling >= 0.3 * counts)
    single = (counts > 0) & (counts <= 2) & (shaped == counts) & (telling >= 1)
    answer: np.ndarray = several | single
    return answer


@cache
def _model() -> _Model:
    try:
        import py3langid  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError(
            "telling languages apart needs the extra 'text', which is not installed", install("text")
        ) from error
    import lzma
    from pathlib import Path

    stored = lzma.decompress((Path(py3langid.__file__).parent / "data" / "model.npz.xz").read_bytes())
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        classes = [RENAMED.get(name, name) for name in arrays["classes"].tolist()]
        codes = tuple(dict.fromkeys([*classes, "tn", "ts", "mi"]))
        rare = set(RARE.split())
        return _Model(
            arrays["nextmove"],
            arrays["nextmove_row"],
            arrays["out_feat"],
            arrays["ptc"].astype(np.float32),
            arrays["pc"].astype(np.float32),
            codes,
            np.array([codes.index(name) for name in classes]),
            np.array([RARE_PENALTY if name in rare else 0.0 for name in classes], np.float32),
        )
