"""What comes next: the forecast from the last record on, and the forecaster as a model that can be served."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import GateError
from karat.core.schema import Column, Role, Schema
from karat.flow.exporters import export_all
from karat.flow.folder import write_table
from karat.flow.forecasting import SCALE, ForecastPairs, Way, fitted, sight, steps_of, ways_of

STEPS_AHEAD = "steps ahead"
PROVED = 300  # cost: pairs on which the exported forecaster is compared with the Python one
NEXT = pa.schema(
    [
        ("series", pa.string()),
        ("time", pa.string()),
        ("step", pa.int64()),
        ("forecast", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


@dataclass(frozen=True, eq=False)
class Forecaster:
    """A fitted forecast of numbers.

    Parameters
    ----------
    lags : FittedLags
    model : StepsAheadModel
    reach : Reach
        How far it may be off.
    train : ndarray of int64
        Positions it was fitted on.
    """

    way: Way
    lags: Any
    model: Any
    reach: Any
    horizon: int
    train: np.ndarray

    @classmethod
    def of(cls, block: Block, horizon: int, scores: Mapping[str, Any], seed: int) -> "Forecaster":
        """Fitted on all records; of the ways that are forecasts, the one whose held-out error was least."""
        from karat.prepare.lags import Lags
        from karat.prepare.target import read_target

        target = read_target(block)
        train = np.flatnonzero(~target.missing)
        lags = Lags().fit(block, train)
        ways = [way for way in ways_of(block.schema, 0, horizon) if way.with_intervals]
        way = min(ways, key=lambda candidate: scores[candidate.name]["MAE"]["value"])
        see = sight(block, way, lags, train, horizon > 1)
        model, reach = fitted(block, way, see, target.values, train, steps_of(horizon), seed)
        return cls(way, lags, model, reach, horizon, train)

    def next(self, block: Block) -> pa.Table:
        """The steps behind the last record of each series; empty where no clock says when they are."""
        from karat.prepare.horizon_features import with_future

        longer, at, steps = with_future(block, self.horizon)
        if not len(at):
            return NEXT.empty_table()
        order = np.argsort(steps, kind="stable")
        see = sight(longer, self.way, self.lags, self.train, self.horizon > 1)
        features = see(ForecastPairs(at[order], steps[order]))
        value = self.model.predict(features)
        half = self.reach.half(steps[order], features[:, self.lags.names.index(SCALE)])
        return self._table(longer, at[order], steps[order], value, half).sort_by(
            [("series", "ascending"), ("step", "ascending")]
        )

    def _table(self, longer: Block, at: np.ndarray, steps: np.ndarray, value: np.ndarray, half: np.ndarray) -> pa.Table:
        from karat.prepare.time_order import calendar_columns

        place = pa.array(at)
        groups = longer.schema.with_role(Role.GROUP)
        series = longer.text(groups[0].name).take(place) if groups else pa.nulls(len(at), pa.string())
        dates = [longer.text(name).take(place).to_pylist() for name in calendar_columns(longer.schema)]
        time = [" ".join(part or "" for part in parts) for parts in zip(*dates, strict=True)]
        columns = [series, pa.array(time, pa.string()), pa.array(steps), value, value - half, value + half]
        return pa.table(
            [pa.chunked_array([column]) if isinstance(column, pa.Array) else column for column in columns], schema=NEXT
        )

    def prepared(self, block: Block, name: str, version: str) -> tuple[Any, pa.Table]:
        """The forecaster as a model of columns (lags, steps ahead, dates and the rest), and records to ask it."""
        from karat.deploy.onnx_ahead import ForecastSpan
        from karat.deploy.onnx_model import Prepared
        from karat.prepare.features import FittedPreparation, Preparation
        from karat.prepare.to_float import FittedFloat

        columns = self.way.columns
        assert columns is not None
        target = columns.target
        assert target is not None
        own = Preparation(columns, "trees").fit(Block(block.rows, block.table, columns, block.extra), self.train)
        lagged = [f"{target.name}, {name}" for name in self.lags.names]
        lagged += [STEPS_AHEAD] if self.horizon > 1 else []
        moved = [f"{name}{end}" for name in self.way.moving for end in (" since last", " from its season")]
        used = list(own.inputs)
        schema = Schema(
            (*(Column(label, Role.NUMBER, "float64") for label in (*lagged, *moved)), *used, replace(target, nulls=())),
            "regression",
        )
        parts = (*map(FittedFloat, lagged), *own.parts, *map(FittedFloat, moved))
        step = len(self.lags.names) if self.horizon > 1 else 0
        span = ForecastSpan(self.reach.level, self.reach.widths, self.reach.floor, self.lags.names.index(SCALE), step)
        prepared = Prepared(name, version, schema, FittedPreparation(schema, "trees", parts), self.model, (), span)
        return prepared, self._records(block, lagged, moved, used)

    def _records(self, block: Block, lagged: list[str], moved: list[str], used: list[Column]) -> pa.Table:
        """Some pairs as such a model is asked them: text, columns as they stood when the forecast was made."""
        from karat.prepare.history import step_before
        from karat.prepare.time_order import calendar_columns

        steps = steps_of(self.horizon)
        pairs = ForecastPairs.of(self.train[-max(1, PROVED // len(steps)) :], steps)
        features = sight(block, self.way, self.lags, self.train, self.horizon > 1)(pairs)
        ends = np.hstack([features[:, : len(lagged)], features[:, features.shape[1] - len(moved) :]])
        table = {name: _texts(values) for name, values in zip([*lagged, *moved], ends.T, strict=True)}
        dates = set(calendar_columns(block.schema))
        place = np.concatenate([step_before(block, step)[pairs.at[pairs.steps == step]] for step in steps.tolist()])
        for column in used:
            at = pairs.at if column.name in dates or not self.way.before else place
            table[column.name] = block.text(column.name).take(pa.array(at, mask=at < 0))
        return pa.table(table)


def _texts(values: np.ndarray) -> pa.Array:
    return pa.array([None if np.isnan(value) else repr(float(value)) for value in values], pa.string())


def deploy_forecaster(block: Block, scores: Mapping[str, Any], place: Path, name: str, version: str, seed: int) -> int:
    """Write ``forecast.parquet`` and ``model/forecast``; how many steps were foretold.

    Raises
    ------
    GateError
        When the exported forecaster and the Python one disagree.
    """
    from karat.deploy.agreement import verify
    from karat.deploy.request_checks import as_block

    forecaster = Forecaster.of(block, scores["horizon"], scores["learners"], seed)
    foretold = forecaster.next(block)
    write_table(place / "forecast.parquet", foretold)
    prepared, asked = forecaster.prepared(block, f"{name}-forecast", version)
    folder = place / "model" / "forecast"
    export_all(prepared, folder)
    agreement = verify(
        folder, asked, prepared.model.predict(prepared.preparation.apply(as_block(asked, prepared.schema)))
    )
    if not agreement.whole:
        difference = f"{agreement.n - agreement.agree} of {agreement.n} that differ, by up to {agreement.worst:.2g}"
        raise GateError(
            f"the exported forecaster {folder} answers otherwise than the trained one: {difference}", "Report this"
        )
    return foretold.num_rows
