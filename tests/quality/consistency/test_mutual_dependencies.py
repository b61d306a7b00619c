"""Two columns that decide each other: which of the two cells is the error."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import karat

GRADES = 24


def codes_and_names(third: bool, records: int = 3_000, dirt: float = 0.02) -> tuple[dict[str, list[str]], set]:
    """Towns and their codes, some larger than others; a fiftieth of each column names another town."""
    rng = np.random.default_rng(5)
    shares = rng.dirichlet(np.full(GRADES, 4.0))
    true = rng.choice(GRADES, records, p=shares)
    columns, wrong = {}, set()
    for column in ("town", "code", "office")[: 3 if third else 2]:
        cells = true.copy()
        for row in rng.choice(records, int(dirt * records), replace=False).tolist():
            cells[row] = (true[row] + rng.integers(1, GRADES)) % GRADES
            wrong.add((row, column))
        columns[column] = [f"{column} {chr(0x4E00 + 7 * n)}{n}" for n in cells]
    return columns | {"extra": rng.choice(["a", "b", "c"], records).tolist()}, wrong


def accused(columns: dict[str, list[str]]) -> set[tuple[int, str]]:
    found = karat.assess(pa.table(columns)).findings
    found = found.filter(pc.and_(pc.equal(found["check"], "BrokenDependencies"), pc.is_valid(found["row"])))
    sure = found.filter(pc.greater_equal(found["confidence"], 0.5))
    return set(zip(sure["row"].to_pylist(), sure["column"].to_pylist(), strict=True))


def test_a_third_column_says_which_of_two_cells_is_wrong():
    columns, wrong = codes_and_names(third=True)
    cells = accused(columns)
    assert len(cells & wrong) >= 0.95 * len(wrong)
    assert len(cells & wrong) >= 0.98 * len(cells)


def test_two_columns_alone_leave_it_open():
    columns, wrong = codes_and_names(third=False)
    assert len(accused(columns)) <= 0.05 * len(wrong)
