"""Is a run folder what its run left? Files against their digests, books against tables, ledger against versions."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat import kinds
from karat.core.block import ROW
from karat.core.errors import InputError
from karat.core.patch import undo
from karat.flow.decisions import outcomes
from karat.flow.folder import DONE, MARK, PART_STORES, SEAL, altered_in, is_unaltered, read_json, sealed
from karat.flow.journal import WORK, altered, locked
from karat.flow.part_store import PartStore
from karat.flow.store_digests import HINT, STORE, is_wrong_hint
from karat.kinds import Layout
from karat.store.append import stream
from karat.store.versions import HEAD, Store


def verify(run: Path) -> list[str]:
    """What is not as it should be, one line each; an interrupted change is finished first.

    Parameters
    ----------
    run : Path
        A folder made by ``karat assess``, ``clean`` or ``run``.

    Raises
    ------
    InputError
        It is no run folder.
    MachineError
        Another process writes there.
    """
    if not (run / MARK).exists() and not (run / ".work").exists():
        raise InputError(f"{run} is not a run folder", "Make one with karat clean DATA or karat run DATA")
    with locked(run):
        if not (run / MARK).exists():
            return ["run.json is missing: the run was not finished; run the same command again to go on"]
        faults = [f"{name} is not the file that was published" for name in altered(run)]
        broken = any(fault.startswith((STORE, "ledger.parquet")) for fault in faults)
        if not broken and is_wrong_hint(run / STORE):
            faults.append(f"{STORE}/_versions/{HINT} is not what was written")
        faults += [f"{name} is not what was written" for name in _working(run)]
        faults += _decisions(run)
        if broken:
            return faults  # what is broken cannot be read
        named = Store(run / STORE).named()
        restored = named.get(HEAD) != named.get("refined", named.get("raw"))  # no ledger and no books lead to it
        return [*faults, *_books(run, restored), *(() if restored else _ledger(run, named))]


def _decisions(run: Path) -> Iterator[str]:
    try:
        outcomes(run)
    except InputError as error:
        yield error.problem


def _working(run: Path) -> Iterator[str]:
    """Working files that are not as they were left, by name: a run that goes on would make them again."""
    work = run / WORK
    for home in sorted(path for path in work.iterdir() if path.is_dir()):
        altered = PartStore(home).altered() if home.name.startswith(PART_STORES) else _rooms(home)
        yield from (f"{WORK}/{home.name}/{name}" for name in altered)
    for note in sorted(work.rglob(f".*.{SEAL}")):
        file = note.with_name(note.name[1 : -len(SEAL) - 1])
        if file.exists() and not is_unaltered(file):
            yield str(file.relative_to(run))


def _rooms(home: Path) -> Iterator[str]:
    """Files of finished rooms, and single files with a seal."""
    for path in sorted(home.glob("*.json")):
        values = sealed(path)
        if values is None:
            yield path.name
        elif path.name.endswith(DONE):
            room = path.name.removesuffix(DONE)
            yield from altered_in(home / room, values["files"], f"{room}/")


def _books(run: Path, restored: bool) -> Iterator[str]:
    books = _json(run / "accounting.json")
    if books is None:
        yield "accounting.json cannot be read"
        return
    removed = sum(books["removed"].values())
    if books["in"] != books["kept"] + removed + books["quarantined"]:
        yield (
            f"accounting.json does not add up: {books['in']} in, {books['kept']} kept, {removed} removed, "
            f"{books['quarantined']} quarantined"
        )
    for name, key in (("data.parquet", "kept"), ("quarantine.parquet", "quarantined")):
        rows = _rows(run / name)
        if (run / name).exists() and rows != books[key] and not (restored and key == "kept"):
            yield f"{name} has {rows} records, accounting.json says {books[key]} {key}"


def _ledger(run: Path, named: Mapping[str, int]) -> Iterator[str]:
    if "raw" in named and (run / "ledger.parquet").exists():
        kind = (_json(run / MARK) or {}).get("kind", "table")
        yield from LEDGERS[kinds.of(kind).layout](run, Store(run / "store"), named)


def _undone(run: Path, store: Store, named: Mapping[str, int]) -> Iterator[str]:
    """Undone by the ledger, the refined version is the raw one, value for value."""
    raw, rows = store.read(named["raw"])
    refined, kept = store.read(named.get("refined", named["raw"]))
    try:
        back, numbers = undo(refined, kept, pq.read_table(run / "ledger.parquet"))
    except (pa.ArrowException, OSError, ValueError, IndexError) as error:
        yield f"ledger.parquet does not lead from the refined version back to the raw one: {error}"
        return
    if numbers.tolist() != rows.tolist() or not back.select(raw.column_names).cast(raw.schema).equals(raw):
        yield "ledger.parquet does not lead from the refined version back to the raw one"


def _removed(run: Path, store: Store, named: Mapping[str, int]) -> Iterator[str]:
    """The refined version has the raw documents but those that the ledger removes.

    Edits are not undone: masks were made while documents were read, so that raw ones have them too.
    """
    raw, refined = (_numbers(store, named[name]) for name in ("raw", "refined" if "refined" in named else "raw"))
    ledger = pq.read_table(run / "ledger.parquet", columns=["row", "action"], filters=[("action", "==", "drop")])
    if not np.array_equal(np.setdiff1d(raw, ledger["row"].to_numpy()), refined):
        yield "the refined version does not have the documents of the raw one without those that ledger.parquet removes"


def _numbers(store: Store, number: int) -> np.ndarray:
    rows = [chunk.column(ROW).to_numpy() for chunk in stream(store, number)]
    return np.concatenate([np.zeros(0, np.int64), *rows])


LEDGERS = {Layout.BLOCKS: _undone, Layout.PARTS: _removed}


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return -1


def _json(path: Path) -> Any:
    try:
        return read_json(path)
    except (OSError, ValueError, InputError):
        return None
