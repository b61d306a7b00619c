"""One question with answers that cannot all be right."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.state import derived
from karat.quality.by_exchange import ByExchange, JudgedExchange
from karat.quality.final_answers import comparable, final_answers
from karat.quality.turns import Exchanges, exchanges

# beside 0.5: two short answers to an open question may both be right; definition: below 0.5, a suspicion that no
# score counts
OPEN = 0.4
# two long texts need not contradict each other; definition: below 0.5, a suspicion that no score counts
ALTERNATIVE = 0.25
MOST_SHOWN = 60  # display: characters of an answer


@dataclass(frozen=True)
class AnswersByQuestion:
    """Every final answer with the hash of all that stands before it.

    Parameters
    ----------
    context : ndarray of uint64, shape (e,)
    rows : ndarray of int64
    kinds : ndarray of int8
    closed, borne_out : ndarrays of bool
    texts : pyarrow.Array of large string
        The final answers, cut short.
    """

    context: np.ndarray
    rows: np.ndarray
    kinds: np.ndarray
    closed: np.ndarray
    borne_out: np.ndarray
    texts: pa.Array

    def merge(self, other: Self) -> "AnswersByQuestion":
        return AnswersByQuestion(
            np.concatenate([self.context, other.context]),
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.kinds, other.kinds]),
            np.concatenate([self.closed, other.closed]),
            np.concatenate([self.borne_out, other.borne_out]),
            pa.concat_arrays([self.texts, other.texts]),
        )

    @property
    def answers(self) -> int:
        """How many there are."""
        return len(self.rows)


@dataclass(frozen=True)
class ContradictoryAnswers(ByExchange):
    """The same question, with the same words before it, answered in ways that exclude each other.

    A number against another number, yes against no, one choice against another: at least one is wrong, and a model
    that learns both is torn. The answer most records give is believed; of two, the one whose own reasoning bears it
    out; else each has an even chance. Longer texts that differ are alternatives, not contradictions: told as such,
    not counted.

    Source: ISO/IEC 5259-2, data label consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data label consistency"
    at_the_door: ClassVar[bool] = False

    def learn(self, block: Block) -> AnswersByQuestion:
        pairs = _judgeable(exchanges(block))
        finals = final_answers(pairs)
        rows = block.rows[pairs.at]
        texts = pa.array([text[:200] for text in finals.texts.to_pylist()], pa.large_string())
        return AnswersByQuestion(pairs.context, rows, finals.kinds, finals.closed, finals.borne_out, texts)

    def judged(self, state: AnswersByQuestion, pairs: Exchanges, block: Block) -> Iterator[JudgedExchange]:
        verdicts: dict[tuple[int, int], tuple[float, str]] = derived(state, "verdicts", lambda: _verdicts(state))
        if not verdicts:
            return
        suspects = np.unique(np.array([context for _, context in verdicts], np.uint64))
        for place in np.flatnonzero(np.isin(pairs.context, suspects) & _counts(pairs)).tolist():
            verdict = verdicts.get((int(block.rows[pairs.at[place]]), int(pairs.context[place])))
            if verdict:
                yield JudgedExchange(place, *verdict)


def _counts(pairs: Exchanges) -> np.ndarray:
    """(e,) bool: answers that are not the worse one of a pair."""
    worse = np.array([name.startswith("rejected") for name in pairs.names] or [False])
    return ~worse[pairs.column] & np.asarray(pairs.answer.is_valid()) & np.asarray(pairs.asked.is_valid())


def _judgeable(pairs: Exchanges) -> Exchanges:
    return pairs.take(_counts(pairs))


def _verdicts(state: AnswersByQuestion) -> dict[tuple[int, int], tuple[float, str]]:
    """What is said of an answer, by record number and context."""
    order = np.lexsort((state.rows, state.context))
    context = state.context[order]
    starts = np.flatnonzero(np.concatenate([[True], context[1:] != context[:-1]])) if len(context) else order
    sizes = np.diff(np.append(starts, len(context)))
    out: dict[tuple[int, int], tuple[float, str]] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        places = order[start : start + size]
        for place, sure, message in _group(state, places.tolist()):
            out[int(state.rows[place]), int(context[start])] = (sure, message)
    return out


def _group(state: AnswersByQuestion, places: list[int]) -> Iterator[tuple[int, float, str]]:
    forms = [comparable(state.texts[place].as_py(), int(state.kinds[place])) for place in places]
    count = Counter(forms)
    if len(count) == 1:
        return
    sort = Counter(sort for sort, _ in forms).most_common(1)[0][0]
    same_sort = {form: n for form, n in count.items() if form[0] == sort}
    real = sort in ("number", "truth", "choice")
    weight = 1.0 if real else 0.9 if sort == "words" and state.closed[places].all() else OPEN
    weight = ALTERNATIVE if sort == "free" else weight
    top = max(same_sort.values())
    leaders = [form for form, n in same_sort.items() if n == top]
    borne = {form for form, place in zip(forms, places, strict=True) if state.borne_out[place]}
    for form, place in zip(forms, places, strict=True):
        rival = next(other for other in [*leaders, *count] if other != form)
        sure = _sure(form, leaders, borne, top / len(places))
        if form[0] != sort or rival[0] != form[0]:
            sure = min(sure, 0.45)  # a number beside a text is another way to answer
        other = next(p for f, p in zip(forms, places, strict=True) if f == rival)
        shown = state.texts[place].as_py()[:MOST_SHOWN], state.texts[other].as_py()[:MOST_SHOWN]
        if sure > 0:
            evidence = f"the same question is answered {shown[0]!r} here and {shown[1]!r} in record {state.rows[other]}"
            yield place, round(sure * weight, 4), f"{evidence}; {count[form]} of {len(places)} records say the former"


def _sure(form: tuple[str, str], leaders: list[tuple[str, str]], borne: set[tuple[str, str]], share: float) -> float:
    """How likely an answer is the wrong one among those to its question."""
    if form not in leaders:
        return min(0.95, max(share, 0.6))
    if len(leaders) == 1:
        return 0.0
    if 0 < len(borne & set(leaders)) < len(leaders):
        return 0.15 if form in borne else 0.85
    return 1 - 1 / len(leaders)
