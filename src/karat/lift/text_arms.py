"""What each arm of a proof for text trains on, and what it is judged on: drawn from two versions of one corpus."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.degrees import SAMPLE
from karat.core.errors import InputError
from karat.train.ngram_language_model import sizes

# unproven: more judge better and leave less to train on
HELD_OUT = 0.1  # of the groups of documents that belong together
# cost: beyond it a sample judges
TEST_BYTES = 1 << 20  # a set of held-out texts is not larger: more would only cost time
# chosen on newsgroups (benchmarks/text_proof.md)
LONGEST_BYTES = 8_192  # of a text that is judged: a few long ones shall not decide
IN_DOMAIN, GOOD, JUDGING = "in-domain text", "text in both versions", "given text"
AS_AFTER = "text in both versions, as in B"


@dataclass(frozen=True, eq=False)
class Documents:
    """One version of a corpus.

    Parameters
    ----------
    texts : pyarrow.Array of large_string, length n, no blanks
    rows : ndarray of int64, shape (n,)
        Numbers of the documents, the same in both versions.
    """

    texts: pa.Array
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def bytes(self) -> np.ndarray:
        """(n,) int64: bytes of UTF-8."""
        return sizes(self.texts)

    @cached_property
    def codes(self) -> np.ndarray:
        """(n,) int64: equal texts have equal codes, in order of first appearance."""
        return np.asarray(pc.dictionary_encode(self.texts).indices).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Corpora:
    """Before, after, and a text nobody doubts.

    Parameters
    ----------
    judging : Documents or None
        Texts to judge by, that stand in neither.
    alike : ndarray of int64, shape (k, 2)
        Rows of documents of which one was dropped for the other: they stay on one side.
    """

    before: Documents
    after: Documents
    judging: Documents | None = None
    alike: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def __post_init__(self) -> None:
        for words, documents in (("before", self.before), ("after", self.after)):
            if len(documents) < SAMPLE:
                raise InputError(
                    f"there are only {len(documents)} documents {words} (at least {SAMPLE} are needed)",
                    "Give more text",
                )

    @cached_property
    def groups(self) -> np.ndarray:
        """(documents before,) int64: equal texts, and those of which one was dropped for the other, have one number."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        own, count = self.before.codes, len(self.before)
        place = {int(row): at for at, row in enumerate(self.before.rows)}
        pairs = [(place[a], place[b]) for a, b in self.alike.tolist() if a in place and b in place]
        left = np.concatenate([np.arange(count), np.array([a for a, _ in pairs], np.int64)])
        right = np.concatenate([count + own, np.array([b for _, b in pairs], np.int64)])
        size = count + int(own.max()) + 1
        graph = coo_matrix((np.ones(len(left), bool), (left, right)), (size, size))
        return np.asarray(connected_components(graph, directed=False)[1][:count], np.int64)


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw: which documents are held out, the order of the others, texts by arm, and sets to judge by."""

    corpora: Corpora
    seed: tuple[int, ...]

    @cached_property
    def _held_out(self) -> np.ndarray:
        """(documents before,) bool."""
        groups = self.corpora.groups
        out = np.random.default_rng([*self.seed, 0]).random(int(groups.max()) + 1) < HELD_OUT
        return np.asarray(out[groups])

    @cached_property
    def _order(self) -> np.ndarray:
        """(highest row + 1,) float64: documents are read by rising number, the same in every arm."""
        highest = max(int(self.corpora.before.rows.max()), int(self.corpora.after.rows.max()))
        return np.asarray(np.random.default_rng([*self.seed, 1]).random(highest + 1))

    def positions(self, placebos: int) -> Mapping[str, tuple[Documents, np.ndarray]]:
        """Each arm's training documents, in the order they are read."""
        before, after = self.corpora.before, self.corpora.after
        train = np.flatnonzero(~self._held_out)
        stays = ~np.isin(after.rows, before.rows[self._held_out])
        arms = {"raw": (before, train), "refined": (after, np.flatnonzero(stays))}
        first = np.sort(np.unique(before.codes[train], return_index=True)[1])
        arms["plain"] = (before, train[first])
        kept = int(np.isin(before.rows[train], after.rows).sum())
        for at in range(placebos):
            chosen = np.random.default_rng([*self.seed, 2, at]).permutation(len(train))[:kept]
            arms[f"placebo {at}"] = (before, train[np.sort(chosen)])
        return {
            name: (documents, at[np.argsort(self._order[documents.rows[at]], kind="stable")])
            for name, (documents, at) in arms.items()
        }

    @cached_property
    def judged(self) -> "JudgingTexts":
        """Texts to judge by, each once; of given texts a random half, so that draws tell how far they carry."""
        before, judging, random = self.corpora.before, self.corpora.judging, np.random.default_rng([*self.seed, 3])
        held_out = np.flatnonzero(self._held_out)
        held_out = random.permutation(held_out[np.sort(np.unique(before.codes[held_out], return_index=True)[1])])
        both = np.isin(before.rows[held_out], self.corpora.after.rows)
        kept, gone = _some(before, held_out[both]), _some(before, held_out[~both])
        # of both kinds as much as fits is judged; together they count by how much there is of each
        weights = [np.full(len(part), _share(before, held_out[of], part)) for part, of in ((kept, both), (gone, ~both))]
        held_out = np.concatenate([kept, gone])
        both = np.isin(before.rows[held_out], self.corpora.after.rows)
        sets = {GOOD: np.flatnonzero(both), IN_DOMAIN: np.arange(len(held_out))}
        texts = before.texts.take(pa.array(held_out)).to_pylist()
        edited = self._as_after(before.rows[held_out[both]])
        if edited != [texts[at] for at in np.flatnonzero(both)]:
            sets[AS_AFTER] = len(texts) + np.arange(len(edited))
            texts += edited
        if judging is not None:
            chosen = _some(judging, random.permutation(len(judging))[: (len(judging) + 1) // 2])
            sets = {JUDGING: len(texts) + np.arange(len(chosen)), **sets}
            texts += judging.texts.take(pa.array(chosen)).to_pylist()
        counted = np.concatenate([*weights, np.ones(len(texts) - len(held_out))])
        return JudgingTexts(
            [_cut(text, LONGEST_BYTES) for text in texts], {n: at for n, at in sets.items() if len(at)}, counted
        )

    def _as_after(self, rows: np.ndarray) -> list[str]:
        """Documents that both versions hold, as they stand in the later one."""
        after = self.corpora.after
        order = np.argsort(after.rows, kind="stable")
        at = order[np.searchsorted(after.rows[order], rows)]
        texts: list[str] = after.texts.take(pa.array(at)).to_pylist()
        return texts


@dataclass(frozen=True, eq=False)
class JudgingTexts:
    """Texts, which of them belong to each set, the one of the headline first, and how much each counts.

    Parameters
    ----------
    sets : dict of str to ndarray of int64
    weights : ndarray of float64, shape (texts,)
        How many bytes held out each byte stands for.
    """

    texts: list[str]
    sets: dict[str, np.ndarray]
    weights: np.ndarray

    @cached_property
    def bytes(self) -> np.ndarray:
        """(texts,) int64."""
        return sizes(self.texts)

    def scores(self, bits: np.ndarray) -> dict[str, float]:
        """Bits per byte of each set, their sign turned, from the bits (texts,) a model needs."""
        bits, size = bits * self.weights, self.bytes * self.weights
        return {name: -float(bits[at].sum() / size[at].sum()) for name, at in self.sets.items()}


def _some(documents: Documents, at: np.ndarray) -> np.ndarray:
    """The first of the documents, as many as fill a set."""
    return at[: int(np.searchsorted(np.cumsum(np.minimum(documents.bytes[at], LONGEST_BYTES)), TEST_BYTES)) + 1]


def _share(documents: Documents, all_of: np.ndarray, some: np.ndarray) -> float:
    """How many bytes of a kind each judged byte stands for."""
    size = np.minimum(documents.bytes, LONGEST_BYTES)
    return float(size[all_of].sum() / max(1, size[some].sum()))


def _cut(text: str, most: int) -> str:
    return text if len(text) * 4 <= most else text.encode("utf-8")[:most].decode("utf-8", "ignore")


def budgeted(documents: Documents, at: np.ndarray, budget_bytes: int) -> list[str]:
    """The first documents up to a number of bytes; the last one is cut there."""
    ends = np.cumsum(documents.bytes[at])
    whole = int(np.searchsorted(ends, budget_bytes, side="right"))
    texts: list[str] = documents.texts.take(pa.array(at[: whole + 1])).to_pylist()
    if whole < len(texts):
        rest = budget_bytes - (int(ends[whole - 1]) if whole else 0)
        texts[whole] = texts[whole].encode("utf-8")[:rest].decode("utf-8", "ignore")
    return texts
