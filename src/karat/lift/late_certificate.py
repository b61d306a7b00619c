"""What a trial of late outcomes came to: gains over the model in use and over placebos, and the model that follows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from karat.flow.learned_models import InUse

SPANS = 10  # definition: spans of time whose means are taken as independent (batch means, Law and Carson 1979)


@dataclass(frozen=True)
class LateGain:
    """Gain over something else, with a 95 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, mean: float, each: np.ndarray) -> "LateGain":
        """Of what each record adds to it, (n,) in the order of time; spans of time are taken as independent."""
        from scipy.stats import t

        spans = np.array([part.mean() for part in np.array_split(each, SPANS)])
        error = max(float(spans.std(ddof=1)) / SPANS**0.5, float(each.std(ddof=1)) / len(each) ** 0.5)
        reach = float(t.ppf(0.975, SPANS - 1)) * error
        return cls(mean, mean - reach, mean + reach)


@dataclass(frozen=True, eq=False)
class LateCertificate:
    """Whether a challenger is better.

    Parameters
    ----------
    metric : str
        What ``over`` is measured in; "Accuracy" for recalibrated classes.
    learned_from : str
        In words; "" where nothing could be tested.
    trained, tested : int
        Records that the challenger learned from, and late records that tested it.
    over : mapping of str to LateGain
        Over ``champion``, and where that is proven over ``old_again`` and ``shuffled``.
    why_not : str
        Why nothing ships; "" where the challenger does.
    next_in_use : InUse or None
        What to serve from now on.
    """

    metric: str
    learned_from: str
    trained: int
    tested: int
    over: Mapping[str, LateGain]
    why_not: str
    next_in_use: InUse | None = None

    @property
    def ships(self) -> bool:
        """Is the challenger better?"""
        return not self.why_not

    @property
    def retrained(self) -> bool:
        """Is it a model trained anew, rather than the one in use with its answers recalibrated?"""
        return self.next_in_use is not None and not self.next_in_use.correction.shift

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "metric": self.metric,
            "learned_from": self.learned_from,
            "trained": self.trained,
            "tested": self.tested,
            "over": {name: asdict(gain) for name, gain in self.over.items()},
            "why_not": self.why_not,
            "ships": self.ships,
            "retrained": self.retrained,
        }
