"""What statsforecast's automatic models say of the series of ``forecast_collection.py``, from the same moments.

    python benchmarks/forecast_rivals.py SERIES.parquet OUT.parquet

Run it in an environment of its own with ``statsforecast``. Each series is forecast from two moments, one and two
horizons before its end, each model fitted anew on all before it. ``OUT`` has one row a series, model and moment.
"""

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

MOMENTS = 2


def main() -> None:
    """Write what each model says, and how long it took."""
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta

    asked = argparse.ArgumentParser()
    asked.add_argument("series", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--seconds", type=float, default=1e9, help="stop after so long; a later call goes on")
    given = asked.parse_args()
    warnings.simplefilter("ignore")
    done = pd.read_parquet(given.out) if given.out.exists() else pd.DataFrame({"name": []})
    rows, began = done.to_dict("records"), time.perf_counter()
    for entry in pd.read_parquet(given.series).to_dict("records"):
        if entry["name"] in set(done["name"]):
            continue
        if time.perf_counter() - began > given.seconds * 4:
            raise SystemExit(1)
        line, season, horizon = np.asarray(entry["values"]), int(entry["season"]), int(entry["horizon"])
        for moment in range(MOMENTS):
            past = line[: len(line) - (moment + 1) * horizon]
            for kind in (AutoETS, AutoTheta, AutoARIMA):
                more = {"approximation": True} if kind is AutoARIMA and (season > 12 or len(past) > 150) else {}
                model = kind(season_length=season, **more)
                started = time.perf_counter()
                said = model.forecast(y=past, h=horizon, level=[90])
                seconds = time.perf_counter() - started
                rows.append(
                    {
                        "name": entry["name"],
                        "model": kind.__name__,
                        "moment": moment,
                        "value": np.asarray(said["mean"]).tolist(),
                        "low": np.asarray(said["lo-90"]).tolist(),
                        "high": np.asarray(said["hi-90"]).tolist(),
                        "seconds": seconds,
                    }
                )
        print(entry["name"], f"{sum(r['seconds'] for r in rows):.0f} s", file=sys.stderr, flush=True)
        pd.DataFrame(rows).to_parquet(given.out)


if __name__ == "__main__":
    main()
