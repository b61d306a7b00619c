"""Room 8: the model fitted on everything that ships, exported, and proved equal to the Python model."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import GateError
from karat.core.local_model import is_encoder
from karat.core.release import VERSION
from karat.core.state import thaw
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset
from karat.flow.exporters import export_all
from karat.flow.folder import read_json, write_text
from karat.flow.run_state import Walk
from karat.flow.time_budget import over
from karat.flow.weighing import LabelWeights, weights_for

MAX_ASKED = 2_000  # cost: records on which the scorecard beside the model is compared


def deploy(on: Walk, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Export the model, ask it every raw record, and write its card and the checks that stand at its door.

    Raises
    ------
    GateError
        When the exported model and the Python model disagree on a record.
    """
    if not on.job.settings.deploy.model:
        return {"agree": None}
    if is_encoder(data.schema.learner):
        return {"agree": None, "why": f"no model.onnx: texts are read by the model in {data.schema.learner}"}
    from karat.deploy.agreement import verify_prepared
    from karat.deploy.onnx_model import without_onnx
    from karat.deploy.request_checks import save_checks

    folder = place / "model"
    refined = refined_data(on.place("clean"), data).whole()
    prepared = _prepared(on, refined, read_json(on.place("evaluate") / "evaluation.json").get("headline", ""))
    export_all(prepared, folder)
    if lacking := without_onnx(prepared):
        return {"agree": None, "why": f"no model.onnx: {', '.join(lacking)} cannot be written in ONNX"}
    raw = data.whole()
    agreement = verify_prepared(prepared, folder, raw)
    if not agreement.whole:
        raise GateError(
            f"the exported model {folder} answers otherwise than the trained one "
            f"on {agreement.n - agreement.agree} of {agreement.n} records, by up to {agreement.worst:.2g}",
            "Report this; [deploy] model = false leaves the export out",
        )
    save_checks(thaw((on.place("clean") / "checks.json").read_text(encoding="utf-8")), folder / "checks.json")
    _write_card(on, folder, agreement)
    scores = read_json(on.place("evaluate") / "evaluation.json")
    beside = _scorecard_beside(on, refined, raw, scores.get("headline", ""), folder)
    foretold = _foretold(on, refined, scores.get("forecast"), place)
    agreed = {"agree": agreement.agree, "of": agreement.n, "probes": agreement.probes, "worst": agreement.worst}
    return foretold | beside | agreed


def _scorecard_beside(on: Walk, refined: Block, raw: Block, lead: str, folder: Path) -> dict[str, Any]:
    """The scorecard in ``model/scorecard``, where another learner ships and one can be made: for its reasons."""
    from karat.deploy.agreement import verify_prepared
    from karat.prepare.target import read_target
    from karat.train.recipes import scorecard_for

    recipes = scorecard_for(refined.schema, len(read_target(refined).classes))
    names = [recipe.name for recipe in recipes if recipe.name != lead]
    if names and over(on.job.settings.budget, on.job.clock):
        on.job.listener.note("deploy", f"no scorecard: the budget of {on.job.settings.budget} leaves no time")
        return {}
    if not names or lead in {recipe.name for recipe in recipes}:
        return {}
    prepared = _prepared(on, refined, names[0])
    prepared = replace(prepared, name=f"{prepared.name}-scorecard")
    place = folder / "scorecard"
    export_all(prepared, place)
    asked = raw.take(np.sort(np.argsort(raw.keys, kind="stable")[:MAX_ASKED]))
    agreement = verify_prepared(prepared, place, asked)
    if not agreement.whole:
        raise GateError(
            f"the exported scorecard {place} answers otherwise than the trained one "
            f"on {agreement.n - agreement.agree} of {agreement.n} records",
            "Report this; [deploy] model = false leaves the export out",
        )
    shutil.copy(folder / "checks.json", place / "checks.json")
    return {"scorecard": agreement.agree}


def _write_card(on: Walk, folder: Path, agreement: Any) -> None:
    """The model card, from what the run's earlier stages wrote."""
    from karat.deploy.model_card import model_card
    from karat.deploy.signature import Signature

    names = {"clean": ("accounting.json", "scores.json"), "evaluate": ("evaluation.json", "lift.json")}
    places = {name: on.place(room) / name for room, of_room in names.items() for name in of_room}
    files = {name: read_json(place) for name, place in places.items() if place.exists()}
    files["run.json"] = {
        "versions": {"karat": VERSION},
        "seed": on.job.settings.seed,
        "fingerprint": on.folder.fingerprint,
        "ingested": on.folder.started_at(),
    }
    write_text(folder / "card.md", model_card(Signature.load(folder / "schema.json"), files, agreement))


def _foretold(on: Walk, refined: Block, scores: Mapping[str, Any] | None, place: Path) -> dict[str, Any]:
    """The steps behind the last record, and the forecaster beside the model, where a series of numbers is forecast."""
    if not scores or refined.schema.task != "regression":
        return {}
    from karat.flow.forecaster import deploy_forecaster

    number = str(on.rooms["store"]["refined"] or 1)
    return {"foretold": deploy_forecaster(refined, scores, place, on.job.name, number, on.job.settings.seed)}


def _prepared(on: Walk, refined: Block, learner: str) -> Any:
    """The recipe that leads the evaluation, fitted on all records that ship."""
    from karat.deploy.onnx_model import Prepared
    from karat.prepare.features import Preparation
    from karat.prepare.target import read_target
    from karat.train.recipes import recipe_shipped, weighs

    target = read_target(refined)
    recipe = recipe_shipped(refined.schema, len(target.classes), learner)
    known = np.flatnonzero(~target.missing)
    known = known[np.argsort(refined.keys[known], kind="stable")]  # in whatever order they came in
    learned = LabelWeights.load(on.place("clean"))
    weights = weights_for(refined, known, learned) if weighs(recipe.learner) else None
    fitted = Preparation(refined.schema, recipe.features).fit(refined, known)
    model = recipe.along(fitted.directions).fit(
        fitted.apply(refined, known), target.values[known], on.job.settings.seed, weights
    )
    number = str(on.rooms["store"]["refined"] or 1)
    return Prepared(on.job.name, number, refined.schema, fitted, model, target.classes)


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    if summary["agree"] is None:
        return str(summary.get("why", "the export is off"))
    return (
        f"model.onnx agrees with the Python model on {summary['agree']:,} of {summary['of']:,} records "
        f"({summary['probes']:,} of them with missing, unseen, Chinese or extreme values)"
        + (f"; {summary['foretold']:,} steps forecast" if summary.get("foretold") else "")
        + ("; model/scorecard explains each prediction" if summary.get("scorecard") else "")
    )
