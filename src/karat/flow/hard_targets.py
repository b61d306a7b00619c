"""Targets that can be read, yet not learned as they are: said in a line before time is spent on them."""

import re
from collections import Counter

import numpy as np

from karat.core.words import many
from karat.prepare.target import Target

MARKS = re.compile(r"\s*[|;,/+]\s*")
FEWEST_CLASSES = 5  # display: of one or two classes with a mark in their name nothing can be told
JOINED = 0.5  # display: of the classes hold a mark; only a line is said
REPEATED = 2  # display: classes, on average, in which a label occurs


def hard_target(target: Target, folds: int) -> str:
    """Why a target of classes cannot be learned or measured as it is; "" where it can.

    Parameters
    ----------
    folds : int
        Parts that the records are split into; a class needs a record in each.
    """
    if not len(target.classes):
        return ""
    names = [str(name) for name in target.classes]
    if labels := joined_labels(names):
        shown = ", ".join(repr(label) for label in labels[:5])
        return (
            f"the {len(names)} classes are combinations of {many(len(labels), 'label')} ({shown}); several labels per "
            "record are not supported: each combination counts as a class of its own; make a column of each label"
        )
    sizes = np.bincount(target.values[~target.missing].astype(np.int64), minlength=len(names))
    rare = int((sizes < folds).sum())
    if 2 * rare > len(names):
        return (
            f"{rare} of {len(names)} classes have fewer than {folds} records, too few to learn and to test them: the "
            "score and the effects below say little; give more records, or join rare classes"
        )
    return ""


def joined_labels(names: list[str]) -> list[str]:
    """The labels that classes are joined from by one mark, such as a|c; none where they are single labels."""
    parts = [MARKS.split(name.strip()) for name in names]
    several = [labels for labels in parts if len(labels) > 1 and all(labels)]
    if len(names) < FEWEST_CLASSES or len(several) < JOINED * len(names):
        return []
    often = Counter(label for labels in parts for label in labels)
    return sorted(often) if sum(often.values()) >= REPEATED * len(often) and len(often) < len(names) else []
