"""What is changed inside documents: where it stood, what stood there, and that the spans are exact."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import OptionError
from karat.core.patch import changes
from karat.flow.text_edits import (
    KEY,
    MOST_LINES,
    _lines_gone,
    cleared,
    edited,
    hash_key,
    places_of,
    without_contents,
)


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("abc", "abc", []),
        ("abc", "axc", [(1, 2, "b", "x")]),
        ("abc", "ac", [(1, 2, "b", "")]),
        ("ac", "abc", [(1, 1, "", "b")]),
        ("aaa", "aa", [(2, 3, "a", "")]),
        ("", "x", [(0, 0, "", "x")]),
        ("ab\ncd\nef", "ab\ncX\nef", [(4, 5, "d", "X")]),
        ("ab\ncd", "Xb\ncX", [(0, 1, "a", "X"), (4, 5, "d", "X")]),
        ("a\nb\nc", "a\nc", [(2, 4, "b\n", "")]),
        ("😀a", "😀b", [(1, 2, "a", "b")]),
    ],
)
def test_where_two_texts_differ(before: str, after: str, places: list[tuple]) -> None:
    assert list(places_of(before, after)) == places


def test_line_ends_are_one_place_and_the_rest_is_counted_without_them() -> None:
    assert list(places_of("a\r\nb", "a\nb")) == [(None, None, "\r\n", "\n")]
    assert list(places_of("a\rb", "a\nX")) == [(None, None, "\r", "\n"), (2, 3, "b", "X")]


@pytest.mark.parametrize(("lines", "places"), [(MOST_LINES, MOST_LINES), (MOST_LINES + 1, 1)])
def test_too_many_lines_are_shown_as_one_place(lines: int, places: int) -> None:
    before, after = "\n".join(["ab"] * lines), "\n".join(["aX"] * lines)
    assert len(list(places_of(before, after))) == places


def test_lines_that_went() -> None:
    assert list(_lines_gone("a\nb\nc", "a\nc")) == [(2, 3, "b", "")]
    assert list(_lines_gone("a\nb", "")) == [(0, 1, "a", ""), (2, 3, "b", "")]
    assert list(_lines_gone("a", "a")) == []


NOTHING = {"repair_unicode": False, "html": False, "boilerplate": False, "replace": {}}


def test_repaired_characters_have_a_row_each() -> None:
    texts = pa.array(["plain", "caf\u00c3\u00a9", "a\u200bb"])
    mended, (ledger,) = edited(texts, "t", NOTHING | {"repair_unicode": True})
    assert mended.to_pylist() == ["plain", "café", "ab"]
    assert set(ledger["row"].to_pylist()) == {1, 2}
    assert set(ledger["check"].to_pylist()) == {"BrokenCharacters"}
    for entry in ledger.to_pylist():
        text = texts[entry["row"]].as_py()
        assert text[entry["span_start"] : entry["span_end"]] == entry["before"]


def test_only_what_is_asked_for_is_taken_out() -> None:
    texts = pa.array(["<p>Hello <b>you</b></p>"])
    assert edited(texts, "t", NOTHING) == (texts, [])
    without, (ledger,) = edited(texts, "t", NOTHING | {"html": True})
    assert "<" not in without[0].as_py()
    assert set(ledger["check"].to_pylist()) == {"HtmlInTexts"}


MAIL = "write to wei@example.org now"


def test_personal_data_goes_from_every_column_and_the_originals_stand_apart() -> None:
    table = pa.table({"t": [MAIL, "nothing", None], "from": ["a@b.org", "12345678901", None]})
    done = cleared(table, pa.array([MAIL, "nothing", ""]), "t", "mask")
    assert "wei@example.org" not in str(done.table.to_pydict())
    assert "a@b.org" not in str(done.table.to_pydict())
    assert done.table["t"].to_pylist()[1:] == ["nothing", None]
    assert done.table["from"].to_pylist()[1:] == ["12345678901", None]
    assert sorted(done.edits["column"].to_pylist()) == ["from", "t"]
    assert set(done.edits["row"].to_pylist()) == {0}
    assert done.originals.to_pylist() == [
        {"row": 0, "column": "t", "original": MAIL},
        {"row": 0, "column": "from", "original": "a@b.org"},
    ]
    assert set(done.edits["before"].to_pylist()) == {None}
    spans = [(entry["span_start"], entry["span_end"]) for entry in done.edits.to_pylist() if entry["column"] == "t"]
    assert spans == [(MAIL.index("wei"), MAIL.index(" now"))]


def test_what_was_mended_before_is_masked_in_both_states() -> None:
    table = pa.table({"t": [MAIL + "\u200b"]})
    done = cleared(table, pa.array([MAIL]), "t", "mask")
    assert "wei@" not in done.table["t"][0].as_py()
    assert done.table["t"][0].as_py().endswith("\u200b")
    assert not done.texts[0].as_py().endswith("\u200b")
    assert done.originals["original"].to_pylist() == [MAIL + "\u200b"]


def test_rows_that_may_hold_personal_data_say_where_but_not_what() -> None:
    edits = changes(2, row=[0, 1], column="t", action="edit", before="x", after="y", check="C", confidence=1.0)
    hidden = without_contents(edits, np.array([1]))
    assert hidden["before"].to_pylist() == ["x", None]
    assert hidden["after"].to_pylist() == ["y", None]
    assert without_contents(edits, np.array([], np.int64)) is edits


def test_hashing_takes_a_key_of_sixteen_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "x" * 16)
    assert hash_key() == b"x" * 16
    for key in ("x" * 15, ""):
        monkeypatch.setenv(KEY, key)
        with pytest.raises(OptionError, match=f"has {len(key)} bytes"):
            hash_key()
