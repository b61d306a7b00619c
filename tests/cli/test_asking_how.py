"""One key accepts how a file is read, a number changes an assumption."""

import pytest
import typer

from karat.cli import asking_how
from karat.flow.kept_reading import kept_reading
from karat.flow.looking import look
from karat.flow.settings import made_settings

NO_SETTINGS = made_settings({}, "the test")
DAYS = "day,n\n" + "".join(f"{1 + at % 12:02}/{1 + at % 11:02}/2024,{at}\n" for at in range(60))


@pytest.fixture
def press(monkeypatch):
    def keys(text, typed=""):
        left = iter(text)
        monkeypatch.setattr(typer, "getchar", lambda: next(left))
        monkeypatch.setattr("builtins.input", lambda _: typed)
        monkeypatch.setattr(asking_how, "can_ask", lambda: True)

    return keys


@pytest.fixture
def place(tmp_path):
    (tmp_path / "x.csv").write_text(DAYS)
    return str(tmp_path / "x.csv")


def settled(place, tmp_path):
    return asking_how.settled(place, tmp_path / "run", NO_SETTINGS, look(place, NO_SETTINGS))


def test_enter_accepts_and_keeps(press, place, tmp_path, capsys):
    press("\r")
    assert settled(place, tmp_path).collect.header_row == "1"
    assert kept_reading(tmp_path / "run", place)["encoding"] == "utf-8"
    assert "not decided" in capsys.readouterr().err


def test_q_leaves_and_keeps_nothing(press, place, tmp_path):
    press("q")
    assert settled(place, tmp_path) is None
    assert not (tmp_path / "run").exists()


def test_a_number_takes_the_runner_up_and_again_takes_it_back(press, place, tmp_path):
    press("4\r")  # encoding, delimiter, header, dates
    assert settled(place, tmp_path).collect.date_order == "dmy"
    press("34\r3q"[:4])
    assert settled(place, tmp_path) is not None


def test_where_there_is_no_runner_up_a_person_types_one(press, place, tmp_path):
    press("2\r", typed="semicolon")
    assert settled(place, tmp_path).collect.delimiter in (";", "semicolon")


def test_what_cannot_be_read_is_said_and_left_as_it_was(press, place, tmp_path, capsys):
    press("1\r", typed="klingon")
    assert settled(place, tmp_path).collect.encoding == "utf-8"
    assert "Error: encoding 'klingon' not found" in capsys.readouterr().err


def test_a_run_asks_only_where_nothing_decides_and_nothing_was_kept(press, place, tmp_path):
    press("4\r")
    home = tmp_path / "run"
    assert asking_how.settled_where_unclear(place, home, NO_SETTINGS, {}).collect.date_order == "dmy"
    press("")  # no key is asked for
    assert asking_how.settled_where_unclear(place, home, NO_SETTINGS, {"data": "x"}) is NO_SETTINGS
    (tmp_path / "y.csv").write_text("a,b\n" + "1,x\n" * 9)
    assert asking_how.settled_where_unclear(str(tmp_path / "y.csv"), home, NO_SETTINGS, {}) is NO_SETTINGS


def test_leaving_ends_the_run(press, place, tmp_path):
    press("q")
    with pytest.raises(typer.Abort):
        asking_how.settled_where_unclear(place, tmp_path / "run", NO_SETTINGS, {})


def test_without_a_terminal_nobody_is_asked(place, tmp_path):
    assert not asking_how.can_ask()
    assert asking_how.settled_where_unclear(place, tmp_path, NO_SETTINGS, {}) is NO_SETTINGS
