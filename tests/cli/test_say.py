"""On a terminal lines are cut at words; elsewhere they stay whole."""

import io
import sys

from karat.cli.say import say

LINE = (
    "collect    401 in → 401 records × 8 columns · 3 quarantined (line 1: above the header; line 2: above the header)"
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_a_line_stays_whole(capsys):
    say(LINE)
    say("trouble", error=True)
    said = capsys.readouterr()
    assert (said.out, said.err) == (LINE + "\n", "trouble\n")


def test_on_a_terminal_it_is_cut_at_words_in_its_column(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", Terminal())
    say(LINE)
    first, second, end = sys.stdout.getvalue().split("\n")
    assert first.endswith("line 1: above the")
    assert second == "           header; line 2: above the header)"
    assert end == ""
