"""A job on its way: what every room gets and leaves, and what differs between records and documents."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from karat.flow.folder import RunFolder, read_json
from karat.flow.job import Job
from karat.flow.journal import Change
from karat.flow.store_digests import STORE, WRITTEN, require_unaltered
from karat.kinds import Recognised

LINEAGE = "lineage.jsonl"


@dataclass
class Walk:
    """A job on its way: what each room said.

    Parameters
    ----------
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
        self,
        name: str,
        work: Callable[[Path], Mapping[str, Any]],
        line: Callable[[Mapping[str, Any]], str],
        intact: Callable[[Path], bool] = lambda _: True,
    ) -> Mapping[str, Any]:
        """Do a room's work, or find it done; ``intact`` says whether what it left elsewhere is as it was left."""
        self.job.listener.enter(name)
        try:
            summary, fresh = self.folder.room(name, work, intact)
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

        at = f"{self.folder.started_at()}Z"
        run, job = lineage.run_id(self.folder.fingerprint, room), f"{self.job.name}.{room}"
        event = lineage.event("FAIL", run, job, at=at, facets=lineage.error_facet(str(error)))
        with suppress(OSError):  # what went wrong matters more than the note about it
            change = Change(self.folder.path)
            change.copy(LINEAGE)
            lineage.write_event(change.path(LINEAGE), event)
            change.commit()

    def intact_store(self, place: Path) -> bool:
        """Are the versions that a finished room wrote as it wrote them?

        Raises
        ------
        InputError
            One is not: earlier versions cannot be made again.
        """
        require_unaltered(self.folder.path / STORE, read_json(place / WRITTEN))
        return True


class Rooms(Protocol):
    """The work of each room for data of one shape: records in blocks, or documents in parts."""

    def collect(self, place: Path) -> Mapping[str, Any]:
        """Read the input."""
        ...

    def intact(self, place: Path) -> bool:
        """Is what was read still as it was read, where it does not lie in the room's own folder?"""
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
