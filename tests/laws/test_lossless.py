"""What comes in with a type goes out with it: any Arrow table, value for value, unless the ledger says what changed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import karat
from tests.collect.test_exact import kinds

RECORDS = 12


@st.composite
def tables(draw: Any) -> pa.Table:
    chosen = draw(st.lists(kinds, min_size=1, max_size=4))
    columns = [
        pa.array(draw(st.lists(st.none() | one, min_size=RECORDS, max_size=RECORDS)), kind) for kind, one in chosen
    ]
    return pa.table(columns, names=[f"c{at}" for at in range(len(columns))])


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(tables())
def test_a_table_goes_out_as_it_came_in(tmp_path: Path, table: pa.Table) -> None:
    source = tmp_path / "t.parquet"
    pq.write_table(table, source)
    came = pq.read_table(source)  # Parquet knows fewer units of time than Arrow
    cleaned = karat.clean(str(source), out=str(tmp_path / f"run{table.num_columns}"))
    touched = set(pa.table(cleaned.ledger)["column"].to_pylist())
    went = pq.read_table(cleaned.path / "data.parquet")
    kept = came.take(went["_row"])
    for name in came.column_names:
        if name not in touched:
            assert went.schema.field(name).type == came.schema.field(name).type
            assert went[name].to_pylist() == kept[name].to_pylist()
