"""Models that judge how good a text is, whoever trained them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from karat.clean.classifier_folder import ClassifierFolder
from karat.clean.fasttext_model import FastTextModel, is_fasttext
from karat.clean.quality_classifier import QualityModel, Texts
from karat.core.errors import InputError, OptionError

# definition: what the good class is called by classifiers that filter corpora (DCLM's is hq)
GOOD_LABELS = frozenset({"hq", "high", "good", "positive", "pos", "yes", "high_quality", "educational", "keep"})
SAVED = (
    "our own, written by karat label --rubric (.npz), fastText's (.bin, .ftz)",
    "a Hugging Face classifier's folder",
)


class Scorer(Protocol):
    """Gives texts a score."""

    def score(self, texts: Texts) -> np.ndarray:
        """(n,) float64: the higher, the better."""
        ...


class Classifier(Protocol):
    """Answers with a probability for each label."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the classes."""
        ...

    def probabilities(self, texts: Texts) -> np.ndarray:
        """(n, labels)."""
        ...


@dataclass(frozen=True, eq=False)
class LabelScore:
    """A classifier's probability of what is good.

    Parameters
    ----------
    worth : ndarray of float64, shape (labels,)
        1 for the good label and 0 for the others; or what each label is worth, where labels are numbers.
    """

    classifier: Classifier
    worth: np.ndarray

    def score(self, texts: Texts) -> np.ndarray:
        """(n,) float64."""
        scores: np.ndarray = self.classifier.probabilities(texts) @ self.worth
        return scores


def load_quality_model(path: str | Path, label: str = "") -> Scorer:
    """The model of a file or a folder.

    Parameters
    ----------
    path : path
        A ``.npz`` of ours, a fastText file, or the folder of a Hugging Face classifier.
    label : str
        The label of good texts; "" finds it where its name says so, and takes the mean of labels that are numbers.

    Raises
    ------
    InputError
        It is no such model.
    OptionError
        Which label is the good one is not known, or there is no such label.
    """
    place = Path(path)
    if not place.exists():
        raise InputError(f"quality model {path} not found", "Check the path")
    if place.is_dir():
        if not (place / "config.json").exists():
            raise InputError(f"{path} is a folder without config.json", f"Name a model: {', '.join(SAVED)}")
        return scored_by(ClassifierFolder.read(place), label, str(path))
    if is_fasttext(place):
        return scored_by(FastTextModel.read(place), label, str(path))
    if place.suffix in (".bin", ".ftz"):
        FastTextModel.read(place)  # says what is wrong with it
    return QualityModel.load(place)


def scored_by(classifier: Classifier, label: str, path: str) -> LabelScore:
    """A classifier whose good label is known."""
    labels = classifier.labels
    if label:
        if label not in labels:
            raise OptionError.unknown("label", label, labels, path)
        return LabelScore(classifier, np.array([float(name == label) for name in labels]))
    if len(labels) == 1:
        return LabelScore(classifier, np.ones(1))
    good = [name for name in labels if name.casefold() in GOOD_LABELS]
    if len(good) == 1:
        return LabelScore(classifier, np.array([float(name == good[0]) for name in labels]))
    numbers = [_number(name) for name in labels]
    if None not in numbers:
        return LabelScore(classifier, np.array(numbers, np.float64))
    raise OptionError(
        f"{path} has the labels {', '.join(labels[:20])}, and which of them is the good one is not known",
        'Name it in [clean] quality_label = "LABEL"',
    )


def _number(name: str) -> float | None:
    try:
        return float(name)
    except ValueError:
        return None
