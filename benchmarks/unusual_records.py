"""AUROC of outlier scores per record beside Isolation Forest, ECOD and LOF; needs pyod and river.

`python benchmarks/unusual_records.py [choose|report] [seeds]`
"""

import sys
import time
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import roc_auc_score
from unusual_sets import CHOOSE, REPORT

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy._record_scores import RecordScores

MOST = 3_000  # cost: records of a set


def as_block(table: pd.DataFrame) -> Block:
    """Columns as text, numbers by their type."""
    columns, cells = [], {}
    for name in map(str, table.columns):
        values = table[name] if name in table else table[int(name)]
        number = pd.api.types.is_numeric_dtype(values)
        columns.append(Column(name, Role.NUMBER if number else Role.CATEGORY, "float64" if number else "string"))
        cells[name] = pa.array([None if pd.isna(v) else str(v) for v in values], pa.string())
    return Block(np.arange(len(table)), pa.table(cells), Schema(tuple(columns)))


def rivals(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Scores of pyod's detectors with their defaults, on standardised numbers and indicators of categories."""
    from pyod.models.ecod import ECOD
    from pyod.models.iforest import IForest
    from pyod.models.lof import LOF

    wide = pd.get_dummies(table).astype(float)
    wide = wide.fillna(wide.median())
    values = ((wide - wide.mean()) / wide.std().replace(0, 1)).to_numpy()
    made = {"isolation forest": IForest(random_state=0), "ECOD": ECOD(), "LOF": LOF()}
    return {name: detector.fit(values).decision_scores_ for name, detector in made.items()}


def main(half: str, seeds: int) -> None:
    """Print a row for each set."""
    from karat.quality.accuracy.unusual_records import UnusualRecords

    rows = {}
    for name, make in {"choose": CHOOSE, "report": REPORT}[half].items():
        each = []
        for seed in range(seeds):
            table, out = make(seed)
            keep = np.random.default_rng(seed).permutation(len(table))[:MOST]
            table, out = table.iloc[keep].reset_index(drop=True), out[keep]
            table.columns = [str(column) for column in table.columns]
            start, block = time.process_time(), as_block(table)
            model = RecordScores.of(block)
            assert model is not None
            scores = {"Karat": model.scores(block)}
            spent = time.process_time() - start
            limit = model.limit(len(block), UnusualRecords().expected, UnusualRecords().most)
            named = scores["Karat"] > limit
            scores |= rivals(table)
            aucs = {who: roc_auc_score(out, score) for who, score in scores.items()}
            each.append([*aucs.values(), named.sum(), out[named].sum(), spent])
        rows[name] = np.mean(each, axis=0)
        print(
            f"| {name} | {len(table):,} × {table.shape[1]} | " + " | ".join(f"{v:.3f}" for v in rows[name][:4]), end=""
        )
        print(f" | {rows[name][4]:.1f}, {rows[name][5]:.1f} of {int(out.sum())} | {rows[name][6]:.1f} s |", flush=True)
    mean = np.mean(list(rows.values()), axis=0)
    print(
        f"| **mean of {len(rows)}** | | "
        + " | ".join(f"**{v:.3f}**" for v in mean[:4])
        + f" | {mean[4]:.1f}, {mean[5]:.1f} | |"
    )


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main(sys.argv[1] if len(sys.argv) > 1 else "report", int(sys.argv[2]) if len(sys.argv) > 2 else 1)
