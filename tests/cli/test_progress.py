"""What a run says on stderr while it works."""

from karat.cli.progress import Progress


def test_a_note_is_one_line_and_quiet_says_nothing(capsys):
    Progress().note("collect", "this takes long")
    Progress(quiet=True).note("collect", "this takes long")
    assert capsys.readouterr().err == "collect    this takes long\n"
