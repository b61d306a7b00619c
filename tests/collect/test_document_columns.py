"""Types and roles of a corpus's columns: a number only where no digit of any cell is lost."""

import pyarrow as pa
import pytest

from karat.collect.document_columns import NOTHING, SOURCES, joint_schema, named, types_of
from karat.core.schema import Role


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-20", "0", None], "int64"),
        (["1" * 18], "int64"),
        (["1" * 19], "string"),
        (["007"], "string"),
        (["-0"], "string"),
        (["1", "2.5"], "float64"),
        (["2.500000", "-0.5"], "float64"),
        (["2.5000000"], "string"),
        (["1234567890.5"], "string"),
        (["2."], "string"),
        (["1", "x"], "string"),
        ([None, None], NOTHING),
        ([], NOTHING),
    ],
)
def test_the_narrowest_type_that_loses_nothing(cells: list[str | None], kind: str) -> None:
    table = pa.table({"a": pa.array(cells, pa.string()), "text": pa.array(["1"] * len(cells), pa.string())})
    assert types_of(table, "text") == {"a": kind, "text": "string"}


def test_the_widest_type_of_all_parts_holds_for_the_corpus() -> None:
    parts = [{"text": "string", "n": "int64", "m": NOTHING}, {"n": "float64", "m": NOTHING}, {"n": NOTHING}]
    schema = joint_schema(["text", "n", "m"], "text", parts)
    assert [(column.name, column.type) for column in schema] == [("text", "string"), ("n", "float64"), ("m", "string")]
    assert schema.kind == "text"
    assert joint_schema(["n"], "text", [{"n": "string"}, {"n": "int64"}])["n"].type == "string"


def test_roles_go_by_names_and_one_column_has_each() -> None:
    columns = ["text", "Date", "timestamp", "site", "domain", "other"]
    roles = {column.name: column.role for column in joint_schema(columns, "text", [])}
    assert roles == {
        "text": Role.TEXT,
        "Date": Role.TIME,
        "timestamp": Role.IGNORE,
        "site": Role.IGNORE,
        "domain": Role.SOURCE,  # the surer name wins, wherever it stands
        "other": Role.IGNORE,
    }


def test_the_first_of_the_known_names_is_taken_whatever_its_case() -> None:
    assert named(["Host", "SITE"], SOURCES) == "SITE"
    assert named(["来源"], SOURCES) == "来源"
    assert named(["a"], SOURCES) == named([], SOURCES) == ""
