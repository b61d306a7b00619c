"""The forecaster that ships: written beside the model, and answering from raw history."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import GateError, InputError, OptionError
from karat.core.schema import Schema
from karat.flow.panel_forecast import foretold
from karat.prepare.calendar_steps import CalendarStep
from karat.prepare.panel import Panel, PanelShape

FILE, TREES = "forecaster.json", "trees.onnx"
FORMAT = "karat-forecaster 2"
MOST_STEPS = 500  # definition: as [train] horizon
SHOWN = 40  # display: most records of an example
TOLERANCE = 1e-3  # definition: single precision, in units of a series' scale
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
    """What answers with the steps behind a history.

    Parameters
    ----------
    name, version : str
        Under which it is served.
    schema : Schema
        Of the raw columns.
    forecast : mapping
        ``choice`` and ``reach`` of ``panel_evaluation``.
    horizon : int
        Steps, where a request asks for none.
    trees : object or None
        Fitted over the whole panel; None where no series needs them.
    """

    name: str
    version: str
    schema: Schema
    shape: PanelShape
    forecast: Mapping[str, Any]
    horizon: int
    trees: Any = None
    seed: int = 0

    @classmethod
    def of(cls, block: Block, forecast: Mapping[str, Any], name: str, version: str, seed: int) -> "Forecaster":
        """Fitted on all records."""
        from karat.train.panel_trees import PanelTrees

        panel = Panel.of(block, forecast["horizon"])
        choice = forecast["choice"]
        needed = any(PanelTrees.name in weights for weights in (choice["usual"], *choice["weights"].values()))
        trees = PanelTrees().fit(panel.pasts, panel.horizon, seed) if needed else None
        kept = {key: forecast[key] for key in ("choice", "reach")}
        return cls(name, version, block.schema, panel.shape, kept, panel.horizon, trees, seed)

    def next(self, block: Block, horizon: int = 0, workers: int = 1) -> pa.Table:
        """The steps behind each series' last known value: ``NEXT``, by series and step.

        Raises
        ------
        InputError
            No series has three known values, or columns that must be known ahead are not.
        """
        horizon = horizon or self.horizon
        panel = Panel.of(block, horizon, self.shape)
        if not panel.pasts:
            raise InputError("no series of the history has three known values", "Send a longer history")
        self._known_ahead(panel)
        said = foretold(panel, self.forecast, self.seed, workers, self.trees)
        return _table(block, panel, said)

    def _known_ahead(self, panel: Panel) -> None:
        """Raises InputError where the rows for steps to come are fewer than those asked for."""
        lacking = [
            past for past in panel.pasts if past.known.size and len(past.known) < len(past.values) + panel.horizon
        ]
        if lacking:
            columns = ", ".join(map(repr, self.shape.known))
            raise InputError(
                f"the history has fewer than {panel.horizon} rows behind the last known value with {columns}",
                "Add rows with their times and these columns, the target blank",
            )

    def save(self, folder: Path) -> None:
        """Write ``forecaster.json`` and, where trees answer, ``trees.onnx``."""
        folder.mkdir(parents=True, exist_ok=True)
        step = self.shape.step
        plain = {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "horizon": self.horizon,
            "seed": self.seed,
            "step": {key: getattr(step, key) for key in ("unit", "size", "anchor", "day", "rule")},
            "keys": list(self.shape.keys),
            "seasons": list(self.shape.seasons),
            "known": list(self.shape.known),
            "schema": self.schema.to_json(),
            **self.forecast,
        }
        (folder / FILE).write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if self.trees is not None:
            (folder / TREES).write_bytes(self.trees.to_onnx().SerializeToString(deterministic=True))

    @classmethod
    def load(cls, folder: Path) -> "Forecaster":
        """The inverse of ``save``. Raises InputError where the files are not what it writes."""
        from karat.train.panel_trees import PanelTreesModel

        path = folder / FILE
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            if saved["format"] != FORMAT:
                raise InputError(f"{path} has format {saved['format']!r}, not {FORMAT!r}", "Run karat run again")
            step = CalendarStep(**saved["step"])
            shape = PanelShape(tuple(saved["keys"]), step, tuple(saved["seasons"]), tuple(saved["known"]))
            trees = PanelTreesModel.of_onnx(folder / TREES) if (folder / TREES).exists() else None
            kept = {key: saved[key] for key in ("choice", "reach")}
            schema = Schema.from_json(saved["schema"])
            return cls(saved["name"], saved["version"], schema, shape, kept, saved["horizon"], trees, saved["seed"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path} cannot be read as a forecaster: {type(error).__name__}: {error}", "Run karat run again"
            ) from error

    def answer(self, history: pa.Table, horizon: int = 0) -> pa.Table:
        """The steps behind a raw history, its cells as text.

        Raises
        ------
        InputError, OptionError
            A column that is needed is absent, or the horizon is out of range.
        """
        from karat.deploy.request_checks import as_block
        from karat.prepare.time_order import calendar_columns

        if not 0 <= horizon <= MOST_STEPS:
            raise OptionError(f"horizon in the request is {horizon}", f"Send a number from 1 to {MOST_STEPS}")
        assert self.schema.target is not None
        needed = [*self.shape.keys, *calendar_columns(self.schema), self.schema.target.name, *self.shape.known]
        sent = set(history.column_names)
        for name in needed:
            if name not in sent:
                raise InputError(f"the history has no column {name!r}", "Send it with every record")
        return self.next(as_block(history, self.schema), horizon)


def history_service(run: Path, limits: Any) -> tuple[Any, dict[str, Any]]:
    """What ``karat serve`` serves of a series, and an example of a request: the end of one series.

    Raises
    ------
    InputError
        The forecaster cannot be read.
    """
    from karat.deploy.history_service import HistoryService
    from karat.prepare.time_order import calendar_columns

    forecaster = Forecaster.load(run / "model" / "forecast")
    schema, shape = forecaster.schema, forecaster.shape
    assert schema.target is not None
    first = dict.fromkeys([*shape.keys, *calendar_columns(schema), schema.target.name, *shape.known])
    columns = tuple(first | dict.fromkeys(column.name for column in schema.features))
    name = f"{forecaster.name}-forecast"
    service = HistoryService(name, forecaster.version, columns, forecaster.horizon, forecaster.answer, limits)
    return service, _example(run, forecaster, columns)


def _example(run: Path, forecaster: Forecaster, columns: tuple[str, ...]) -> dict[str, Any]:
    """A request with the last records of the first series; personal data is no part of a series' columns."""
    from karat.flow.raw import found_records

    data = found_records(run)
    if data is None or not len(data):
        return {}
    block = data.whole()
    panel = Panel.of(block, forecaster.horizon, forecaster.shape)
    if not panel.pasts:
        return {}
    keys = [block.text(name).to_pylist() for name in forecaster.shape.keys]
    mine = [at for at in range(len(block)) if all(key[at] == key[panel.like[0]] for key in keys)]
    mine = mine[-min(SHOWN, 2 * panel.pasts[0].season + 10) :]
    sent = [
        {
            "name": name,
            "shape": [len(mine)],
            "datatype": "BYTES",
            "data": block.text(name).take(pa.array(mine)).to_pylist(),
        }
        for name in columns
    ]
    return {"inputs": sent, "parameters": {"horizon": min(forecaster.horizon, SHOWN)}}


