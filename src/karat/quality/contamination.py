"""A user's own test sets, and where their texts stand in other texts: runs of 13 words, and whole texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.text_bytes import slices, text_array, text_bytes

WORDS = 13  # Brown et al. 2020 (GPT-3), appendix C
CHARACTERS_PER_WORD = 1.6  # unproven: a Chinese word has so many characters: 13 words are 21 of them
CJK_SHARE = 0.3  # unproven: of the tokens, from which on characters are counted instead of words
MAX_TESTS = 64  # unproven: texts listed for one run of words; a phrase that stands in more of them says nothing
OVERLAPS = pa.schema(
    [("row", pa.int64()), ("test_row", pa.int64()), ("overlap", pa.float64()), ("matched", pa.string())]
)


@dataclass(frozen=True)
class TestGrams:
    """The runs of one length in the test texts.

    Parameters
    ----------
    size : int
        Tokens in a run.
    keys : ndarray of uint64, shape (k,)
        Distinct hashes, rising.
    slots : ndarray of int32
        Their hash table.
    starts, tests : ndarrays of int64, shapes (k + 1,) and (p,)
        The texts each run stands in.
    """

    size: int
    keys: np.ndarray
    slots: np.ndarray
    starts: np.ndarray
    tests: np.ndarray


@dataclass(frozen=True, eq=False)
class TestSet:
    """An index of test texts; built once, asked for any number of texts.

    Parameters
    ----------
    grams : tuple of Grams
        Runs of words, and of characters where a text is Chinese, Japanese or Korean.
    totals : ndarray of int64, shape (t,)
        Distinct runs of each test text; 0 where it is shorter than a run.
    whole, short : ndarrays of uint64 and int64, shape (s,)
        The hash and the position of each text that is shorter than a run; by rising hash.
    most : int
        Tokens of the longest of those.
    """

    __test__ = False  # no test for pytest to collect

    grams: tuple[TestGrams, ...]
    totals: np.ndarray
    whole: np.ndarray
    short: np.ndarray
    most: int

    @classmethod
    def of(cls, texts: Sequence[str | None] | pa.Array | pa.ChunkedArray, n: int = WORDS) -> "TestSet":
        """The index of some test texts.

        Parameters
        ----------
        texts : sequence of str or Arrow string array, length t
        n : int
            Words in a run; where 30 % of the tokens are Han, Kana or Hangul, 1.6 times as many characters.
        """
        array = text_array(texts)
        whole, tokens, alone = hashed_whole(array)
        cjk = alone >= CJK_SHARE * np.maximum(tokens, 1)
        totals = np.zeros(len(array), np.int64)
        grams = []
        for size, mine in ((n, ~cjk), (round(n * CHARACTERS_PER_WORD), cjk)):
            at = np.flatnonzero(mine & (tokens >= size))
            if len(at):
                index, counts = _indexed(array.take(pa.array(at)), size)
                totals[at] = counts
                grams.append(TestGrams(size, index.keys, index.slots, index.starts, at[index.tests]))
        short = np.flatnonzero((totals == 0) & (tokens > 0))
        short = short[np.argsort(whole[short], kind="stable")]
        return cls(tuple(grams), totals, whole[short], short, int(tokens[short].max(initial=0)))

    def find(self, texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Table:
        """Where a test text stands in some texts, wholly or in part.

        Returns
        -------
        pyarrow.Table
            ``row``, ``test_row``; ``overlap``, the share of the test text's runs that stand there (1.0 where the whole
            text is equal); ``matched``, the longest stretch they have in common. Sorted by row and test row.
        """
        array = text_array(texts)
        parts = [OVERLAPS.empty_table()]
        for begin, some in slices(array):
            parts += [_placed(self._overlaps(some, grams), begin) for grams in self.grams]
            if len(self.whole):
                parts.append(_placed(self._equal(some), begin))
        table = pa.concat_tables(parts).sort_by(
            [("row", "ascending"), ("test_row", "ascending"), ("overlap", "descending")]
        )
        return _first_of_each(table)

    def _overlaps(self, texts: pa.Array, grams: TestGrams) -> pa.Table:
        hits = _hits(texts, grams)
        if not len(hits):
            return OVERLAPS.empty_table()
        # the tests behind each hit, one line each
        counts = np.diff(grams.starts)[hits[:, 1]]
        of = np.repeat(np.arange(len(hits)), counts)
        inner = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        test = grams.tests[grams.starts[hits[of, 1]] + inner]
        order = np.lexsort((hits[of, 2], test, hits[of, 0]))
        of, test = of[order], test[order]
        text, key = hits[of, 0], hits[of, 1]
        first = np.flatnonzero(np.concatenate([[True], (text[1:] != text[:-1]) | (test[1:] != test[:-1])]))
        pair = np.cumsum(np.isin(np.arange(len(of)), first)) - 1
        distinct = np.unique(np.stack([pair, key]), axis=1)[0]
        share = np.bincount(distinct, minlength=len(first)) / np.maximum(1, self.totals[test[first]])
        matched = _stretches(texts, hits[of], pair)
        return pa.table([text[first], test[first], share, matched], schema=OVERLAPS)

    def _equal(self, texts: pa.Array) -> pa.Table:
        """Texts that equal a test text too short for a run."""
        whole, tokens, _ = hashed_whole(texts, self.most)
        low = np.searchsorted(self.whole, whole, side="left")
        fits = (tokens > 0) & (tokens <= self.most)
        high = np.where(fits, np.searchsorted(self.whole, whole, side="right"), low)
        counts = np.minimum(high - low, MAX_TESTS)
        at = np.repeat(np.arange(len(texts)), counts)
        inner = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        test = self.short[low[at] + inner]
        return pa.table([at, test, np.ones(len(at)), texts.take(pa.array(at)).cast(pa.string())], schema=OVERLAPS)


def hashed_whole(texts: pa.Array, most: int = 1 << 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per text: the hash of all its tokens, their number, and how many are characters that stand alone.

    Of a text of more than ``most`` tokens only so many are read.
    """
    from karat.kernels.token_grams import whole_texts

    data, offsets = text_bytes(texts)
    out = np.zeros(len(texts), np.uint64), np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
    whole_texts(data, offsets, most, *out)
    return out


