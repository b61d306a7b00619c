"""Wrong labels planted into sets of text, tables and pictures: Karat's flags beside cleanlab's defaults.

python benchmarks/wrong_labels.py DATA [--seed 11] [--size 4000]

DATA is a folder with sms-spam, zh-reviews, newsgroups, german-credit, adult-errors, credit-default, mnist-test,
langid, elec2, cleanlab-mnist and cleanlab-20news; three more sets come with scikit-learn. Out-of-fold probabilities are computed once; both tools judge the same arrays.
cleanlab 2.9.0 is installed into a temporary environment.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

RIVAL = "cleanlab==2.9.0"
JUDGE = """
import sys, numpy as np
from pathlib import Path
from cleanlab.filter import find_label_issues
from cleanlab.regression.rank import get_label_quality_scores as by_number
from cleanlab.regression.learn import CleanLearning
from sklearn.ensemble import HistGradientBoostingRegressor
for path in sorted(Path(sys.argv[1]).glob("*.npz")):
    if path.name.endswith(".rival.npz") or path.with_suffix(".rival.npz").exists():
        continue
    held = np.load(path, allow_pickle=True)
    out = path.with_suffix(".rival.npy")
    if "x" in held:
        found = CleanLearning(HistGradientBoostingRegressor(max_iter=60, random_state=0), seed=0).find_label_issues(
            held["x"], held["given"])
        score = 1 - by_number(held["given"], held["expected"])
        np.savez(path.with_suffix(".rival"), flag=found["is_label_issue"].to_numpy(), score=score)
    elif held["given"].ndim == 2:
        sets = [np.flatnonzero(row).tolist() for row in held["given"]]
        flag = find_label_issues(sets, held["expected"], multi_label=True, n_jobs=1)
        np.savez(path.with_suffix(".rival"), flag=flag)
    else:
        np.savez(path.with_suffix(".rival"), flag=find_label_issues(held["given"], held["expected"], n_jobs=1))
