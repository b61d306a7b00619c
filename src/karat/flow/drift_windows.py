"""Windows of records that came after a run, one after the other, and what is kept of them in ``drift.json``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.parsing import parse_times
from karat.core.schema import Role, Schema
from karat.flow.drift import DriftMonitor, Mask, WindowDrift
from karat.flow.drift_reference import DriftReference, as_window
from karat.flow.folder import read_json, write_json
from karat.flow.settings import LiveSettings, read_settings

SERVED_AT = "served_at"
MOST_KEPT = 1_000  # display: windows in drift.json, the last ones


def live_settings(run: Path, **options: Any) -> LiveSettings:
    """The settings ``[live]`` of a run, overruled by options that are not None."""
    place = run / "karat.toml"
    base = read_settings(place).live.model_dump() if place.is_file() else {}
    return LiveSettings(**base | {name: value for name, value in options.items() if value is not None})


@dataclass
class DriftWindows:
    """Gathers records into windows and judges each that is full.

    Parameters
    ----------
    monitor : DriftMonitor
    size : int
        Records of a window.
    place : Path
        The file that keeps what was found; read first where it is there and ``resume``.
    mask : callable
        Covers personal data in texts.
    say : callable
        Takes each window as it is judged.
    """

    monitor: DriftMonitor
    size: int
    place: Path
    mask: Mask
    say: Callable[[WindowDrift], None] = lambda _: None
    kept: list[dict[str, Any]] = field(default_factory=list)
    alarms: int = 0
    _waiting: list[Block] = field(default_factory=list)
    _times: list[np.ndarray] = field(default_factory=list)

    @classmethod
    def of_run(cls, run: Path, place: Path, settings: LiveSettings, mask: Mask, **more: Any) -> "DriftWindows":
        """For the records that come after a run.

        Raises
        ------
        InputError
            The run folder holds no records to compare with.
        """
        monitor = DriftMonitor(DriftReference.of_run(run), settings.alarms_per_day, settings.cost)
        return cls(monitor, settings.window, place, mask, **more)

    def resume(self) -> "DriftWindows":
        """Go on where ``drift.json`` ends; a window that was under way is begun anew."""
        if self.place.exists():
            values = read_json(self.place)
            self.kept, self.alarms = values["windows"], values["alarms"]
            self.monitor.windows = values["judged"]
            self.monitor.sums, self.monitor.since = values["evidence"], values["drifted_since"]
        return self

    def add(self, block: Block, times: np.ndarray | None = None) -> None:
        """Take records; judge every window that is full.

        Parameters
        ----------
        block : Block
        times : ndarray of datetime64, shape (n,), or None
            When they came.
        """
        block = as_window(block, self.monitor.reference.block.schema)
        self._waiting.append(block)
        self._times.append(np.full(len(block), np.datetime64("NaT", "us")) if times is None else times)
        while sum(map(len, self._waiting)) >= self.size:
            whole, when = _joined(self._waiting), np.concatenate(self._times)
            self._judge(whole.take(np.arange(self.size)), when[: self.size])
            rest = np.arange(self.size, len(whole))
            self._waiting, self._times = [whole.take(rest)], [when[self.size :]]

    def _judge(self, block: Block, when: np.ndarray) -> None:
        known = when[~np.isnat(when)].astype("datetime64[us]").astype(np.int64) / 1e6
        found = self.monitor.window(block, known.tolist())
        self.alarms += bool(found.alarms)
        self.kept = [*self.kept, found.to_json(self.mask)][-MOST_KEPT:]
        write_json(self.place, self.summary())
        self.say(found)

    def summary(self) -> dict[str, Any]:
        """What ``drift.json`` holds."""
        monitor = self.monitor
        return {
            "judged": monitor.windows,
            "alarms": self.alarms,
            "window": self.size,
            "alarms_per_day": monitor.alarms_per_day,
            "cost": monitor.least_cost,
            "reference": len(monitor.reference.block),
            "drifted_since": monitor.since,
            "evidence": monitor.sums,
            "windows": self.kept,
        }


def _joined(blocks: list[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    table = pa.concat_tables([block.table for block in blocks]).combine_chunks()
    return Block(np.concatenate([block.rows for block in blocks]), table, blocks[0].schema)


def came_at(table: pa.Table, schema: Schema) -> np.ndarray | None:
    """(n,) datetime64: when records came: ``served_at``, else the only column of times; None for neither."""
    if SERVED_AT in table.column_names and SERVED_AT not in schema:
        text = table[SERVED_AT].combine_chunks()
        read = pc.strptime(pc.utf8_slice_codeunits(text, 0, 19), "%Y-%m-%dT%H:%M:%S", "us", error_is_null=True)
        return np.asarray(read.to_numpy(zero_copy_only=False), "datetime64[us]")
    times = schema.with_role(Role.TIME)
    if len(times) != 1 or times[0].name not in table.column_names:
        return None
    return np.asarray(parse_times(table[times[0].name].combine_chunks(), times[0]), "datetime64[us]")


def read_windows(data: Any, schema: Schema) -> Iterator[tuple[Block, np.ndarray | None]]:
    """The records of any data, batch by batch, with the columns of a run, and when they came.

    Raises
    ------
    InputError
        It has none of the columns.
    """
    from karat.collect.read import open_data
    from karat.flow.data_reference import resolved

    first = 0
    for batch in open_data(resolved(data)).batches():
        table = pa.Table.from_batches([batch])
        if not set(schema.names) & set(table.column_names):
            raise InputError(f"{data} has none of the columns of the run", f"It needs {', '.join(schema.names[:5])}")
        rows = np.arange(first, first + table.num_rows)
        first += table.num_rows
        yield as_window(Block(rows, table.combine_chunks(), schema), schema), came_at(table, schema)
