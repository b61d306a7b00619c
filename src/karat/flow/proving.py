"""Rooms 6 and 7: the proof of what the data work was worth, and how good the shipped model is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.addresses import without_secrets
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.executor import TimeUp
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json, write_json
from karat.flow.refined_documents import RefinedDocuments
from karat.flow.run_state import Walk


def train(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Fit every arm in every fold: the certificate."""
    assert on.job.proof is not None
    truth = read_truth(on.job.truth, data) if on.job.truth else None
    now = data.extra.get("now")
    from karat.train.recipes import headline_for, recipes_worth_a_try

    names = [recipe.name for recipe in reversed(recipes_worth_a_try(data.schema))]
    learners = {"learners": names, "headline": headline_for(data.schema).name}
    try:
        certificate = on.job.proof.prove(
            data.whole(), on.job, now=now, truth=truth, cache=on.folder.path / ".work" / "scores"
        )
    except TimeUp:
        return learners | {"closed": no_time(on)}
    inputs = {"data": on.job.source} | ({"truth": without_secrets(str(on.job.truth))} if on.job.truth else {})
    certificate = replace(certificate, inputs=inputs, rerun=f"karat lift --rerun {on.folder.path / 'lift.json'}")
    write_json(place / "lift.json", certificate.to_json())
    return learners | {"seconds": round(certificate.cost["seconds"], 1)}


def no_time(on: Walk) -> str:
    """Why there is no proof where a budget is too short for one."""
    return f"a budget of {on.job.settings.budget} is too short for the least there is; give more time"


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
    if "closed" in summary:
        return f"{' · '.join(summary['learners'])}; no proof: {summary['closed']}"
    return f"{' · '.join(summary['learners'])}; the effect of cleaning is measured with {summary['headline']}"


