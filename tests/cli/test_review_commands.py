"""The review command hands its words to the page and says where it is open."""

from pathlib import Path

from typer.testing import CliRunner

from karat.cli import commands, review_commands  # noqa: F401  register commands
from karat.cli.app import app
from karat.core.errors import OptionError
from karat.show import spoken
from karat.show.review import serving


def test_progress_and_address_go_to_stderr(monkeypatch, tmp_path: Path):
    asked = []

    def review(run, host, port, *, settings, tick, ready):
        asked.append((run, host, port, settings))
        tick("cases", 1234)
        ready("http://127.0.0.1:1/?token=x")

    monkeypatch.setattr(serving, "review", review)
    done = CliRunner().invoke(app, ["review", str(tmp_path), "--port", "9"])
    assert done.exit_code == 0
    assert asked == [(tmp_path, "127.0.0.1", 9, None)]
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


def test_a_command_speaks_the_language_asked_for_else_that_of_the_run(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(serving, "review", lambda *_, ready, **__: ready("http://127.0.0.1:1/"))
    asked = CliRunner().invoke(app, ["review", str(tmp_path), "--lang", "zh"])
    assert asked.stderr.startswith("审核页面：http://127.0.0.1:1/")
    spoken._PROCESS[0] = ""
    (tmp_path / "karat.toml").write_text('[show]\nlang = "zh"\n', encoding="utf-8")
    assert CliRunner().invoke(app, ["review", str(tmp_path)]).stderr.startswith("审核页面")
    assert CliRunner().invoke(app, ["review", str(tmp_path), "--lang", "en"]).stderr.startswith("Review page")


def test_an_unknown_language_is_refused_before_anything_begins(tmp_path: Path):
    done = CliRunner().invoke(app, ["assess", str(tmp_path / "none.csv"), "--lang", "xx"])
    assert isinstance(done.exception, OptionError)
    assert str(done.exception) == "--lang xx is not available. Use one of en, zh."
