"""Pairs of questions that resemble each other: sketches propose, words decide."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.hashes import row_hashes
from karat.quality.final_answers import final_answers
from karat.quality.questions import asked, numbers
from karat.quality.text_bytes import text_bytes
from karat.quality.turns import exchanges, loose

MAX_RECORDS = 1 << 18  # cost: beyond, those whose number has the smallest hash
MAX_TEXT = 4_000  # characters of a question that are compared; cost: the rest is not compared
BANDS, DEEP = 32, 3  # definition: a pair that shares half of its tokens and token pairs meets with a chance of .986
MAX_BUCKET = 48  # cost: members of larger ones meet the first and the three before them
PART = 1 << 14  # pairs whose sketches are compared at a time; cost: memory
TOKEN = re.compile(r"[㐀-鿿぀-ヿ가-힯]|[^\W_㐀-鿿぀-ヿ가-힯]+|[-+*/=<>%^]")
SMALL_WORDS = re.compile(
    "a|an|the|of|to|in|on|for|is|are|was|and|that|this|please|could|can|you|me|us|your|my|do|does|did|would|will|be|it|"
    "its|with|at|by|so|then|now|just|also|following|given|below|的|了|是|请|一|下|你|我|吗|呢|吧|啊|个|这|那|么|帮|给|问"
)


@dataclass(frozen=True)
class Questions:
    """The questions of up to ``MAX_RECORDS`` records, and what their last answers come down to.

    Parameters
    ----------
    rows : ndarray of int64, shape (q,)
    keys : ndarray of uint64, shape (s,)
        As in ``Block.keys``.
    kinds : ndarray of int8
        As in ``Finals``; -1 without an answer.
    records : int
        Records with a question seen in all.
    """

    rows: np.ndarray
    keys: np.ndarray
    texts: pa.Array
    finals: pa.Array
    kinds: np.ndarray
    records: int

    @classmethod
    def of(cls, block: Block) -> "Questions":
        texts = asked(block)
        last = exchanges(block)
        last = last.take(last.last)
        answers = final_answers(last)
        place = np.full(len(block), -1)
        place[last.at] = np.arange(len(last))
        there = np.flatnonzero(np.asarray(texts.is_valid()))
        finals = pc.utf8_slice_codeunits(answers.texts, 0, 300)
        finals = finals.take(pa.array(place[there], mask=place[there] < 0))
        kinds = np.append(answers.kinds, np.int8(-1))[place[there]]
        texts = pc.utf8_slice_codeunits(texts.take(pa.array(there)), 0, MAX_TEXT)
        return cls(block.rows[there], block.keys[there], texts, finals, kinds, len(there))._bounded()

    def merge(self, other: Self) -> "Questions":
        return Questions(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.keys, other.keys]),
            pa.concat_arrays([self.texts, other.texts]),
            pa.concat_arrays([self.finals, other.finals]),
            np.concatenate([self.kinds, other.kinds]),
            self.records + other.records,
        )._bounded()

    def _bounded(self) -> "Questions":
        if len(self.rows) <= MAX_RECORDS:
            return self
        keep = np.sort(np.argpartition(self.keys, MAX_RECORDS)[:MAX_RECORDS])
        pick = pa.array(keep)
        texts, finals = self.texts.take(pick), self.finals.take(pick)
        return Questions(self.rows[keep], self.keys[keep], texts, finals, self.kinds[keep], self.records)


@dataclass(frozen=True)
class Alike:
    """Two questions that resemble each other.

    Parameters
    ----------
    later, earlier : int
        Places among the questions.
    share : float
        Share of the words, in order, that both have.
    same_numbers : bool
        Do both hold the same numbers?
    swapped : tuple of str
        Words of one that the other has not, where they carry meaning; not looked for where the numbers differ.
    """

    later: int
    earlier: int
    share: float
    same_numbers: bool
    swapped: tuple[str, ...]


def alike(texts: pa.Array, least: float, met: float = 0.0) -> dict[int, list[Alike]]:
    """Pairs of which at least a share of the words agrees: by the later question, the likest earlier one first.

    Only pairs of which a share of the sketch, ``met``, agrees are read word by word.
    """
    plain = loose(texts).to_pylist()
    matches: dict[int, list[Alike]] = {}
    words: dict[int, list[str]] = {}
    figures: dict[int, Counter[str]] = {}
    for first, second in _proposed(texts, met):
        for place in (first, second):
            if place not in words:
                words[place] = TOKEN.findall(plain[place])
                figures[place] = numbers(texts[place].as_py())
        share = _share(words[first], words[second], least)
        if share >= least:
            same = figures[first] == figures[second]
            swapped = _swapped(words[first], words[second]) if same else ()
            matches.setdefault(second, []).append(Alike(second, first, share, same, swapped))
    return {
        later: sorted(matches[later], key=lambda pair: (not pair.same_numbers, -pair.share, pair.earlier))
        for later in sorted(matches)
    }


def _proposed(texts: pa.Array, met: float) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) that meet in a band of their sketches, each once."""
    from karat.kernels.min_hashes import min_hashes

    data, offsets = text_bytes(texts)
    salts = row_hashes(np.arange(BANDS * DEEP))
    sketch = np.full((len(texts), len(salts)), np.uint64(0xFFFFFFFFFFFFFFFF))
    min_hashes(data, offsets, salts, sketch)
    bands = [np.zeros(0, np.int64)]  # earlier * n + later
    for band in range(BANDS):
        key = sketch[:, band * DEEP]
        for at in range(1, DEEP):
            key = row_hashes(key ^ sketch[:, band * DEEP + at])
        bands.append(_met_in_band(key))
    keys = np.sort(np.concatenate(bands))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    earlier, later = keys // max(len(texts), 1), keys % max(len(texts), 1)
    for start in range(0, len(keys), PART):
        first, second = earlier[start : start + PART], later[start : start + PART]
        if met > 0:
            enough = (sketch[first] == sketch[second]).mean(axis=1) >= met
            first, second = first[enough], second[enough]
        yield from zip(first.tolist(), second.tolist(), strict=True)


