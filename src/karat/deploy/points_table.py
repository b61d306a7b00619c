"""A scorecard as a table of points and as SQL: what a lender prints, audits, and runs in the warehouse."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError
from karat.core.unit import Exporter
from karat.deploy.onnx_model import Prepared
from karat.deploy.onnx_scorecard import Card

HEAD = ("column", "bin", "above", "to", "values", "records", "rate", "points")


@dataclass(frozen=True)
class PointsTable(Exporter):
    """``card.csv`` and ``card.sql``: every bin with its points, and one SELECT that scores a table.

    A score is the start and one line of each column, crossed columns among them; more points are safer. The SELECT
    asks nothing but CASE, CAST to REAL and IN, wants the raw columns typed, gaps as NULL, and gives the same score as
    the model to the last digits of double precision.

    Source: Siddiqi (2006), Credit Risk Scorecards, ch. 6.
    """

    def takes(self, model: Any) -> bool:
        """A prepared scorecard."""
        return isinstance(model, Prepared) and Card.of(model) is not None

    def export(self, model: Any, to: Path) -> Path:
        """Write both files into a folder.

        Parameters
        ----------
        model : Prepared
            Whose model is a scorecard.
        to : Path
            The folder; made where it is missing.

        Returns
        -------
        Path
            Of ``card.csv``.

        Raises
        ------
        InputError
            For another learner.
        """
        if Card.of(model) is None:
            raise InputError(
                f"a points table is made from a scorecard, not from {type(model.model).__name__}",
                "Set [train] learner = 'Scorecard'",
            )
        to.mkdir(parents=True, exist_ok=True)
        path = to / "card.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEAD, *_rows(model)])
        (to / "card.sql").write_text(_select(model), encoding="utf-8")
        return path


def _rows(prepared: Any) -> Iterator[tuple[Any, ...]]:
    model, parts = prepared.model, prepared.preparation.parts
    yield (
        "(start)",
        "",
        "",
        "",
        "",
        int(parts[0].all.sum()),
        _rate(parts[0].yes.sum(), parts[0].all.sum()),
        model.start,
    )
    for part, weight in zip(parts, model.weights, strict=False):
        points = 0.0 - model.factor * weight * _evidence(part)
        for at, name in enumerate(part.bins()):
            ends = _ends(part, at)
            value = _named_value(part, at)
            yield (part.column, name, *ends, value, int(part.all[at]), _rate(part.yes[at], part.all[at]), points[at])
    for pair, weight in zip(model.crossed, model.weights[len(parts) :], strict=True):
        sides = parts[pair.first], parts[pair.second]
        bins = [
            _stretches(part, edges) for part, edges in zip(sides, (pair.first_edges, pair.second_edges), strict=True)
        ]
        names = f"{sides[0].column} × {sides[1].column}"
        for i, j in np.ndindex(*pair.table.shape):
            met = [
                " or ".join(part.bins()[k] for k in np.flatnonzero(bin_of == at))
                for part, bin_of, at in zip(sides, bins, (i, j), strict=True)
            ]
            if all(met):
                yield (names, f"{met[0]} and {met[1]}", "", "", "", "", "", -model.factor * weight * pair.table[i, j])


def _named_value(part: Any, at: int) -> float | str:
    """The category or code of a bin; "" for a stretch, a gap and the rare categories."""
    if part.values is not None:
        return part.values[at] if at < len(part.values) else ""
    behind = at - len(part.edges) - 2
    return part.special[behind] if behind >= 0 else ""


def _evidence(part: Any) -> np.ndarray:
    """The weights as the features hold them: through float32."""
    return np.asarray(part.weights, np.float32).astype(np.float64)


def _rate(yes: float, all_: float) -> float | str:
    return float(yes / all_) if all_ else ""


def _ends(part: Any, at: int) -> tuple[float | str, float | str]:
    """Above what and up to what a number's bin reaches; nothing for categories, gaps and codes."""
    if part.values is not None or at > len(part.edges):
        return "", ""
    low = float(part.edges[at - 1]) if at else ""
    return low, float(part.edges[at]) if at < len(part.edges) else ""


def _stretches(part: Any, edges: np.ndarray) -> np.ndarray:
    """The coarse stretch (b,) int64 of evidence that each bin of a column falls in."""
    return np.asarray(np.searchsorted(edges, _evidence(part), side="left"))


def _select(prepared: Any) -> str:
    model, parts = prepared.model, prepared.preparation.parts
    terms = [f"{model.start!r}"]
    for part, weight in zip(parts, model.weights, strict=False):
        terms.append(_case(part, prepared.schema, (0.0 - model.factor * weight * _evidence(part)).tolist()))
    for pair, weight in zip(model.crossed, model.weights[len(parts) :], strict=True):
        points = 0.0 - model.factor * weight * pair.table
        first, second = parts[pair.first], parts[pair.second]
        row = _case(first, prepared.schema, _stretches(first, pair.first_edges).tolist())
        column = _case(second, prepared.schema, _stretches(second, pair.second_edges).tolist())
        cells = " ".join(f"WHEN {at} THEN {value!r}" for at, value in enumerate(points.ravel().tolist()))
        terms.append(f"CASE ({row}) * {points.shape[1]} + ({column}) {cells} END")
    about = f"less likely {prepared.classes[-1]}".replace("\n", " ")
    named = f"{prepared.name}, version {prepared.version}"
    head = f"-- {named}: more points are safer, {about}; {model.scale[0]:g} double the odds"
    return f"{head}\nSELECT *,\n  " + "\n  + ".join(terms) + "\n  AS score\nFROM applicants\n"


def _case(part: Any, schema: Any, values: Sequence[float]) -> str:
    """One column's bins as a CASE; numbers are compared in single precision, as the model reads them."""
    name = '"' + part.column.replace('"', '""') + '"'
    if part.values is None:
        last = len(part.edges)
        ends = [f"WHEN CAST({name} AS REAL) <= CAST({float(edge)!r} AS REAL)" for edge in part.edges]
        codes = [f"WHEN CAST({name} AS REAL) = CAST({code!r} AS REAL)" for code in part.special]
        whens = [f"{code} THEN {value!r}" for code, value in zip(codes, values[last + 2 :], strict=True)]
        whens += [f"{end} THEN {value!r}" for end, value in zip(ends, values, strict=False)]
        return " ".join([f"CASE WHEN {name} IS NULL THEN {values[last + 1]!r}", *whens, f"ELSE {values[last]!r} END"])
    k = len(part.values)
    gaps = "".join(f" OR {name} = {_quoted(text)}" for text in schema[part.column].nulls)
    whens = [f"WHEN {name} = {_quoted(text)} THEN {value!r}" for text, value in zip(part.values, values, strict=False)]
    return " ".join([f"CASE WHEN {name} IS NULL{gaps} THEN {values[k + 1]!r}", *whens, f"ELSE {values[k]!r} END"])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
