"""``karat watch``: a stream judged with what a run has learned, batch by batch, without loss and without doubles."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from karat.collect.streams.message import Message, Stream, StreamLost, order
from karat.collect.streams.record import MAX_MESSAGE_BYTES
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Role, Schema
from karat.flow.door import RequestDoor
from karat.flow.engine import all_checks
from karat.flow.folder import read_json
from karat.flow.watch_batch import POLICIES, BatchJudge, JudgedBatch
from karat.flow.watch_folder import WatchFolder, WatchState
from karat.flow.watch_times import EARLIEST, times_seen

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # cost: seconds between two tries to reach a broker; doubled each time
MOST_TOLD = 50  # display: odd columns that are told by name
Say = Callable[[str], None]


@dataclass(frozen=True)
class WatchSettings:
    """How a stream is watched.

    Parameters
    ----------
    batch : int
        Messages of a batch at most.
    wait : float
        Seconds after which a batch is judged as it is, and after which a source counts as drained.
    policy : str
        "pass", "hold" or "reject": where records go that the checks are sure about.
    event_time : str
        The column with the time of the event; "" takes the only column of times.
    lateness : float
        Seconds that an event may take to arrive.
    once : bool
        Stop when the source is drained.
    most_bytes : int
        A longer message is set aside unread.
    """

    batch: int = 1000
    wait: float = 1.0
    policy: str = "pass"
    event_time: str = ""
    lateness: float = 0.0
    once: bool = False
    most_bytes: int = MAX_MESSAGE_BYTES

    def checked(self) -> "WatchSettings":
        """Itself. Raises OptionError for a value that makes no sense."""
        if self.policy not in POLICIES:
            raise OptionError.unknown("policy", self.policy, POLICIES, "--policy")
        for name, value, least in (("batch", self.batch, 1), ("max-message-mb", self.most_bytes, 1)):
            if value < least:
                raise OptionError(f"--{name} is {value}", f"Give a number of at least {least}")
        if self.wait <= 0 or self.lateness < 0:
            raise OptionError("--wait has to be above 0 seconds, and --lateness at least 0", "Give other numbers")
        return self


@dataclass
class Watch:
    """One stream being watched.

    Parameters
    ----------
    say : callable
        Takes a line for the person who watches.
    progress : callable
        Takes the state after each batch.
    after : callable
        Takes the records of each batch once they are written, as they came.
    stop : bool
        To be set from outside: the batch under way is finished, and then the watch ends.
    """

    stream: Stream
    judge: BatchJudge
    folder: WatchFolder
    settings: WatchSettings
    say: Say
    progress: Callable[[WatchState], None] = lambda _: None
    after: Callable[[Block], None] = lambda _: None
    stop: bool = False
    lost: int = 0
    _told: dict[str, str] = field(default_factory=dict, init=False)
    _open: bool = field(default=False, init=False)

    def run(self) -> WatchState:
        """Watch until the source is drained (``once``), has ended, or ``stop`` is set; returns the last state.

        Raises
        ------
        InputError
            Nothing answered from the beginning.
        """
        try:
            while not self.stop:
                try:
                    drained = self._step()
                except StreamLost as error:
                    self._reconnect(error)
                    continue
                if self.stream.ended or (drained and self.settings.once):
                    break
        finally:
            self.stream.close()
        return self.folder.state

    def _step(self) -> bool:
        """Read and judge a batch; was there none?"""
        if not self._open:
            self.stream.open(self.folder.state.places, self.folder.state.last)
            self._open = True
        messages = self._gathered()
        self._notes()
        if messages:
            self._judged(messages)
        return not messages

    def _gathered(self) -> list[Message]:
        out: list[Message] = []
        until = time.monotonic() + self.settings.wait
        while len(out) < self.settings.batch and not self.stop and not self.stream.ended:
            left = until - time.monotonic()
            if left <= 0 and out:
                break
            taken = self.stream.take(self.settings.batch - len(out), max(0.0, left) if out else self.settings.wait)
            if not taken:
                break
            until = until if out else time.monotonic() + self.settings.wait
            out += self._new(taken)
        return out

    def _new(self, messages: list[Message]) -> list[Message]:
        """Without those that come again because the broker was never told that they are done with; now it is."""
        if not self.stream.numbered:
            return messages
        ends = {partition: order(offset) for partition, offset in self.folder.state.offsets.items()}
        fresh = [m for m in messages if m.partition not in ends or order(m.offset) > ends[m.partition]]
        if len(fresh) < len(messages):
            again = [m for m in messages if m.partition in ends and order(m.offset) <= ends[m.partition]]
            self.stream.acknowledge(again)
        return fresh

    def _judged(self, messages: Sequence[Message]) -> None:
        state = self.folder.state
        judged = self.judge.judge(messages, state.records)
        self._odd(judged.odd)
        spans: dict[str, tuple[str, str]] = {}
        for message in messages:
            spans[message.partition] = (spans.get(message.partition, (message.offset, ""))[0], message.offset)
        counts, times = self._counted(judged, state)
        digests = () if self.stream.numbered else tuple(message.handle[1] for message in messages)
        after = replace(
            state,
            records=state.records + judged.records,
            counts=counts,
            places={**state.places, **{message.partition: message.reached for message in messages}},
            offsets={**state.offsets, **{name: last for name, (_, last) in spans.items()}},
            times=times,
            last=digests,
        )
        self.folder.write(judged.tables, judged.dead, after, spans)
        self.stream.acknowledge(messages)
        self.folder.acknowledged()
        for _, block in judged.blocks:
            self.after(block)
        self.progress(self.folder.state)

    def _counted(self, judged: JudgedBatch, state: WatchState) -> tuple[dict[str, int], dict[str, int]]:
        counts = dict(state.counts)
        times = dict(state.times)
        found = dict(judged.counts)
        column = self.settings.event_time
        for partition, arrived in _times_of(judged.blocks, column) if column else ():
            seen = times_seen(arrived, times.get(partition, EARLIEST), self.settings.lateness, time.time())
            times[partition] = seen.latest
            for name in ("out_of_order", "late", "ahead"):
                found[name] = found.get(name, 0) + getattr(seen, name)
        for name, count in found.items():
            counts[name] = counts.get(name, 0) + count
        return counts, times

    def _odd(self, odd: Mapping[str, str]) -> None:
        for name, how in odd.items():
            if self._told.get(name) != how and len(self._told) < MOST_TOLD:
                self._told[name] = how
                kept = "it is kept in _extra" if how == "not known" else "it is blank there"
                self.say(f"column {name!r} is {how} in some records; {kept}")

    def _notes(self) -> None:
        for note in self.stream.notes:
            self.say(note)
        self.stream.notes.clear()

    def _reconnect(self, error: StreamLost) -> None:
        """Say that the broker is gone, and wait until it is back; what was read and not written is read again."""
        if not self._open and not self.lost:
            raise InputError(f"the source does not answer: {error}", "Start it, or name another") from error
        if self._open:
            self.lost += 1
            self.say(f"the source is gone ({error}); what is written stays, and reading goes on when it is back")
        self._open = False
        pause = FIRST_PAUSE
        while not self.stop:
            time.sleep(pause)
            try:
                self.stream.open(self.folder.state.places, self.folder.state.last)
            except StreamLost:
                pause = min(LONGEST_PAUSE, pause * 2)
                continue
            self._open = True
            self.say("the source is back")
            return


def _times_of(blocks: Sequence[tuple[str, Block]], column: str) -> list[tuple[str, np.ndarray]]:
    """Times by partition in the order of the records."""
    parts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for partition, block in blocks:
        if column in block.schema:
            parts.setdefault(partition, []).append((block.rows, block.times(column)))
    out = []
    for partition, pairs in parts.items():
        rows, times = (np.concatenate(part) for part in zip(*pairs, strict=True))
        out.append((partition, times[np.argsort(rows, kind="stable")]))
    return out


def watched_schema(run: Path) -> Schema:
    """The schema of a run. Raises InputError where it is broken."""
    return Schema.from_json(read_json(run / "schema.json"))


def event_time(schema: Schema, wanted: str) -> str:
    """The column with the time of the event: the one that is named, else the only one of times; "" for none.

    Raises
    ------
    OptionError
        A column that is not there, or holds no times.
    """
    times = [column.name for column in schema.with_role(Role.TIME)]
    if not wanted:
        return times[0] if len(times) == 1 else ""
    if wanted not in schema:
        raise OptionError.unknown("column", wanted, schema.names, "--event-time")
    if wanted not in times:
        raise OptionError(f"--event-time names {wanted!r}, of role {schema[wanted].role}", "Name a column of times")
    return wanted


def judge_of(run: Path, settings: WatchSettings) -> BatchJudge:
    """What judges batches of a stream."""
    return BatchJudge(RequestDoor.of(run), watched_schema(run), settings.policy, settings.most_bytes)


def left_out(schema: Schema) -> dict[str, Any]:
    """Checks of a kind of data that need more than one record, so do not run on a stream; and how many there are."""
    every = [check for check in all_checks() if schema.suits(check.kinds)]
    return {"checks": len(every), "not_on_a_stream": sorted(check.code() for check in every if not check.at_the_door)}
