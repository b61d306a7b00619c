"""The place where scikit-learn's users look."""

import karat
from karat.cli.cleaner import Cleaner


def test_the_transformer_is_there_once_it_is_asked_for():
    assert karat.sklearn.Cleaner is Cleaner
    assert "sklearn" in dir(karat)
