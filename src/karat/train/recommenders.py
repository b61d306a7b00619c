"""The recommenders that are worth a try on a log of some size, each with its settings."""

from karat.core.unit import Learner
from karat.train.recipes import learners


def recommenders(items: int, events: int) -> list[Learner]:
    """What competes, simplest first.

    Parameters
    ----------
    items, events : int
        Of what is learned from.
    """
    return [
        competitor
        for unit in sorted(learners("ranking"), key=_effort)
        for competitor in unit.competitors(items, events)
    ]


def headline(items: int) -> Learner:
    """The recommender of a proof: the first that suits a catalogue of such a size, those made for proofs first."""
    learning = [unit for unit in learners("ranking") if unit.part != "naive"]
    every = sorted(learning, key=lambda unit: (unit.part != "robust", *_effort(unit)))
    return next(unit for unit in every if unit.competitors(items, 0))


def _effort(unit: Learner) -> tuple[int, str]:
    return unit.effort, unit.code()
