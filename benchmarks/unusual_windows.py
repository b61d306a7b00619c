"""AUROC of window scores beside Isolation Forest on lags, and a matrix profile; windows planted in real series.

`python benchmarks/unusual_windows.py [choose|report] [seeds]` (KARAT_DATA, statsmodels)
"""

import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

from karat.quality.timeliness._window_scores import SeriesScores
from karat.quality.timeliness.unusual_windows import EXPECTED
from karat.quality.timeliness.unusual_windows import MOST as MOST_NAMED

KINDS = ("level", "noise", "frozen", "phase", "spikes", "quiet")
MOST = 3_000  # cost: records of a series


def series(half: str) -> dict[str, np.ndarray]:
    """Real series: each other one of a source is chosen on, the rest reported."""
    import statsmodels.api as sm

    data = Path(os.environ["KARAT_DATA"])
    air = pd.read_csv(data / "air-quality" / "AirQualityUCI.csv", sep=";").replace(-200, np.nan)
    bei = pd.read_csv(data / "air-quality" / "beijing_pm25_pollution.csv")
    elec = pd.read_csv(data / "elec2" / "elec2.csv")
    made = {f"air {c}": air[c] for c in ("PT08.S1(CO)", "PT08.S2(NMHC)", "T", "RH", "PT08.S5(O3)", "AH")}
    made |= {f"beijing {c}": bei[c] for c in ("TEMP", "PRES", "DEWP", "pm2.5")}
    made |= {f"elec2 {c}": elec[c][20_000:] for c in ("nswdemand", "vicdemand", "nswprice", "transfer")}
    made |= {"sunspots": sm.datasets.sunspots.load_pandas().data["SUNACTIVITY"]}
    made |= {"co2": sm.datasets.co2.load_pandas().data["co2"]}
    made |= {"elnino": pd.Series(sm.datasets.elnino.load_pandas().data.iloc[:, 1:].to_numpy().ravel())}
    made |= {"macro gdp": np.log(sm.datasets.macrodata.load_pandas().data["realgdp"]).diff()[1:]}
    names = sorted(made)[0 if half == "choose" else 1 :: 2]
    return {n: pd.Series(made[n]).astype(float).interpolate().dropna().to_numpy()[:MOST] for n in names}


def planted(line: np.ndarray, kind: str, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The series with one window of a kind, and where it is."""
    line, size = line.copy(), int(np.clip(len(line) // 50, 10, 60))
    begin = int(chance.integers(len(line) // 5, len(line) - 2 * size))
    at, spread = slice(begin, begin + size), line.std()
    change = np.abs(np.diff(line)).mean()
    if kind == "level":
        line[at] += chance.choice([-1, 1]) * 1.5 * spread
    elif kind == "noise":
        line[at] += 3 * change * chance.normal(size=size)
    elif kind == "frozen":
        line[at] = line[begin]
    elif kind == "phase":
        line[at] = line[at][::-1]
    elif kind == "spikes":
        line[begin + chance.permutation(size)[:4]] += chance.choice([-1, 1], 4) * 6 * change
    else:
        line[at] = np.linspace(line[begin], line[begin + size - 1], size) + 0.05 * change * chance.normal(size=size)
    out = np.zeros(len(line), bool)
    out[at] = True
    return line, out


def rivals(line: np.ndarray, window: int) -> dict[str, np.ndarray]:
    """A forest on windows of lags, and the distance of z-normalised windows to the nearest other one."""
    each = np.lib.stride_tricks.sliding_window_view(line, window)
    forest = -IsolationForest(random_state=0).fit(each).score_samples(each)
    flat = (each - each.mean(1, keepdims=True)) / (each.std(1, keepdims=True) + 1e-9)
    profile = np.empty(len(flat))
    for at in range(0, len(flat), 500):
        apart = 2 * window - 2 * flat[at : at + 500] @ flat.T
        near = np.abs(np.arange(at, min(at + 500, len(flat)))[:, None] - np.arange(len(flat))) < window
        profile[at : at + 500] = np.where(near, np.inf, apart).min(axis=1)

    def spread(score: np.ndarray) -> np.ndarray:
        total, count = np.zeros(len(line)), np.zeros(len(line))
        for place in range(window):
            total[place : place + len(score)] += score
            count[place : place + len(score)] += 1
        return total / count

    return {"forest": spread(forest), "profile": spread(profile)}


def main(half: str, seeds: int) -> None:
    """Print a row for each kind of window."""
    rows: dict[str, list] = {kind: [] for kind in KINDS}
    parts: dict[str, list] = {kind: [] for kind in KINDS}
    for at, (name, line) in enumerate(series(half).items()):
        for kind in KINDS:
            for seed in range(seeds):
                spoilt, out = planted(line, kind, np.random.default_rng([seed, at, len(kind)]))
                found = SeriesScores.of(spoilt)
                assert found is not None, name
                scores = {"karat": found.score, **rivals(spoilt, found.window)}
                peaks = found.peaks(EXPECTED, MOST_NAMED)
                hit = any(out[max(0, a - 3) : b + 4].any() for a, _, b in peaks)
                rows[kind].append([*(roc_auc_score(out, s) for s in scores.values()), hit, len(peaks)])
                parts[kind].append([roc_auc_score(out, p) for p in found.parts])
    for kind, each in rows.items():
        print(
            f"| {kind} | {len(each)} | " + " | ".join(f"{v:.3f}" for v in np.mean(each, axis=0)), "|", file=sys.stdout
        )
        print(f"    parts of {kind}: {np.round(np.mean(parts[kind], axis=0), 2)}", file=sys.stderr)
    mean = np.mean([row for each in rows.values() for row in each], axis=0)
    print("| **all** | | " + " | ".join(f"**{v:.3f}**" for v in mean) + " |")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    main(sys.argv[1] if len(sys.argv) > 1 else "report", int(sys.argv[2]) if len(sys.argv) > 2 else 1)
