"""The preview says how a source is read, by the readers that a run uses."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.flow.looking import MOST_RECORDS, look
from karat.flow.settings import made_settings

NO_SETTINGS = made_settings({}, "the test")
MESSY = (
    "2024年销售台账;;;\n;;;\n客户;;销售;\n编号;城市;金额;日期\n"
    + "".join(f"A{at};上海;{at},5;{1 + at % 28:02}.03.2024\n" for at in range(60))
    + "合计;;1800,0;\n"
)


def seen_of(place, content, **collect):
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return look(str(place), made_settings({"collect": collect}, "the test"))


def assumed(seen):
    return {entry.what: entry.value for entry in seen.assumed}


def test_a_messy_export_comes_out_as_a_person_would_read_it(tmp_path):
    seen = seen_of(tmp_path / "x.csv", MESSY.encode("gb18030"))
    assert assumed(seen) | {"date_order": "dmy"} == assumed(seen)
    assert {"encoding": "gb18030", "delimiter": ";", "header_row": "3-4", "decimal": ","}.items() <= assumed(
        seen
    ).items()
    assert [(column.column.name, column.column.type) for column in seen.columns] == [
        ("编号", "string"),
        ("城市", "string"),
        ("金额", "float64"),
        ("日期", "timestamp"),
    ]
    assert seen.columns[0].values == ("A0", "A1", "A2")
    assert any("合计" in note and "record 60" in note for note in seen.notes)
    assert any("lines set aside, not read as records: line 1: above the header" in note for note in seen.notes)


def test_what_is_written_in_several_ways_is_said_beside_the_column(tmp_path):
    days = ("2024-03-01", "02/04/2024", "Mar 3 2024")
    words = ("yes", "no", "Y", "N", "TRUE", "FALSE")
    lines = "".join(f"{days[at % 3]},{words[at % 6]},{('$', '€')[at % 2]}{at + 5}\n" for at in range(90))
    notes = {c.column.name: " ".join(c.notes) for c in seen_of(tmp_path / "x.csv", "day,paid,price\n" + lines).columns}
    assert "days in 3 formats" in notes["day"]
    assert "yes and no in 6 spellings" in notes["paid"]
    assert "the units do not convert" in notes["price"]


def test_numbers_of_days_among_written_days_are_said(tmp_path):
    lines = "".join(f"{44197 + at if at % 8 == 0 else f'2021-01-{1 + at % 28:02}'},{at}\n" for at in range(80))
    column = seen_of(tmp_path / "x.csv", "day,n\n" + lines).columns[0]
    assert any(note.startswith("10 cells like '44197'") for note in column.notes)


@pytest.mark.parametrize(
    ("cell", "what", "choice"),
    [("{0}.{1:03}", "decimal", (".", ",")), ("{2:02}/{3:02}/2024", "date_order", ("", "dmy"))],
)
def test_what_nothing_in_the_file_decides_is_unclear_until_it_is_set(tmp_path, cell, what, choice):
    cells = [cell.format(1 + at % 9, (at * 37) % 1000, 1 + at % 12, 1 + at % 11) for at in range(60)]
    content = "x,n\n" + "".join(f"{text},{at}\n" for at, text in enumerate(cells))
    (entry,) = [entry for entry in seen_of(tmp_path / "x.csv", content).assumed if entry.what == what]
    assert (entry.value, entry.runner_up, entry.clear) == (*choice, 0.0)
    (entry,) = [e for e in seen_of(tmp_path / "x.csv", content, **{what: choice[1]}).assumed if e.what == what]
    assert (entry.value, entry.clear) == (choice[1], 1.0)


def test_another_column_of_the_file_decides(tmp_path):
    content = "a,b\n" + "".join(f"{1 + at % 9}.{(at * 37) % 1000:03},{at}.5\n" for at in range(60))
    (entry,) = [entry for entry in seen_of(tmp_path / "x.csv", content).assumed if entry.what == "decimal"]
    assert entry.value == "."
    assert entry.clear == 0.5


def test_of_a_long_file_the_beginning_is_read(tmp_path):
    seen = seen_of(tmp_path / "x.csv", "a,b\n" + "".join(f"{at},x\n" for at in range(MOST_RECORDS + 5)))
    assert seen.records == MOST_RECORDS
    assert not seen.whole


def test_a_folder_of_mixed_things_is_told(tmp_path):
    from PIL import Image

    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for at in range(4):
            Image.fromarray(np.full((8, 8, 3), at, np.uint8)).save(tmp_path / name / f"{at}.png")
    (tmp_path / "prices.csv").write_text("a,b\n1,x\n")
    (tmp_path / "README.md").write_text("about")
    seen = look(str(tmp_path), NO_SETTINGS)
    assert (seen.kind, dict(seen.facts)["classes"]) == ("image", "2: cats 4, dogs 4")
    (note,) = seen.notes
    assert "10 files; 8 are read, not 1 .csv, 1 .md" in note
    assert f"karat look '{tmp_path}/*.csv'" in note


def test_a_file_about_the_others_is_no_data(tmp_path):
    (tmp_path / "README.md").write_text("about the table")
    (tmp_path / "x.csv").write_text("a,b\n" + "1,x\n" * 9)
    assert look(str(tmp_path), NO_SETTINGS).records == 9


def test_documents_are_looked_at_without_reading_all(tmp_path):
    lines = "".join(f'{{"text": "{"Ein langer Satz. " * 30}{at}", "id": {at}}}\n' for at in range(600))
    seen = seen_of(tmp_path / "x.jsonl", lines)
    assert (seen.kind, seen.records, seen.whole) == ("text", 500, False)
    assert dict(seen.facts)["documents"] == "column 'text'"


def test_tables_in_memory_are_looked_at_too():
    seen = look(pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]}), NO_SETTINGS)
    assert [(c.column.name, c.values) for c in seen.columns] == [("a", ("1", "2", "3")), ("b", ("x", "y", "z"))]


def test_json_holds_plain_values_and_every_column(tmp_path):
    seen = seen_of(tmp_path / "x.csv", "a;b\n" + "".join(f"{at},5;x\n" for at in range(9)))
    plain = seen.to_json()
    assert plain["reading"]["delimiter"]["value"] == ";"
    assert [column["name"] for column in plain["columns"]] == ["a", "b"]
    assert plain["columns"][0]["decimal"] == ","


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="not found"):
        look(str(tmp_path / "x.csv"), NO_SETTINGS)
