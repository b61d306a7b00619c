"""Finished parts of a corpus on disk: what was read and measured, once, whatever is decided about it later.

A part is a folder that appears by a rename when it is whole; a run that is killed goes on with those that are there.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.piece import Piece
from karat.flow.folder import PART_STORES, altered_in, digests, read_json, sealed, write_sealed
from karat.store.vault_key import decrypting

DOCUMENTS, FACTS, EDITS, QUARANTINE, ORIGINALS = (
    "documents.arrow",
    "facts.parquet",
    "edits.parquet",
    "quarantine.parquet",
    "originals.parquet",
)
REFINED = "\x00refined"  # the document as mended; null where it stands as it came
SUMMARY, DIGESTS = "summary.json", "digests.json"


@dataclass(frozen=True)
class Plan:
    """What is to be read and how, as a worker needs to know it.

    Parameters
    ----------
    text : str
        The column that holds the documents.
    how : dict
        The settings that change what a part holds.
    """

    pieces: tuple[Piece, ...]
    text: str
    how: dict[str, Any]

    def write(self, path: Path) -> None:
        """Leave the plan where workers find it."""
        write_sealed(path, {"pieces": [asdict(p) for p in self.pieces], "text": self.text, "how": self.how})

    @classmethod
    def read(cls, path: Path) -> "Plan | None":
        """The plan that was left; None where there is none or it was altered."""
        plan = sealed(path)
        if plan is None:
            return None
        lists = ("paths", "names", "columns")
        fields: list[dict[str, Any]] = [
            {k: tuple(v) if k in lists else v for k, v in piece.items()} for piece in plan["pieces"]
        ]
        pieces = tuple(Piece(**values) for values in fields)
        return cls(pieces, plan["text"], plan["how"])


@dataclass(frozen=True)
class PartStore:
    """The folder that holds the parts.

    Parameters
    ----------
    path : Path
        Named by the input and by what changes the parts; holds ``plan.json``.
    """

    path: Path

    @property
    def plan_path(self) -> Path:
        """Where the plan lies."""
        return self.path / "plan.json"

    def part_path(self, piece: int, part: int) -> Path:
        """The folder of a part."""
        return self.path / f"{piece:06d}-{part:06d}"

    def mark(self, piece: int) -> Path:
        """The file that says how many parts a piece has, once all of them are there."""
        return self.path / f"{piece:06d}.json"

    def has(self, piece: int) -> bool:
        """Is a piece read to its end, and every part of it as it was left?

        What was altered is cleared away, so that it is read again.
        """
        mark = sealed(self.mark(piece))
        whole = mark is not None and all(self._is_whole(self.part_path(piece, at)) for at in range(mark["parts"]))
        if not whole:
            self.mark(piece).unlink(missing_ok=True)
        return whole

    def altered(self) -> Iterator[str]:
        """Files of finished parts that are not as they were left, by name."""
        if Plan.read(self.plan_path) is None:
            yield self.plan_path.name
        for path in sorted(self.path.glob("[0-9]*")):
            if path.is_file():
                yield from [] if sealed(path) else [path.name]
                continue
            known = sealed(path / DIGESTS)
            yield from [f"{path.name}/{DIGESTS}"] if known is None else altered_in(path, known, f"{path.name}/")

    def _is_whole(self, part: Path) -> bool:
        """Is a part as it was left? One that is not is cleared away."""
        known = sealed(part / DIGESTS)
        if known is not None and not any(altered_in(part, known)):
            return True
        shutil.rmtree(part, ignore_errors=True)
        return False

    def finish(self, piece: int, parts: int) -> None:
        """Note down that a piece is read to its end, in so many parts."""
        write_sealed(self.mark(piece), {"parts": parts})

    def put(self, piece: int, part: int, fill: Callable[[Path], None]) -> None:
        """Make a part by filling a folder beside it; one that is there already stays."""
        place = self.part_path(piece, part)
        if self._is_whole(place):
            return
        beside = self.path / f".{place.name}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        fill(beside)
        # originals leave for the vault later
        write_sealed(beside / DIGESTS, {name: of for name, of in digests(beside).items() if name != ORIGINALS})
        try:
            beside.rename(place)
        except OSError:  # a worker of a run that was killed was quicker: it made the same
            if not place.exists():
                raise
            shutil.rmtree(beside, ignore_errors=True)

    def swept(self) -> None:
        """Without what a killed run left half made."""
        for left in self.path.glob(".*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


@dataclass(frozen=True)
class Parts:
    """All parts of a corpus that is read to its end, in the order of the input.

    Parameters
    ----------
    places : tuple of Path
        Their folders.
    """

    part_store: PartStore
    places: tuple[Path, ...]

    @classmethod
    def of_run(cls, run: Path) -> "Parts | None":
        """The parts of the corpus that a run folder holds; None where it holds none, or not all of them."""
        plans = sorted((run / ".work").glob(f"{PART_STORES}*/plan.json"), key=lambda path: path.stat().st_mtime)
        if not plans:
            return None
        part_store, plan = PartStore(plans[-1].parent), Plan.read(plans[-1])
        if plan is None or not all(part_store.mark(at).exists() for at in range(len(plan.pieces))):
            return None
        return cls.of(part_store, len(plan.pieces))

    @classmethod
    def of(cls, part_store: PartStore, pieces: int) -> "Parts":
        """The parts of all pieces."""
        counts = [read_json(part_store.mark(at))["parts"] for at in range(pieces)]
        return cls(part_store, tuple(part_store.part_path(at, k) for at, n in enumerate(counts) for k in range(n)))

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def summaries(self) -> list[dict[str, Any]]:
        """What each part says of itself."""
        return [read_json(place / SUMMARY) for place in self.places]

    @cached_property
    def first_rows(self) -> np.ndarray:
        """(parts + 1,) int64: the number of each part's first document, and at the end the number of all."""
        return np.cumsum([0, *self.sizes]).astype(np.int64)

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return int(self.first_rows[-1])

    @property
    def sizes(self) -> list[int]:
        """How many documents each part holds."""
        return [summary["documents"] for summary in self.summaries]

    def records(self, at: int) -> pa.Table:
        """The documents of one part as they came, every column a string."""
        table = _documents(self.places[at])
        none = pa.nulls(table.num_rows, pa.string())
        there = set(table.column_names)
        return pa.table({name: table.column(name) if name in there else none for name in self.columns})

    def mended(self, at: int) -> pa.Array:
        """The texts of one part as mended; null where they stand as they came."""
        return _documents(self.places[at], [REFINED]).column(0).combine_chunks()

    def texts(self, at: int, text: str) -> pa.Array:
        """All texts of one part as mended."""
        return mended_texts(self.places[at], text)

    def beside(self, at: int) -> dict[str, Any]:
        """Nothing: what was measured has to be judged first."""
        return {}

    @property
    def annotations(self) -> Path:
        """Where measurements of annotations are stored."""
        return self.part_store.path / "annotations"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the input: those of the first part, then later ones by name."""
        first = list(self.summaries[0]["columns"]) if self.summaries else []
        late = sorted({name for summary in self.summaries for name in summary["columns"]} - set(first))
        return (*first, *late)

    def facts(self, at: int, columns: Sequence[str] | None = None) -> pa.Table:
        """What was measured, a row a document."""
        return pq.read_table(self.places[at] / FACTS, columns=list(columns) if columns is not None else None)

    def edits(self, at: int) -> pa.Table:
        """Ledger rows of the edits, ``row`` counted within the part."""
        return pq.read_table(self.places[at] / EDITS)

    def originals(self) -> Iterator[pa.Table]:
        """What belongs into the vault, ``row`` counted over the whole corpus; part by part."""
        for at, place in enumerate(self.places):
            if (place / ORIGINALS).exists():
                with decrypting(place / ORIGINALS) as how:
                    masked = pq.read_table(place / ORIGINALS, **how)
                yield masked.set_column(0, "row", pc.add(masked["row"], int(self.first_rows[at])))

    def forget_originals(self) -> None:
        """Leave no original outside the vault."""
        for place in self.places:
            (place / ORIGINALS).unlink(missing_ok=True)

    def quarantine(self) -> Iterator[pa.Table]:
        """What could not be read, part by part."""
        for place, summary in zip(self.places, self.summaries, strict=True):
            if summary["quarantined"]:
                yield pq.read_table(place / QUARANTINE)


def _documents(place: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Some columns of a part; without a choice all but the mended texts."""
    with pa.OSFile(str(place / DOCUMENTS)) as file:
        names = pa.ipc.open_file(file).schema.names
        wanted = [names.index(name) for name in columns or names if columns or name != REFINED]
        return pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=wanted)).read_all()


def mended_texts(place: Path, text: str) -> pa.Array:
    """The texts of a part as mended."""
    table = _documents(place, [text, REFINED])
    return pc.coalesce(table.column(REFINED), table.column(text)).combine_chunks()
