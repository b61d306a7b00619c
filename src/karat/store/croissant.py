"""A run folder described as Croissant 1.1, so that loaders of the field open it; facts from the run's own files alone.

Source: Croissant format 1.1 and its responsible-AI vocabulary (MLCommons).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from karat.core.block import ROW
from karat.core.schema import Role, Schema

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
KINDS = {
    "int64": "sc:Integer",
    "float64": "sc:Float",
    "string": "sc:Text",
    "timestamp": "sc:DateTime",
    "bool": "sc:Boolean",
    "binary": "sc:ImageObject",
}
CONTEXT: dict[str, Any] = json.loads(files("karat.store").joinpath("croissant_context.json").read_text("utf-8"))


def describe(
    run_folder: Path,
    *,
    name: str,
    schema: Schema,
    sources: Sequence[str],
    rows: int,
    lift: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Croissant's JSON-LD for ``data.parquet`` of a run.

    Parameters
    ----------
    run_folder : Path
        Holds ``data.parquet``; ``splits.parquet`` and ``accounting.json`` are used where they stand.
    name : str
        Name of the data set.
    schema : Schema
        Roles and types.
    sources : sequence of str
        Where the raw data came from.
    rows : int
        Records kept.
    lift : mapping, optional
        The certificate.
    """
    files = [_file(run_folder, "data.parquet", "The refined records.")]
    sets = [_records(run_folder, schema)]
    if (run_folder / "splits.parquet").exists():
        files.append(_file(run_folder, "splits.parquet", "Which record is in which split, by _row."))
        sets.append(_splits(run_folder))
    description: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": name,
        "description": f"{rows:,} records of {len(schema.columns)} columns, refined by Karat from "
        f"{', '.join(sources) or 'raw data'}.",
        "conformsTo": CONFORMS_TO,
        "version": "2.0.0",
        "distribution": files,
        "recordSet": sets,
    }
    description |= _responsible(run_folder, schema, sources)
    if lift is not None:
        keys = ("metric", "lift", "low", "high", "verdict", "protocol", "placebo")
        description["lift"] = {key: lift[key] for key in keys if key in lift}
    return description


def write(path: Path, described: Mapping[str, Any]) -> None:
    """Write ``croissant.json``."""
    path.write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _file(folder: Path, name: str, description: str) -> dict[str, Any]:
    path = folder / name
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while part := source.read(1 << 20):
            digest.update(part)
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": description,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": digest.hexdigest(),
    }


def _records(folder: Path, schema: Schema) -> dict[str, Any]:
    import pyarrow.parquet as pq

    stored = pq.read_schema(folder / "data.parquet")
    fields = [_field("records", ROW, "sc:Integer", "data.parquet", "Number of the record in the raw data.")]
    for column in schema:
        if column.name in stored.names:
            said = f"Role: {column.role}." + (
                f" Missing is also written {', '.join(map(repr, column.nulls))}." if column.nulls else ""
            )
            entry = _field("records", column.name, KINDS[column.type], "data.parquet", said)
            if column.role is Role.TARGET:
                entry["dataType"] = [entry["dataType"], "cr:Label"]
            fields.append(entry)
    return {
        "@type": "cr:RecordSet",
        "@id": "records",
        "name": "records",
        "key": {"@id": f"records/{ROW}"},
        "description": "One entry per record kept.",
        "field": fields,
    }


def _splits(folder: Path) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = []
    for column in pq.read_schema(folder / "splits.parquet"):
        kind = "sc:Integer" if pa.types.is_integer(column.type) else "sc:Text"
        entry = _field("splits", column.name, kind, "splits.parquet", "")
        if column.name == ROW:
            entry["references"] = {"field": {"@id": f"records/{ROW}"}}
        elif column.name in ("split", "fold"):
            entry["dataType"] = [kind, "cr:Split"]
        fields.append(entry)
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "Splits made on the raw records, before any cleaning.",
        "field": fields,
    }


def _field(records: str, name: str, kind: str, file: str, description: str) -> dict[str, Any]:
    safe = re.sub(r"[/\x00-\x1f]", "_", name) or "column"
    entry = {
        "@type": "cr:Field",
        "@id": f"{records}/{_id(name)}",
        "name": safe,
        "dataType": kind,
        "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
    }
    return entry | ({"description": description} if description else {})


def _id(name: str) -> str:
    """A column's name as a part of an identifier: letters of all scripts stay, signs are percent-coded."""
    return re.sub(r"[^\w.-]", lambda sign: quote(sign[0], safe=""), name) or "%00"


def _responsible(folder: Path, schema: Schema, sources: Sequence[str]) -> dict[str, Any]:
    """The rai: facts that the run has measured; what it does not know it does not say."""
    facts: dict[str, Any] = {"rai:dataCollection": f"Read from {', '.join(sources)}."} if sources else {}
    gaps = [f"{c.name}: {', '.join(map(repr, c.nulls))}" for c in schema if c.nulls]
    if gaps:
        facts["rai:dataCollectionMissingData"] = f"Texts that mean a missing value: {'; '.join(gaps)}."
    path = folder / "accounting.json"
    if path.exists():
        counts = json.loads(path.read_text(encoding="utf-8"))
        removed = ", ".join(f"{n:,} by {check}" for check, n in sorted(counts["removed"].items())) or "none"
        said = (
            f"{counts['in']:,} records in; {counts['kept']:,} kept; removed: {removed}; {counts['quarantined']:,} "
            "could not be read and lie in quarantine.parquet. Every change is in ledger.parquet and can be undone."
        )
        facts["rai:dataPreprocessingProtocol"] = [said]
    return facts
