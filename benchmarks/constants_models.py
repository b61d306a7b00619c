"""Work probes of what learns: recipes out of fold, a scorecard, recommenders, choosing what to label,
roles of columns."""

from typing import Any

import numpy as np
import pyarrow as pa
from constants_cases import cases
from constants_work import WorkProbe


def block(columns: dict[str, list[str]], target: str) -> Any:
    from karat.collect.roles import infer_schema
    from karat.core.block import Block
    from karat.core.counts import RecordSample, ValueCounts
    from karat.core.schema import Column, Role, Schema

    table = pa.table({name: pa.array([cell or None for cell in cells], pa.string()) for name, cells in columns.items()})
    plain = Block(np.arange(table.num_rows), table, Schema(tuple(Column(n, Role.TEXT) for n in table.column_names)))
    schema = infer_schema(ValueCounts.of(plain), RecordSample.of(plain), target=target, year=2025)
    return Block(plain.rows, table, schema)


def learnable() -> list[tuple[Any, np.ndarray]]:
    """Tables with a target, and the true target of each record: their own cases, and two of scikit-learn's."""
    from sklearn.datasets import load_diabetes, load_wine

    tables = {case.name: case.columns for case in cases() if case.name in ("outcomes-0", "texts-0", "halves-0")}
    del tables["outcomes-0"]["paid_out"], tables["outcomes-0"]["asked"]
    out = []
    for name, columns in tables.items():
        out.append(block(columns, "label" if name == "texts-0" else "y"))
    for load in (load_diabetes, load_wine):
        bunch = load()
        columns = {str(n): [f"{v:.5g}" for v in bunch.data[:, at]] for at, n in enumerate(bunch.feature_names)}
        out.append(block(columns | {"y": [str(v) for v in bunch.target]}, "y"))
    return out


def fresh(block: Any) -> Any:
    return type(block)(block.rows, block.table, block.schema, block.extra)


def learned(blocks: Any) -> dict[str, float]:
    """Of every recipe worth a try: how likely it holds the label, or how much of a number's variance it explains."""
    from karat.flow.out_of_fold import out_of_fold
    from karat.prepare.features import Preparation
    from karat.prepare.splits import plan_splits
    from karat.prepare.target import read_target
    from karat.train.recipes import recipes_for, recipes_worth_a_try

    out: dict[str, float] = {}
    for at, stored in enumerate(blocks):
        block = fresh(stored)
        target = read_target(block)
        classes = len(target.classes)
        known = np.flatnonzero(~target.missing)
        answers, _ = out_of_fold(block, 0)
        out[f"{at} ensemble"] = quality(answers[known], target.values[known], classes)
        splits = plan_splits(block, seed=0, repeats=1, folds=3)
        _, _, train, test = next(iter(splits.pairs()))
        train, test = np.intersect1d(train, known), np.intersect1d(test, known)
        tried = (*recipes_for(block.schema), *recipes_worth_a_try(block.schema, classes))
        for recipe in (some.for_classes(classes) for some in tried):
            preparation = Preparation(block.schema, recipe.features)
            preparation.read(block)
            fitted = preparation.fit(block, train)
            model = recipe.fit(fitted.apply(block, train), target.values[train], 0)
            out[f"{at} {recipe.features} {recipe.name if hasattr(recipe, 'name') else type(recipe).__name__}"] = (
                quality(model.predict(fitted.apply(block, test)), target.values[test], classes)
            )
    return out


def quality(answers: np.ndarray, truth: np.ndarray, classes: int) -> float:
    if not classes:
        return 1 - float(((answers - truth) ** 2).mean() / truth.var())
    if answers.ndim == 1:
        answers = np.column_stack([1 - answers, answers])
    return float(
        (answers.argmax(axis=1) == truth).mean() * 0.5
        + np.clip(answers[np.arange(len(truth)), truth.astype(int)], 0, 1).mean() * 0.5
    )


