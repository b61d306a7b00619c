"""Rooms 6 and 7: the proof of what the data work was worth, and how good the shipped model is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json, write_json
from karat.flow.run_state import Walk


def train(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Fit every arm in every fold: the certificate."""
    assert on.job.proof is not None
    truth = read_truth(on.job.truth, data) if on.job.truth else None
    now = data.extra.get("now")
    certificate = on.job.proof.prove(
        data.whole(), on.job, now=now, truth=truth, cache=on.folder.path / ".work" / "scores"
    )
    inputs = {"data": str(on.job.data)} | ({"truth": str(on.job.truth)} if on.job.truth else {})
    certificate = replace(certificate, inputs=inputs, rerun=f"karat lift --rerun {on.folder.path / 'lift.json'}")
    write_json(place / "lift.json", certificate.to_json())
    from karat.train.recipes import headline_for, recipes_worth_a_try

    names = [recipe.name for recipe in reversed(recipes_worth_a_try(data.schema))]
    return {
        "learners": names,
        "headline": headline_for(data.schema).name,
        "seconds": round(certificate.cost["seconds"], 1),
    }


def read_truth(truth: Any, data: Dataset) -> Block:
    """The clean version of the same records, read with the roles of the raw one; columns are matched by position."""
    import pyarrow as pa

    from karat.collect.read import open_data
    from karat.core.errors import InputError
    from karat.flow.collecting import unnumbered
    from karat.flow.data_reference import resolved

    reading = unnumbered(open_data(resolved(truth)))
    table = pa.Table.from_batches(list(reading.batches()))
    if table.num_columns != len(data.schema):
        mismatch = f"{table.num_columns} columns against {len(data.schema)}"
        raise InputError(f"--truth has other columns than the data: {mismatch}", "Give the clean version of this file")
    table = table.rename_columns(list(data.schema.names)).combine_chunks()
    return Block(np.arange(table.num_rows), table, data.schema)


def trained_in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    return f"{' · '.join(summary['learners'])}; {summary['headline']} leads"


def evaluate(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """The shipped model's quality by every metric, and the certificate's verdict."""
    from karat.flow.explaining import explained
    from karat.flow.forecasting import forecast
    from karat.flow.quality_of_model import measured

    certificate = read_json(on.place("train") / "lift.json")
    refined = refined_data(on.place("clean"), data).whole()
    evaluation = measured(on, data.whole(), refined)
    evaluation |= explained(on, data.whole(), refined, _ledger(on)) | forecast(on, data.whole())
    write_json(place / "evaluation.json", evaluation)
    write_json(place / "lift.json", certificate)
    return stated(certificate)


def stated(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What the summary says of a certificate."""
    keys = (
        "metric",
        "lift",
        "low",
        "high",
        "p_value",
        "verdict",
        "minimal_detectable_effect",
        "placebo",
        "over_placebo",
        "over_plain",
        "contributions",
        "contributions_by",
        "raw",
        "plain",
        "refined",
    )
    return {key: certificate[key] for key in keys if key in certificate}


def _ledger(on: Walk) -> pa.Table | None:
    path = on.place("clean") / "ledger.parquet"
    return pq.read_table(path, columns=["row", "column", "check"]) if path.exists() else None


def evaluated_in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    return (
        f"{summary['metric']} {summary['raw']['value']:.3f} raw · {summary['plain']['value']:.3f} plain cleaning · "
        f"{summary['refined']['value']:.3f} refined: {summary['verdict']}"
    )
