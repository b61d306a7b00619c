"""Tables of findings: scalars repeated, absent columns null, one schema."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.finding import FINDINGS, SCORED, Dimension, findings, no_findings


def test_scalars_are_repeated_and_what_is_absent_is_null():
    table = findings("Spelling", Dimension.ACCURACY, 2, row=[3, 5], confidence=0.5, message=["a", "b"], column="c")
    assert table.schema == FINDINGS
    assert table.to_pylist()[1] == {
        "row": 5,
        "column": "c",
        "check": "Spelling",
        "dimension": "accuracy",
        "value": None,
        "suggestion": None,
        "confidence": 0.5,
        "message": "b",
        "span_start": None,
        "span_end": None,
        "source": None,
        "kind": "fact",
        "keeper": None,
    }


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        (1, 2),
        np.array([1, 2], np.int32),
        pa.array([1, 2], pa.int16()),
        pa.chunked_array([[1], [2]], pa.int32()),
    ],
)
def test_columns_come_as_sequences_arrays_or_chunks(values):
    table = findings("A", Dimension.ACCURACY, 2, row=values, confidence=1.0, message="m")
    assert table["row"].to_pylist() == [1, 2]
    assert table["row"].type == pa.int64()


def test_a_text_is_a_scalar_and_a_list_of_texts_is_not():
    table = findings("A", Dimension.ACCURACY, 2, confidence=1.0, message="ab", value=["x", None], kind="form")
    assert table["message"].to_pylist() == ["ab", "ab"]
    assert table["value"].to_pylist() == ["x", None]
    assert table["kind"].to_pylist() == ["form", "form"]


def test_check_and_dimension_are_those_of_the_check():
    table = findings("A", Dimension.TIMELINESS, 1, confidence=1.0, message="m")
    assert (table["check"][0].as_py(), table["dimension"][0].as_py()) == ("A", "timeliness")


@pytest.mark.parametrize(
    "columns", [{"confidence": 1.0}, {"message": "m"}, {"confidence": 1.0, "message": "m", "colour": "red"}]
)
def test_missing_and_unknown_columns_are_refused(columns):
    with pytest.raises(TypeError, match="findings need"):
        findings("A", Dimension.ACCURACY, 1, **columns)


def test_a_column_of_another_length_is_refused():
    with pytest.raises(pa.ArrowInvalid):
        findings("A", Dimension.ACCURACY, 2, row=[1], confidence=1.0, message="m")


def test_no_findings_have_the_schema_too():
    assert no_findings().num_rows == 0
    assert no_findings().schema == FINDINGS
    assert findings("A", Dimension.ACCURACY, 0, confidence=1.0, message="m") == no_findings()


def test_confidentiality_is_reported_not_scored():
    assert set(Dimension) - set(SCORED) == {Dimension.CONFIDENTIALITY}
