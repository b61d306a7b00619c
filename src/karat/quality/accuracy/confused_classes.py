"""Classes that a model cannot tell apart."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.degrees import SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.accuracy.expectations import Expectations, skill_of
from karat.quality.accuracy.suspect_labels import SuspectLabels


@dataclass(frozen=True)
class ConfusedClasses(Check):
    """Two classes that a model which never saw the labels takes for each other nearly as often as not.

    Where one of many classes is drawn with another in both directions, the two were probably labelled by different
    rules, or are one class: no single label is to blame, and fixing records one by one would not help. With two
    classes in all there is nothing to compare with, so that the check does not apply.

    Parameters
    ----------
    told_from : float
        Share of the records of both classes given to the other one, from which it is told; 0.5 is blind.

    Source: Northcutt et al. (2021), Confident learning, on ontological issues.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    needs: ClassVar[frozenset[str]] = frozenset({"out_of_fold"})
    at_the_door: ClassVar[bool] = False

    told_from: float = 0.35

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None:
            return DoesNotApply("no target")
        return DoesNotApply("a number is predicted, not classes") if schema.task == "regression" else None

    def learn(self, block: Block) -> Expectations:
        return SuspectLabels().learn(block)

    def conclude(self, state: Expectations, schema: Schema) -> pa.Table:
        target = schema.target
        pairs = self.pairs(state) if target else []
        return self.found(
            len(pairs),
            column=target.name if target else None,
            confidence=[sure for _, _, _, sure in pairs],
            message=[
                f"a model that never saw the labels gives {share:.0%} of {state.names[first]!r} and of "
                f"{state.names[second]!r} to the other one of the two, or more: are they one class?"
                for first, second, share, _ in pairs
            ],
        )

    def pairs(self, state: Expectations) -> list[tuple[int, int, float, float]]:
        """Both classes, the share mistaken between them, and how sure that it is at or above ``told_from``."""
        from math import erf, sqrt

        classes = state.expected.shape[1]
        if classes < 3 or not len(state.given) or len(state.names) != classes:
            return []
        if skill_of(state, "classification").reason:  # who knows no class confuses all of them
            return []
        labels, top = state.given.astype(np.int64), state.expected.argmax(axis=1)
        joint = np.bincount(labels * classes + top, minlength=classes**2).reshape(classes, classes)
        out = []
        for first in range(classes):
            for second in range(first + 1, classes):
                own = joint[first, [first, second]].sum(), joint[second, [first, second]].sum()
                if min(own) < SAMPLE:
                    continue
                each = joint[first, second] / own[0], joint[second, first] / own[1]
                share = float(min(each))  # both ways: one alone is an imbalance
                error = sqrt(max(share * (1 - share), 1e-6) / min(own))
                sure = 0.5 * (1 + erf((share - self.told_from) / error / sqrt(2)))
                if sure >= 0.5:
                    out.append((first, second, share, min(sure, 0.99)))
        return out
