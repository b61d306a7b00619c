"""Lineage as OpenLineage events, one JSON object per line, without a client or a service.

Source: OpenLineage 2-0-2 (``RunEvent``) and its facets; ``karat_lift`` is ours: what a change of data was worth.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.core.finding import SURE
from karat.core.schema import Schema

PRODUCER = "urn:karat:0.1"
SPEC = "https://openlineage.io/spec"
KINDS = ("START", "COMPLETE", "FAIL")
FACETS = {
    "schema": "facets/1-2-0/SchemaDatasetFacet",
    "dataSource": "facets/1-0-1/DatasourceDatasetFacet",
    "version": "facets/1-0-1/DatasetVersionDatasetFacet",
    "columnLineage": "facets/1-2-0/ColumnLineageDatasetFacet",
    "dataQualityMetrics": "facets/1-0-3/DataQualityMetricsInputDatasetFacet",
    "dataQualityAssertions": "facets/1-1-0/DataQualityAssertionsDatasetFacet",
    "outputStatistics": "facets/1-0-2/OutputStatisticsOutputDatasetFacet",
    "errorMessage": "facets/1-0-1/ErrorMessageRunFacet",
}
LIFT_SCHEMA = "urn:karat:facet:karat_lift:1"
LIFT_KEYS = (
    "protocol",
    "metric",
    "lift",
    "low",
    "high",
    "p_value",
    "over_plain",
    "placebo",
    "over_placebo",
    "minimal_detectable_effect",
    "verdict",
)
NAMESPACE = "file"
MAX_ASSERTIONS = 1000  # cost: of one event; the rest stands in the findings


def run_id(fingerprint: str, room: str = "") -> str:
    """A UUID that follows from the run's fingerprint, so that a repeated run says the same."""
    return str(uuid5(NAMESPACE_URL, f"urn:karat:{fingerprint}/{room}"))


