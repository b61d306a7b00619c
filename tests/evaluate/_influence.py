"""What every metric with an influence must fulfil: it is the score's derivative by a record's weight."""

import numpy as np


def derivative(metric, truth, answer, times=400):
    """(n,) how far the score moves, per weight, when one record stands once more among ``times`` copies of all."""
    many, asked = np.tile(truth, times), np.concatenate([answer] * times)
    base = metric.score(many, asked)
    out = []
    for at in range(len(truth)):
        more = metric.score(np.append(many, truth[at]), np.concatenate([asked, answer[at : at + 1]]))
        out.append((more - base) * len(many))
    return np.array(out)
