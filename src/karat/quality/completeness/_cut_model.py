"""How likely a text without a mark at its end was cut: what cut texts of the file look like, beside whole ones."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.completeness._cut_signs import KINDS, NONE, CutSign, Vocabulary, sign
from karat.quality.completeness._endings import BEFORE, CLASSES, CONTEXTS, FORM, class_of, contexts, finished

# flat when its odds are halved and doubled, by its tests (benchmarks/constants.md): how often a text that ends where it
# should, without a mark, shows each sign; the file corrects this
NATURAL = np.array([0.966, 0.004, 0.008, 0.006, 0.004, 0.003, 0.007, 0.002])
NATURAL_WEIGHT = 200.0  # unproven: texts; more believes the file less
# a rate of .08 names more cuts in two files, and more false ones (benchmarks/instructions.md)
RATE_WEIGHT = 200.0  # flat from 100 to 400 by its tests (benchmarks/constants.md)
MOST = 0.9  # flat from 0.818 to 0.947 by its tests (benchmarks/constants.md)
CUT_RATE = 0.06  # flat from 0.0309 to 0.113 by its tests (benchmarks/constants.md)
FAINT, PARENT_WEIGHT = 0.1, 1.0  # unproven: more smooths rare endings
# unproven: higher names more texts cut
LONELY = 0.08  # of one text that ends as no other of its kind does, so much is not put down to habit
# unproven: shares before the file tells them
UNFINISHED = (0.8, 0.2, 0.6, 0.6)  # whole texts without a mark: a word, a line of words, an item, code
# How often a text cut anywhere shows each sign, where a file has too few texts to tell
# unproven: where they were counted is not written down
CUT = np.array([0.42, 0.25, 0.12, 0.05, 0.11, 0.03, 0.01, 0.01])
CUT_WEIGHT = 30.0  # unproven: texts; more believes the cuts made from the file less
# How likely each sign alone makes a cut, and how many texts must be known to believe the file instead
# unproven: higher names more in small files
ALONE, KNOWN = np.array([0.05, 0.85, 0.4, 0.85, 0.9, 0.75, 0.75, 0.5]), 20.0
ROUNDS = 40  # unproven: of expectation and maximisation; whether it has settled is not measured
MADE_CUTS, LEAST, FIRST, LAST = 3_000, 8, 0.2, 0.95  # unproven: cuts made of the file's own texts, and where they fall
COUNTED = 400_000  # characters whose sentence ends are counted; cost: bounds time and memory
BACK_OFF = 2.0  # unproven: sightings that the shorter context is worth
# unproven: finer bins need more texts
BINS = np.array([-1.5, -0.5, 0.5, 1.5])  # log of how much likelier than any other word the last one ends a clause
BIN_WEIGHT = 10.0  # unproven: texts; more believes the closed ones longer
UNIT = re.compile("[\u3400-\u9fff]|[^\\W\\d_]+(?:['’][^\\W\\d_]+)?|\\d+|[^\\w\\s]|\\n")
CLOSES = frozenset(".!?;:)\n。，！？；：、…）~～")
COMMA = ","


class Clauses:
    """How often each word, or Chinese character, of some texts ends a sentence or a clause; with those before it.

    Parameters
    ----------
    texts : sequence of str
        What follows the last sign of each is not counted.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.seen: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()
        for text in texts:
            units = UNIT.findall(text.lower())
            for at, after in enumerate(units[1:]):
                for key in _keys(units[max(0, at - 2) : at + 1]):
                    self.seen[key] += 1
                    self.closed[key] += after in CLOSES
        letters = [key for key in self.seen if "\0" not in key]
        total = sum(self.seen[key] for key in letters)
        self.share = (sum(self.closed[key] for key in letters) + 1) / (total + 10)

    def score(self, text: str, after: str | None = None) -> float:
        """Log of how much likelier than any word the last of a text ends a clause.

        Parameters
        ----------
        after : str or None
            What follows where the text is a part of one of those counted; it is left out of the count.
        """
        units = UNIT.findall(text[-80:].lower())[-3:]
        own = None if after is None else (UNIT.findall(after[:20].lower()) or ["\n"])[0] in CLOSES
        chance = self.share
        for key in _keys(units):
            seen, closed = self.seen[key], self.closed[key]
            if own is not None and seen:
                seen, closed = seen - 1, closed - own
            chance = (closed + BACK_OFF * chance) / (seen + BACK_OFF)
        return float(np.log(max(chance, 1e-6) / self.share))


