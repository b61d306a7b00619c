"""What ships by default beside untuned rivals on the same splits: AUC, log loss and calibration error.

    python benchmarks/learners.py TABLE.csv TARGET [--records 5000] [--seeds 5]
    python benchmarks/learners.py bundled:breast_cancer · bundled:digits · made:gaps · made:waves · made:sum · made:clusters

In every split four fifths of the records train. Karat's row is its whole default choice, made inside the training
records (five folds, every learner that is tried unasked), then fitted on all of them; the other rows of Karat are its
single learners. Rivals run at their defaults: categories as pandas categories, gaps as NaN. LightGBM and CatBoost where
they are installed.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.evaluate.auc import AUC
from karat.evaluate.calibration import calibration_error
from karat.evaluate.log_loss import LogLoss
from karat.flow import collecting
from karat.flow.choosing_learner import choose_learner
from karat.flow.job import Job
from karat.flow.settings import made_settings
from karat.prepare.features import Preparation
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target
from karat.train.recipes import LearnerRecipe, recipes_worth_a_try

Answer = Callable[[np.ndarray, np.ndarray], np.ndarray]


def read(path: Path, target: str) -> Block:
    """The raw table as Karat reads it."""
    place = Path(tempfile.mkdtemp())
    job = Job(path, place, "assess", made_settings({"workers": 1, "collect": {"target": target}}, "benchmark"))
    collecting.collect(job, place)
    return collecting.raw_data(place, None).whole()


def built(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Features and two classes: a set that ships with scikit-learn, or one made by a known rule."""
    from sklearn import datasets

    chance = np.random.default_rng(7)
    if name == "bundled:breast_cancer":
        return datasets.load_breast_cancer(return_X_y=True)
    if name == "bundled:digits":
        features, digit = datasets.load_digits(return_X_y=True)
        return features, digit % 2
    if name == "made:clusters":
        return datasets.make_classification(
            3000, 20, n_informative=8, flip_y=0.1, n_clusters_per_class=4, random_state=3
        )
    features = chance.normal(size=(4000, 12))
    gaps = chance.random(features.shape) < 0.08
    margin = {
        "made:gaps": -2.5 + 1.2 * features[:, 0] + 2.5 * gaps[:, 2] + 1.5 * gaps[:, 3] + features[:, 1] ** 2 / 2,
        "made:waves": 2 * np.sin(3 * features[:, 0]) + features[:, 1] * features[:, 2] + np.abs(features[:, 3]) - 1,
        "made:sum": features[:, :4] @ np.array([1.5, -1.0, 0.7, 0.4]) - 1,
    }[name]
    features[gaps] = np.nan
    return features, (chance.random(4000) < 1 / (1 + np.exp(-margin))).astype(int)


def as_table(name: str) -> tuple[Path, str]:
    """The set as a file, and its target."""
    import pandas as pd

    features, classes = built(name)
    frame = pd.DataFrame(features, columns=[f"x{at}" for at in range(features.shape[1])])
    frame["outcome"] = np.where(classes, "yes", "no")
    path = Path(tempfile.mkdtemp()) / "made.csv"
    frame.to_csv(path, index=False)
    return path, "outcome"


def ours(block: Block, seed: int) -> dict[str, Answer]:
    """Karat's learners, and what its choice ships."""
    target, schema = read_target(block), block.schema
    recipes = [recipe.for_classes(2) for recipe in recipes_worth_a_try(schema, 2) if recipe.learner.part != "naive"]
    recipes.sort(key=lambda recipe: recipe.learner.effort)

    def fitted(recipe: LearnerRecipe, train: np.ndarray, test: np.ndarray) -> np.ndarray:
        prepared = Preparation(schema, recipe.features).fit(block, train)
        model = recipe.fit(prepared.apply(block, train), target.values[train], seed)
        return model.predict(prepared.apply(block, test))

    def chosen(train: np.ndarray, test: np.ndarray) -> np.ndarray:
        inner = plan_splits(block.take(np.sort(train)), seed=seed, repeats=1, folds=5)
        pairs = [(np.sort(train)[a], np.sort(train)[b]) for _, _, a, b in inner.pairs()]
        scores = {
            recipe.name: np.array([AUC().score(target.values[b], fitted(recipe, a, b)) for a, b in pairs])
            for recipe in recipes
        }
        choice = choose_learner(scores, [recipe.name for recipe in recipes], 0.25)
        print(f"  seed {seed}: {choice.name}", flush=True)
        return fitted(next(recipe for recipe in recipes if recipe.name == choice.name), train, test)

    single = {f"Karat: {r.name}": (lambda a, b, r=r: fitted(r, a, b)) for r in recipes}
    return {"Karat: what ships": chosen} | single


