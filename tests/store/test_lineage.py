"""Events are what the published classes of OpenLineage accept, and say the same for the same run."""

import json
from pathlib import Path
from typing import Any

import attr
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.core.finding import Dimension, findings
from karat.core.schema import Column, Role, Schema
from karat.store import lineage

SCHEMA = Schema((Column("年龄", Role.NUMBER, "int64", nulls=("-1",)), Column("name", Role.CATEGORY)))
AT = "2026-01-02T03:04:05+00:00"


def whole_event() -> dict[str, Any]:
    found = findings(
        "MissingValues", Dimension.COMPLETENESS, 2, row=[1, None], column="年龄", confidence=[0.9, 0.2], message="x"
    )
    source = lineage.source_set(
        "in.csv",
        schema=SCHEMA,
        version="1",
        uri="file:in.csv",
        metrics={"rowCount": 3, "columnMetrics": {"年龄": {"nullCount": 2, "count": 1, "distinctCount": 1}}},
        assertions=lineage.assertions(found),
    )
    result = lineage.result_set(
        "data.parquet", schema=SCHEMA, version="2", rows=3, size=9, made_from="in.csv", changed=["年龄"]
    )
    lift = {"metric": "AUC", "lift": 0.1, "low": 0.0, "high": 0.2, "verdict": "worth it", "other": 1}
    return lineage.event(
        "COMPLETE",
        lineage.run_id("f", "clean"),
        "in.clean",
        [source],
        [result],
        at=AT,
        facets=lineage.lift_facet(lift) | lineage.error_facet("none"),
    )


def test_event_says_what_was_measured() -> None:
    said = whole_event()
    metrics = said["inputs"][0]["inputFacets"]["dataQualityMetrics"]
    assert metrics["rowCount"] == 3
    assert metrics["columnMetrics"]["年龄"] == {"nullCount": 2, "count": 1, "distinctCount": 1}
    assert said["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"] == [
        {
            "assertion": "MissingValues",
            "success": False,
            "severity": "warn",
            "actual": "2",
            "expected": "0",
            "column": "年龄",
        }
    ]
    kinds = {
        name: held["inputFields"][0]["transformations"][0]["subtype"]
        for name, held in said["outputs"][0]["facets"]["columnLineage"]["fields"].items()
    }
    assert kinds == {"年龄": "TRANSFORMATION", "name": "IDENTITY"}
    assert said["run"]["facets"]["karat_lift"]["verdict"] == "worth it"
    assert "other" not in said["run"]["facets"]["karat_lift"]


def test_published_classes_accept_every_part() -> None:
    pytest.importorskip("openlineage.client")
    from openlineage.client import event_v2, facet_v2

    said = whole_event()
    known = {
        "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
        "dataSource": facet_v2.datasource_dataset.DatasourceDatasetFacet,
        "version": facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet,
        "columnLineage": facet_v2.column_lineage_dataset.ColumnLineageDatasetFacet,
        "dataQualityMetrics": facet_v2.data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet,
        "dataQualityAssertions": facet_v2.data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet,
        "outputStatistics": facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
        "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    }
    groups = [said["run"]["facets"]]
    groups += [
        held[kind]
        for held in said["inputs"] + said["outputs"]
        for kind in ("facets", "inputFacets", "outputFacets")
        if kind in held
    ]
    seen = set()
    for name, facet in [item for group in groups for item in group.items()]:
        assert {"_producer", "_schemaURL"} <= facet.keys()
        if name in known:
            seen.add(name)
            values = {key: value for key, value in facet.items() if not key.startswith("_")}
            made = known[name](**values)
            assert values.keys() <= {field.name for field in attr.fields(known[name])}
            assert (
                facet["_schemaURL"].partition("/spec/")[2].split("/")[2]
                == made._schemaURL.partition("/spec/")[2].split("/")[2]
            ), name
    assert seen == known.keys()
    made_event = event_v2.RunEvent(
        eventType=event_v2.RunState(said["eventType"]),
        eventTime=said["eventTime"],
        producer=said["producer"],
        run=event_v2.Run(said["run"]["runId"]),
        job=event_v2.Job(said["job"]["namespace"], said["job"]["name"]),
    )
    assert made_event.schemaURL == said["schemaURL"]


def test_run_id_follows_from_the_fingerprint() -> None:
    assert lineage.run_id("f", "clean") == lineage.run_id("f", "clean") != lineage.run_id("g", "clean")
    with pytest.raises(OptionError):
        lineage.event("BEGIN", lineage.run_id("f"), "j", at=AT)


def test_written_once_and_after_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "lineage.jsonl"
    first = lineage.event("START", lineage.run_id("f"), "j", at=AT)
    lineage.write_event(path, first)
    lineage.write_event(path, first)
    with path.open("ab") as sink:
        sink.write(b'{"eventType": "COM')
    lineage.write_event(path, whole_event())
    assert [json.loads(line)["eventType"] for line in path.read_text(encoding="utf-8").splitlines()] == [
        "START",
        "COMPLETE",
    ]


def test_metrics_of_a_stored_file(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": ["x", None, None], "b": [1, 2, 3]}), tmp_path / "d.parquet", row_group_size=2)
    said = lineage.stored_metrics(tmp_path / "d.parquet")
    assert said["rowCount"] == 3
    assert said["columnMetrics"] == {"a": {"nullCount": 2, "count": 1}, "b": {"nullCount": 0, "count": 3}}
