"""What a run says on stderr while it works."""

import pytest

from karat.cli import progress
from karat.cli.progress import Progress, time_left


def test_a_note_is_one_line_and_quiet_says_nothing(capsys):
    Progress().note("collect", "this takes long")
    Progress(quiet=True).note("collect", "this takes long")
    assert capsys.readouterr().err == "collect    this takes long\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "nearly done"),
        (7, "about 5 s left"),
        (42, "about 40 s left"),
        (150, "about 2 min left"),
        (9000, "about 2.5 h left"),
    ],
)
def test_time_that_is_left_is_said_in_words(seconds, words):
    assert time_left(seconds) == words


def test_without_a_terminal_long_work_says_from_time_to_time_how_far_it_is(monkeypatch, capsys):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    bar = Progress()
    bar.enter("evaluate")
    for done in range(1, 11):
        now[0] += 20
        bar.tick(done, 10)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "evaluate   30%  about 2 min left"
    assert 2 <= len(said) <= 5
    quiet = Progress(quiet=True)
    quiet.enter("evaluate")
    now[0] += 100
    quiet.tick(1, 3)
    assert capsys.readouterr().err == ""