def evaluate(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """The shipped model's quality by every metric, and the certificate's verdict."""
    from karat.flow.explaining import explained
    from karat.flow.forecast_words import sentence, title
    from karat.flow.forecasting import forecast
    from karat.flow.quality_of_model import measured

    proved = on.place("train") / "lift.json"
    certificate = read_json(proved) if proved.exists() else {}
    refined = refined_data(on.place("clean"), data).whole()
    evaluation = measured(on, data.whole(), refined)
    for line in leaks_in_words(evaluation["leaks"]):
        on.job.listener.note("evaluate", line)
    for name in evaluation["left_out"]:
        on.job.listener.note("evaluate", f"{name} not tried: the budget of {on.job.settings.budget} leaves no time")
    evaluation |= explained(on, data.whole(), refined, _ledger(on), evaluation["headline"])
    evaluation |= forecast(on, data.whole())
    write_json(place / "evaluation.json", evaluation)
    if certificate:
        write_json(place / "lift.json", certificate)
    ships = evaluation["choice"] | {"value": evaluation["learners"][evaluation["headline"]][evaluation["metric"]]}
    said = evaluation.get("forecast") or {}
    words = {"forecast": {"title": title(said), "sentence": sentence(said)}} if "choice" in said else {}
    closed = {} if certificate else {"closed": on.rooms["train"]["closed"]}
    return closed | stated(certificate) | {"ships": ships | {"metric": evaluation["metric"]}} | words


def leaks_in_words(leaks: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each column, or all together, that seems to leak the outcome: the score with it and without."""
    return [
        f"{leak['metric']} {leak['with']:.3f} with {' and '.join(leak['columns'])}, {leak['without']:.3f} without: "
        f"{'was it' if len(leak['columns']) == 1 else 'were they'} known before the outcome?"
        for leak in leaks
    ]


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
    ahead = f"{summary['forecast']['title']} · " if "forecast" in summary else ""
    if "closed" in summary:
        return f"{ahead}no proof: {summary['closed']}{_ships_in_words(summary.get('ships'))}"
    return ahead + (
        f"{summary['metric']} {summary['raw']['value']:.3f} raw · {summary['plain']['value']:.3f} baseline cleaning · "
        f"{summary['refined']['value']:.3f} cleaned: {summary['verdict']}{_ships_in_words(summary.get('ships'))}"
    )


def _ships_in_words(ships: Mapping[str, Any] | None) -> str:
    """Which learner ships and how good it is; and why where it is not the best."""
    if not ships or ships["value"]["value"] is None:
        return ""
    why = (
        f", simpler than {ships['best']} and as good" if ships.get("best", ships["learner"]) != ships["learner"] else ""
    )
    return f" · exported: {ships['learner']}, {ships['metric']} {ships['value']['value']:.3f} on held-out records{why}"


# cost: some twenty times what an arm of the proof reads (lift/text_proof.py), so that all are full
SAMPLE_BYTES = 64 << 20
FEWEST = 20  # definition: documents that the proof asks for (lift/text_arms.py)
Texts = tuple[pa.Array, np.ndarray]  # texts without blanks, and the numbers of their documents


def prove_documents(on: Walk, documents: RefinedDocuments, size_bytes: int) -> None:
    """The certificate, in ``lift.json``; or one line that says why there is none."""
    summary = on.enter("evaluate", lambda place: _proved(on, documents, size_bytes, place), _in_words)
    if "closed" in summary:
        del on.rooms["evaluate"]


def _in_words(summary: Mapping[str, Any]) -> str:
    return f"no proof: {summary['closed']}" if "closed" in summary else evaluated_in_words(summary)


def _proved(on: Walk, documents: RefinedDocuments, size_bytes: int, place: Path) -> Mapping[str, Any]:
    assert on.job.proof is not None
    if not pq.read_metadata(on.place("clean") / "ledger.parquet").num_rows:
        return {"closed": "nothing was changed"}
    before, after = _sampled(on, documents, size_bytes)
    fewest = min(len(before[1]), len(after[1]))
    if fewest < FEWEST:
        return {"closed": f"it needs {FEWEST} documents, and {fewest} are left"}
    ledger = pq.read_table(on.place("clean") / "ledger.parquet", columns=["row", "keeper"])
    ledger = ledger.filter(pc.and_(pc.is_valid(ledger["keeper"]), pc.is_valid(ledger["row"])))
    alike = np.stack([ledger["row"].to_numpy(), ledger["keeper"].to_numpy()], axis=1).astype(np.int64)
    try:
        proof = on.job.proof.prove_texts(before, after, alike[np.isin(alike, before[1]).all(axis=1)], on.job)
    except InputError as error:
        return {"closed": str(error)}
    except TimeUp:
        return {"closed": no_time(on)}
    run = on.folder.path
    again = f"karat lift {run}@1 {run}@2" if on.job.settings.store.versions else ""
    certificate = replace(proof, inputs={"data": on.job.source}, rerun=again).to_json()
    write_json(place / "lift.json", certificate)
    return stated(certificate)


def _sampled(on: Walk, documents: RefinedDocuments, size_bytes: int) -> tuple[Texts, Texts]:
    """Documents as they came and as refined, drawn by chance where there are many: memory stays bounded."""
    share = min(1.0, SAMPLE_BYTES / max(size_bytes, 1))
    chosen = np.random.default_rng([on.job.settings.seed, 2]).random(documents.parts.documents) < share
    before, after = _Drawn(), _Drawn()
    for at in range(len(documents.parts)):
        block, refined, kept = documents.part(at, on.place("clean"))
        before.add(block.table.column(documents.text), block.rows, chosen[block.rows])
        after.add(refined.column(documents.text), block.rows, chosen[block.rows] & kept)
        on.job.listener.tick(at + 1, len(documents.parts))
    return before.texts(), after.texts()


class _Drawn:
    """Documents as they are drawn, part by part."""

    def __init__(self) -> None:
        self.parts: list[pa.Array] = [pa.array([], pa.large_string())]
        self.rows: list[np.ndarray] = [np.zeros(0, np.int64)]

    def add(self, texts: pa.ChunkedArray, rows: np.ndarray, wanted: np.ndarray) -> None:
        """Those that are wanted and hold something."""
        filled = np.asarray(pc.fill_null(pc.greater(pc.binary_length(texts), 0), fill_value=False))
        mask = wanted & filled
        self.parts.append(texts.filter(pa.array(mask)).cast(pa.large_string()).combine_chunks())
        self.rows.append(rows[mask])

    def texts(self) -> Texts:
        """All of them."""
        return pa.concat_arrays(self.parts), np.concatenate(self.rows)
