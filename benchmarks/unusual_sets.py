"""Tables with known outliers: classes of bundled sets made rare, and planted ones; half to choose on, half to report."""

import importlib.resources
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

Labelled = tuple[pd.DataFrame, np.ndarray]
SHARE = 0.05  # definition: outliers for each record that is none


def rare(table: pd.DataFrame, out: np.ndarray, seed: int, most: int = 10_000, share: float = SHARE) -> Labelled:
    """All (at most ``most``) records that are not outliers, and a small share of those that are."""
    chance = np.random.default_rng(seed)
    usual, odd = np.flatnonzero(~out), np.flatnonzero(out)
    usual = chance.permutation(usual)[:most]
    at = np.sort(np.concatenate([usual, chance.permutation(odd)[: max(6, int(share * len(usual)))]]))
    return table.iloc[at].reset_index(drop=True), out[at]


def bundled(name: str, outlier: int, inlier: int = -1) -> Callable[[int], Labelled]:
    """A set of scikit-learn: one class is rare, or all but one are."""

    def make(seed: int) -> Labelled:
        data = getattr(datasets, f"load_{name}")()
        table = pd.DataFrame(
            data.data, columns=[str(n) for n in getattr(data, "feature_names", range(data.data.shape[1]))]
        )
        return rare(table, data.target != inlier if inlier >= 0 else data.target == outlier, seed)

    return make


def river(name: str, target: str, outliers: object) -> Callable[[int], Labelled]:
    """A set inside the package river."""

    def make(seed: int) -> Labelled:
        table = pd.read_csv(str(importlib.resources.files("river.datasets") / name))
        return rare(table.drop(columns=target), (table[target] == outliers).to_numpy(), seed)

    return make


def given(name: str, target: str, usual: str) -> Callable[[int], Labelled]:
    """A table of KARAT_DATA: records of another class than the usual one are rare."""

    def make(seed: int) -> Labelled:
        table = pd.read_csv(Path(os.environ["KARAT_DATA"]) / "untouched" / name)
        return rare(table.drop(columns=target), (table[target] != usual).to_numpy(), seed)

    return make


