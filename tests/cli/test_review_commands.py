"""The review command hands its words to the page and says where it is open."""

from pathlib import Path

from typer.testing import CliRunner

from karat.cli import commands, review_commands  # noqa: F401  register commands
from karat.cli.app import app
from karat.show.review import serving


def test_progress_and_address_go_to_stderr(monkeypatch, tmp_path: Path):
    asked = []

    def review(run, host, port, *, tick, ready):
        asked.append((run, host, port))
        tick("cases", 1234)
        ready("http://127.0.0.1:1/?token=x")

    monkeypatch.setattr(serving, "review", review)
    done = CliRunner().invoke(app, ["review", str(tmp_path), "--port", "9"])
    assert done.exit_code == 0
    assert asked == [(tmp_path, "127.0.0.1", 9)]
    assert done.stderr.splitlines() == [
        "reading cases: 1,234 rows",
        "Review page: http://127.0.0.1:1/?token=x",
        "Decisions are saved as you make them. Press Ctrl-C to stop.",
    ]
    CliRunner().invoke(app, ["review", str(tmp_path)])
    assert asked[-1][2] == 8470


def test_a_report_in_chinese_and_an_unknown_language(tmp_path: Path):
    (tmp_path / "run.json").write_text("{}")
    done = CliRunner().invoke(app, ["report", str(tmp_path), "--lang", "zh"])
    assert done.exit_code == 0, done.exception
    assert 'lang="zh-Hans"' in (tmp_path / "report.zh.html").read_text(encoding="utf-8")
    compared = CliRunner().invoke(app, ["report", str(tmp_path), "--compare", str(tmp_path)])
    assert tmp_path.name[:10] in compared.stdout
    unknown = CliRunner().invoke(app, ["report", str(tmp_path), "--lang", "xx"])
    assert str(unknown.exception) == "--lang xx is not available. Use one of en, zh."
