"""Which suspects are flagged, and the table that says so."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.quality.accuracy.label_beliefs import LabelBeliefs, Noise, best_cut


def flagged(
    beliefs: LabelBeliefs,
    precision: float | None = None,
    budget: int | None = None,
    known: np.ndarray | None = None,
    cut: float | None = None,
) -> np.ndarray:
    """(n,) bool: the labels to flag.

    Parameters
    ----------
    precision : float, optional
        In (0, 1]: as many as can be flagged with this expected precision.
    budget : int, optional
        At least 0: no more than so many.
    known : ndarray of bool, shape (n,), optional
        Labels that the model can judge; no other is flagged.
    cut : float, optional
        Score from which labels are flagged where neither is given; by default that of the best expected F1.
    """
    if precision is not None and not 0 < precision <= 1:
        raise OptionError(f"precision is {precision}", "Use a share above 0 and at most 1")
    if budget is not None and budget < 0:
        raise OptionError(f"budget is {budget}", "Use 0 or more")
    size = len(beliefs.wrong)
    out = np.zeros(size, bool)
    known = np.ones(size, bool) if known is None else known
    if precision is None and budget is None:
        out |= known & (beliefs.wrong >= (best_cut(beliefs, known) if cut is None else cut))
        return out
    order = np.argsort(-beliefs.wrong, kind="stable")
    order = order[known[order]]
    many = len(order)
    if precision is not None:
        enough = np.flatnonzero(np.cumsum(beliefs.stated[order]) / np.arange(1, many + 1) >= precision)
        many = int(enough[-1]) + 1 if len(enough) else 0
    out[order[: min(many, budget) if budget is not None else many]] = True
    return out


def table_of(columns: dict[str, pa.Array], noise: Noise) -> pa.Table:
    """The answer, with the estimate as JSON in its schema's metadata under ``karat``."""
    facts = {name: None if value != value else value for name, value in asdict(noise).items()}  # noqa: PLR0124  NaN
    return pa.table(columns).replace_schema_metadata({"karat": json.dumps(facts)})


def named(codes: np.ndarray, names: list[Any] | None) -> pa.Array:
    """Classes by their names, else by their positions."""
    if names is None:
        return pa.array(codes.astype(np.int64))
    return pa.array(names).take(pa.array(codes))
