"""``karat.label.aggregate``: votes in, labels out, with how sure they are and what they hang on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.errors import OptionError
from karat.label.agreement import krippendorff_alpha
from karat.label.choosing import Contender, by_gold, by_votes, contender, contenders, looks_like_rules
from karat.label.dawid_skene import DawidSkene
from karat.label.end_model import EndModel
from karat.label.expectation import Gold, Method, clamped, confusion_of
from karat.label.given import item_texts, read_gold, read_probabilities
from karat.label.glad import Glad
from karat.label.known_answers import KnownAnswers
from karat.label.label_model import LabelModel
from karat.label.mace import Mace
from karat.label.majority import Majority
from karat.label.one_coin import OneCoin
from karat.label.tie_breaking import Ties, ties_in
from karat.label.votes import Votes, read_votes
from karat.label.weighted_majority import WeightedMajority
from karat.label.with_model import WithModel

METHODS: dict[str, type] = {
    "majority": Majority,
    "weighted_majority": WeightedMajority,
    "dawid_skene": DawidSkene,
    "one_coin": OneCoin,
    "mace": Mace,
    "glad": Glad,
    "label_model": LabelModel,
}
NAMED = (*METHODS, "known_answers", "with_model", "end_model", "auto")
MANY_VOTES = 1_000_000  # from here on auto compares the two methods that matter most; cost: time of the others
FEW_VOTES = 3.0  # votes an item, below which a model of the texts is worth asking; unproven
SMOOTHING = 1.0  # unproven: votes at the rate of all voters added to each; less believes a voter of one vote


@dataclass(frozen=True, eq=False)
class Chosen:
    """Which method gave the labels, why, and what that could cost.

    Parameters
    ----------
    method : str
    why : str
    cost : str
        How far the methods disagree, in words.
    methods : pyarrow.Table
        ``method``, ``differs`` (share of items it labels otherwise), ``right`` and ``known`` (of known answers that it
        was not told), ``brier``; null without known answers.
    """

    method: str
    why: str
    cost: str
    methods: pa.Table


@dataclass(frozen=True, eq=False)
class AggregatedLabels:
    """What the votes come to.

    Parameters
    ----------
    labels : pyarrow.Table
        ``item``, ``label``, ``confidence`` (probability that the label is right), ``votes``; one line an item.
    voters : pyarrow.Table
        ``voter``, ``quality`` (probability that a vote of theirs is right), ``votes``, ``confusion`` (k lists of k:
        given the class, how often they say each, in the order of ``classes``).
    classes : tuple of str
    agreement : float
        Krippendorff's alpha; NaN when no item has two votes.
    chosen : Chosen
    ties : Ties
    """

    labels: pa.Table
    voters: pa.Table
    classes: tuple[str, ...]
    agreement: float
    chosen: Chosen
    ties: Ties

    def save(self, folder: str | Path) -> Path:
        """Write ``labels.parquet`` and ``voters.parquet``; returns the folder."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(self.labels, place / "labels.parquet")
        pq.write_table(self.voters, place / "voters.parquet")
        return place


