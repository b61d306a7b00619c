"""Gates: ``--fail-under DIMENSION=SCORE``."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.core.errors import GateError, OptionError
from karat.core.finding import SCORED


def read_gates(given: Sequence[str]) -> dict[str, float]:
    """Gates from their texts. Raises OptionError."""
    gates = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in map(str, SCORED):
            raise OptionError.unknown("dimension", name, map(str, SCORED), "--fail-under")
        try:
            gates[name] = float(value)
        except ValueError:
            raise OptionError(
                "DIMENSION=SCORE wanted", repr(text), "--fail-under", "write it like accuracy=0.95"
            ) from None
        if not 0 <= gates[name] <= 1:
            raise OptionError("a score in [0, 1] wanted", value, "--fail-under")
    return gates


def met(gates: Mapping[str, float], scores: Mapping[str, Any]) -> None:
    """Raise GateError for the first dimension below its gate; one that has no score does not pass."""
    for name, least in gates.items():
        score = scores["dimensions"][name]["score"]
        if score is None or score < least:
            found = "no score" if score is None else f"{score:.4f}"
            raise GateError(
                f"{name} of at least {least} wanted", found, "--fail-under", "see report.html for what is wrong"
            )
