"""Forecasts one step ahead, forward in time, beside the last value and the value of a season ago.

    python benchmarks/forecast.py TABLE.csv TARGET [--folds 5]

The table has a time, or a date spread over columns. Every fold trains on what came before it alone.
"""

import argparse
import time
from pathlib import Path

from credit_risk import read

from karat.flow.forecasting import forecasts
from karat.prepare.splits import plan_splits

SHOWN = ("Accuracy", "AUC", "F1", "MAE", "R2")


def main() -> None:
    """Print one row a forecast."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table", type=Path)
    asked.add_argument("target")
    asked.add_argument("--folds", type=int, default=5)
    given = asked.parse_args()
    block = read(given.table, given.target)
    splits = plan_splits(block, seed=0, repeats=1, folds=given.folds)
    print(f"{len(block):,} records; {splits.method}")
    if not splits.forward:
        return
    started = time.perf_counter()
    told = forecasts(block, splits)
    print(f"a season has {told['season']} steps; {time.perf_counter() - started:.1f} s\n")
    metrics = [name for name in SHOWN if name in told["learners"]["last value"]]
    print(f"| forecast | {' | '.join(metrics)} |\n|---|{'---|' * len(metrics)}")
    for name, scores in told["learners"].items():
        cells = []
        for metric in metrics:
            held = scores[metric]
            cells.append(f"{held['value']:.4f} [{held['low']:.4f}, {held['high']:.4f}]")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
