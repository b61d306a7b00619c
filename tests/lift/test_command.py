"""Any program: measured when it behaves, a clear error when it crashes, hangs or says nothing."""

import sys
from pathlib import Path

import pytest

from karat.cli.summary import lift_lines
from karat.core.errors import InputError, OptionError
from karat.lift.certificate import WARNING
from karat.lift.command import CommandLine, run_command
from tests.lift._planted import records

TRAIN = """
import csv, json, sys
train, test = (list(csv.DictReader(open(path, encoding="utf-8"))) for path in sys.argv[1:3])
means = {}
for label in {row["y"] for row in train}:
    mine = [row for row in train if row["y"] == label]
    means[label] = [sum(float(row[c]) for row in mine) / len(mine) for c in ("first", "second")]
def guess(row):
    return min(means, key=lambda y: sum((float(row[c]) - m) ** 2 for c, m in zip(("first", "second"), means[y])))
right = sum(guess(row) == row["y"] for row in test)
json.dump({NAME: right / len(test) if SIGN > 0 else 1 - right / len(test)}, open(sys.argv[4], "w"))
"""
BROKEN = {
    "crash": ("raise SystemExit('no such column: age')", "no such column: age"),
    "hang": ("import time; time.sleep(60)", "still ran"),
    "silent": ("pass", "did not write"),
    "text": ("import sys; open(sys.argv[4], 'w').write('done')", "JSON"),
    "two": ("import sys; open(sys.argv[4], 'w').write('{\"a\": 1, \"b\": 2}')", "a, b"),
    "nan": ("import sys; open(sys.argv[4], 'w').write('{\"a\": NaN}')", "finite"),
}


def program(folder: Path, source: str, timeout_seconds: float = 30.0) -> CommandLine:
    script, metrics = folder / "train it.py", folder / "metrics.json"
    script.write_text(source, encoding="utf-8")
    command = f"'{sys.executable}' '{script}' {{data}} {{test}} {{seed}} '{metrics}'"
    return CommandLine(command, metrics, timeout_seconds=timeout_seconds)


@pytest.mark.parametrize(("name", "sign"), [("accuracy", 1), ("test_error", -1)])
def test_better_records_are_worth_it_by_a_program_of_the_users(tmp_path: Path, name: str, sign: int) -> None:
    dirty, clean = records(800, wrong=0.45)
    made = program(tmp_path, TRAIN.replace("NAME", repr(name)).replace("SIGN", str(sign)))
    found = run_command(clean, dirty, made)
    assert (found.protocol, found.metric, found.verdict) == ("command", name, "harm")
    assert found.lift < -0.1
    assert found.raw.value * sign > 0


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_a_program_that_does_not_work_is_told_clearly(tmp_path: Path, fault: str) -> None:
    source, words = BROKEN[fault]
    dirty, clean = records(60)
    with pytest.raises(InputError, match=words):
        run_command(dirty, clean, program(tmp_path, source, timeout_seconds=2.0 if fault == "hang" else 30.0))


DEAF = "import json, sys; json.dump({'accuracy': (int(sys.argv[3]) % 7) / 7}, open(sys.argv[4], 'w'))"
OWN = TRAIN.replace("train, test = ", "train, _ = ").replace("means = {}", "test, means = train, {}")


def test_a_program_that_does_not_read_its_data_is_told_so(tmp_path: Path) -> None:
    dirty, clean = records(60, wrong=0.3)
    found = run_command(dirty, clean, program(tmp_path, DEAF))
    assert found.verdict == "no effect seen"
    assert found.notes[0].startswith(WARNING)
    shown = "\n".join(lift_lines(found.to_json()))
    assert "minimum detectable effect unknown" in shown
    assert "The program gives the same score on both versions and on half the records: does it read {data}?" in shown
    assert "no effect seen (The same accuracy on both versions)" in shown
    same = run_command(dirty, dirty, program(tmp_path, DEAF))
    assert same.verdict == "nothing changed"
    assert "{data}" not in "".join(same.notes)


def test_a_program_that_scores_its_own_training_records_is_told_so(tmp_path: Path) -> None:
    dirty, clean = records(120, wrong=0.3)
    found = run_command(dirty, clean, program(tmp_path, OWN.replace("NAME", "'accuracy'").replace("SIGN", "1")))
    assert [note for note in found.notes if note.startswith(WARNING) and "{test}" in note]
    honest = run_command(dirty, clean, program(tmp_path, TRAIN.replace("NAME", "'accuracy'").replace("SIGN", "1")))
    assert not [note for note in honest.notes if note.startswith(WARNING)]


def test_a_metric_left_over_from_before_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text('{"accuracy": 1.0}', encoding="utf-8")
    dirty, clean = records(60)
    with pytest.raises(InputError, match="did not write"):
        run_command(dirty, clean, program(tmp_path, "pass"))


def test_what_cannot_be_run_is_refused(tmp_path: Path) -> None:
    dirty, clean = records(60)
    with pytest.raises(InputError, match="started"):
        run_command(dirty, clean, CommandLine("no-such-program {data}", tmp_path / "m.json"))
    with pytest.raises(OptionError, match="data"):
        CommandLine("python train.py", tmp_path / "m.json")
    with pytest.raises(OptionError, match="reads"):
        CommandLine("python train.py {data}", Path())


def test_what_is_done_is_not_run_again(tmp_path: Path) -> None:
    dirty, clean = records(60)
    made = program(tmp_path, TRAIN.replace("NAME", "'accuracy'").replace("SIGN", "1"))
    first = run_command(dirty, clean, made, cache=tmp_path / "cache")
    (tmp_path / "train it.py").write_text("raise SystemExit(1)", encoding="utf-8")
    assert run_command(dirty, clean, made, cache=tmp_path / "cache").folds == first.folds
