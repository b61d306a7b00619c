"""Gates: ``--fail-under DIMENSION=SCORE``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from karat.core.errors import GateError, OptionError
from karat.core.finding import SCORED

SHOWN_ROWS = 10  # display: rows, and steps that were stopped


def read_gates(texts: Sequence[str]) -> dict[str, float]:
    """Gates from their texts. Raises OptionError."""
    gates = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in map(str, SCORED):
            raise OptionError.unknown("dimension", name, map(str, SCORED), "--fail-under")
        try:
            gates[name] = float(value)
        except ValueError:
            raise OptionError(
                f"{text!r} given with --fail-under is not DIMENSION=SCORE", "Write it like accuracy=0.95"
            ) from None
        if not 0 <= gates[name] <= 1:
            raise OptionError(
                f"score {value} given with --fail-under is not between 0 and 1", "Write it like accuracy=0.95"
            )
    return gates


def met(gates: Mapping[str, float], scores: Mapping[str, Any]) -> None:
    """Raise GateError for the first dimension below its gate; one that has no score does not pass."""
    for name, least in gates.items():
        score = scores["dimensions"][name]["score"]
        if score is None or score < least:
            actual = "no score" if score is None else f"{score:.4f}"
            raise GateError(
                f"{name} is {actual}, below the {least} that --fail-under asks for", "See report.html for what is wrong"
            )


def unstopped(summary: Mapping[str, Any]) -> None:
    """Raise GateError where the guard stopped steps; all else of the run is done and written."""
    stops = summary.get("stopped") or []
    if stops:
        steps = " ".join(f"--allow {stop['step']}" for stop in stops[:SHOWN_ROWS])
        count = f"{len(stops):,} step{'s' if len(stops) > 1 else ''}"
        raise GateError(
            f"the guard stopped {count}, first {stops[0]['step']}: {stops[0]['reason']}",
            f"Review the cases, or run again with {steps}{_other_rules(stops)}",
        )


def _other_rules(stops: Sequence[Mapping[str, Any]]) -> str:
    """The other way out where rules for documents were stopped."""
    from karat.core.registry import units

    checks = units("check")
    chosen = any(getattr(checks.get(stop.get("check", "")), "of_profile", False) for stop in stops)
    return ", or choose other rules with --profile" if chosen else ""


def read_rules(path: Path) -> Any:
    """A contract, read before any work is done. Raises InputError and OptionError."""
    from karat.store.contract import read_contract

    return read_contract(path)


def kept(contract: Any, folder: Any) -> None:
    """Raise GateError with the records when a contract is broken; its findings join ``findings.parquet``."""
    from karat.flow.contracting import broken

    violations = broken(contract, folder)
    if not violations.num_rows:
        return
    rows = violations["row"].drop_null().unique().to_pylist()
    shown = ", ".join(map(str, rows[:SHOWN_ROWS])) + (
        f" and {len(rows) - SHOWN_ROWS:,} more" if len(rows) > SHOWN_ROWS else ""
    )
    column = violations["column"][0].as_py()
    first = (f"in column {column!r} " if column else "") + violations["message"][0].as_py()
    where = f"rows {shown}" if rows else "the whole table"
    raise GateError(
        f"contract failed: {violations.num_rows:,} violations in {where}, first: {first}", "See findings.parquet"
    )