"""
RATES = (0.02, 0.1, 0.2, 0.4)
CHOSEN_ON = ("waimai", "adult", "newsgroups", "mnist")
NEVER_SEEN = ("langid", "elec2", "digits", "breast cancer", "diabetes halves")


def texts(path: Path, size: int, *, words: bool = False) -> tuple[Any, np.ndarray, str]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    table = table.dropna(subset=["text"]).drop_duplicates("text").sample(frac=1, random_state=0).head(size)
    body = table.text.str.split("\n\n", n=1).str[-1].str.slice(0, 3000) if words else table.text
    kind = {"analyzer": "word", "min_df": 3} if words else {"analyzer": "char", "ngram_range": (1, 3), "min_df": 2}
    made = TfidfVectorizer(sublinear_tf=True, max_features=30_000, **kind)
    return made.fit_transform(body), pd.factorize(table.label, sort=True)[0], "text"


def columns(path: Path, target: str, size: int) -> tuple[Any, np.ndarray, str]:
    from sklearn.compose import make_column_transformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    table = pd.read_csv(path).sample(frac=1, random_state=0).head(size)
    truth = pd.factorize(table[target], sort=True)[0]
    table = table.drop(
        columns=[target, *[name for name in table if name in ("ID", "date") or name.startswith("Unnamed")]]
    )
    numbers = list(table.select_dtypes("number").columns)
    others = [name for name in table if name not in numbers]
    coder = OneHotEncoder(sparse_output=False, min_frequency=5, handle_unknown="infrequent_if_exist")
    made = make_column_transformer((StandardScaler(), numbers), (coder, others))
    return np.nan_to_num(made.fit_transform(table)), truth, "table"


def pictures(data: Path, size: int) -> tuple[Any, np.ndarray, str]:
    with gzip.open(data / "mnist-test/t10k-images-idx3-ubyte.gz") as file:
        grey = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(-1, 196)
    with gzip.open(data / "mnist-test/t10k-labels-idx1-ubyte.gz") as file:
        return grey[:size] / 255, np.frombuffer(file.read()[8:], np.uint8)[:size].astype(int), "picture"


def languages(data: Path) -> tuple[Any, np.ndarray, str]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = pd.read_parquet(data / "langid/langid.parquet")
    table = table[(table.kind == "word-pairs") & table.lang.isin(sorted(table.lang.unique())[::5])]
    made = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True, max_features=30_000)
    return made.fit_transform(table.text), pd.factorize(table.lang, sort=True)[0], "text"


def bundled(name: str) -> tuple[Any, np.ndarray, str]:
    from sklearn import datasets
    from sklearn.preprocessing import StandardScaler

    features, truth = getattr(datasets, f"load_{name}")(return_X_y=True)
    if name == "digits":
        return features / 16, truth, "picture"
    truth = (truth > np.median(truth)).astype(int) if name == "diabetes" else truth
    return StandardScaler().fit_transform(features), truth, "table"


def sets(data: Path, size: int) -> dict[str, Any]:
    return {
        "sms": lambda: texts(data / "sms-spam/sms.csv", size),
        "waimai": lambda: texts(data / "zh-reviews/waimai.csv", size),
        "chnsenticorp": lambda: texts(data / "zh-reviews/chnsenticorp.csv", size),
        "newsgroups": lambda: texts(data / "newsgroups/newsgroups.parquet", size, words=True),
        "german-credit": lambda: columns(data / "german-credit/german_credit.csv", "default", size),
        "adult": lambda: columns(data / "adult-errors/clean.csv", "income", size),
        "credit-default": lambda: columns(
            data / "credit-default/UCI_Credit_Card.csv", "default.payment.next.month", size
        ),
        "mnist": lambda: pictures(data, size),
        "langid": lambda: languages(data),
        "elec2": lambda: columns(data / "elec2/elec2.csv", "label", size),
        "digits": lambda: bundled("digits"),
        "breast cancer": lambda: bundled("breast_cancer"),
        "diabetes halves": lambda: bundled("diabetes"),
    }


def models(kind: str) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.neighbors import KNeighborsClassifier

    strength = {"text": 10, "table": 1, "picture": 0.3}[kind]
    second: dict[str, Any] = {
        "text": {"naive Bayes": MultinomialNB(alpha=0.3)},
        "table": {"trees": HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=0)},
        "picture": {"neighbours": KNeighborsClassifier(10)},
    }[kind]
    return {"linear": LogisticRegression(C=strength, max_iter=150, tol=1e-3), **second}


def out_of_fold(model: Any, features: Any, target: np.ndarray, classes: int, seed: int) -> np.ndarray:
    from sklearn.model_selection import StratifiedKFold

    out = np.zeros((len(target), classes))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(features, target):
        fitted = model.fit(features[train], target[train])
        out[np.ix_(test, fitted.classes_)] = fitted.predict_proba(features[test])
    return out


def spoiled(truth: np.ndarray, clean: np.ndarray, kind: str, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Labels with wrong ones at a rate: at random; by class, to few others; or likelier where a model is unsure."""
    size, classes = clean.shape
    if kind == "random":
        flip, other = rng.random(size) < rate, (truth + rng.integers(1, classes, size)) % classes
    elif kind == "by class":
        uneven = rng.uniform(0.2, 1.8, classes)
        each = rate * uneven / (uneven @ np.bincount(truth, minlength=classes) / size)
        flip = rng.random(size) < np.minimum(each, 0.48 if classes == 2 else 0.7)[truth]
        where = rng.dirichlet(np.full(classes, 0.4), size=classes) + 1e-9
        np.fill_diagonal(where, 0)
        where /= where.sum(axis=1, keepdims=True)
        other = np.array([rng.choice(classes, p=where[one]) for one in truth])
    else:
        rest, at = clean.copy(), np.arange(size)
        rest[at, truth] = -1
        other = rest.argmax(axis=1)
        chance = np.exp(-2 * np.clip(clean[at, truth] - rest.max(axis=1), -0.2, 1))
        for _ in range(30):
            chance = np.minimum(chance * rate / chance.mean(), 0.6)
        flip = rng.random(size) < chance
    return np.where(flip, other, truth)


def plant_classes(data: Path, size: int, seed: int, into: Path) -> None:
    for name, make in sets(data, size).items():
        features, truth, kind = make()
        classes = int(truth.max()) + 1
        each = models(kind)
        clean = {one: out_of_fold(model, features, truth, classes, 0) for one, model in each.items()}
        for noise in ("random", "by class", "by instance"):
            for rate in RATES:
                rng = np.random.default_rng([seed, int(rate * 100), len(noise)])
                given = spoiled(truth, clean["linear"], noise, rate, rng)
                for one, model in each.items():
                    expected = out_of_fold(model, features, given, classes, seed)
                    right = float((clean[one].argmax(axis=1) == truth).mean())
                    np.savez(
                        into / f"{name}~{one}~{noise}~{rate}.npz",
                        expected=expected / expected.sum(axis=1, keepdims=True),
                        given=given,
                        wrong=given != truth,
                        right=right,
                    )
        print(f"{name}: done", file=sys.stderr, flush=True)


