"""The preview fits 80 cells, names the runner-up, and shows no personal data."""

import pytest
from rich.cells import cell_len

from karat.flow.looking import look
from karat.flow.settings import made_settings
from karat.show.preview import choices, in_words, preview

CONTENT = "姓名;邮箱;金额;a_very_long_name_of_a_column_that_never_ends\n" + "".join(
    f"王伟{at};someone{at}@example.com;{at},5;{'long words ' * 9}\n" for at in range(30)
)


@pytest.fixture
def seen(tmp_path):
    (tmp_path / "x.csv").write_bytes(CONTENT.encode("gb18030"))
    return look(str(tmp_path / "x.csv"), made_settings({}, "the test"))


def test_every_line_fits_and_what_was_assumed_has_its_runner_up(seen):
    lines = preview(seen, 80)
    assert all(cell_len(line) <= 80 for line in lines)
    text = "\n".join(lines)
    assert "gb18030 (or " in text
    assert "semicolon (or comma)" in text
    assert "x.csv: 30 records, 4 columns" in text


def test_personal_data_is_masked(seen):
    assert "someone1@example.com" not in "\n".join(preview(seen, 80))


def test_what_can_be_changed_has_a_number(seen):
    lines = preview(seen, 80, numbered=True)
    settable = [choice for choice in choices(seen) if choice.settable]
    assert [line.split()[:2] for line in lines if line[:3].strip().isdigit()][-1][1] == "kind"
    assert len([line for line in lines if line[2:3].isdigit()]) == len(settable)


@pytest.mark.parametrize(
    ("what", "value", "words"),
    [
        ("delimiter", "\t", "tab"),
        ("delimiter", "§", "'§'"),
        ("header_row", "3-4", "lines 3-4"),
        ("header_row", "0", "no header"),
        ("date_order", "dmy", "day first"),
        ("date_order", "", "not decided, left as text"),
        ("thousands", " ", "space"),
        ("encoding", "utf-8", "UTF-8"),
    ],
)
def test_values_are_said_in_words(what, value, words):
    assert in_words(what, value) == words


def test_files_that_differ_are_told(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n" + "1,x\n" * 9)
    (tmp_path / "b.csv").write_text("a;b\n" + "1;x\n" * 9)
    (line,) = [c for c in choices(look(str(tmp_path), made_settings({}, "the test"))) if c.what == "delimiter"]
    assert line.words == "comma; differs between files"
