"""What the commands make of their options before any work begins."""

import inspect
import tomllib
from pathlib import Path

import pytest

from karat.cli import commands
from karat.cli.commands import READING, _settings, job_of, reads_data
from karat.cli.main import main
from karat.core.errors import KaratError


def test_options_stand_in_their_tables_and_empty_ones_nowhere():
    asked = {"collect__target": "y", "clean__profile": "", "seed": 3, "workers": 0, "clean__allow": ()}
    data, home, settings, kept = _settings("x.csv", None, **asked)
    assert (home, kept) == (Path("runs/x"), {})
    assert data == "x.csv"
    assert (settings.collect.target, settings.seed, settings.workers) == ("y", 3, 0)
    assert settings == _settings("x.csv", None, collect__target="y", seed=3)[2]


def test_a_settings_file_names_the_data_beside_it_and_options_overrule_it(tmp_path: Path):
    place = tmp_path / "karat.toml"
    place.write_text('seed = 5\n[collect]\ndata = "sub/x.csv"\ntarget = "a"\n', encoding="utf-8")
    data, _, settings, _ = _settings(str(place), None, collect__target="b")
    assert data == str(tmp_path / "sub" / "x.csv")
    assert (settings.collect.target, settings.seed) == ("b", 5)
    assert _settings(str(place), None)[2].collect.target == "a"
    place.write_text('[collect]\ndata = "https://example.org/x.csv"\n', encoding="utf-8")
    assert _settings(str(place), None)[0] == "https://example.org/x.csv"


def test_a_value_that_no_setting_takes_is_refused():
    with pytest.raises(KaratError):
        _settings("x.csv", None, clean__near_duplicates=2)


def test_a_job_has_a_home_of_its_own_unless_one_is_named():
    job = job_of("data/loans.csv", "clean", None, True, how={"delimiter": ";", "encoding": ""}, truth="")
    assert job.out == Path("runs/loans")
    assert job.settings.collect.delimiter == ";"
    assert job.settings.collect.encoding == ""
    assert job.truth is None
    assert (job.upto, job.full) == ("clean", False)
    named = job_of("loans.csv", "run", Path("here"), True, full=True, truth="t.csv")
    assert (named.out, named.full, named.truth) == (Path("here"), True, "t.csv")


def test_a_command_gets_the_reading_options_together():
    calls = []

    @reads_data
    def command(data: str, quiet: bool = False, how: dict | None = None) -> None:
        """Do it."""
        calls.append((data, quiet, how))

    assert list(inspect.signature(command).parameters) == ["data", "lang", "quiet", *READING]
    assert (command.__name__, command.__doc__) == ("command", "Do it.")
    plain = dict.fromkeys(READING, "")
    command(data="x", lang="", quiet=True, **plain | {"sheet": "S"})
    assert calls == [("x", True, plain | {"sheet": "S"})]


def test_the_list_command_prints_units_or_the_table_of_commands(capsys):
    commands.list_units("voter", commands=False)
    assert capsys.readouterr().out.startswith("voter (")
    commands.list_units("", commands=True)
    assert "clean --mask" in capsys.readouterr().out


def test_a_run_masks_personal_data_where_it_is_told_to(tmp_path, monkeypatch, capsys):
    rows = "".join(f"p{at}@mail.example.com,{'AB'[at % 2]}\n" for at in range(20))
    (tmp_path / "t.csv").write_text(f"mail,grade\n{rows}")
    spec = tmp_path / "karat.toml"
    monkeypatch.setattr("sys.argv", ["karat", "run", str(tmp_path / "t.csv"), "--mask", "--write-spec", str(spec)])
    with pytest.raises(SystemExit) as done:
        main()
    assert (done.value.code, capsys.readouterr().err) == (0, "")
    assert tomllib.loads(spec.read_text())["clean"]["mask"] is True