def plant_others(data: Path, size: int, seed: int, into: Path) -> None:
    """Numbers and several labels."""
    from sklearn.datasets import load_diabetes, make_friedman1, make_multilabel_classification
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.multiclass import OneVsRestClassifier

    credit = pd.read_csv(data / "german-credit/german_credit.csv")
    amount = np.log(credit.pop("amount"))
    numbers = {
        "diabetes": load_diabetes(return_X_y=True),
        "friedman": make_friedman1(2000, noise=1.0, random_state=seed),
        "credit amount": (pd.get_dummies(credit).to_numpy(float), amount.to_numpy()),
    }
    for name, (features, truth) in numbers.items():
        for rate in (0.02, 0.05, 0.1, 0.2):
            rng = np.random.default_rng([seed, int(rate * 100)])
            wrong = rng.random(len(truth)) < rate
            given = np.where(
                wrong, truth + rng.choice([-1, 1], len(truth)) * rng.uniform(1, 4, len(truth)) * truth.std(), truth
            )
            expected = cross_val_predict(HistGradientBoostingRegressor(max_iter=60, random_state=0), features, given)
            np.savez(into / f"{name}~trees~number~{rate}.npz", x=features, expected=expected, given=given, wrong=wrong)
    for classes in (4, 8):
        features, truth = make_multilabel_classification(min(size, 3000), 20, n_classes=classes, random_state=seed)
        for rate in (0.01, 0.03, 0.05, 0.1):
            turned = np.random.default_rng([seed, classes]).random(truth.shape) < rate
            given = truth ^ turned
            model = OneVsRestClassifier(LogisticRegression(max_iter=200))
            expected = cross_val_predict(model, features, given, method="predict_proba")
            name = into / f"{classes} labels~linear~several~{rate}.npz"
            np.savez(name, expected=expected, given=given, wrong=turned.any(axis=1))


def f1(flags: np.ndarray, wrong: np.ndarray) -> float:
    return float(2 * (flags & wrong).sum() / max(flags.sum() + wrong.sum(), 1))


def judged(into: Path) -> Iterator[dict[str, Any]]:
    from karat.label.wrong_labels import wrong_labels

    for path in sorted(into.glob("*.npz")):
        if path.name.endswith(".rival.npz"):
            continue
        held, rival = np.load(path, allow_pickle=True), np.load(path.with_suffix(".rival.npz"))
        name, model, noise, rate = path.stem.split("~")
        wrong = held["wrong"]
        found = wrong_labels(held["given"], held["expected"])
        flags, told = found["is_error"].to_numpy(), json.loads(found.schema.metadata[b"karat"])
        order = np.argsort(-found["score"].to_numpy(), kind="stable")
        best = (2 * np.cumsum(wrong[order]) / (np.arange(1, len(wrong) + 1) + wrong.sum())).max()
        yield {
            "set": name,
            "model": model,
            "noise": noise,
            "rate": float(rate),
            "right": float(held["right"]) if "right" in held else np.nan,
            "karat": f1(flags, wrong),
            "cleanlab": f1(rival["flag"], wrong),
            "best cut": float(best),
            "covered": told["low"] <= wrong.sum() <= told["high"],
            "count error": abs(told["wrong"] - wrong.sum()) / max(wrong.sum(), 1),
            "stated": told["expected_precision"] or 0.0,
            "precision": float(wrong[flags].mean()) if flags.any() else np.nan,
            "precision covered": bool(
                flags.any() and told["precision_low"] <= wrong[flags].mean() <= told["precision_high"]
            ),
        }


def told(group: str, cells: pd.DataFrame) -> None:
    if len(cells):
        apart = (cells.stated - cells.precision).abs()
        print(
            f"{group}: gain {cells.gain.mean():+.4f}, worse by more than .02 in {(cells.gain < -0.02).mean():.1%}, stated "
            f"{cells.stated.mean():.3f}, measured {cells.precision.mean():.3f}, within .1 in {(apart <= 0.1).mean():.1%}, its "
            f"interval covers {cells['precision covered'].mean():.1%}, that of the count {cells.covered.mean():.1%}"
        )


