"""Why the model says what it says: the card, single predictions taken apart, and groups treated unlike."""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.core.block import Block
from karat.core.schema import Column, Role
from karat.flow.run_state import Walk

MAX_EXPLAINED = 2_000  # cost: held-out records whose parts are averaged
MAX_GROUPS = 12  # display: of a column, beyond which the frequent ones or quarters are told
SHOWN_PARTS, SHOWN_DRIVERS = 8, 5


def explained(on: Walk, raw: Block, refined: Block, ledger: pa.Table | None, learner: str = "") -> dict[str, Any]:
    """``scorecard``, ``shap`` and ``predictions`` of ``evaluation.json``: one fold's model, on records it never saw.

    Parameters
    ----------
    raw, refined : Block
        All raw records, and those kept, which train.
    ledger : pyarrow.Table or None
        What was changed: ``row``, ``column``, ``check``.
    learner : str
        The name of the one that ships; that of the proof where it is "".
    """
    from karat.prepare.target import read_target
    from karat.train.recipes import recipe_shipped, scorecard_for

    splits = kinds.of(raw.schema.kind).splits(
        raw, seed=on.job.settings.seed, repeats=1, folds=on.rooms["prepare"]["folds"]
    )
    *_, (_, _, train, test) = splits.pairs()
    whole = read_target(raw)
    target = read_target(refined, whole.classes)
    inside = np.flatnonzero(np.isin(refined.rows, raw.rows[train]) & ~target.missing)
    test = test[~whole.missing[test]][:MAX_EXPLAINED]
    out: dict[str, Any] = {}
    fold = _Fold(raw, refined, inside, test, target.values[inside], whole.values[test], whole.classes)
    for recipe in scorecard_for(raw.schema, len(whole.classes)):
        out["scorecard"] = fold.card(recipe.for_classes(2), on.job.settings.seed)
    recipe = recipe_shipped(raw.schema, len(whole.classes), learner)
    return out | fold.parts(recipe, on.job.settings.seed, ledger)


@dataclass(frozen=True, eq=False)
class _Fold:
    """One fold: what trains, what tests (positions), and their targets."""

    raw: Block
    refined: Block
    inside: np.ndarray
    test: np.ndarray
    learned: np.ndarray
    truth: np.ndarray
    classes: tuple[str, ...]

    def card(self, recipe: Any, seed: int) -> dict[str, Any]:
        """The card of this fold, and how stable its score is between the two sides."""
        from karat.evaluate.scorecard_points import card_table, points_of
        from karat.prepare.features import Preparation
        from karat.quality.population import population_stability

        fitted = Preparation(self.raw.schema, recipe.features).fit(self.refined, self.inside)
        features = fitted.apply(self.refined, self.inside)
        model = recipe.along(fitted.directions).fit(features, self.learned, seed)
        scores, _ = points_of(model, features)
        test_scores, _ = points_of(model, fitted.apply(self.raw, self.test))
        index = population_stability(scores, test_scores)
        return card_table(fitted.parts, model) | {"of": self.classes[1], "stability": index}

    def parts(self, recipe: Any, seed: int, ledger: pa.Table | None) -> dict[str, Any]:
        """Mean size of each column's part, and some predictions taken apart; nothing without an exact form.

        Nor where a picture is among what the model reads: it is one part, and no text that could stand in a report.
        """
        from karat.evaluate.shap_values import explain
        from karat.prepare.features import Preparation
        from karat.train.recipes import weighs, weights_of

        fitted = Preparation(self.raw.schema, recipe.features).fit(self.refined, self.inside)
        if any(column.type == "binary" for column in fitted.inputs):
            return {}
        features, test_features = fitted.apply(self.refined, self.inside), fitted.apply(self.raw, self.test)
        if not isinstance(features, np.ndarray) or len(self.classes) > 2 or not len(test_features):
            return {}
        weights = weights_of(self.refined, self.inside) if weighs(recipe.learner) else None
        model = recipe.along(fitted.directions).fit(features, self.learned, seed, weights)
        explained = explain(model, test_features, features.mean(axis=0, dtype=np.float64))
        if explained is None:
            return {}
        by = explained.by_column(fitted.features_by_column)
        size = {name: float(np.abs(part).mean()) for name, part in by.items()}
        ranked = sorted(size, key=lambda name: (-size[name], name))
        answer = model.predict(test_features)
        chosen = _telling(answer[:, 1] if self.classes else answer, self.truth)
        drivers = recipe.learner.drivers(model, features, self.learned, test_features[list(chosen.values())])
        predictions = [
            self.prediction(name, at, float(answer[at, 1] if self.classes else answer[at]), explained.base, by)
            | self.carried(None if drivers is None else drivers[k], ledger)
            for k, (name, at) in enumerate(chosen.items())
        ]
        return {"shap": [{"column": name, "value": size[name]} for name in ranked], "predictions": predictions}

    def prediction(self, why: str, at: int, answer: float, base: float, by: dict[str, np.ndarray]) -> dict[str, Any]:
        """One prediction: what each column adds to it, the strongest first."""
        place = int(self.test[at])
        strongest = sorted(by, key=lambda name: (-abs(by[name][at]), name))
        shown, rest = strongest[:SHOWN_PARTS], strongest[SHOWN_PARTS:]
        truth = self.classes[int(self.truth[at])] if self.classes else f"{self.truth[at]:g}"
        return {
            "why": why,
            "row": int(self.raw.rows[place]),
            "truth": truth,
            "of": self.classes[1] if self.classes else "",
            "answer": answer,
            "base": base,
            "parts": [
                {"column": name, "value": self.raw.text(name)[place].as_py(), "part": float(by[name][at])}
                for name in shown
            ],
            "others": float(sum(by[name][at] for name in rest)),
            "margin": base + float(sum(part[at] for part in by.values())),
        }

    def carried(self, shares: np.ndarray | None, ledger: pa.Table | None) -> dict[str, Any]:
        """The training records that carried an answer, and the part of it that mended records carried, by check."""
        if shares is None:
            return {}
        order = np.argsort(-np.abs(shares), kind="stable")[:SHOWN_DRIVERS]
        rows = self.refined.rows[self.inside]
        drivers = [
            {
                "row": int(rows[at]),
                "share": float(shares[at]),
                "truth": self.classes[int(self.learned[at])] if self.classes else f"{self.learned[at]:g}",
            }
            for at in order.tolist()
        ]
        return {"drivers": drivers, "repairs": _repairs(shares, rows, ledger)}