def rivals(block: Block) -> Iterator[tuple[str, Answer]]:
    """Others at their defaults, on the same columns."""
    import pandas as pd
    from sklearn.ensemble import HistGradientBoostingClassifier

    target = read_target(block).values
    frame = pd.DataFrame({c.name: block.numbers(c.name) for c in block.schema.with_role(Role.NUMBER)})
    words = [column.name for column in block.schema.with_role(Role.CATEGORY)]
    for name in words:
        frame[name] = pd.Categorical(block.text(name).to_pylist())

    def answer_of(make: Callable[[], object], data: object = frame) -> Answer:
        return lambda train, test: make().fit(data.iloc[train], target[train]).predict_proba(data.iloc[test])

    yield (
        "scikit-learn: boosted trees",
        answer_of(lambda: HistGradientBoostingClassifier(categorical_features="from_dtype")),
    )
    try:
        from lightgbm import LGBMClassifier

        plain = frame.set_axis([f"f{at}" for at in range(frame.shape[1])], axis=1)
        yield "LightGBM", answer_of(lambda: LGBMClassifier(verbose=-1, n_jobs=1), plain)
    except ImportError:
        pass
    try:
        from catboost import CatBoostClassifier

        filled = frame.copy()
        for name in words:
            filled[name] = filled[name].astype(object).fillna("").astype(str)
        yield (
            "CatBoost",
            answer_of(
                lambda: CatBoostClassifier(verbose=0, thread_count=1, cat_features=words, allow_writing_files=False),
                filled,
            ),
        )
    except ImportError:
        pass


def main() -> None:
    """Print one row a learner."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table")
    asked.add_argument("target", nargs="?", default="")
    asked.add_argument("--records", type=int, default=5_000)
    asked.add_argument("--seeds", type=int, default=5)
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--without", default="", help="rivals left out, by a part of their names")
    given = asked.parse_args()
    path, target_name = as_table(given.table) if ":" in given.table else (Path(given.table), given.target)
    block = read(path, target_name)
    drawn = np.sort(np.random.default_rng(0).permutation(len(block))[: given.records])
    block = block.take(drawn)
    target = read_target(block)
    known = np.flatnonzero(~target.missing)
    rows: dict[str, list[tuple[float, ...]]] = {}
    for seed in range(given.first, given.first + given.seeds):
        splits = plan_splits(block, seed=seed, repeats=1, folds=5)
        _, _, train, test = next(iter(splits.pairs()))
        train, test = np.intersect1d(train, known), np.intersect1d(test, known)
        for name, answer in {**ours(block, seed), **dict(rivals(block))}.items():
            if given.without and given.without in name:
                continue
            started = time.process_time()
            said = answer(train, test)
            truth = target.values[test]
            figures = (
                AUC().score(truth, said),
                LogLoss().score(truth, said),
                calibration_error(truth == 1, said[:, 1]),
            )
            rows.setdefault(name, []).append((*figures, time.process_time() - started))
    print(f"\n{given.table}: {len(block):,} records, {given.seeds} seeds\n")
    print("| learner | AUC | log loss | calibration error | CPU s a fit |\n|---|---|---|---|---|")
    for name, figures in rows.items():
        auc, loss, off, seconds = np.mean(figures, axis=0)
        print(f"| {name} | {auc:.4f} | {loss:.4f} | {off:.4f} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