def recommended(_: Any) -> dict[str, float]:
    """NDCG@10 of the recommenders on two made sets of people with tastes."""
    from scipy import sparse

    from karat.core.registry import units
    from karat.evaluate.hit_rate import top_items
    from karat.evaluate.ndcg import NDCG
    from tests.quality import _events

    out = {}
    for seed in (0, 1):
        rows = _events.people(users=150, items=120, seed=seed)
        users, items = (np.unique([row[k] for row in rows], return_inverse=True)[1] for k in (0, 1))
        mask = np.random.default_rng(seed).random(len(rows)) < 0.8
        shape = (users.max() + 1, items.max() + 1)
        train, test = (
            sparse.csr_array((np.ones(m.sum(), np.float32), (users[m], items[m])), shape=shape) for m in (mask, ~mask)
        )
        for name in ("EASE", "ItemKNN", "ImplicitALS", "BPR"):
            model = units("learner")[name]().fit(train, None, seed)
            scores = model.predict_known(np.arange(shape[0])) if name == "BPR" else model.predict(train)
            out[f"{seed} {name}"] = NDCG().score(test, top_items(scores, train, 10))
    return out


def asked(_: Any) -> dict[str, float]:
    """Accuracy on the rest of two made sets after 20 to 80 labels, asked as proposed."""
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    import karat

    x, y = load_digits(return_X_y=True)
    x, y = x[:500] / 16, y[:500]
    out = {}
    for seed in (0, 1):
        picked = karat.label.next_items(features=x, budget=20, seed=seed)["row"].to_numpy()
        for _ in range(3):
            model = LogisticRegression(C=10, max_iter=100).fit(x[picked], y[picked])
            rest = np.setdiff1d(np.arange(500), picked)
            out[f"{seed} {len(picked)}"] = float((model.predict(x[rest]) == y[rest]).mean())
            expected = np.zeros((500, 10))
            expected[:, model.classes_] = model.predict_proba(x)
            picked = np.concatenate(
                [picked, karat.label.next_items(expected, x, 20, labelled=picked, seed=seed)["row"].to_numpy()]
            )
    return out


ROLES = {
    "town": "category", "ref": "text id category", "day": "time", "note": "text", "amount": "number", "income": "number", "height": "number", "weight": "number",
    "price": "number", "fare": "number", "total": "number", "given": "category text id", "born": "time", "phone": "id number text category", "region": "category",
    "at": "time", "level": "number category", "ward": "category", "stored": "time", "source": "source category", "group": "category", "x": "number", "y": "target", "label": "target",
    "Release Date": "time text", "Genre": "category text", "article_title": "text id category", "salary": "number", "state": "category", "gender": "category", "zip": "category number id", "text": "text",
}  # fmt: skip


GAP_WORDS = {"-999", "N/A", "n/a", "-", "?", "unknown", "null", "NA"}


def roles(tables: Any) -> dict[str, float]:
    """Share of columns with a role that fits what was drawn, and of disguised gaps that are read as gaps."""
    from karat.collect.roles import infer_schema
    from karat.core.block import Block
    from karat.core.counts import RecordSample, ValueCounts
    from karat.core.schema import Column, Role, Schema

    out = {}
    for case in tables:
        table = pa.table(
            {name: pa.array([cell or None for cell in cells], pa.string()) for name, cells in case.columns.items()}
        )
        plain = Block(np.arange(table.num_rows), table, Schema(tuple(Column(n, Role.TEXT) for n in table.column_names)))
        schema = infer_schema(ValueCounts.of(plain), RecordSample.of(plain), target=case.target, year=2025)
        right = [str(schema[name].role.value) in ROLES[name].split() for name in case.columns if name in ROLES]
        if right:
            out[case.name] = float(np.mean(right))
        for name, cells in case.columns.items():
            planted = {cells[row] for row, column in case.truth if column == name and row is not None} & GAP_WORDS
            if planted:
                out[f"{case.name} {name} gaps"] = len(planted & set(schema[name].nulls)) / len(planted)
    return out


def model_probes() -> list[WorkProbe]:
    return [
        WorkProbe(
            "models",
            "flow/text_ens train/lin train/least train/boost train/score train/cross prepare/",
            learned,
            learnable,
        ),
        WorkProbe("recommenders", "train/bpr train/ease", recommended),
        WorkProbe("what to label", "label/next label/_spread", asked),
    ]
