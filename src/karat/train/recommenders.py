"""The recommenders that are worth a try on a log of some size, each with its settings."""

from karat.core.unit import Learner
from karat.train.als import ImplicitALS
from karat.train.bpr import BPR
from karat.train.ease import EASE, MAX_ITEMS
from karat.train.item_knn import ItemKNN

PENALTIES = (100.0, 250.0, 600.0)
DRAWS = 10_000_000  # pairs that BPR draws at most: some ten seconds


def recommenders(items: int, events: int) -> list[Learner]:
    """What competes, simplest first; EASE with several penalties, and not for a catalogue too large to invert.

    Parameters
    ----------
    items, events : int
        Of what is learned from.
    """
    linear: list[Learner] = [EASE(penalty) for penalty in PENALTIES] if items <= MAX_ITEMS else []
    bpr = BPR()
    return [ItemKNN(), *linear, ImplicitALS(), BPR(rounds=max(2, min(bpr.rounds, DRAWS // max(1, events))))]
