"""A job on its way: what every room gets and leaves, and what differs between records and documents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from karat.flow.folder import RunFolder, read_json
from karat.flow.job import Job
from karat.kinds import Recognised


@dataclass
class Walk:
    """A job on its way: what each room said.

    Parameters
    ----------
    job : Job
    folder : RunFolder
    rooms : dict of str to mapping
        The summary each room left.
    recognised : Recognised or None
        The kind that the beginning of the data shows, and why.
    """

    job: Job
    folder: RunFolder
    rooms: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    recognised: Recognised | None = None

    def enter(
        self, name: str, work: Callable[[Path], Mapping[str, Any]], line: Callable[[Mapping[str, Any]], str]
    ) -> Mapping[str, Any]:
        """Do a room's work, or find it done."""
        self.job.listener.enter(name)
        try:
            summary, fresh = self.folder.room(name, work)
        except Exception as error:
            self.failed(name, error)
            raise
        self.rooms[name] = summary
        pa.default_memory_pool().release_unused()  # else what this room had stays beside what the next one takes
        self.job.listener.leave(name, line(summary), fresh)
        return summary

    def place(self, room: str) -> Path:
        """Where a room left its work."""
        return self.folder.work / room

    def failed(self, room: str, error: Exception) -> None:
        """A FAIL event of a room in the lineage, so that whoever reads it knows."""
        from karat.store import lineage

        at = f"{read_json(self.folder.work / 'started.json')}Z"
        run, job = lineage.run_id(self.folder.fingerprint, room), f"{self.job.name}.{room}"
        event = lineage.event("FAIL", run, job, at=at, facets=lineage.error_facet(str(error)))
        lineage.write_event(self.folder.path / "lineage.jsonl", event)


class Rooms(Protocol):
    """The work of each room for data of one shape: records in blocks, or documents in parts."""

    def collect(self, place: Path) -> Mapping[str, Any]:
        """Read the input."""
        ...

    def assess(self, place: Path) -> Mapping[str, Any]:
        """Findings and scores; nothing is changed."""
        ...

    def clean(self, place: Path) -> Mapping[str, Any]:
        """What is kept, what is removed, and what needs review."""
        ...

    def store(self, place: Path) -> Mapping[str, Any]:
        """The raw and the refined state as versions."""
        ...

    def go_on(self) -> None:
        """What follows: splits or shards, the proof, the model."""
        ...
