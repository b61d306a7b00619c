"""From a probability to a decision, when mistakes have prices."""

import numpy as np

from karat.core.errors import OptionError


def cheapest_threshold(
    truth: np.ndarray, probability: np.ndarray, false_alarm: float, miss: float
) -> tuple[float, float]:
    """The probability from which to say yes (above 1: never), and what a record then costs on average.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    probability : ndarray of float, shape (n,)
        Probability that it is true.
    false_alarm, miss : float
        Price of saying yes wrongly, and of saying no wrongly; not negative, not both 0.

    Of all thresholds that cost the same, the one nearest to ``false_alarm / (false_alarm + miss)``, which is best for
    calibrated probabilities (Elkan 2001, IJCAI). Choose it on validation records, never on the ones that test.
    """
    if false_alarm < 0 or miss < 0 or false_alarm + miss == 0:
        raise OptionError(
            f"the cost table has {false_alarm:g} and {miss:g}", "Give two numbers of 0 or more, not both 0"
        )
    order = np.argsort(-probability, kind="stable")
    ordered, hit = probability[order], truth[order].astype(np.float64)
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    yes = np.append(0, last + 1)  # saying yes to so many
    caught = np.append(0.0, np.cumsum(hit)[last])
    price = (false_alarm * (yes - caught) + miss * (hit.sum() - caught)) / len(hit)
    # A threshold between the last yes and the first no; the ends are open.
    upper = np.append(ordered[0] + 1, ordered[last])
    lower = np.append(ordered[np.append(0, last[:-1] + 1)], ordered[-1] - 1)
    wanted = false_alarm / (false_alarm + miss)
    best = np.flatnonzero(price <= price.min() + 1e-12)
    off = np.abs(np.clip(wanted, lower[best], upper[best]) - wanted)
    at = best[int(np.argmin(off))]
    inside = lower[at] < wanted <= upper[at]
    return (wanted if inside else float(lower[at] + upper[at]) / 2), float(price[at])
