"""``--write-spec``: the settings Karat inferred, as a file a person can edit."""

import tempfile
from pathlib import Path

from karat.core.schema import Schema
from karat.flow import collecting
from karat.flow.folder import read_json, write_text
from karat.flow.job import Job
from karat.flow.settings import written


def write_inferred(job: Job, to: Path) -> None:
    """Read the data once, and write ``karat.toml`` with every column's inferred role, type and missing words."""
    with tempfile.TemporaryDirectory() as scratch:
        collecting.collect(job, Path(scratch))
        schema = Schema.from_json(read_json(Path(scratch) / "schema.json"))
    columns = {
        c.name: {"role": str(c.role), "type": c.type, "nulls": list(c.nulls)}
        | ({"format": c.format} if c.format else {})
        for c in schema
    }
    data = str(Path(str(job.data)).resolve()) if "://" not in str(job.data) else str(job.data)
    collect = job.settings.collect.model_copy(update={"data": data, "columns": columns})
    write_text(to, written(job.settings.model_copy(update={"collect": collect})))
