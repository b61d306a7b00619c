"""Karat among scikit-learn's estimators."""

from karat.cli.cleaner import Cleaner, CleanerError

__all__ = ["Cleaner", "CleanerError"]
