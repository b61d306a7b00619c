"""Tables come back as they were put in, from memory or from files."""

import pyarrow as pa
import pytest

from karat.flow import spilled
from karat.flow.spilled import Spilled


def tables(at):
    return {"rows": pa.table({"row": range(at, at + 3)}), "names": pa.table({"name": [f"n{at}", None]})}


@pytest.mark.parametrize("most", [0, 100, 1 << 20])
def test_tables_come_back(most, tmp_path, monkeypatch):
    monkeypatch.setattr(spilled, "IN_MEMORY_BYTES", most)
    kept = Spilled(tmp_path / "patches")
    for at in range(4):
        kept.append(tables(at))
    kept.append({})
    assert len(kept) == 5
    assert [kept[at] for at in range(4)] == [tables(at) for at in range(4)]
    assert kept[4] == {}
    assert (tmp_path / "patches").exists() == (most < 1 << 20)
