"""A certificate that can be checked by anybody: its figures follow from its folds, and its folds from the data."""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from karat.core.errors import InputError
from karat.lift import ranking_verdict, verdict
from karat.lift.certificate import Certificate, differences

SHOWN = 10  # display: lines that differ


def rerun(path: Path, measure: Callable[[Certificate], Certificate]) -> list[str]:
    """What differs between a certificate and its repetition; nothing when it gives the same digits.

    Parameters
    ----------
    path : Path
        ``lift.json``.
    measure : callable
        Measures again what the certificate's ``inputs`` say. It is not asked when the figures already contradict the
        certificate's own folds: then one of them was changed by hand.

    Raises
    ------
    InputError
        When it is no certificate.
    """
    certificate = Certificate.load(path)
    faults = contradictions(certificate, str(path))
    return faults or differences(plain_values(measure(certificate)), plain_values(certificate))


def contradictions(certificate: Certificate, where: str = "lift.json") -> list[str]:
    """Where a certificate's figures do not follow from its own folds."""
    if not certificate.folds:
        raise InputError(f"{where} has no scores of folds", "Give the lift.json that karat wrote")
    named = [(str(column), str(name), int(records)) for column, name, records in certificate.recipe.get("slices", [])]
    try:
        ranked = ranking_verdict.is_ranking(certificate.folds)
        figures = ranking_verdict.figures(certificate.folds) if ranked else verdict.figures(certificate.folds, named)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return [f"folds: cannot be read ({type(error).__name__}: {error})"]
    if certificate.protocol != "procedure":
        figures["refined_mended_test"] = None
    values = plain_values(certificate)
    return differences(
        {name: _plain(value) for name, value in figures.items() if value is not None},
        {name: values.get(name) for name, value in figures.items() if value is not None},
    )


def plain_values(certificate: Certificate) -> dict[str, Any]:
    """The certificate as it reads after having been written."""
    return dict(json.loads(json.dumps(certificate.to_json())))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    elif isinstance(value, tuple):
        value = [asdict(entry) if is_dataclass(entry) and not isinstance(entry, type) else entry for entry in value]
    return json.loads(json.dumps(value))


def in_words(lines: list[str]) -> str:
    """One line for a person."""
    if not lines:
        return "the same digits"
    rest = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"other digits: {'; '.join(lines[:SHOWN])}{rest}"
