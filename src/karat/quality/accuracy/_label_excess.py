"""Whether a model contradicts more labels than it would if all were right."""

import numpy as np

from karat.quality.accuracy._anchors import SHARPNESS, anchored, calibrating_power, ends, softmax

BY_CHANCE = 1.645  # definition: 95 % point of the normal distribution
PROVEN = 2.326  # definition: its 99 % point
DRAWN_FROM = 2_048  # cost: records that labels are drawn of; more would prove smaller excesses
DRAWS = 20  # cost: of labels that are all right; more would narrow their spread by little
POWERS = SHARPNESS[::2]  # cost: every other one
AROUND = np.geomspace(0.7, 2.5, 9)  # unproven: the grid about the power that fits; wrong labels make it sharper
RATES = np.concatenate([[0.0], np.geomspace(2e-3, 0.5, 10)])  # unproven: the grid; which is chosen by likelihood
LAPSES = 3.317  # definition: half the 99 % point of chi-squared with one degree of freedom (Wilks 1938)
FLOOR = 1e-6  # definition: keeps a division by 0 a number


def excess_of(true: np.ndarray, top: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By class, by what share of its records the contradicted labels outnumber the expected ones, and its variance.

    Parameters
    ----------
    true : ndarray of float64, shape (n, k)
        Probabilities of the true labels.
    top, labels : ndarray of int64, shape (n,)
        The model's answers and the given labels.

    Returns
    -------
    (excess, error) : (k,) each; the variance is that of labels drawn from the probabilities. Of a class without
        records 0 and infinite.
    """
    classes = true.shape[1]
    sizes = np.bincount(labels, minlength=classes)
    seen = np.bincount(labels[top != labels], minlength=classes)
    chance = true.copy()
    chance[np.arange(len(top)), top] = 0.0  # a label of another class contradicts the answer
    usual, spread = chance.sum(axis=0), (chance * (1 - chance)).sum(axis=0)
    many = np.maximum(sizes, 1)
    return (
        np.where(sizes > 0, (seen - usual) / many, 0.0),
        np.where(sizes > 0, (spread + FLOOR) / many**2, np.inf),
    )


def exceeding(excess: np.ndarray, error: np.ndarray, point: float = BY_CHANCE) -> np.ndarray:
    """(k,) bool: classes whose excess lies beyond chance, classes pooled as far as their excesses are alike.

    A small class leans on the others, and one that stands out does not carry them.

    Source: DerSimonian & Laird (1986), Meta-analysis in clinical trials (random effects).
    """
    there = np.flatnonzero(np.isfinite(error))
    out = np.zeros(len(excess), bool)
    if not len(there):
        return out
    excess, error = excess[there], error[there]
    precise = 1 / error
    middle = float((precise * excess).sum() / precise.sum())
    apart = float((precise * (excess - middle) ** 2).sum()) - (len(there) - 1)
    between = max(0.0, apart / max(float(precise.sum() - (precise**2).sum() / precise.sum()), FLOOR))
    pooled = 1 / (error + between)
    middle, unsure = float((pooled * excess).sum() / pooled.sum()), float(1 / pooled.sum())
    own = between / (between + error)  # how far a class speaks for itself
    mean = own * excess + (1 - own) * middle
    out[there] = mean > point * np.sqrt(own * error + (1 - own) ** 2 * unsure)
    return out


def proven(expected: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, bool]:
    """(k,) bool: classes whose labels are not all right; and whether the likeliest share of wrong ones is above 0.

    Labels that are all right are drawn from the model's probabilities, calibrated by one power, and go through the same
    two tests, as a model whose surest answers are wrong, too, looks as if labels were wrong even then: the excess of
    each class must lie beyond their 99 % point, or labels that go wrong at random, besides the model's doubt, must
    explain what is seen better than for any of them (ratio of likelihoods): then the classes with an excess are meant.

    Parameters
    ----------
    expected : ndarray of float64, shape (n, k)
    labels : ndarray of int64, shape (n,)
    """
    chance = np.random.default_rng(0)
    some = chance.permutation(len(labels))[:DRAWN_FROM]
    expected, labels = expected[some], labels[some]
    log, top = np.log(np.maximum(expected, FLOOR)), expected.argmax(axis=1)
    grid = np.array([softmax(sharp * log) for sharp in POWERS])

    def excess_under(right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return excess_of(_sharpened(grid, expected, top, right), top, right)

    power = calibrating_power(log, labels)
    rising = softmax(power * log).cumsum(axis=1)
    near = np.array([softmax(power * by * log) for by in AROUND])
    drawn, errors, lapses = [], [], [LAPSES]
    for _ in range(DRAWS):
        right = (rising > chance.random((len(top), 1)) * rising[:, -1:]).argmax(axis=1)
        excess, error = excess_under(right)
        drawn.append(excess)
        errors.append(np.where(np.isfinite(error), error, 0.0))
        lapses.append(_lapses(near, right))
    excess, error = excess_under(labels)
    seen = _lapses(near, labels)
    if seen > max(lapses):
        return exceeding(excess, error), True
    spread = np.maximum(np.var(drawn, axis=0), np.mean(errors, axis=0)) * (1 + 1 / DRAWS)
    beyond = exceeding(excess - np.mean(drawn, axis=0), np.where(np.isfinite(error), spread + FLOOR**2, np.inf), PROVEN)
    return beyond, seen > 0


def _sharpened(grid: np.ndarray, expected: np.ndarray, top: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n, k) probabilities of the true labels: the mean of both ends of the anchored rate."""
    true = np.zeros(expected.shape)
    for transition in ends(*anchored(expected, top, labels)):
        seen = np.einsum("snk,nk->sn", grid, transition.T[labels])
        fits = np.log(np.maximum(seen, 1e-12)).sum(axis=1) - 0.5 * np.log(POWERS) ** 2
        true += 0.5 * grid[int(fits.argmax())]
    return true


def _lapses(near: np.ndarray, labels: np.ndarray) -> float:
    """By how much labels wrong at random, besides the model's doubt, raise the logarithm of the likelihood."""
    own, others = near[:, np.arange(len(labels)), labels], max(near.shape[2] - 1, 1)
    rates = RATES[:, None, None]
    fits = np.log(np.maximum((1 - rates) * own + rates * (1 - own) / others, 1e-12)).sum(axis=2)
    return float(fits.max() - fits[0].max())