def _table(block: Block, panel: Panel, said: Mapping[str, np.ndarray]) -> pa.Table:
    from karat.prepare.future_times import written_times

    steps = list(range(1, panel.horizon + 1))
    series: list[str | None] = []
    times: list[str] = []
    for at, name in enumerate(panel.names):
        series += [name if panel.shape.keys else None] * len(steps)
        moments = panel.shape.step.moments(float(panel.last[at]), panel.horizon)
        times += written_times(block, int(panel.like[at]), moments.tolist(), steps)
    columns = [pa.array(series, pa.string()), pa.array(times, pa.string()), pa.array(steps * len(panel.names))]
    columns += [pa.array(said[name].ravel()) for name in ("value", "low", "high")]
    return pa.table(columns, schema=NEXT)


def deploy_forecaster(
    block: Block, forecast: Mapping[str, Any], place: Path, name: str, version: str, seed: int
) -> int:
    """Write ``forecast.parquet`` and ``model/forecast``; how many steps are forecast.

    Raises
    ------
    GateError
        When the forecaster that was written answers otherwise than the one that was fitted.
    """
    from karat.flow.folder import write_table

    forecaster = Forecaster.of(block, forecast, name, version, seed)
    table = forecaster.next(block)
    write_table(place / "forecast.parquet", table)
    folder = place / "model" / "forecast"
    forecaster.save(folder)
    again = Forecaster.load(folder).next(block)
    wide = np.asarray(table["high"]) - np.asarray(table["low"])
    off = np.abs(np.asarray(again["forecast"]) - np.asarray(table["forecast"]))
    if (off > TOLERANCE * np.maximum(wide, np.abs(np.asarray(table["forecast"])))).any():
        raise GateError(
            f"the forecaster written to {folder} answers otherwise than the trained one, by up to {off.max():.2g}",
            "Report this",
        )
    return table.num_rows