def _mixture(chance: np.random.Generator, size: int, wide: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    middle = chance.normal(0, 4, (4, wide))
    spread = chance.uniform(0.3, 1.5, (4, wide))
    group = chance.integers(0, 4, size)
    return middle[group] + spread[group] * chance.normal(size=(size, wide)), middle, spread


def planted(kind: str, size: int = 2_000, wide: int = 8) -> Callable[[int], Labelled]:
    """A mixture with outliers of one kind: local, global, cluster, dependency, mixed."""

    def make(seed: int) -> Labelled:
        chance = np.random.default_rng([seed, len(kind), wide])
        values, middle, spread = _mixture(chance, size, wide)
        odd = int(SHARE * size)
        out = np.zeros(size, bool)
        out[:odd] = True
        if kind == "local":
            group = chance.integers(0, 4, odd)
            values[:odd] = middle[group] + 3.5 * spread[group] * chance.normal(size=(odd, wide))
        elif kind == "global":
            values[:odd] = chance.uniform(1.1 * values.min(0), 1.1 * values.max(0), (odd, wide))
        elif kind == "cluster":
            values[:odd] = middle.mean(0) + 6 + 0.5 * chance.normal(size=(odd, wide))
        else:
            load = chance.normal(size=(3, wide))
            values = chance.normal(size=(size, 3)) @ load + 0.4 * chance.normal(size=(size, wide))
            values[:odd] = np.column_stack([chance.permutation(column)[:odd] for column in values.T])
        table = pd.DataFrame(values, columns=[f"v{at}" for at in range(wide)])
        if kind == "mixed":
            return _mixed(table, out, chance)
        order = chance.permutation(size)
        return table.iloc[order].reset_index(drop=True), out[order]

    return make


def _mixed(table: pd.DataFrame, out: np.ndarray, chance: np.random.Generator) -> Labelled:
    """Categories that follow the numbers, but in outliers; a skewed number; gaps."""
    for at in range(3):
        level = pd.qcut(table[f"v{at}"], 4, labels=list("abcd")).astype(str).to_numpy(object)
        level[out] = chance.choice(list("abcd"), int(out.sum()))
        table[f"c{at}"] = level
    table["v3"] = np.round(np.exp(table["v3"]), 2)
    table["c3"] = chance.choice(["x", "y", "z", "rare"], len(table), p=[0.6, 0.3, 0.09, 0.01])
    table.loc[chance.random(len(table)) < 0.05, "v4"] = np.nan
    order = chance.permutation(len(table))
    return table.iloc[order].reset_index(drop=True), out[order]


def pyods(kind: str) -> Callable[[int], Labelled]:
    """Pyod's own generators."""

    def make(seed: int) -> Labelled:
        from pyod.utils import data as made

        if kind == "clusters":
            found = made.generate_data_clusters(
                n_train=1500,
                n_test=100,
                n_clusters=4,
                n_features=6,
                contamination=SHARE,
                random_state=seed,
                size="different",
                density="different",
            )
            values, out = found[0], found[2]
        else:
            found = made.generate_data(n_train=1500, n_test=100, n_features=8, contamination=SHARE, random_state=seed)
            values, out = found[0], found[2]
        return pd.DataFrame(values, columns=[f"v{at}" for at in range(values.shape[1])]), np.asarray(out) == 1

    return make


def forest_cover(seed: int) -> Labelled:
    """Like cover types: ten correlated skewed numbers and two categories; a small class apart in some of them."""
    chance = np.random.default_rng([seed, 54])
    size, odd = 4_000, 120
    base = chance.normal(size=(size, 4))
    values = base @ chance.normal(size=(4, 10)) + chance.normal(size=(size, 10))
    values[:odd, :3] += np.array([3.0, -2.5, 2.0])
    values[:, 5:8] = np.exp(values[:, 5:8] / 2)
    table = pd.DataFrame(values, columns=[f"v{at}" for at in range(10)])
    table["area"] = np.array(list("abcd"), object)[np.clip(np.round(base[:, 0] + 1.5), 0, 3).astype(int)]
    soil = chance.integers(0, 12, size)
    soil[:odd] = chance.integers(8, 12, odd)
    table["soil"] = [f"s{at}" for at in soil]
    order = chance.permutation(size)
    return table.iloc[order].reset_index(drop=True), (np.arange(size) < odd)[order]


CHOOSE = {
    "breast-cancer": bundled("breast_cancer", 0),
    "digits: 0 rare": bundled("digits", 0),
    "digits: 7 rare": bundled("digits", 7),
    "wine: 0 rare": bundled("wine", 0),
    "shuttle": river("shuttle.csv.gz", "anomaly", 1),
    "segment: window rare": river("segment.csv.zip", "category", "window"),
    "thyroid": given("r-MLDataR-thyroid_disease.csv", "ThryroidClass", "negative"),
    "pyod: plain": pyods("plain"),
    "local, 8": planted("local"),
    "dependency, 12": planted("dependency", wide=12),
    "cluster, 6": planted("cluster", wide=6),
    "mixed, 6": planted("mixed", wide=6),
}
REPORT = {
    "digits: 3 usual": bundled("digits", 0, 3),
    "digits: 1 rare": bundled("digits", 1),
    "wine: 2 rare": bundled("wine", 2),
    "iris: 2 rare": bundled("iris", 2),
    "segment: sky rare": river("segment.csv.zip", "category", "sky"),
    "segment: path usual": lambda seed: rare(
        (t := pd.read_csv(str(importlib.resources.files("river.datasets") / "segment.csv.zip"))).drop(
            columns="category"
        ),
        (t["category"] != "path").to_numpy(),
        seed,
    ),
    "card default": given("r-ISLR-Default.csv", "default", "No"),
    "phishing": river("phishing.csv.gz", "is_phishing", 1),
    "forest cover, made": forest_cover,
    "pyod: clusters": pyods("clusters"),
    "local, 20": planted("local", wide=20),
    "global, 8": planted("global"),
    "dependency, 6": planted("dependency", wide=6),
    "mixed, 10": planted("mixed", wide=10),
}
