"""A run folder stands for the data it left."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError
from karat.flow.data_reference import resolved
from karat.flow.job import input_hash


def test_a_run_is_its_data_and_anything_else_itself(tmp_path):
    pq.write_table(pa.table({"a": ["1"]}), tmp_path / "review.parquet")
    assert resolved(str(tmp_path)) == str(tmp_path)
    pq.write_table(pa.table({"a": ["2"]}), tmp_path / "data.parquet")
    (tmp_path / "run.json").write_text(json.dumps({}))
    assert resolved(str(tmp_path)) == tmp_path / "data.parquet"
    assert resolved("no@where") == "no@where"


def test_a_link_that_leads_nowhere(tmp_path):
    (tmp_path / "lost.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="a link that leads nowhere"):
        input_hash(str(tmp_path / "lost.csv"))
    with pytest.raises(InputError, match=r"Did you mean .*lost\.csv"):
        input_hash(str(tmp_path / "losd.csv"))


def test_a_pipe_is_told():
    with pytest.raises(InputError, match=r"- is a pipe, and Karat reads its input more than once\. Write it to a file"):
        resolved("-")
    with pytest.raises(InputError, match="is a pipe"):
        resolved("/dev/null")
