"""A model of the items' texts, taught by the votes: it labels what no voter looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.hashes import row_hashes
from karat.label.confidence import cooled
from karat.label.expectation import Gold, LabelEstimate, Method, clamped
from karat.label.text_evidence import text_evidence
from karat.label.votes import Votes
from karat.label.with_model import WithModel

# cost: the rest is judged all the same
MOST_TAUGHT = 20_000  # items a fold learns from; more cost minutes and move little
MOST_FEATURES = 200_000  # cost: memory; rarer pieces are not learned from


@dataclass(frozen=True, eq=False)
class EndModel:
    """Logistic regression on pieces of characters and words, out of fold, trained on beliefs rather than on labels.

    Rules touch a part of the items; what their items have in common reaches the rest. Every item is judged by a model
    that did not see its votes. With rules the model answers alone, for a rule that fires on a text is already in it;
    with people it is one more voter, weighed by the votes it foretells. Source: the end model of data programming
    (Ratner et al. 2016).

    Parameters
    ----------
    voters : Method
        How the votes alone are read.
    texts : sequence of str
        One text an item.
    alone : bool
        The model's answer stands; otherwise it is weighed against the votes.
    strength : float
        Inverse of the penalty on weights, > 0.
    cautious : bool
        Answer alone only where what the model agrees on with the votes says that it is at least as good as they are.
    """

    voters: Method
    texts: Sequence[str]
    alone: bool = True
    strength: float = 10.0
    folds: int = 5
    seed: int = 0
    cautious: bool = False

    def estimate(self, votes: Votes, gold: Gold | None = None) -> LabelEstimate:
        """The model's beliefs, or theirs and the voters' together."""
        estimate = self.voters.estimate(votes, gold)
        belief = clamped(cooled(votes, estimate), gold)
        taught = np.bincount(votes.item, minlength=len(belief)) > 0
        if gold is not None:
            taught[gold.item] = True
        answer = out_of_fold(features(self.texts), belief, taught, self.strength, self.folds, self.seed)
        if not self.alone:
            return WithModel(self.voters, answer).estimate(votes, gold)
        note = ""
        if self.cautious:
            evidence = text_evidence(belief, answer, taught)
            note = str(evidence) if evidence.on_voted or evidence.elsewhere else ""
            believed = np.where(taught, evidence.on_voted, evidence.elsewhere)
            answer = np.where(believed[:, None], answer, belief)
        v, k = votes.shape[1:]
        logits = np.log(np.maximum(answer, 1e-9))
        return LabelEstimate(clamped(answer.copy(), gold), np.zeros((v, k, k)), logits, note=note)


def features(texts: Sequence[str]) -> Any:
    """(n, d) CSR: weighted counts of pieces of 2 to 5 characters within words, of words and of pairs of words."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    rarest = 2 if len(texts) >= 50 else 1
    pieces = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=rarest, max_features=MOST_FEATURES
    )
    words = TfidfVectorizer(
        ngram_range=(1, 2),
        sublinear_tf=True,
        min_df=rarest,
        token_pattern=r"(?u)\b\w+\b",  # noqa: S106  words of one letter or one Chinese character count
        max_features=MOST_FEATURES,
    )
    parts = []
    for vectorizer in (pieces, words):
        try:
            parts.append(vectorizer.fit_transform(texts))
        except ValueError:  # no word occurs often enough
            continue
    if not parts:
        from scipy.sparse import csr_array

        return csr_array((len(texts), 1))
    return hstack(parts).tocsr()


def out_of_fold(
    matrix: Any, belief: np.ndarray, taught: np.ndarray, strength: float = 10.0, folds: int = 5, seed: int = 0
) -> np.ndarray:
    """(n, k) probabilities, each from a model that did not learn from the item.

    Parameters
    ----------
    matrix : CSR, shape (n, d)
    belief : ndarray of float64, shape (n, k)
        What to learn: an item counts for each class with its probability.
    taught : ndarray of bool, shape (n,)
        Items that may be learned from.
    """
    n = len(belief)
    fold = (row_hashes(np.arange(n) + (seed << 32)) % np.uint64(folds)).astype(np.int64)
    answer = np.tile(belief[taught].mean(axis=0), (n, 1))
    for left_out in range(folds):
        train = np.flatnonzero(taught & (fold != left_out))[:MOST_TAUGHT]
        asked = np.flatnonzero(fold == left_out)
        if len(train) and len(asked):
            answer[asked] = _fitted(matrix, belief, train, asked, strength)
    return answer


def _fitted(matrix: Any, belief: np.ndarray, train: np.ndarray, asked: np.ndarray, strength: float) -> np.ndarray:
    import warnings

    from sklearn.linear_model import LogisticRegression

    k = belief.shape[1]
    weights = belief[train].T
    kept = [np.flatnonzero(weights[c] > 1e-3) for c in range(k)]
    lines = np.concatenate([train[at] for at in kept])
    target = np.repeat(np.arange(k), [len(at) for at in kept])
    weight = np.concatenate([weights[c][kept[c]] for c in range(k)])
    answer = np.zeros((len(asked), k))
    present = np.unique(target)
    if len(present) == 1:
        answer[:, present[0]] = 1.0
        return answer
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stopped at its last step it is still the best found
        model = LogisticRegression(C=strength, max_iter=100).fit(matrix[lines], target, sample_weight=weight)
    answer[:, present] = model.predict_proba(matrix[asked])
    return answer