def aggregate(
    votes: Any,
    items: Any = None,
    gold: Any = None,
    probs: Any = None,
    method: str = "auto",
    classes: Sequence[str] | None = None,
    seed: int = 0,
) -> AggregatedLabels:
    """Find the labels behind votes.

    Parameters
    ----------
    votes : table with ``item``, ``voter``, ``label``
        Anything with ``__arrow_c_stream__``, or a mapping of columns. A null label is an abstention.
    items : table with ``item`` or ``id``, or a sequence of names, optional
        All items, also those nobody voted on. Columns of text teach a model what votes cannot reach.
    gold : table with ``item`` and ``label``, optional
        Known answers: they choose the method, judge the voters and stand in the result.
    probs : table with ``item`` and a column a class, or ndarray (n, k) in the order of items and classes, optional
        A model's out-of-sample probabilities.
    method : str
        One of ``NAMED``; ``auto`` chooses.
    classes : sequence of str, optional
        All classes in order; by default the labels met, sorted.
    seed : int
        Draws folds; nothing else is left to chance.

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
    if method not in NAMED:
        raise OptionError.unknown("method", method, NAMED, "--method")
    cast = read_votes(votes, items, classes)
    answers = read_gold(gold, cast)
    probabilities = read_probabilities(probs, cast)
    texts = item_texts(items) if items is not None else None
    best, chosen = _decided(cast, answers, probabilities, texts, method, seed)
    return _result(cast, best, chosen, answers)


def _decided(
    votes: Votes, gold: Gold | None, probabilities: np.ndarray | None, texts: list[str] | None, method: str, seed: int
) -> tuple[Contender, Chosen]:
    methods = _methods(votes, gold, probabilities, texts, method, seed)
    if method != "auto":
        if method not in methods:
            needs = {"known_answers": "--gold", "with_model": "--probs", "end_model": "--items with a column of text"}
            raise OptionError(f"--method {method} needs {needs[method]}", "Give it, or choose another method")
        best = contender(votes, method, methods[method], gold, seed)
        field_of = [best]
        why = "asked for"
    else:
        field_of = contenders(votes, methods, gold, seed)
        if len(field_of[0].right):
            best, why = by_gold(field_of)
        else:
            best, why = by_votes(votes, {candidate.name: candidate for candidate in field_of})
    return best, Chosen(best.name, why, _cost(best, field_of), _compared(best, field_of))


def _methods(
    votes: Votes, gold: Gold | None, probabilities: np.ndarray | None, texts: list[str] | None, method: str, seed: int
) -> dict[str, Method]:
    """What can be tried with what was given; under ``auto`` only what is worth it."""
    auto = method == "auto"
    rules = looks_like_rules(votes)
    methods: dict[str, Method] = {name: build() for name, build in METHODS.items()}
    if auto and len(votes) > MANY_VOTES:
        methods = {name: methods[name] for name in ("majority", "weighted_majority", "dawid_skene")}
    elif auto and rules:  # a confusion matrix sees nothing in a voter who only says one class
        methods = {name: methods[name] for name in ("majority", "weighted_majority", "label_model")}
    elif auto:
        methods.pop("label_model")
    if gold is not None:
        methods["known_answers"] = KnownAnswers()
    voters: Method = LabelModel() if rules else DawidSkene()
    if probabilities is not None:
        methods["with_model"] = WithModel(voters, probabilities)
    sparse = len(votes) / len(votes.items) < FEW_VOTES
    if texts is not None and (not auto or (sparse and len(votes) <= MANY_VOTES)):
        methods["end_model"] = EndModel(voters, texts, alone=rules, seed=seed)
    return methods


def _cost(best: Contender, field_of: list[Contender]) -> str:
    label = best.belief.argmax(axis=1)
    others = {
        candidate.name: float((candidate.belief.argmax(axis=1) != label).mean())
        for candidate in field_of
        if candidate is not best
    }
    if not others:
        return "no other method was tried"
    far = max(others, key=others.__getitem__)
    if not others[far]:
        return "all methods give the same labels"
    near = next((name for name in ("majority", "dawid_skene") if name in others), far)
    count = round(others[near] * len(label))
    sentence = (
        f"{near} labels {count:,} of {len(label):,} items otherwise: if it is right there, {others[near]:.1%} are wrong"
    )
    return sentence if far == near else f"{sentence}; {far} is farthest off with {others[far]:.1%}"


def _compared(best: Contender, field_of: list[Contender]) -> pa.Table:
    label = best.belief.argmax(axis=1)
    judged = len(best.right) > 0
    return pa.table(
        {
            "method": [candidate.name for candidate in field_of],
            "differs": [float((candidate.belief.argmax(axis=1) != label).mean()) for candidate in field_of],
            "right": pa.array([int(candidate.right.sum()) if judged else None for candidate in field_of], pa.int64()),
            "known": pa.array([len(candidate.right) if judged else None for candidate in field_of], pa.int64()),
            "brier": pa.array(
                [float(candidate.loss.mean()) if judged else None for candidate in field_of], pa.float64()
            ),
        }
    )


def _result(votes: Votes, best: Contender, chosen: Chosen, gold: Gold | None) -> AggregatedLabels:
    n, v, k = votes.shape
    belief = clamped(best.belief.copy(), gold)
    label = belief.argmax(axis=1)
    per_item = np.bincount(votes.item, minlength=n)
    labels = pa.table(
        {
            "item": votes.items.cast(pa.string()),
            "label": votes.classes.take(pa.array(label)).cast(pa.string()),
            "confidence": belief[np.arange(n), label],
            "votes": pa.array(per_item, pa.int64()),
        }
    )
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
    order = pc.sort_indices(voters, [("votes", "descending"), ("voter", "ascending")])
    return AggregatedLabels(
        labels,
        voters.take(order),
        tuple(votes.classes.to_pylist()),
        krippendorff_alpha(votes),
        chosen,
        ties_in(votes, best.estimate.belief, gold),
    )