def _keys(units: Sequence[str]) -> Iterator[str]:
    """The last word; with the one before; in Chinese, with the two before."""
    if units and units[-1].isalpha():
        yield units[-1]
        for back in range(2, (4 if "\u3400" <= units[-1] <= "\u9fff" else 3)):
            if len(units) >= back and units[-back].isalpha():
                yield "\0".join(units[-back:])


@dataclass(frozen=True)
class TextEnds:
    """What is seen of some texts: context, sign and how the last word ends clauses, all shape (n,)."""

    where: np.ndarray
    kinds: np.ndarray
    bins: np.ndarray
    signs: tuple[CutSign, ...]


@dataclass(frozen=True)
class CutModel:
    """Cut texts and whole ones told apart by expectation and maximisation, from a sample of a file's answers.

    What cut ones look like is learned by cutting the file's own; what whole ones look like from those that end with a
    mark, and from those without that show no sign. So a missing mark says much where all others have it, and little
    where many do without.

    Parameters
    ----------
    rate : float
        Share of answers that are cut, in [0, 1].
    known : float
        How far the file is believed, in [0, 1]; the rest are the signs alone.
    cut : ndarray of float64, shape (CONTEXTS, 8)
        How often a cut text shows each sign in each context.
    whole : ndarray of float64, shape (CONTEXTS, 8)
        How often a text that is whole does, and has no mark.
    cut_bins, whole_bins : ndarray of float64, shape (5,)
        How their last words end clauses, where they show no other sign.

    Source: Dempster, Laird & Rubin (1977); Elkan & Noto (2008), learning from positive and unlabelled data.
    """

    words: Vocabulary
    clauses: Clauses
    rate: float
    known: float
    cut: np.ndarray
    whole: np.ndarray
    cut_bins: np.ndarray
    whole_bins: np.ndarray

    @classmethod
    def of(cls, texts: pa.Array, words: Vocabulary) -> "CutModel":
        """The model of a sample of answers."""
        rows = texts.to_pylist()
        clauses = Clauses(_first(rows, COUNTED))
        cuts, after = _made_cuts(rows)
        none = ~finished(cuts)
        cuts, after = cuts.filter(pa.array(none)), [text for text, keep in zip(after, none, strict=True) if keep]
        cut = seen(cuts, words, clauses, after)
        joint = np.zeros((CONTEXTS, len(KINDS)))
        np.add.at(joint, (cut.where, cut.kinds), 1.0)
        joint += CUT_WEIGHT * CUT * (joint.sum(1, keepdims=True) + FAINT) / (joint.sum() + FAINT * CONTEXTS)
        # a tenth of what signs and contexts would be if they knew nothing of each other: no combination is impossible
        apart = (joint.sum(1, keepdims=True) + 0.5) * (joint.sum(0, keepdims=True) + 0.5)
        joint = joint / max(1.0, joint.sum()) + 0.1 * apart / apart.sum()
        done = finished(texts)
        where = contexts(texts)
        sizes = np.bincount(where, minlength=CONTEXTS)
        left = seen(texts.filter(pa.array(~done)), words, clauses)
        ends = pc.replace_substring_regex(texts.filter(pa.array(done)), r"[^\pL]*$", "")
        closing = np.bincount(_binned(ends.to_pylist(), clauses, ["."] * len(ends)), minlength=len(BINS) + 1)
        known = len(texts) / (len(texts) + KNOWN)
        model = cls(
            words, clauses, CUT_RATE, known, joint / joint.sum(), joint, _shares(cut.bins[cut.kinds == NONE]), BINS
        )
        return model._told_apart(sizes, left, closing)

    def _told_apart(self, sizes: np.ndarray, left: TextEnds, closing: np.ndarray) -> "CutModel":
        total = int(sizes.sum())
        chance = np.where(left.kinds == NONE, 0.2, 0.7)
        model = self
        for _ in range(ROUNDS):
            gone = np.bincount(left.where, chance, CONTEXTS)
            stay = np.bincount(left.where, 1 - chance, CONTEXTS)
            rate = (gone.sum() + CUT_RATE * RATE_WEIGHT) / (total + RATE_WEIGHT)
            shown = np.bincount(left.kinds, 1 - chance, len(KINDS)) + NATURAL_WEIGHT * NATURAL
            none = left.kinds == NONE
            bins = np.bincount(left.bins[none], (1 - chance)[none], len(BINS) + 1)
            bins = bins + BIN_WEIGHT * (closing + 1) / (closing + 1).sum()
            size = np.maximum(sizes - gone, stay)
            stay = np.maximum(stay - LONELY, 0.0)
            mass = _open_rates(size, stay) * (size + FAINT) / (size + FAINT).sum()
            whole = mass[:, None] * (shown / shown.sum())[None, :]
            model = replace(model, rate=min(rate, MOST), whole=whole, whole_bins=bins / bins.sum())
            chance = model._chances(left)
        return model

    def chances(self, texts: TextEnds) -> np.ndarray:
        """(n,) how likely texts without a mark at their end were cut."""
        return self.known * self._chances(texts) + (1 - self.known) * ALONE[texts.kinds]

    def _chances(self, texts: TextEnds) -> np.ndarray:
        none = texts.kinds == NONE
        cut = self.rate * self.cut[texts.where, texts.kinds] * np.where(none, self.cut_bins[texts.bins], 1.0)
        whole = self.whole[texts.where, texts.kinds] * np.where(none, self.whole_bins[texts.bins], 1.0)
        chance: np.ndarray = cut / (cut + (1 - self.rate) * whole)
        return chance

    def seen(self, texts: pa.Array) -> TextEnds:
        """What is seen of texts that end without a mark."""
        return seen(texts, self.words, self.clauses)