def _repairs(shares: np.ndarray, rows: np.ndarray, ledger: pa.Table | None) -> list[dict[str, Any]]:
    """By check: how many mended training records there are, and what they added to the answer."""
    if ledger is None or not ledger.num_rows:
        return []
    repairs = []
    for check in sorted(set(ledger["check"].to_pylist())):
        mended = np.unique(ledger.filter(pa.compute.equal(ledger["check"], check))["row"].drop_null().to_numpy())
        inside = np.isin(rows, mended)
        if inside.any():
            whole = float(np.abs(shares).sum()) or 1.0
            repairs.append(
                {
                    "check": check,
                    "records": int(inside.sum()),
                    "share": float(shares[inside].sum()),
                    "weight": float(np.abs(shares[inside]).sum()) / whole,
                }
            )
    return sorted(repairs, key=lambda repair: (-repair["weight"], repair["check"]))


def _telling(answer: np.ndarray, truth: np.ndarray) -> dict[str, int]:
    """Records worth a look: the ends, the middle, and the worst mistake."""
    off = np.abs(truth - answer)
    picked = {
        "highest answer": int(np.argmax(answer)),
        "lowest answer": int(np.argmin(answer)),
        "in the middle": int(np.argsort(answer, kind="stable")[len(answer) // 2]),
        "furthest from the truth": int(np.argmax(off)),
    }
    return {name: at for k, (name, at) in enumerate(picked.items()) if at not in list(picked.values())[:k]}


def outcomes_by_group(
    block: Block, truth: np.ndarray, answer: np.ndarray, threshold: float | None
) -> list[dict[str, Any]]:
    """``fairness`` of ``evaluation.json``: for each column that should not decide, what happens to each group.

    Parameters
    ----------
    block : Block
        The held-out records.
    truth, answer : ndarray, shape (n,)
    threshold : float or None
        From the cost table; without one, as many are flagged as truly are of the class.
    """
    from karat.evaluate.fairness import group_outcomes, protected, unlike

    at = threshold if threshold is not None else float(np.quantile(answer, 1 - truth.mean()))
    out = []
    for column in block.schema.with_role(Role.CATEGORY, Role.NUMBER, Role.GROUP):
        if not protected(column.name):
            continue
        outcomes = group_outcomes(_groups_of(block, column), truth, answer, at)
        if len(outcomes) > 1:
            groups = [
                {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in asdict(outcome).items()}
                for outcome in outcomes
            ]
            flagged = [outcome.name for outcome in unlike(outcomes)]
            out.append({"column": column.name, "threshold": at, "groups": groups, "unlike": flagged})
    return out


def _groups_of(block: Block, column: Column) -> dict[str, np.ndarray]:
    """Masks of a column's values, or of quarters of its numbers where there are many."""
    codes, values = block.encoded(column.name)
    if len(values) <= MAX_GROUPS:
        order = sorted(range(len(values)), key=lambda at: values[at])
        return {values[at]: codes == at for at in order}
    if column.role is not Role.NUMBER:
        common = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(values)), kind="stable")[:MAX_GROUPS]
        return {values[at]: codes == at for at in common.tolist()}
    numbers = block.numbers(column.name)
    edges = np.unique(np.nanquantile(numbers, [0.25, 0.5, 0.75]))
    band = np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="left"))
    ends = [f"{edge:g}" for edge in edges]
    names = [f"≤ {ends[0]}", *(f"> {a} to {b}" for a, b in pairwise(ends)), f"> {ends[-1]}"]
    return {name: band == k for k, name in enumerate(names)}
