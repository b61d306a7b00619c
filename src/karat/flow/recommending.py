"""Rooms 5 to 8 for interactions: splits in time, the proof by ranking, recommenders compared, lists and a model."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import GateError, InputError
from karat.core.executor import TimeUp
from karat.core.words import many
from karat.flow.choosing_recommender import fitted
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
from karat.flow.exporters import export_all
from karat.flow.folder import read_json, write_json, write_table, write_text
from karat.flow.proving import evaluated_in_words, no_time, stated
from karat.flow.run_state import Walk
from karat.flow.time_budget import deadline

SIDES = ("train", "validation", "test")


def prove_and_recommend(on: Walk, data: Dataset) -> None:
    """Rooms 5 to 8, or one line that says why they are closed."""
    try:
        on.enter("prepare", lambda place: _prepared(on, data.whole(), place), lambda s: str(s["method"]))
    except InputError as error:
        on.job.listener.leave("prepare", f"closed: {error}", True)
        return
    on.enter("train", lambda place: _train(on, data, place), _trained_in_words)
    on.enter("evaluate", lambda place: _evaluate(on, data, place), _evaluated_in_words)
    on.enter("deploy", lambda place: _deploy(on, data, place), lambda s: str(s["said"]))


def _prepared(on: Walk, raw: Block, place: Path) -> Mapping[str, Any]:
    """Which events train, choose and test; closed where there is nothing to rank or to test."""
    from karat.flow.ranking_quality import EventParts, ready
    from karat.prepare.interaction_log import Log

    log = Log.of(raw)
    parts = EventParts.by_time(log, on.job.settings.seed)
    ready(log, parts)
    names = pa.array(SIDES).take(pa.array(np.maximum(parts.part, 0)))
    side = pa.array(names.to_pylist(), pa.string(), mask=parts.part < 0)
    write_table(place / "splits.parquet", pa.table({"_row": pa.array(log.rows), "side": side}))
    users, items = log.shape
    return {"method": f"{users:,} users × {items:,} items, held out {parts.method}", "split": parts.method}


def _trained_in_words(summary: Mapping[str, Any]) -> str:
    if "closed" in summary:
        return f"no proof: {summary['closed']}"
    return f"the effect of cleaning is measured with {summary['learner']}, {many(summary['cuts'], 'split')}"


def _train(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """The certificate."""
    assert on.job.proof is not None
    try:
        certificate = on.job.proof.prove(data.whole(), on.job, truth=on.job.truth)
    except TimeUp:
        return {"closed": no_time(on)}
    again = f"karat lift --rerun {on.folder.path / 'lift.json'}"
    write_json(place / "lift.json", replace(certificate, inputs={"data": on.job.source}, rerun=again).to_json())
    return {"learner": certificate.recipe["learner"], "cuts": len(certificate.folds)}


def _evaluate(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    from karat.flow.ranking_quality import compared

    refined = refined_data(on.place("clean"), data).whole()
    until = deadline("learn", on.job.settings.budget, on.job.clock)
    evaluation = compared(data.whole(), refined, on.job.settings.seed, on.job.listener.tick, until)
    write_json(place / "evaluation.json", evaluation)
    certificate = _certificate(on.place("train"))
    if certificate:
        write_json(place / "lift.json", certificate)
    scores = {name: figures["NDCG@10"]["value"] for name, figures in evaluation["learners"].items()}
    ranking = {name: evaluation["ranking"][name] for name in ("validation", "split", "best", "chosen_by")}
    closed = {} if certificate else {"closed": on.rooms["train"]["closed"]}
    return {**closed, **stated(certificate), "learners": scores, "headline": evaluation["headline"], **ranking}


def _certificate(place: Path) -> Mapping[str, Any]:
    """The certificate a stage left; nothing where a budget was too short for one."""
    path = place / "lift.json"
    return dict(read_json(path)) if path.exists() else {}


def _evaluated_in_words(summary: Mapping[str, Any]) -> str:
    """The lift, then which recommender ships and why: it leads on the events held out to choose."""
    tested, chosen = (
        [f"{name} {value:.3f}" for name, value in sorted(summary[kind].items(), key=lambda pair: -pair[1])]
        for kind in ("learners", "validation")
    )
    lead, own = summary["headline"], summary["validation"][summary["headline"]]
    others = [text for text in chosen if text.rsplit(" ", 1)[0] != lead]
    next_best = f", next best {others[0]}" if others else ""
    if summary.get("best", lead) != lead:
        next_best = f", simpler than {others[0]} and as good for {many(summary['chosen_by'], 'user')},"
    return (
        f"{evaluated_in_words(summary)} · {lead} ships: NDCG@10 {own:.3f}{next_best} on "
        f"validation events, held out {summary['split']}; on test events: {' · '.join(tested)}"
    )


def _deploy(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """The chosen recommender on all refined events: a list for every user, and a model for any history."""
    if not on.job.settings.deploy.model:
        return {"said": "the export is off"}
    from karat.deploy.onnx_recommender import Recommender, recommendations
    from karat.flow.ranked_lists import ranked_lists
    from karat.prepare.interaction_log import Log, matrix
    from karat.quality.interaction_columns import InteractionColumns

    refined = refined_data(on.place("clean"), data).whole()
    evaluation, log = read_json(on.place("evaluate") / "evaluation.json"), Log.of(refined)
    histories = matrix(log.pairs(refined), log.shape, once=True)
    model = fitted(_learner(evaluation), histories, log.ages(refined), on.job.settings.seed)
    named = InteractionColumns.of(refined.schema)
    assert named is not None
    number = str(on.rooms["store"]["refined"] or 1)
    recommender = Recommender(on.job.name, number, log.items, model, np.asarray(histories.sum(axis=0)).ravel())
    folder = place / "model"
    folder.mkdir(parents=True, exist_ok=True)
    shown, scores = ranked_lists(model, histories, evaluation["ranking"]["places"])
    write_table(folder / "recommendations.parquet", recommendations(log.users, log.items, shown, scores, named))
    lists = f"{len(shown):,} users have a list of {shown.shape[1]} in model/recommendations.parquet"
    export_all(recommender, folder)
    if not recommender.served:
        return {"said": f"{lists}; {evaluation['headline']} cannot be written in ONNX, or is too large: no model.onnx"}
    agree, asked = recommender.agreement(folder, histories)
    if agree < asked:
        difference = f"{asked - agree} of {asked} histories that are answered otherwise"
        raise GateError(
            f"the exported model {folder} answers otherwise than the trained one: {difference}", "Report this"
        )
    write_text(folder / "card.md", recommender.card(evaluation, _certificate(on.place("evaluate"))))
    return {"said": f"{lists}; model.onnx agrees with the Python model on {agree:,} of {asked:,} histories"}


def _learner(evaluation: Mapping[str, Any]) -> Any:
    from karat.core.registry import units

    name = evaluation["headline"]
    return units("learner")[name](**evaluation["ranking"]["settings"][name])
