import numpy as np
import pandas as pd
import pyarrow.parquet as pq

import karat


def table(size: int = 300) -> pd.DataFrame:
    chance = np.random.default_rng(0)
    base = chance.normal(size=size)
    data = pd.DataFrame({"a": base, "b": base + 0.1 * chance.normal(size=size), "c": chance.normal(size=size)}).round(3)
    data.loc[17, ["a", "b"]] = [1.5, -1.5]
    return data


def test_all_records_have_a_score_in_the_run_folder(tmp_path):
    karat.assess(table(), out=tmp_path / "run", only=["UnusualRecords"])
    scores = pq.read_table(tmp_path / "run" / "records.parquet")
    assert scores.column_names == ["_row", "outlier_score"]
    assert scores["_row"].to_pylist() == list(range(300))
    assert int(np.argmax(scores["outlier_score"])) == 17


def test_no_file_where_nothing_is_scored(tmp_path):
    karat.assess(table(30), out=tmp_path / "run", only=["UnusualRecords"])
    assert not (tmp_path / "run" / "records.parquet").exists()


def test_nothing_is_fixed_or_removed_by_it(tmp_path):
    cleaned = karat.clean(table(), out=tmp_path / "run", only=["UnusualRecords"])
    assert len(cleaned.findings)
    assert not len(cleaned.ledger)
    assert not len(cleaned.review)


def test_clean_scores_records_only_where_it_is_asked(tmp_path):
    assert "UnusualRecords" not in set(karat.clean(table(), out=tmp_path / "run").findings["check"])
    assert not (tmp_path / "run" / "records.parquet").exists()