def seen(texts: pa.Array, words: Vocabulary, clauses: Clauses, after: Sequence[str] = ()) -> TextEnds:
    """What is seen of texts; see ``Seen``."""
    where, rows = contexts(texts), texts.to_pylist()
    kinds = [class_of(place) for place in where.tolist()]
    signs = tuple(sign(text, kind, words) for text, kind in zip(rows, kinds, strict=True))
    return TextEnds(where, np.array([shown.kind for shown in signs], np.int64), _binned(rows, clauses, after), signs)


def _binned(texts: Sequence[str], clauses: Clauses, after: Sequence[str] = ()) -> np.ndarray:
    follow: Sequence[str | None] = after or [None] * len(texts)
    scores = np.array([clauses.score(text, then) for text, then in zip(texts, follow, strict=True)])
    return np.digitize(scores, BINS)


def _shares(bins: np.ndarray) -> np.ndarray:
    counts = np.bincount(bins, minlength=len(BINS) + 1) + 1.0
    return counts / counts.sum()


def _first(texts: Sequence[str], characters: int) -> list[str]:
    ends = np.cumsum([len(text) for text in texts])
    return list(texts[: int(np.searchsorted(ends, characters)) + 1])


def _made_cuts(texts: Sequence[str]) -> tuple[pa.Array, list[str]]:
    """Texts cut at places spread evenly over their length, and what stood behind the cut."""
    long = [text for text in texts if len(text) >= LEAST]
    each = max(1, min(20, MADE_CUTS // max(1, len(long))))
    heads, after = [], []
    for at, text in enumerate(long[: MADE_CUTS // each]):
        for k in range(each):
            spread = (0.618034 * (at * each + k + 1)) % 1.0  # the golden ratio: even, and nothing drawn
            end = int(len(text) * (FIRST + (LAST - FIRST) * spread))
            if head := text[:end].rstrip():
                heads.append(head)
                after.append(text[end:])
    return pa.array(heads, pa.large_string()), after


def _open_rates(sizes: np.ndarray, left: np.ndarray) -> np.ndarray:
    """(CONTEXTS,) shares of whole texts without a mark, drawn towards that of contexts like it where there are few."""
    rates = np.ones((len(CLASSES), len(BEFORE), len(FORM))) * np.array(UNFINISHED)[:, None, None]
    n, k = sizes.reshape(rates.shape), left.reshape(rates.shape)
    for axes in ((1, 2), (2,), ()):
        rates = (k.sum(axes, keepdims=True) + PARENT_WEIGHT * rates) / (n.sum(axes, keepdims=True) + PARENT_WEIGHT)
    return np.ascontiguousarray(rates).ravel()
