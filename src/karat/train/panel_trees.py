"""Boosted trees over all series of a panel: steps ahead from the latest values, seasons ago and the date."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from karat.core.series_past import SeriesPast
from karat.train.boosted_trees import BoostedTrees

MAX_PAIRS = 60_000  # cost: of a moment and a step ahead, that the trees are fitted on
LATEST = (1, 2, 3, 5, 8)  # cost: steps back from the last known value
AGO = 3  # cost: seasons ago whose values, at the phase that is asked for, are told
MOST_STEPS = 24  # cost: of a longer horizon so many steps ahead are fitted, evenly spread


@dataclass(frozen=True)
class PanelTrees:
    """One model for all series and steps ahead; values are told from the last known one, in units of the scale.

    The forecast is direct: no step is fed with that of the one before. Each season counts as one more phase of the
    calendar.

    Source: Makridakis, Spiliotis & Assimakopoulos (2022), M5 accuracy competition; Taieb, Bontempi, Atiya &
    Sorjamaa (2012), strategies for multi-step ahead time series forecasting.
    """

    name: ClassVar[str] = "boosted trees"
    trees: BoostedTrees = field(default_factory=lambda: BoostedTrees(trees=100, rate=0.08, leaves=8, share=0.7))

    def panel_ahead(self, pasts: Sequence[SeriesPast], horizon: int, seed: int = 0) -> list[np.ndarray]:
        """The next ``horizon`` values of each series."""
        model = self.fit(pasts, horizon, seed)
        return [model.ahead(past, horizon) for past in pasts]

    def fit(self, pasts: Sequence[SeriesPast], horizon: int, seed: int = 0) -> "PanelTreesModel":
        """Learned from the pasts alone."""
        chance = np.random.default_rng(seed)
        steps = np.unique(np.round(np.linspace(1, horizon, min(horizon, MOST_STEPS))).astype(np.int64))
        moments = sum(max(len(past.values) - 1, 0) for past in pasts) * len(steps)
        share = min(1.0, MAX_PAIRS / max(moments, 1))
        rows, truths = [], []
        for past in pasts:
            n = len(past.values)
            for step in steps.tolist():
                at = np.arange(min(past.season, n // 3), n - step)
                at = at[np.isfinite(past.values[at + step])]
                at = at[chance.random(len(at)) < share] if share < 1 else at
                if len(at):
                    base = _base(past, at, step)
                    rows.append(_features(past, at, np.full(len(at), step)))
                    truths.append((past.whole[at + step] - base) / (past.scale or 1.0))
        features, truth = np.vstack(rows), np.concatenate(truths)
        most = np.quantile(np.abs(truth), 0.999)
        return PanelTreesModel(self.trees.fit(features, np.clip(truth, -most, most), seed))


@dataclass(frozen=True, eq=False)
class PanelTreesModel:
    """Fitted trees."""

    trees: Any

    def to_onnx(self) -> Any:
        """A graph from ``features`` (n, d) float to ``value`` (n,) double, in units of the scale."""
        from karat.core.onnx_graph import Features, Graph

        width = int(self.trees.trees.n_features_in_)
        graph = Graph(frozenset(["features", "value"]))
        said = self.trees.to_onnx(graph, [Features("features", np.arange(width))], "features")
        graph.add("Reshape", said, graph.constant([-1], np.int64), to="value")
        return graph.model([("features", "FLOAT", [None, width])], [("value", "DOUBLE", [None])], "forecasts changes")

    @classmethod
    def of_onnx(cls, path: Path) -> "PanelTreesModel":
        """The model that was written to a file."""
        return cls(_WrittenTrees(str(path)))

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values of one series."""
        at, steps = np.full(horizon, len(past.values) - 1), np.arange(1, horizon + 1)
        said = self.trees.predict(_features(past, at, steps)) * (past.scale or 1.0)
        return np.asarray(said + np.concatenate([_base(past, at[:1], step) for step in steps.tolist()]))


class _WrittenTrees:
    """Trees that ONNX Runtime answers for."""

    def __init__(self, path: str) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def predict(self, features: np.ndarray) -> np.ndarray:
        """(n,) float64."""
        return np.asarray(self._session.run(None, {"features": features})[0], np.float64)


def _base(past: SeriesPast, at: np.ndarray, step: int) -> np.ndarray:
    """What changes are told from: the value a season ago at the phase asked for, else the last one."""
    line, season = past.whole, past.season
    if season == 1 or not past.seasonal:
        return line[at]
    place = at + step - -(-step // season) * season
    return np.where(place >= 0, line[np.maximum(place, 0)], line[at])


def _features(past: SeriesPast, at: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """(n, d) float32 at moments (n,) for steps ahead (n,), in units of the scale, NaN where nothing is known."""
    line, scale = past.whole, past.scale or 1.0
    last = line[at]

    def back(place: np.ndarray) -> np.ndarray:
        return np.where((place >= 0) & (place <= at), (line[np.clip(place, 0, len(line) - 1)] - last) / scale, np.nan)

    columns = [steps.astype(np.float64), *(back(at - lag) for lag in LATEST)]
    sums = np.append(0.0, np.cumsum(line))
    for season in past.seasons or (1,):
        ahead = at + steps
        first = ahead - -(-steps // season) * season
        if season > 1:
            columns += [back(first - k * season) for k in range(AGO)]
            columns.append(ahead % season)
        start = np.maximum(at + 1 - season * 2, 0)
        columns.append(((sums[at + 1] - sums[start]) / (at + 1 - start) - last) / scale)
    for ahead_known in (past.known, past.calendar):
        if ahead_known.size:
            columns += list(ahead_known[at + steps].T)
    if past.beside.size:
        columns += [*past.beside[at].T, *(past.beside[at] - past.beside[np.maximum(at - 1, 0)]).T]
    return np.column_stack(columns).astype(np.float32)
