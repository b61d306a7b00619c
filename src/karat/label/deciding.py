"""Which methods are tried on votes for classes, and which one is believed."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.label.aggregated import Chosen
from karat.label.choosing import Contender, by_gold, by_votes, contender, contenders, looks_like_rules
from karat.label.consensus import Consensus
from karat.label.dawid_skene import DawidSkene
from karat.label.end_model import EndModel
from karat.label.expectation import Gold, Method
from karat.label.glad import Glad
from karat.label.known_answers import KnownAnswers
from karat.label.label_model import LabelModel
from karat.label.mace import Mace
from karat.label.majority import Majority
from karat.label.one_coin import OneCoin
from karat.label.ordinal import OrdinalScale
from karat.label.seen_parts import SeenParts
from karat.label.votes import Votes
from karat.label.weighted_majority import WeightedMajority
from karat.label.with_model import WithModel

METHODS: dict[str, type] = {
    "majority": Majority,
    "weighted_majority": WeightedMajority,
    "dawid_skene": DawidSkene,
    "one_coin": OneCoin,
    "mace": Mace,
    "glad": Glad,
    "consensus": Consensus,
    "label_model": LabelModel,
    "ordinal_scale": OrdinalScale,
    "seen_parts": SeenParts,
}
NEED_MORE = {"known_answers": "--gold", "with_model": "--probs", "end_model": "--items with a column of text"}
NAMED = (*METHODS, *NEED_MORE, "auto")
MADE_FOR = {"ordinal_scale": "ordinal", "seen_parts": "part"}
QUICK = ("majority", "weighted_majority", "dawid_skene", "ordinal_scale", "seen_parts")
SOFT = ("majority", "dawid_skene", "one_coin", "mace", "ordinal_scale")  # made of sums that a share of a vote enters
MANY_VOTES = 1_000_000  # from here on auto compares the two methods that matter most; cost: time of the others
FEW_VOTES = 3.0  # votes an item, below which a model of the texts is worth asking; unproven


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked about votes for classes.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n, k), or None
        A model's.
    texts : list of str or None
        One an item.
    method : str
        One of ``NAMED``.
    answers : str
        The type of the answers: "ordinal" where the classes are levels in order, "part" where they are whether a part
        of an answer is true, else "class".
    anonymous : bool
        Nobody knows who cast the votes: only their counts speak.
    """

    votes: Votes
    gold: Gold | None = None
    probabilities: np.ndarray | None = None
    texts: list[str] | None = None
    method: str = "auto"
    seed: int = 0
    answers: str = "class"
    anonymous: bool = False


def decided(question: Question) -> tuple[Contender, Chosen]:
    """The method asked for, or the one chosen, and why."""
    votes, method, gold, seed = question.votes, question.method, question.gold, question.seed
    methods = _methods(question)
    if method != "auto":
        if method not in methods:
            raise OptionError(*_lacking(question))
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


def _lacking(question: Question) -> tuple[str, str]:
    """What is wrong with a method that cannot be tried, and what to do."""
    method = question.method
    if method in NEED_MORE:
        return f"--method {method} needs {NEED_MORE[method]}", "Give it, or choose another method"
    if question.anonymous:
        return f"--method {method} needs to know who cast each vote", "Use --method majority for counts"
    if question.votes.weight is not None:
        return f"--method {method} does not read probabilities", f"Choose from: {', '.join(SOFT)}"
    need = MADE_FOR[method]
    return f"--method {method} is made for other answers", f"Set --type {'ordinal' if need == 'ordinal' else 'labels'}"


def _methods(question: Question) -> dict[str, Method]:
    """What can be tried with what was given; under ``auto`` only what is worth it."""
    votes, auto = question.votes, question.method == "auto"
    rules = looks_like_rules(votes) and question.answers == "class"
    methods: dict[str, Method] = {name: build() for name, build in METHODS.items()}
    if question.anonymous:
        return {"majority": methods["majority"]}
    methods = {
        name: method for name, method in methods.items() if MADE_FOR.get(name, question.answers) == question.answers
    }
    if votes.weight is not None:
        methods = {name: method for name, method in methods.items() if name in SOFT}
    if auto and len(votes) > MANY_VOTES:
        methods = {name: method for name, method in methods.items() if name in QUICK}
    elif auto and rules and votes.weight is None:  # a confusion matrix sees nothing in a voter who only says one class
        methods = {name: methods[name] for name in ("majority", "weighted_majority", "label_model")}
    elif auto:
        methods.pop("label_model", None)
    if question.gold is not None:
        methods["known_answers"] = KnownAnswers()
    voters: Method = LabelModel() if rules and votes.weight is None else DawidSkene()
    if question.probabilities is not None:
        methods["with_model"] = WithModel(voters, question.probabilities)
    sparse = len(votes) / len(votes.items) < FEW_VOTES
    if question.texts is not None and (not auto or (sparse and len(votes) <= MANY_VOTES)):
        methods["end_model"] = EndModel(voters, question.texts, alone=rules, seed=question.seed, cautious=auto)
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
