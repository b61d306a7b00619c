"""Answers that break off."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.hashes import text_hashes
from karat.core.state import derived
from karat.quality.by_exchange import ByExchange, JudgedExchange
from karat.quality.completeness._cut_model import CutModel
from karat.quality.completeness._cut_signs import FORMS, Vocabulary
from karat.quality.completeness._endings import EndingHabits, described, finished, habits
from karat.quality.turns import Exchanges, exchanges

MAX_WORDS = 65_536  # cost: bounds memory; a word left out looks broken
MAX_SAMPLE, TAIL_CHARACTERS = 2_048, 4_000  # cost: answers, and their characters at the end; bound memory
WORST = 0.05  # below: not told; display: a faint suspicion is noise


@dataclass(frozen=True)
class Endings:
    """How the answers of a file end, and the words it uses.

    Parameters
    ----------
    words : pyarrow.Array of large string
        Up to ``MAX_WORDS`` words of questions and answers, lower case, sorted; by hash where there are more.
    counts : ndarray of int64
    sample : pyarrow.Array of large string
        Up to ``MAX_SAMPLE`` answers, chosen by hash; the last characters of long ones.
    """

    habits: EndingHabits
    words: pa.Array
    counts: np.ndarray
    sample: pa.Array
    answers: int

    def merge(self, other: Self) -> "Endings":
        words, counts = pa.concat_arrays([self.words, other.words]), np.concatenate([self.counts, other.counts])
        sample = pa.concat_arrays([self.sample, other.sample])
        return _kept(self.habits.merge(other.habits), words, counts, sample, self.answers + other.answers)


def _kept(usual: EndingHabits, words: pa.Array, counts: np.ndarray, sample: pa.Array, answers: int) -> Endings:
    grouped = pa.table({"word": words, "n": counts}).group_by("word").aggregate([("n", "sum")]).sort_by("word")
    words, counts = grouped["word"].combine_chunks(), grouped["n_sum"].to_numpy()
    if len(words) > MAX_WORDS:
        keep = np.sort(np.argsort(text_hashes(words), kind="stable")[:MAX_WORDS])
        words, counts = words.take(pa.array(keep)), counts[keep]
    order = np.argsort(text_hashes(sample), kind="stable")[:MAX_SAMPLE]
    return Endings(usual, words, counts, sample.take(pa.array(order)), answers)


@dataclass(frozen=True)
class TruncatedAnswers(ByExchange):
    """Answers cut in the middle of a word, a sentence, a bracket or a block of code.

    Collected from a model with a limit on its length, such answers teach to stop anywhere. How the file's answers end
    is learned: a last line that begins with a mark; a full stop, kind of line by kind of line; which words end
    clauses. The file's own answers are cut to learn what that looks like; from how many look so follows how many were
    cut, and so how much a missing full stop says where some answers do without one.

    Source: ISO/IEC 5259-2, value completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value completeness"

    def learn(self, block: Block) -> Endings:
        pairs = exchanges(block)
        answers = pc.utf8_rtrim_whitespace(pairs.answer.drop_null())
        answers = answers.filter(pc.not_equal(answers, ""))
        texts = pa.concat_arrays([pairs.answer, pairs.asked]).drop_null()
        coded = pc.value_counts(pc.list_flatten(pc.split_pattern_regex(pc.utf8_lower(texts), r"[^\p{L}'’]+")))
        words, counts = coded.field("values").cast(pa.large_string()), coded.field("counts").to_numpy()
        plain = np.asarray(pc.match_substring_regex(words, r"^[a-z'’]{1,24}$"))
        sample = pc.utf8_slice_codeunits(answers, -TAIL_CHARACTERS)
        return _kept(habits(answers), words.filter(pa.array(plain)), counts[plain].astype(np.int64), sample, len(pairs))

    def judged(self, state: Endings, pairs: Exchanges, block: Block) -> Iterator[JudgedExchange]:
        answers = pc.utf8_rtrim_whitespace(pairs.answer.fill_null(""))
        size = pc.utf8_length(answers).to_numpy()
        mark, share = state.habits.marker
        if mark:
            whole = rf"(?:^|\n)\Q{mark}\E[^\n]*[^\s#=>*$\\<:：][^\n]*$"
            marked = np.asarray(pc.match_substring_regex(answers, whole))
            for place in np.flatnonzero(~marked & (size > 0)).tolist():
                message = f"its last line does not begin with {mark!r}, as {share:.1%} do: ends {_end(answers, place)}"
                yield JudgedExchange(place, min(0.95, share), message)
            return
        places = np.flatnonzero(~finished(answers) & (size > 0))
        if not len(places):
            return
        model = derived(state, "model", lambda: CutModel.of(state.sample, _vocabulary(state)))
        ends = model.seen(answers.take(pa.array(places)))
        chances = model.chances(ends)
        for at in np.flatnonzero(chances > WORST).tolist():
            reason = ends.signs[at].words or f"it has no mark at its end ({described(int(ends.where[at]))})"
            message = f"the answer seems cut off: {reason}; it ends {_end(answers, int(places[at]))}"
            yield JudgedExchange(int(places[at]), round(float(chances[at]), 4), message)


def _end(answers: pa.Array, place: int) -> str:
    return repr(" ".join(answers[place].as_py()[-80:].split())[-40:])


def _vocabulary(state: Endings) -> Vocabulary:
    counts = dict(zip(state.words.to_pylist(), state.counts.tolist(), strict=True))
    longer: Counter[str] = Counter()
    for word, n in counts.items():
        for end in range(1, len(word)):
            if not FORMS.fullmatch(word, end):
                longer[f"{word[:end]}\0"] += n
    return Vocabulary(counts | longer)
