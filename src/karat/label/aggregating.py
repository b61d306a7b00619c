"""``karat.label.aggregate``: votes in, labels out, with how sure they are and what they hang on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.label.aggregated import AggregatedLabels, Chosen
from karat.label.agreement import krippendorff_alpha
from karat.label.answer_types import AnswerType, answer_type
from karat.label.choosing import Contender
from karat.label.deciding import NAMED, Question, decided
from karat.label.expectation import Gold, clamped, confusion_of
from karat.label.given import item_texts, read_gold, read_probabilities
from karat.label.number_labels import aggregate_numbers
from karat.label.number_votes import METHODS as NUMBER_METHODS
from karat.label.part_votes import aggregate_parts
from karat.label.suspect_votes import suspect_votes
from karat.label.tie_breaking import ties_in
from karat.label.verified_confidence import verified
from karat.label.vote_table import vote_table
from karat.label.votes import Votes, votes_for_classes

SMOOTHING = 1.0  # unproven: votes at the rate of all voters added to each; less believes a voter of one vote


def aggregate(
    votes: Any,
    items: Any = None,
    gold: Any = None,
    probs: Any = None,
    method: str = "auto",
    classes: Sequence[str] | None = None,
    seed: int = 0,
    answers: str = "auto",
    keep: str = "last",
) -> AggregatedLabels:
    """Find the labels behind votes.

    Parameters
    ----------
    votes : table with ``item``, ``voter``, ``label``
        Anything with ``__arrow_c_stream__``, or a mapping of columns. A null label is an abstention. Also counts of
        votes (``item``, ``label``, ``count``), probabilities of voters (``item``, ``voter``, ``label``,
        ``probability``), and spans or boxes, one a line.
    items : table with ``item`` or ``id``, or a sequence of names, optional
        All items, also those nobody voted on. Columns of text teach a model what votes cannot reach.
    gold : table with ``item`` and ``label``, optional
        Known answers: they choose the method, judge the voters and stand in the result.
    probs : table with ``item`` and a column a class, or ndarray (n, k) in the order of items and classes, optional
        A model's out-of-sample probabilities.
    method : str
        One of ``NAMED``, for numbers ``weighted``, ``median`` or ``mean``; ``auto`` chooses.
    classes : sequence of str, optional
        All classes in order; by default the labels met, sorted.
    seed : int
        Draws folds; nothing else is left to chance.
    answers : str
        The type of answers: "class", "ordinal", "number", "labels", "span" or "box"; "auto" recognises it.
    keep : str
        Which of several votes of one voter on one item count: "last", "first" or "all".

    Raises
    ------
    InputError
        Votes, known answers or probabilities that cannot be used: how many, and the first of them.
    OptionError
        An unknown method, or one that lacks what it needs.

    Examples
    --------
    >>> votes = {"item": ["a", "a", "a", "b"], "voter": ["x", "y", "z", "x"], "label": ["猫", "猫", "狗", "狗"]}
    >>> aggregate(votes, method="majority").labels["label"].to_pylist()
    ['猫', '狗']
    """
    if method not in (*NAMED, *NUMBER_METHODS):
        raise OptionError.unknown("method", method, (*NAMED, *NUMBER_METHODS), "--method")
    table = vote_table(votes, items, keep)
    kind = answer_type(table.answers, table.item, table.answer, classes, answers)
    if probs is not None and kind.name not in ("class", "ordinal"):
        raise OptionError(f"--probs does not apply to votes of type {kind.name}", "Leave it out, or set --type class")
    if kind.name == "number":
        if classes is not None and answers == "number":
            raise OptionError("--classes does not apply to numbers", "Leave it out, or set --type class or ordinal")
        return aggregate_numbers(table, kind, gold, method, seed)
    if method in NUMBER_METHODS:
        raise OptionError(
            f"--method {method} needs numbers, and the votes are of type {kind.name}", "Set --type number"
        )
    if kind.name in ("labels", "span", "box"):
        return aggregate_parts(table, kind, gold, method, classes, seed)
    cast = votes_for_classes(table, classes)
    known = read_gold(gold, cast)
    question = Question(
        cast,
        known,
        read_probabilities(probs, cast),
        item_texts(items) if items is not None else None,
        method,
        seed,
        answers=kind.name,
        anonymous=table.anonymous,
    )
    best, chosen = decided(question)
    return _result(cast, best, chosen, known, kind)


def _labels_of(belief: np.ndarray, *, ordinal: bool) -> np.ndarray:
    """(n,) the likeliest class; of levels the middle of the belief, which errs by the fewest levels."""
    if not ordinal:
        return np.asarray(belief.argmax(axis=1))
    return np.asarray((np.cumsum(belief, axis=1) < 0.5).sum(axis=1))


def _result(votes: Votes, best: Contender, chosen: Chosen, gold: Gold | None, kind: AnswerType) -> AggregatedLabels:
    n = votes.shape[0]
    belief = clamped(best.belief.copy(), gold)
    ordinal = kind.name == "ordinal"
    label = _labels_of(belief, ordinal=ordinal)
    per_item = np.bincount(votes.item, minlength=n)
    labels = pa.table(
        {
            "item": votes.items.cast(pa.string()),
            "label": votes.classes.take(pa.array(label)).cast(pa.string()),
            "confidence": belief[np.arange(n), label],
            "votes": pa.array(per_item, pa.int64()),
        }
    )
    names, codes = (votes.items, votes.voters, votes.classes), (votes.item, votes.voter, votes.label)
    doubt = 1 - belief[votes.item, votes.label]
    return AggregatedLabels(
        labels,
        _voters(votes, belief),
        tuple(votes.classes.to_pylist()),
        krippendorff_alpha(votes.leading(), "ordinal" if ordinal else "nominal"),
        chosen,
        ties_in(votes, best.estimate.belief, gold),
        kind,
        verified(best),
        _soft(votes, belief),
        _counts(votes),
        suspect_votes(names, codes, labels["label"].combine_chunks(), doubt if votes.weight is None else 0 * doubt),
        votes.notes,
    )


def _voters(votes: Votes, belief: np.ndarray) -> pa.Table:
    """How good each voter is, and what it says where each class is true; those with most votes first."""
    _, v, k = votes.shape
    cast = np.bincount(votes.voter, minlength=v)
    right = np.bincount(votes.voter, belief[votes.item, votes.label], v)
    overall = right.sum() / cast.sum()
    confusion = confusion_of(votes, belief, SMOOTHING).transpose(0, 2, 1)
    flat = pa.ListArray.from_arrays(np.arange(0, v * k * k + 1, k, dtype=np.int32), confusion.ravel())
    voters = pa.table(
        {
            "voter": votes.voters.cast(pa.string()),
            "quality": (right + SMOOTHING * overall) / (cast + SMOOTHING),
            "votes": pa.array(cast, pa.int64()),
            "confusion": pa.ListArray.from_arrays(np.arange(0, v * k + 1, k, dtype=np.int32), flat),
        }
    )
    return voters.sort_by([("votes", "descending"), ("voter", "ascending")])


def _counts(votes: Votes) -> pa.Table:
    counts = votes.counts()
    item, label = np.nonzero(counts)
    number = counts[item, label]
    return pa.table(
        {
            "item": votes.items.take(pa.array(item)).cast(pa.string()),
            "label": votes.classes.take(pa.array(label)).cast(pa.string()),
            "count": number if votes.weight is not None else number.astype(np.int64),
        }
    )


def _soft(votes: Votes, belief: np.ndarray) -> pa.Table:
    """``item`` and a column a class."""
    columns = {"item": votes.items.cast(pa.string())}
    return pa.table(columns | {name: belief[:, at] for at, name in enumerate(votes.classes.to_pylist())})