def report(table: pd.DataFrame) -> None:
    table["gain"] = table.karat - table.cleanlab
    every = table[~table.noise.isin(["number", "several"])]
    others = set(every.set) - {*CHOSEN_ON, *NEVER_SEEN}
    for group, names in (("chosen on", CHOSEN_ON), ("held back", others), ("never seen", NEVER_SEEN)):
        told(group, every[every.set.isin(names)])
    plain = every[~every.set.isin(NEVER_SEEN)]
    shown = ["cleanlab", "karat", "best cut", "gain", "covered", "count error", "stated", "precision"]
    print(plain.groupby(["noise", "rate"])[shown].mean().round(3).to_string(), "\n")
    print(plain.groupby(["set", "model"])[["right", *shown]].mean().round(3).to_string(), "\n")
    rng = np.random.default_rng(0)
    names = plain.set.unique()
    drawn = [
        pd.concat([plain[plain.set == one] for one in rng.choice(names, len(names))]).gain.mean() for _ in range(2000)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    firm = plain[(plain.rate >= 0.1) & (plain.right >= 0.9)]
    print(f"pooled gain {plain.gain.mean():+.4f} [{low:+.4f}, {high:+.4f}] (sets redrawn), {len(plain)} cells")
    print(
        f"worse by more than .02 in {(plain.gain < -0.02).mean():.1%}; better by more than .02 in {(plain.gain > 0.02).mean():.1%}"
    )
    print(
        f"90 % interval covers in {plain.covered.mean():.1%}; median count error {firm['count error'].median():.3f} ({len(firm)} cells)"
    )
    print(
        f"precision stated {plain.stated.mean():.3f}, measured {plain.precision.mean():.3f}; within .1 in "
        f"{((plain.stated - plain.precision).abs() <= 0.1).mean():.1%} of cells\n"
    )
    rest = table[table.noise.isin(["number", "several"])]
    print(
        rest[["set", "noise", "rate", "cleanlab", "karat", "best cut", "covered", "stated", "precision"]]
        .round(3)
        .to_string(index=False)
    )


def reviewed(data: Path) -> None:
    from karat.label.wrong_labels import wrong_labels

    for name in ("cleanlab-mnist", "cleanlab-20news"):
        truth = pd.read_parquet(data / name / "labels.parquet")
        expected = np.load(data / name / "probs.npy").astype(float)
        expected /= expected.sum(axis=1, keepdims=True)
        given = truth.given.to_numpy()
        started = time.perf_counter()
        found = wrong_labels(given, expected)
        took = time.perf_counter() - started
        known = truth.reviewed.to_numpy(bool)
        wrong = truth.is_error.fillna(False).to_numpy(bool)[known]
        rankings = {"karat": found["score"].to_numpy(), "cleanlab": 1 - expected[np.arange(len(given)), given]}
        for tool, score in rankings.items():
            order = np.argsort(-score[known], kind="stable")
            hits = np.cumsum(wrong[order])
            precise = float((hits / np.arange(1, len(hits) + 1))[wrong[order]].sum() / wrong.sum())
            print(
                f"{name} {tool}: first 5, 10, 20, 50: {[int(hits[n - 1]) for n in (5, 10, 20, 50)]}, AP {precise:.3f}"
            )
        print(
            f"  flags {int(found['is_error'].to_numpy().sum())}, {found.schema.metadata[b'karat'].decode()}, {took:.2f} s"
        )


def speed() -> None:
    from karat.label.wrong_labels import wrong_labels

    expected = np.random.default_rng(0).dirichlet(np.full(10, 0.2), 50_000)
    given = expected.argmax(axis=1)
    took = []
    for _ in range(3):
        started = time.perf_counter()
        wrong_labels(given, expected)
        took.append(time.perf_counter() - started)
    print(f"50,000 x 10: {min(took):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--size", type=int, default=4000)
    told = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as place:
        into, home = Path(place) / "arrays", Path(place) / "rival"
        into.mkdir()
        subprocess.run(["uv", "venv", "-q", "--python", sys.executable, home], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "--python", home / "bin/python", RIVAL], check=True)
        plant_others(told.data, told.size, told.seed, into)
        plant_classes(told.data, told.size, told.seed, into)
        subprocess.run([home / "bin/python", "-W", "ignore", "-c", JUDGE, str(into)], check=True)
        report(pd.DataFrame(judged(into)))
    reviewed(told.data)
    speed()


if __name__ == "__main__":
    main()
