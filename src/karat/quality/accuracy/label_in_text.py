"""Texts that hold the answer."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import SMALL_SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy.short_scale import folded, marks

MOST = 4_096  # texts, by the hash of their number; cost: bounds time; a rare mark may be missed
# unproven: a note in the middle is missed
HEAD, TAIL = 600, 200  # characters looked at: notes on a text stand before or behind it
CLASSES = 64  # flat from 32 to 128 by its tests (benchmarks/constants.md): more leave too few texts each
# 0.889 does worse, 0.667 as well by its tests (benchmarks/constants.md): lower names topic words; of the way from the
# class's share to 1, at the lower end of the interval
SURE_OF_CLASS = 0.8
# unproven: lower, as the form itself tells
SURE_OF_FORM = 0.5  # the same for a class's name in the form of a mark
KEYS = (
    "label|labels|class|classes|category|cat|target|y|sentiment|polarity|rating|rate|score|stars?|grade|tags?|topic|"
    "newsgroups?|folder|verdict|status|outcome|diagnosis|spam|is_spam|x-spam(?:-\\w+)?|gold|answer|annotation|"
    "标签|类别|分类|类型|评分|打分|星级|情感|倾向|结论|等级|主题|话题|诊断|结果"
)


@dataclass(frozen=True)
class Tell:
    """A mark in texts and the class it gives away.

    Parameters
    ----------
    texts, right : int
        RecordSample texts with the mark, and how many of them have the label.
    sure : float
        Confidence that it is no honest word.
    why : str
        What kind of mark it is.
    """

    column: str
    mark: str
    label: str
    texts: int
    right: int
    sure: float
    why: str


@dataclass(frozen=True)
class LabelInText(Check):
    """Texts in which the answer stands in writing: the class's own name, "rating: 5", "[spam]", "__label__3".

    A model learns to read the mark instead of the text, scores splendidly, and fails where nobody has written the
    answer down. An honest word only leans to a class; what is told here decides it nearly alone and is the class's
    own name, or has the form of a mark: key and value, a tag in brackets, a row of stars. One finding per mark; where
    the mark is neither a name nor a usual key ("FreeMsg: …"), it is only suspicious.

    Parameters
    ----------
    min_share : float
        Share of a class's texts that must have the mark, in [0, 1].

    Source: Kaufman, Rosset & Perlich (2012), Leakage in data mining, ACM TKDD 6.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    min_share: float = 0.005

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None or schema.task == "regression" or not schema.with_role(Role.TEXT):
            return DoesNotApply("no target with classes, or no column of texts")
        return None

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        """One finding for each mark that gives a class away, the commonest first."""
        tells = derived(state, f"tells {self.min_share}", lambda: list(self._tells(_few(state.block(schema)))))
        return self.found(
            len(tells),
            column=[tell.column for tell in tells],
            value=[tell.mark for tell in tells],
            confidence=[tell.sure for tell in tells],
            message=[
                f"{tell.right:,} of {tell.texts:,} texts with {tell.mark!r} ({tell.why}) are of class {tell.label!r}: "
                f"the answer is in the text; take it out unless it will be there when the model is asked"
                for tell in tells
            ],
        )

    def _tells(self, block: Block) -> Iterator[Tell]:
        target = block.schema.target
        if target is None:
            return
        codes, names = block.encoded(target.name)
        codes = np.where(block.missing(target.name), -1, codes)
        sizes = np.bincount(codes[codes >= 0], minlength=len(names))
        if not 2 <= int((sizes >= SMALL_SAMPLE).sum()) <= CLASSES:
            return
        for column in block.schema.with_role(Role.TEXT):
            places_of: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
            for at, text in enumerate(_looked_at(block, column.name)):
                if codes[at] >= 0 and text:
                    for key in marks(text):
                        places_of[key][at] = None
            for key, places in _names_in(block, column.name, names, sizes):
                places_of[key].update(dict.fromkeys(places.tolist()))
            frequent = [(key, np.fromiter(at, np.int64)) for key, at in places_of.items() if len(at) >= SMALL_SAMPLE]
            judged = [tell for key, at in frequent if (tell := self._judged(column.name, key, codes[at], names, sizes))]
            yield from sorted(_distinct(judged), key=lambda tell: (-tell.sure, -tell.texts, tell.mark))

    def _judged(
        self, column: str, key: tuple[str, str], codes: np.ndarray, names: list[str], sizes: np.ndarray
    ) -> Tell | None:
        codes = codes[codes >= 0]
        n = len(codes)
        most = int(np.bincount(codes, minlength=len(names)).argmax()) if n else 0
        right = int((codes == most).sum())
        usual = sizes[most] / sizes.sum()
        least = _least(right, n)
        why, name = key[0], folded(names[most])
        said = re.split("[:：=]", key[1], maxsplit=1)
        named = name in (folded(said[-1]), folded(key[1]))
        wanted = SURE_OF_FORM if named and why != "word" else SURE_OF_CLASS
        if n < SMALL_SAMPLE or right < self.min_share * sizes[most] or least < usual + wanted * (1 - usual):
            return None
        if why == "word" and not named:
            return None
        form = {"word": "its own name", "pair": "key and value", "tag": "a tag", "stars": "a mark of liking"}[why]
        known = why == "pair" and re.fullmatch(f"(?i){KEYS}", said[0].strip())
        sure = (0.6 if why == "word" else 0.85) if named else 0.8 if known else 0.65 if why == "stars" else 0.4
        return Tell(column, key[1], names[most], n, right, sure, form)


def _few(block: Block) -> Block:
    """The records with the smallest hashes, in order."""
    return block.take(np.argsort(block.keys, kind="stable")[:MOST]) if len(block) > MOST else block


def _looked_at(block: Block, column: str) -> list[str]:
    text = pc.fill_null(block.text(column), "")
    whole = pc.less_equal(pc.utf8_length(text), HEAD + TAIL)
    ends = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, HEAD), pc.utf8_slice_codeunits(text, -TAIL), "\n"
    )
    return list(pc.if_else(whole, text, ends).to_pylist())


def _names_in(
    block: Block, column: str, names: list[str], sizes: np.ndarray
) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Where each class's name stands in the texts as a word of its own."""
    texts = pa.array(_looked_at(block, column), pa.string())
    for name, size in zip(names, sizes.tolist(), strict=True):
        han = re.search("[\u3400-\u9fff]{2}", name)
        if size < SMALL_SAMPLE or not (han or re.search(r"[^\W\d_]{3}", name)):
            continue
        edge = "" if han else r"\b"
        hit = pc.match_substring_regex(texts, rf"(?i){edge}\Q{name}\E{edge}")
        yield ("word", folded(name)), np.flatnonzero(np.asarray(hit))


def _distinct(tells: list[Tell]) -> list[Tell]:
    """Without what says the same of the same texts in another form."""
    out: dict[tuple[str, int, int], Tell] = {}
    for clue in sorted(tells, key=lambda tell: (-tell.sure, tell.mark)):
        out.setdefault((clue.label, clue.texts, clue.right), clue)
    return list(out.values())


def _least(right: int, n: int) -> float:
    """The lower end of Wilson's 95 % interval of a share."""
    if not n:
        return 0.0
    z, share = 1.96, right / n
    middle = share + z * z / (2 * n)
    return (middle - z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / (1 + z * z / n)
