"""Credit risk: Karat's learners and its scorecard beside scikit-learn's, on the same folds, and what its checks find.

    python benchmarks/credit_risk.py TABLE.csv TARGET [--repeats 3] [--optbinning]
    python benchmarks/credit_risk.py made late --repeats 1

``TABLE.csv`` has two classes to predict; ``made`` stands for 20,000 applicants made here by a known rule, on which
nothing was chosen. scikit-learn's boosted trees and logistic regression run at their defaults
(one-hot categories, scaled numbers for the latter). With ``--optbinning`` that scorecard stands beside too, from an
environment that has the package. AUC, KS and Brier are means over the folds; seconds are those of all fits.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.evaluate.auc import AUC
from karat.evaluate.brier import Brier
from karat.evaluate.ks import KS
from karat.flow import collecting
from karat.flow.job import Job
from karat.flow.settings import made_settings
from karat.prepare.features import Preparation
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target
from karat.quality.accuracy.target_leakage import TargetLeakage
from karat.quality.accuracy.undocumented_codes import UndocumentedCodes
from karat.train.recipes import recipes_worth_a_try

METRICS = (AUC(), KS(), Brier())
Answer = Callable[[np.ndarray, np.ndarray], np.ndarray]


def read(path: Path, target: str) -> Block:
    """The raw table as Karat reads it."""
    place = Path(tempfile.mkdtemp())
    job = Job(path, place, "assess", made_settings({"workers": 1, "collect": {"target": target}}, "benchmark"))
    collecting.collect(job, place)
    return collecting.raw_data(place, None).whole()


def applicants(size: int = 20_000) -> Path:
    """A table made by a rule with bends, steps, a gap that tells and a pair of columns that tell together."""
    import csv

    chance = np.random.default_rng(23)
    age = chance.integers(18, 80, size)
    income = np.exp(chance.normal(10, 0.5, size)).round(0)
    used = chance.beta(1.3, 2.0, size).round(3)
    late_before = chance.poisson(0.4, size)
    months = chance.geometric(0.02, size)
    region = chance.choice([f"R{k}" for k in range(12)], size)
    purpose = chance.choice(["car", "home", "debt", "shop", "other"], size, p=[0.3, 0.2, 0.3, 0.15, 0.05])
    job = chance.choice(["employee", "self-employed", "retired", "none"], size, p=[0.6, 0.2, 0.1, 0.1])
    gap = chance.random(size) < 0.08
    margin = (
        -3.2
        + 2.2 * used
        + 0.55 * np.minimum(late_before, 4)
        + 0.0012 * (age - 47) ** 2
        - 0.5 * np.log(income / 22_000)
        - 0.25 * np.minimum(months, 60) / 12
        + 0.9 * gap
        + 0.5 * (purpose == "debt")
        + 0.7 * (job == "none")
        + 1.0 * ((job == "self-employed") & (used > 0.5))
        + np.array([0.06 * (int(name[1:]) - 5) for name in region])
    )
    late = chance.random(size) < 1 / (1 + np.exp(-margin))
    names = ("age", "income", "used", "late_before", "months", "region", "purpose", "job", "late")
    told = [["" if g else f"{v:.0f}" for g, v in zip(gap, income, strict=True)]]
    columns = [age, *told, used, late_before, months, region, purpose, job, np.where(late, "yes", "no")]
    path = Path(tempfile.mkdtemp()) / "made.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([names, *zip(*columns, strict=True)])
    return path


def ours(block: Block, classes: int) -> dict[str, Answer]:
    """Karat's recipes."""
    target = read_target(block)

    def answer_of(recipe: object) -> Answer:
        def answer(train: np.ndarray, test: np.ndarray) -> np.ndarray:
            fitted = Preparation(block.schema, recipe.features).fit(block, train)
            model = recipe.for_classes(classes).fit(fitted.apply(block, train), target.values[train], 0)
            return model.predict(fitted.apply(block, test))

        return answer

    recipes = recipes_worth_a_try(block.schema, classes)
    return {f"karat: {recipe.name}": answer_of(recipe) for recipe in recipes if recipe.name != "naive"}


def rivals(block: Block) -> dict[str, Answer]:
    """scikit-learn at its defaults, on the same columns."""
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    target = read_target(block).values
    words = [column.name for column in block.schema.with_role(Role.CATEGORY)]
    numbers = [column.name for column in block.schema.with_role(Role.NUMBER)]
    frame = pd.DataFrame({name: block.numbers(name) for name in numbers})
    for name in words:
        frame[name] = pd.Categorical(block.text(name).to_pylist())
    linear = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), words),
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        ),
        LogisticRegression(max_iter=1_000),
    )
    trees = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0)

    def answer_of(model: object) -> Answer:
        return lambda train, test: model.fit(frame.iloc[train], target[train]).predict_proba(frame.iloc[test])

    return {"scikit-learn: logistic regression": answer_of(linear), "scikit-learn: boosted trees": answer_of(trees)}


def optbinning(block: Block) -> dict[str, Answer]:
    """A scorecard of optimal bins and logistic regression."""
    import pandas as pd
    from optbinning import BinningProcess
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    target = read_target(block).values
    words = [column.name for column in block.schema.with_role(Role.CATEGORY)]
    numbers = [column.name for column in block.schema.with_role(Role.NUMBER)]
    frame = pd.DataFrame({name: block.numbers(name) for name in numbers})
    for name in words:
        frame[name] = np.array(block.text(name).to_pylist(), object)

    def answer(train: np.ndarray, test: np.ndarray) -> np.ndarray:
        bins = BinningProcess(numbers + words, categorical_variables=words)
        model = make_pipeline(bins, LogisticRegression(max_iter=1_000))
        return model.fit(frame.iloc[train], target[train]).predict_proba(frame.iloc[test])

    return {"optbinning: scorecard": answer}


def main() -> None:
    """Print one row a learner, and the findings of the checks."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table", type=Path)
    asked.add_argument("target")
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--optbinning", action="store_true")
    given = asked.parse_args()
    block = read(applicants() if str(given.table) == "made" else given.table, given.target)
    target = read_target(block)
    splits = plan_splits(block, seed=0, repeats=given.repeats, folds=5)
    pairs = [(train, test) for _, _, train, test in splits.pairs()]
    print(f"{len(block):,} records; {len(pairs)} folds: {splits.method}\n")
    print("| learner | AUC | sd | KS | Brier | s |\n|---|---|---|---|---|---|")
    learners = ours(block, len(target.classes)) | rivals(block) | (optbinning(block) if given.optbinning else {})
    for name, answer in learners.items():
        started = time.perf_counter()
        answers = [answer(train, test) for train, test in pairs]
        seconds = time.perf_counter() - started
        told = np.array(
            [
                [metric.score(target.values[test], held) for metric in METRICS]
                for (_, test), held in zip(pairs, answers, strict=True)
            ]
        )
        auc, ks, brier = told.mean(axis=0)
        print(f"| {name} | {auc:.4f} | {told[:, 0].std():.4f} | {ks:.4f} | {brier:.4f} | {seconds:.1f} |", flush=True)
    print("\n| column | code | confidence | what is said |\n|---|---|---|---|")
    for check in (UndocumentedCodes(), TargetLeakage()):
        for one in check.conclude(check.learn(block), block.schema).to_pylist():
            print(f"| {one['column']} | {one['value'] or ''} | {one['confidence']:.2f} | {one['message']} |")


if __name__ == "__main__":
    main()
