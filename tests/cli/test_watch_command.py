"""``karat watch`` from the command line."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

import karat
from karat.cli.main import main


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs") / "people"
    table = pa.table({"n": [str(20 + k % 41) for k in range(80)], "city": ["Oslo", "Bergen"] * 40})
    karat.clean(table, out=place, workers=1)
    return place


def called(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["karat", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def test_a_file_is_watched_and_counted(run, tmp_path, monkeypatch, capsys):
    path = tmp_path / "e.jsonl"
    path.write_text('{"n": "21", "city": "Oslo"}\nbroken\n')
    assert called(monkeypatch, "watch", path, run, "--once", "--wait", "0.05") == 0
    out, err = capsys.readouterr()
    assert "1 record" in out
    assert "1 unreadable" in out
    assert "do not run on a stream" in err
    path.write_text(path.read_text() + '{"n": "22", "city": "Oslo"}\n')
    assert called(monkeypatch, "watch", path, run, "--once", "--wait", "0.05", "--json", "--quiet") == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["records"], values["dead"], values["places"]["e.jsonl"].split("-")[0]) == (
        2,
        1,
        str(path.stat().st_size),
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nowhere.jsonl"], "no file or folder"),
        (["redis://h"], "names no stream"),
        (["e.jsonl", "--policy", "drop"], "policy 'drop' not found"),
        (["e.jsonl", "--event-time", "day"], "column 'day' not found"),
    ],
)
def test_what_is_wrong_is_one_line(run, tmp_path, monkeypatch, capsys, words, why):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.jsonl").write_text("{}\n")
    assert called(monkeypatch, "watch", words[0], run, *words[1:]) == 2
    assert why in capsys.readouterr().err


def test_sigterm_leaves_a_good_state(run, tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_text('{"n": "21", "city": "Oslo"}\n' * 50)
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "karat",
        "watch",
        str(path),
        str(run),
        "--out",
        str(out),
        "--wait",
        "0.05",
        "--json",
    ]
    source = str(Path(karat.__file__).parents[1])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": source}
    ) as watching:
        until = time.monotonic() + 120
        while not (out / "state.json").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert (out / "state.json").exists()
        watching.send_signal(signal.SIGTERM)
        said, err = watching.communicate(timeout=60)
    assert watching.returncode == 130, err
    assert json.loads(said)["records"] == 50