def _indexed(texts: pa.Array, size: int) -> tuple[TestGrams, np.ndarray]:
    from karat.kernels.token_grams import filled, list_grams

    data, offsets = text_bytes(texts)
    room = int(offsets[-1] - offsets[0])
    hashes, of = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    count = list_grams(data, offsets, size, hashes, of)
    order = np.lexsort((of[:count], hashes[:count]))
    hashes, of = hashes[order], of[order]
    fresh = np.concatenate([[True], (hashes[1:] != hashes[:-1]) | (of[1:] != of[:-1])])
    hashes, of = hashes[fresh], of[fresh]
    totals = np.bincount(of, minlength=len(texts))
    first = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    starts = np.append(first, len(hashes))
    usual = np.diff(starts) > MAX_TESTS
    keep = np.repeat(~usual, np.diff(starts))
    starts = np.concatenate([[0], np.cumsum(np.diff(starts)[~usual])])
    keys = hashes[first][~usual]
    slots = np.zeros(1 << max(4, int(2 * len(keys)).bit_length()), np.int32)
    filled(keys, slots)
    return TestGrams(size, keys, slots, starts, of[keep]), totals


def _hits(texts: pa.Array, grams: TestGrams) -> np.ndarray:
    from karat.kernels.token_grams import known_grams

    data, offsets = text_bytes(texts)
    hits = np.zeros((1024, 4), np.int64)
    while True:
        count = known_grams(data, offsets, grams.size, grams.keys, grams.slots, hits)
        if count <= len(hits):
            return hits[:count]
        hits = np.zeros((count, 4), np.int64)


def _stretches(texts: pa.Array, hits: np.ndarray, pair: np.ndarray) -> pa.Array:
    """Per pair the longest stretch its hits cover without a gap, as text."""
    data = text_bytes(texts)[0]
    begin, end = hits[:, 2], hits[:, 3]
    gap = np.concatenate([[True], (pair[1:] != pair[:-1]) | (begin[1:] > end[:-1])])
    first = np.flatnonzero(gap)
    last = np.append(first[1:], len(hits)) - 1
    size = end[last] - begin[first]
    order = np.lexsort((-first, size, pair[first]))
    best = np.zeros(int(pair[-1]) + 1, np.int64)
    best[pair[first[order]]] = order
    spans = zip(begin[first[best]].tolist(), end[last[best]].tolist(), strict=True)
    return pa.array([data[a:b].tobytes().decode() for a, b in spans], pa.string())


def _placed(table: pa.Table, begin: int) -> pa.Table:
    return table.set_column(0, "row", pc.add(table["row"], begin))


def _first_of_each(table: pa.Table) -> pa.Table:
    row, test = table["row"].to_numpy(), table["test_row"].to_numpy()
    fresh: Any = np.concatenate([[True], (row[1:] != row[:-1]) | (test[1:] != test[:-1])]) if len(row) else []
    return table.filter(pa.array(fresh, pa.bool_())).combine_chunks()
