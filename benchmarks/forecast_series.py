"""Karat's forecasts of the series of ``forecast_collection.py``, beside what ``forecast_rivals.py`` wrote.

    python benchmarks/forecast_series.py SERIES.parquet RIVALS.parquet [--half reported] [--keep FILE]

Each series is forecast from the two moments that the rivals had: the race sees what came before the moment alone. One
row a forecast with its mean absolute scaled error, the mean over series; then how many values the intervals held.
``--keep`` holds what was forecast, so that a later call goes on where one stopped.
"""

import argparse
import pickle
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from karat.core.series_past import SeriesPast
from karat.evaluate.panel_reach import PanelReach
from karat.flow.forecast_choice import ForecastChoice, shipped_off
from karat.flow.forecast_race import answered, naive_ways, said_ahead
from karat.flow.panel_forecast import LEVEL

MOMENTS = 2


def forecast(entry: dict[str, Any], moment: int) -> dict[str, Any]:
    """What the race and every way say from one moment."""
    line, horizon = np.asarray(entry["values"]), int(entry["horizon"])
    seasons = (24, 168) if entry["freq"] == "H" else (int(entry["season"]),)
    size = len(line) - (moment + 1) * horizon
    past, started = SeriesPast(line[:size], seasons), time.process_time()
    answers, said = answered([past], horizon, 0, 1), said_ahead([past], horizon, 0, 1)
    truth = line[size : size + horizon]
    return {
        "answers": answers,
        "said": said,
        "truth": truth,
        "scale": past.scale,
        "seconds": time.process_time() - started,
    }


def row(entry: dict[str, Any], made: dict[str, Any], rivals: pd.DataFrame) -> dict[str, Any]:
    """Errors of each forecast, and whether its interval held."""
    truth, scale, answers = made["truth"], made["scale"], made["answers"]
    choice = ForecastChoice.of(answers)
    out = {name: np.abs(truth - said[0]).mean() / scale for name, said in made["said"].items()}
    value = choice.ahead(made["said"])[0]
    reach = PanelReach.of(shipped_off(answers, choice), LEVEL)
    half = reach.half(np.array([scale]), len(truth))[0]
    out |= {"Karat": np.abs(truth - value).mean() / scale, "held Karat": (np.abs(truth - value) <= half).mean()}
    for rival in rivals.to_dict("records"):
        low, high = np.asarray(rival["low"]), np.asarray(rival["high"])
        out[rival["model"]] = np.abs(truth - np.asarray(rival["value"])).mean() / scale
        out[f"held {rival['model']}"] = ((truth >= low) & (truth <= high)).mean()
    about = {name: entry[name] for name in ("name", "source", "half", "freq")}
    return about | out | {"seconds": made["seconds"], "way": choice.each[0]}


def shown(rows: pd.DataFrame) -> None:
    """Print the table."""
    names = [
        c for c in rows if c not in ("name", "source", "half", "freq", "seconds", "way") and not c.startswith("held")
    ]
    each, freq = rows.groupby("name")[names].mean(), rows.groupby("name")["freq"].first()
    naive = each[[way.name for way in naive_ways()]].min(axis=1)
    over = each.div(naive, axis=0)
    table = pd.concat([each.groupby(freq).mean().T, each.mean().rename("all"), each.median().rename("median")], axis=1)
    table["> 1.05 naive"] = (over > 1.05).sum()
    print(f"{len(each)} series: {freq.value_counts().to_dict()}; ways {rows['way'].value_counts().to_dict()}")
    print(table.sort_values("all").round(3).to_string())
    held = [c for c in rows if c.startswith("held")]
    print(rows.groupby("name")[held].mean().mean().round(3).to_string())
    print(
        "by source:",
        rows.groupby("source")["held Karat"].mean().mean().round(3),
        f"; CPU {rows['seconds'].sum():.0f} s",
    )


def main() -> None:
    """Print the figures of one half, or of all."""
    asked = argparse.ArgumentParser()
    asked.add_argument("series", type=Path)
    asked.add_argument("rivals", type=Path)
    asked.add_argument("--half", default="")
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    kept = pickle.loads(given.keep.read_bytes()) if given.keep and given.keep.exists() else {}
    table, rivals, rows = pd.read_parquet(given.series), pd.read_parquet(given.rivals), []
    for entry in table[table["half"].isin([given.half] if given.half else table["half"])].to_dict("records"):
        for moment in range(MOMENTS):
            key = (entry["name"], moment)
            kept[key] = kept.get(key) or forecast(entry, moment)
            rows.append(row(entry, kept[key], rivals[(rivals["name"] == key[0]) & (rivals["moment"] == moment)]))
        if given.keep:
            given.keep.write_bytes(pickle.dumps(kept))
    shown(pd.DataFrame(rows))


if __name__ == "__main__":
    main()
