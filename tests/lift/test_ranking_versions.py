"""Two versions of interactions, by their record numbers and on the command line."""

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

import karat
from karat.core.errors import OptionError
from karat.lift.ranking_versions import compare_rankings
from tests.quality._events import block_of, people

ROWS = people(users=120, items=60)


def test_equal_versions_differ_by_nothing_and_ruin_does_harm():
    block = block_of(ROWS)
    same = compare_rankings(block, block)
    assert (same.lift, same.low, same.high, same.protocol) == (0.0, 0.0, 0.0, "versions")
    chance = np.random.default_rng(0)
    ruined = [(u, f"第{chance.integers(60)}号", r, t) for u, _, r, t in ROWS]
    made = compare_rankings(block, block_of(ruined))
    assert made.verdict == "harm"


def test_files_without_a_target_are_ranked_and_measured_again(tmp_path):
    from karat.cli.lifting import rerun_certificate

    paths = []
    for name, rows in (("a", ROWS), ("b", [(u, i, 1, t) for u, i, _, t in ROWS])):
        columns = zip(*rows, strict=True)
        names = ("user_id", "item_id", "rating", "timestamp")
        table = {n: pa.array([str(cell) for cell in cells]) for n, cells in zip(names, columns, strict=True)}
        paths.append(tmp_path / f"{name}.csv")
        pyarrow.csv.write_csv(pa.table(table), paths[-1])
    made = karat.lift(*map(str, paths), out=tmp_path / "out")
    assert (made.metric, made.lift) == ("NDCG", 0.0)
    assert rerun_certificate(tmp_path / "out" / "lift.json").endswith("the same digits")
    with pytest.raises(OptionError, match="--test does not apply to events"):
        karat.lift(*map(str, paths), test=str(paths[0]))
