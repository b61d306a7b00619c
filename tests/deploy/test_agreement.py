"""How far the exported model agrees with the Python one, and which odd records both are asked."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from karat.core.errors import MachineError
from karat.core.schema import Column, Role, Schema
from karat.deploy.agreement import (
    MAX_PROBED,
    NUMBERS,
    PROBES,
    TIMES,
    Agreement,
    _compared,
    answer_alone,
    probes_of,
    verify,
)


def records(ages: list[str | None]) -> pa.Table:
    n = len(ages)
    return pa.table({"age": pa.array(ages, pa.string()), "城市": ["上海"] * n, "when": ["2024/02/03"] * n})


def chances(ages: list[float]) -> np.ndarray:
    yes = 1 / (1 + np.exp(3 - np.array(ages) / 10))
    return np.column_stack([1 - yes, yes])


def test_a_model_asked_where_the_library_cannot_be_had(run: Path) -> None:
    agreement = verify(run / "model", records(["10", "50"]), chances([10, 50]), probes=1)
    assert agreement.whole
    assert agreement.worst < 1e-6
    assert agreement == Agreement(2, 2, agreement.worst, 1e-5, 1)
    assert agreement.to_json()["agree"] == 2


def test_a_process_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"did not answer: .*not found"):
        verify(tmp_path, records(["1"]), chances([1]))


def test_the_other_half_writes_numbers_and_texts_as_plain_arrays(run: Path, tmp_path: Path) -> None:
    asked, answered = tmp_path / "asked.arrow", tmp_path / "answered.npz"
    table = records(["10", "50"])
    with pa.ipc.new_file(str(asked), table.schema) as out:
        out.write_table(table)
    answer_alone(str(run / "model"), str(asked), str(answered))
    with np.load(answered) as arrays:
        assert arrays["o0"].tolist() == ["no", "是"]
        assert arrays["o1"] == pytest.approx(chances([10, 50]), abs=1e-6)


LABELS = SimpleNamespace(tolerance=0.125, classes=("a", "b"))
NUMBER = SimpleNamespace(tolerance=0.125, classes=())


def test_probabilities_agree_up_to_the_tolerance_and_only_with_the_same_label() -> None:
    expected = np.array([[0.5, 0.5], [0.25, 0.75], [0.25, 0.75], [0.75, 0.25]])
    values = {
        "o0": np.array(["a", "b", "b", "b"]),
        "o1": np.array([[0.5, 0.5], [0.375, 0.75], [0.25, 0.5], [0.75, 0.25]]),
    }
    assert _compared(values, expected, LABELS, 0) == Agreement(4, 2, 0.25, 0.125)
    assert not _compared(values, expected, LABELS, 0).whole


def test_numbers_are_compared_relative_to_their_size_but_never_below_one() -> None:
    values = {"o0": np.array([100.0, 0.125, 90.0, 0.5])}
    agreement = _compared(values, np.array([112.0, 0.0, 80.0, 0.25]), NUMBER, 2)
    assert agreement == Agreement(4, 3, 0.25, 0.125, 2)
    assert _compared({"o0": np.zeros(0)}, np.zeros(0), NUMBER, 0).whole


SCHEMA = Schema(
    (
        Column("n", Role.NUMBER, "float64", nulls=("?",)),
        Column("c", Role.CATEGORY),
        Column("t", Role.TIME, "timestamp"),
        Column("id", Role.ID),
        Column("y", Role.TARGET),
    )
)
TABLE = pa.table({"n": ["1", "2"], "c": ["x", "y"], "t": ["2020-01-01", None], "id": ["a", "b"], "y": ["p", "q"]})


def test_probes_change_one_cell_of_a_record_at_a_time_and_the_last_is_blank() -> None:
    probes = probes_of(TABLE, SCHEMA).to_pylist()
    assert len(probes) == 2 + len(NUMBERS) + 1 + len(PROBES) + 1 + len(TIMES) + 1
    assert probes[-1] == {"n": None, "c": None, "t": None}
    assert [probe["n"] for probe in probes[: 2 + len(NUMBERS)]] == [None, "?", *NUMBERS]
    assert [probe["c"] for probe in probes[:4]] == ["x", "y", "x", "y"]
    texts = [probe["c"] for probe in probes[2 + len(NUMBERS) : -2 - len(TIMES)]]
    assert texts == [None, *PROBES]


def test_at_most_so_many_records_lend_themselves_and_of_none_only_the_blank_one_is_made() -> None:
    many = pa.concat_tables([TABLE] * MAX_PROBED)
    assert probes_of(many, SCHEMA).num_rows == probes_of(TABLE, SCHEMA).num_rows
    assert probes_of(TABLE.slice(0, 0), SCHEMA).to_pylist() == [{"n": None, "c": None, "t": None}]


def test_pictures_are_probed_with_files_and_with_what_is_none() -> None:
    schema = Schema((Column("p", Role.IMAGE, "binary"), Column("y", Role.TARGET)))
    table = pa.table({"p": [b"x"], "y": ["a"]})
    cells = [probe["p"] for probe in probes_of(table, schema).to_pylist()]
    assert cells[0] is cells[-1] is None
    assert cells[1:3] == [b"", "并非图片".encode()]
    sizes = [Image.open(BytesIO(cell)).size for cell in cells[3:-1]]
    assert sizes == [(40, 40)] * 3 + [(48, 48), (1, 1), (3, 48), (48, 48), (48, 48)]
