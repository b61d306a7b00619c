"""Weights that may not change sign: logistic and ridge regression inside bounds."""

from collections.abc import Sequence

import numpy as np

from karat.core.errors import OptionError

STEPS = 200  # cost: of L-BFGS-B, which stops before where the loss no longer falls
Limits = Sequence[tuple[float | None, float | None]]
Directions = tuple[tuple[int, int], ...]


def limits_of(directions: Directions, width: int) -> list[tuple[float | None, float | None]]:
    """Ends of each weight: from 0 up along a rising feature, from 0 down along a falling one, else open."""
    by_feature = dict(directions)
    ends: dict[int, tuple[float | None, float | None]] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    return [ends[by_feature.get(at, 0)] for at in range(width)]


def refuse_many(directions: Directions, classes: int) -> None:
    """Directions mean something for two classes or a number alone.

    Raises
    ------
    OptionError
        There are more classes.
    """
    if directions and classes > 2:
        cure = "leave it out, or predict one class against the rest"
        raise OptionError(f"[train] monotone does not apply to a target with {classes} classes", cure)


def bounded_logistic(
    features: np.ndarray, truth: np.ndarray, strength: float, limits: Limits, start: float = 0.0
) -> tuple[np.ndarray, float]:
    """Weights (d,) within their limits and bias of the largest penalised likelihood, by L-BFGS-B.

    Parameters
    ----------
    features : ndarray of float64, shape (n, d)
    truth : ndarray of float64, shape (n,)
        0 or 1.
    strength : float
        Inverse of the penalty, > 0.
    limits : sequence of (low, high), length d
        None for an open end.
    start : float
        First guess of each weight.
    """
    from scipy.optimize import minimize

    def loss(guess: np.ndarray) -> tuple[float, np.ndarray]:
        margin = features @ guess[:-1] + guess[-1]
        off = 1 / (1 + np.exp(-np.clip(margin, -500, 500))) - truth
        value = np.logaddexp(0, margin).sum() - truth @ margin + guess[:-1] @ guess[:-1] / (2 * strength)
        return float(value), np.append(features.T @ off + guess[:-1] / strength, off.sum())

    rate = float(np.clip(truth.mean(), 1e-9, 1 - 1e-9))
    guess = np.append(np.full(features.shape[1], start), np.log(rate / (1 - rate)))
    bounds = [*limits, (None, None)]
    optimum = minimize(
        loss, guess, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS, "ftol": 1e-10}
    )
    return np.asarray(optimum.x[:-1]), float(optimum.x[-1])


def bounded_ridge(
    features: np.ndarray, target: np.ndarray, strength: float, limits: Limits
) -> tuple[np.ndarray, float]:
    """Weights (d,) within their limits and bias of the least squared error with a penalty.

    Solved on the d by d matrix of the normal equations, so that its cost does not grow with the records.
    """
    from scipy.optimize import lsq_linear

    middle, level = features.mean(0), float(target.mean())
    centred = features - middle
    root = np.linalg.cholesky(centred.T @ centred + np.eye(features.shape[1]) / strength)
    aim = np.linalg.solve(root, centred.T @ (target - level))
    ends = [
        [-np.inf if low is None else low for low, _ in limits],
        [np.inf if high is None else high for _, high in limits],
    ]
    solution = np.asarray(lsq_linear(root.T, aim, bounds=ends).x)
    weights = np.where(np.abs(solution) < 1e-12, 0.0, solution)  # the solver stops just inside a bound
    return weights, level - float(middle @ weights)
