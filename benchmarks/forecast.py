"""Forecasts of one table forward in time, beside those that cost nothing: numbers by the race, classes one step ahead.

    python benchmarks/forecast.py TABLE.csv TARGET [--folds 5] [--horizon 0]

The table has a time, or a date spread over columns. Every fold or window is forecast from what came before it alone.
"""

import argparse
import time
from pathlib import Path

from credit_risk import read

from karat.core.block import Block
from karat.flow.forecast_words import sentence, title
from karat.flow.forecasting import forecasts
from karat.flow.panel_forecast import panel_evaluation
from karat.prepare.splits import plan_splits

SHOWN = ("MASE", "MAE", "Accuracy", "AUC", "F1")


def told(block: Block, folds: int, horizon: int) -> None:
    """Print one row a forecast."""
    started = time.process_time()
    if block.schema.task == "regression":
        made = panel_evaluation(block, horizon, 0, 1)
        print(f"{title(made)}. {sentence(made)}")
    else:
        made = forecasts(block, plan_splits(block, seed=0, repeats=1, folds=folds), horizon=max(1, horizon))
    print(f"{len(block):,} records; a season has {made['season']} steps; {time.process_time() - started:.1f} CPU s\n")
    metrics = [name for name in SHOWN if name in made["learners"]["last value"]]
    print(f"| forecast | {' | '.join(metrics)} |\n|---|{'---|' * len(metrics)}")
    for name, scores in made["learners"].items():
        print(f"| {name} | {' | '.join(format(scores[metric]['value'], '.4f') for metric in metrics)} |")


def main() -> None:
    """Print one row a forecast."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table", type=Path)
    asked.add_argument("target")
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--horizon", type=int, default=0)
    given = asked.parse_args()
    told(read(given.table, given.target), given.folds, given.horizon)


if __name__ == "__main__":
    main()
