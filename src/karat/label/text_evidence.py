"""Is a model of the texts to be believed more than the votes? What its agreement with them, out of fold, says."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TextEvidence:
    """What is known of a model that was taught by the votes.

    Parameters
    ----------
    agrees : float
        Share of items with votes that it labels as the votes do, each from a model that did not see them.
    votes_right, model_right : float
        Share of right labels of the votes, by their own confidence, and of the model, if both err independently.
    usual : float
        Share of the most frequent class, which is all the votes know of items without any.
    """

    agrees: float
    votes_right: float
    model_right: float
    usual: float

    @property
    def on_voted(self) -> bool:
        """The model is at least as good as the votes where there are some."""
        return self.model_right >= self.votes_right

    @property
    def elsewhere(self) -> bool:
        """The model is at least as good as the most frequent class where there are none."""
        return self.model_right >= self.usual

    def __str__(self) -> str:
        told = f"a model of the texts labels {self.agrees:.0%} of the items with votes as they do"
        if self.on_voted:
            return f"{told}, so it is at least as accurate: it labels all items"
        return f"{told}, too few to overrule them: it labels the items without votes"


def text_evidence(belief: np.ndarray, answer: np.ndarray, voted: np.ndarray) -> TextEvidence:
    """Evidence from the votes' beliefs and a model's answers, out of fold.

    Two who are right with probabilities p and q, and err independently, agree with probability
    ``p q + (1 - p) (1 - q) / (k - 1)``; with p from the votes, q follows.

    Parameters
    ----------
    belief, answer : ndarray of float64, shape (n, k)
        Of the votes, and of the model.
    voted : ndarray of bool, shape (n,)
    """
    k = belief.shape[1]
    label = belief[voted].argmax(axis=1)
    agrees = float((answer[voted].argmax(axis=1) == label).mean())
    right = float(belief[voted].max(axis=1).mean())
    usual = float(np.bincount(label, minlength=k).max() / len(label))
    slip = (1 - right) / max(k - 1, 1)
    model = (agrees - slip) / (right - slip) if right > slip else 0.0
    return TextEvidence(agrees, right, float(np.clip(model, 0.0, 1.0)), usual)