def event(
    kind: str,
    run_id: str,
    job: str,
    inputs: Sequence[Mapping[str, Any]] = (),
    outputs: Sequence[Mapping[str, Any]] = (),
    *,
    at: str,
    facets: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One event in the life of a run.

    Parameters
    ----------
    kind : str
        START, COMPLETE or FAIL.
    run_id : str
        A UUID; see ``run_id``.
    job : str
        What ran, e.g. "loans.clean".
    inputs, outputs : sequence of mappings
        As built by ``source_set`` and ``result_set``.
    at : str
        ISO 8601 with a zone.
    facets : mapping
        Facets of the run; see ``lift_facet`` and ``error_facet``.
    """
    if kind not in KINDS:
        raise OptionError.unknown("kind of event", kind, KINDS)
    return {
        "eventType": kind,
        "eventTime": at,
        "run": {"runId": run_id, "facets": dict(facets or {})},
        "job": {"namespace": "karat", "name": job, "facets": {}},
        "inputs": [dict(data_set) for data_set in inputs],
        "outputs": [dict(data_set) for data_set in outputs],
        "producer": PRODUCER,
        "schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }


def write_event(path: Path, event: Mapping[str, Any]) -> None:
    """Add an event to ``lineage.jsonl``; one that stands there already is not written twice.

    A line that a killed writer left unfinished is cut off first.
    """
    line = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    existing = path.read_bytes() if path.exists() else b""
    whole = existing[: existing.rfind(b"\n") + 1]
    if line.encode() in whole.split(b"\n"):
        return
    with path.open("r+b" if existing else "wb") as sink:
        sink.truncate(len(whole))
        sink.seek(len(whole))
        sink.write(line.encode() + b"\n")


def source_set(
    name: str,
    *,
    schema: Schema | None = None,
    version: str = "",
    uri: str = "",
    metrics: Mapping[str, Any] | None = None,
    assertions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A data set that was read.

    Parameters
    ----------
    name : str
        Path or table name.
    version : str
        The content hash, or a version number.
    metrics : mapping
        As built by ``stored_metrics``.
    assertions : sequence of mappings
        As built by ``assertions``.
    """
    of_input: dict[str, Any] = {}
    if metrics:
        of_input["dataQualityMetrics"] = _facet("dataQualityMetrics", metrics)
    if assertions:
        of_input["dataQualityAssertions"] = _facet("dataQualityAssertions", {"assertions": list(assertions)})
    return _named(name, schema, version, uri) | {"inputFacets": of_input}


def result_set(
    name: str,
    *,
    schema: Schema | None = None,
    version: str = "",
    uri: str = "",
    rows: int = 0,
    size: int = 0,
    made_from: str = "",
    changed: Sequence[str] = (),
) -> dict[str, Any]:
    """A data set that was written.

    Parameters
    ----------
    rows, size : int
        Records and bytes written.
    made_from : str
        Name of the data set each column comes from.
    changed : sequence of str
        Columns in which at least one cell was mended; the others are the same as in the source.
    """
    data_set = _named(name, schema, version, uri)
    if schema is not None and made_from:
        data_set["facets"]["columnLineage"] = _facet(
            "columnLineage", {"fields": _origins(schema, made_from, set(changed))}
        )
    statistics = {"rowCount": rows, "size": size, "fileCount": 1}
    return data_set | {"outputFacets": {"outputStatistics": _facet("outputStatistics", statistics)}}


def stored_metrics(path: Path) -> dict[str, Any]:
    """``dataQualityMetrics`` of a Parquet file from its own statistics, without reading its records."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    gaps: dict[str, int] = {}
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        for column in map(group.column, range(group.num_columns)):
            known = column.is_stats_set and column.statistics.has_null_count
            gaps[column.path_in_schema] = gaps.get(column.path_in_schema, 0) + (
                column.statistics.null_count if known else 0
            )
    columns = {name: {"nullCount": n, "count": metadata.num_rows - n} for name, n in gaps.items()}
    return {"rowCount": metadata.num_rows, "bytes": path.stat().st_size, "columnMetrics": columns}


def assertions(findings: pa.Table) -> list[dict[str, Any]]:
    """``dataQualityAssertions`` from findings: one per check and column, failed where one is sure enough to count."""
    sure = findings.append_column("sure", pc.greater_equal(findings["confidence"], SURE).cast(pa.int64()))
    grouped = sure.group_by(["check", "column"]).aggregate([("sure", "sum"), ("sure", "count")])
    said = []
    for check, column, sures, count in sorted(
        zip(*(grouped[name].to_pylist() for name in ("check", "column", "sure_sum", "sure_count")), strict=True),
        key=lambda row: (row[0], row[1] or ""),
    ):
        entry = {"assertion": check, "success": not sures, "severity": "warn", "actual": str(count), "expected": "0"}
        said.append(entry | ({"column": column} if column is not None else {}))
    return said[:MAX_ASSERTIONS]


def lift_facet(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """The run facet ``karat_lift``: the effect of a change of data on the model."""
    facts = {key: certificate[key] for key in LIFT_KEYS if key in certificate}
    return {"karat_lift": {"_producer": PRODUCER, "_schemaURL": LIFT_SCHEMA} | facts}


def error_facet(message: str) -> dict[str, Any]:
    """The run facet ``errorMessage`` of a run that failed."""
    return {"errorMessage": _facet("errorMessage", {"message": message, "programmingLanguage": "python"})}


def _facet(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    path = FACETS[name]
    return {"_producer": PRODUCER, "_schemaURL": f"{SPEC}/{path}.json#/$defs/{path.rpartition('/')[2]}"} | dict(values)


def _named(name: str, schema: Schema | None, version: str, uri: str) -> dict[str, Any]:
    facets: dict[str, Any] = {}
    if schema is not None:
        columns = [{"name": column.name, "type": column.type, "description": str(column.role)} for column in schema]
        facets["schema"] = _facet("schema", {"fields": columns})
    if uri:
        facets["dataSource"] = _facet("dataSource", {"name": name, "uri": uri})
    if version:
        facets["version"] = _facet("version", {"datasetVersion": version})
    return {"namespace": NAMESPACE, "name": name, "facets": facets}


def _origins(schema: Schema, source: str, changed: set[str]) -> dict[str, Any]:
    fields = {}
    for column in schema:
        how = {
            "type": "DIRECT",
            "subtype": "TRANSFORMATION" if column.name in changed else "IDENTITY",
            "description": "cells fixed, see ledger.parquet" if column.name in changed else "as read",
            "masking": False,
        }
        origin = {"namespace": NAMESPACE, "name": source, "field": column.name, "transformations": [how]}
        fields[column.name] = {"inputFields": [origin]}
    return fields
