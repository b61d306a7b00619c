"""Why this applicant: the parts of a score that count most against, and for, one record."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHOWN = 4  # the number that lenders in the United States must give


@dataclass(frozen=True)
class Reason:
    """One part of one record's score.

    Parameters
    ----------
    name : str
        The column, or the crossed columns.
    value : str
        What stands there.
    points : float
        What it adds to the score; more is riskier.
    """

    name: str
    value: str
    points: float


def reason_codes(
    names: Sequence[str], values: Sequence[str], parts: np.ndarray, best: np.ndarray | None = None, shown: int = SHOWN
) -> list[Reason]:
    """The parts that push one record's score up most, the strongest first.

    Parameters
    ----------
    names, values : sequence of str, length d
    parts : ndarray of float, shape (d,)
        Additive parts of the score, as of a scorecard or of SHAP values.
    best : ndarray of float, shape (d,), optional
        The lowest part each column can have; reasons are then told as points above it, the usual rule of lenders.
    shown : int

    Source: US Regulation B, 12 CFR 1002.9; Siddiqi (2006), ch. 8.
    """
    above = parts - best if best is not None else parts
    order = np.argsort(-above, kind="stable")[:shown]
    return [Reason(names[at], values[at], float(parts[at])) for at in order.tolist() if above[at] > 0]


def in_points(log_odds: np.ndarray, double: float = 20.0, base: float = 600.0, base_odds: float = 50.0) -> np.ndarray:
    """Log-odds of default as a score on lenders' scale: higher is safer.

    Parameters
    ----------
    log_odds : ndarray of float
    double : float
        Points that double the odds of paying back.
    base, base_odds : float
        The score at which so many pay back for each that does not.
    """
    factor = double / np.log(2)
    return np.asarray(base - factor * (np.log(base_odds) + log_odds))
