"""How the command line ends."""

import os
import signal
import subprocess
import sys

import pyarrow as pa
import pytest

import karat
from karat.cli import main


@pytest.mark.skipif(os.name == "nt", reason="no process groups to interrupt")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_one_line_with_the_command_that_goes_on(tmp_path, number):
    lines = [f"{at % 97},{at * at % 89},{'ab'[at % 3 == 0]}" for at in range(3000)]
    (tmp_path / "in.csv").write_text("\n".join(["x,z,y", *lines]) + "\n")
    words = [sys.executable, "-m", "karat", "run", "in.csv", "--target", "y"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stderr is not None
        first = run.stderr.readline()
        os.killpg(run.pid, number)
        _, rest = run.communicate(timeout=60)
    assert first.startswith("collect")
    assert run.returncode == 130
    assert [line for line in rest.splitlines() if line.startswith("Interrupted")] == [
        "Interrupted. What was done is saved. To continue: karat run in.csv --target y"
    ]
    assert "Traceback" not in rest


def test_an_output_that_is_no_utf8_ends_no_finished_run(tmp_path):
    (tmp_path / "in.csv").write_text("a,b\n" + "1,x\n2,y\n" * 9)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "karat", "assess", "in.csv"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, b"fault" in done.stderr) == (0, False)
    assert b"report" in done.stdout


def test_a_command_that_fails_on_an_altered_run_folder_says_what_was_altered(tmp_path, monkeypatch, capsys):
    run = tmp_path / "run"
    karat.clean(pa.table({"a": ["x", "y", "x", "z"] * 9, "n": list(range(36))}), out=run)
    monkeypatch.setattr(sys, "argv", ["karat", "why", str(run), "3"])
    assert main._other(KeyError("n")) == 1
    assert "fault in Karat itself: KeyError: 'n'" in capsys.readouterr().err
    content = (run / "findings.parquet").read_bytes()
    (run / "findings.parquet").write_bytes(content[:-40] + b"?" * 4 + content[-36:])
    assert main._other(KeyError("n")) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"Error: {run}: findings.parquet is not the file that was published. Restore the file")
    monkeypatch.setattr(sys, "argv", ["karat", "assess", f"{run}@2"])
    assert main._other(KeyError("n")) == 2


def ended(monkeypatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["karat", *words])
    with pytest.raises(SystemExit) as end:
        main.main()
    return int(end.value.code or 0)


@pytest.mark.parametrize("words", [[], ["store"]])
def test_without_a_command_the_help_is_shown_and_is_no_error(monkeypatch, capsys, words):
    status = ended(monkeypatch, *words)
    shown = capsys.readouterr().out
    assert (status, shown.startswith("Usage:"), "Error" in shown) == (0, True, False)
    assert "Run karat --help" not in shown


@pytest.mark.parametrize("words", [["asess", "in.csv"], ["assess", "in.csv", "--tagret", "y"]])
def test_a_typing_error_is_one_sentence_after_the_other(monkeypatch, capsys, words):
    status = ended(monkeypatch, *words)
    shown = capsys.readouterr().err
    assert status == 2
    assert shown.rstrip().endswith(" Run karat --help for commands and options.")
    assert "?." not in shown


def test_the_version_is_printed(monkeypatch, capsys):
    assert ended(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.strip() == f"karat {karat.__version__}"
