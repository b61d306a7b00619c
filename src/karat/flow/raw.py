"""The records of a run folder as they came in, whatever kind of data they are."""

from pathlib import Path

from karat.core.errors import InputError
from karat.core.schema import Schema
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json


def raw_records(run: Path) -> Dataset:
    """The records as they were read, with the schema of the run.

    Raises
    ------
    InputError
        The run folder holds no records, or its working files were deleted.
    """
    data = found_records(run)
    if data is None:
        raise InputError(f"{run} holds no records as they came in", f"Run karat clean DATA --out {run} again")
    return data


def found_records(run: Path) -> Dataset | None:
    """As ``raw_records``; None where the run folder holds none."""
    from karat.flow.part_store import Parts

    raw = sorted((run / ".work").glob("*/collect/raw.arrow"), key=lambda path: path.stat().st_mtime)
    if raw and (raw[-1].parent / "schema.json").exists():
        return Dataset(Schema.from_json(read_json(raw[-1].parent / "schema.json")), path=raw[-1])
    if not (run / "schema.json").exists():
        return None
    parts = Parts.of_run(run)
    return None if parts is None else Dataset(Schema.from_json(read_json(run / "schema.json")), source=parts)
