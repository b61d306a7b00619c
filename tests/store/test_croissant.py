"""The description validates with mlcroissant, and loads back the same records."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.schema import Column, Role, Schema
from karat.store import croissant


@pytest.mark.filterwarnings("ignore")
def test_validates_and_loads_back_the_same_rows(tmp_path: Path) -> None:
    mlc = pytest.importorskip("mlcroissant")
    schema = Schema(
        (
            Column("年龄", Role.NUMBER, "int64", nulls=("-1",)),
            Column("CO(GT) a/b", Role.NUMBER, "float64"),
            Column("text", Role.TEXT),
            Column("at", Role.TIME, "timestamp"),
            Column("y", Role.TARGET),
        ),
        task="classification",
    )
    table = pa.table(
        {
            "_row": [0, 2, 3],
            "年龄": [30, 41, None],
            "CO(GT) a/b": [1.5, None, -1.0],
            "text": ["你好", "b", None],
            "at": pa.array([0, None, 86_400_000_000], pa.timestamp("us")),
            "y": ["n", "p", "n"],
        }
    )
    pq.write_table(table, tmp_path / "data.parquet")
    pq.write_table(pa.table({"_row": [0, 2, 3], "split": ["train", "test", "train"]}), tmp_path / "splits.parquet")
    (tmp_path / "accounting.json").write_text(
        json.dumps({"in": 5, "kept": 3, "removed": {"ExactDuplicates": 1}, "quarantined": 1})
    )
    said = croissant.describe(
        tmp_path,
        name="loans",
        schema=schema,
        sources=["loans.csv"],
        rows=3,
        lift={"metric": "AUC", "lift": 0.1, "low": 0.0, "high": 0.2, "verdict": "worth it"},
    )
    croissant.write(tmp_path / "croissant.json", said)
    held = mlc.Dataset(str(tmp_path / "croissant.json"))
    assert not held.metadata.issues.errors
    wanting = ("license", "citeAs", "datePublished")  # only the owner of the data can say these
    assert all(any(word in said for word in wanting) for said in held.metadata.issues.warnings)
    loaded = list(held.records("records"))
    for at, record in enumerate(loaded):
        for name, value in zip(table.column_names, record.values(), strict=True):
            wanted = table[name][at].as_py()
            assert (
                pd.isna(value)
                if wanted is None
                else str(wanted) == (value.decode() if isinstance(value, bytes) else str(value))
            ), (name, at)
    assert len(loaded) == 3
    assert len(list(held.records("splits"))) == 3
    assert "1 by ExactDuplicates" in said["rai:dataPreprocessingProtocol"][0]