def _met_in_band(key: np.ndarray) -> np.ndarray:
    """Pairs with the same key, as earlier * n + later."""
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], key[order][1:] != key[order][:-1]])) if len(key) else order
    sizes = np.diff(np.append(starts, len(key)))
    pairs = [np.zeros((0, 2), np.int64)]
    for gap in range(1, int(min(MAX_BUCKET, sizes.max(initial=1)))):  # all pairs that stand `gap` apart in a bucket
        bucket = (sizes > gap) & (sizes <= MAX_BUCKET)
        if not bucket.any():
            break
        lengths = sizes[bucket] - gap
        at = np.repeat(starts[bucket] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        pairs.append(np.stack([order[at], order[at + gap]], axis=1))
    for start, size in zip(starts[sizes > MAX_BUCKET].tolist(), sizes[sizes > MAX_BUCKET].tolist(), strict=True):
        pairs.append(_crowded(order[start : start + size]))
    every = np.concatenate(pairs)
    return every[:, 0] * len(key) + every[:, 1]


def _crowded(members: np.ndarray) -> np.ndarray:
    """Of a crowded bucket each with the first and with the few before it."""
    near = [np.stack([members[:-gap], members[gap:]], axis=1) for gap in (1, 2, 3)]
    first = np.stack([np.full(len(members) - 1, members[0]), members[1:]], axis=1)
    return np.concatenate([first, *near])


def _share(first: list[str], second: list[str], least: float) -> float:
    """Share of the words both have, in order; 0 where it cannot reach the least."""
    from rapidfuzz.distance import Indel

    longest = max(len(first), len(second), 1)
    if min(len(first), len(second)) < (2 * least - 1) * longest or (longest < 1):
        return 0.0
    return 1.0 if first == second else float(Indel.normalized_similarity(first, second, score_cutoff=least))


def _swapped(first: list[str], second: list[str]) -> tuple[str, ...]:
    """Words that only one of both has and that carry meaning: no small word, no slip of its counterpart."""
    from rapidfuzz.distance import OSA

    out: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        left, right = "".join(first[a:b]), "".join(second[c:d])
        if left and right and OSA.normalized_similarity(left, right) >= 0.6:
            continue
        out += [word for word in (*first[a:b], *second[c:d]) if not SMALL_WORDS.fullmatch(word)]
    return tuple(out)
