"""Decisions are on the disk when they are said to be, whoever writes them and whatever is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from karat.core.errors import InputError, MachineError
from karat.flow.decisions import FILE, Decision, Decisions, agreed, outcomes, outcomes_hash, standing

WRITER = """
import sys
from pathlib import Path
from karat.flow.decisions import Decision, Decisions
path, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
held = Decisions(path)
for key in range(count):
    with held.turn():
        held.add([Decision(key, "cell", key, None, "a", "C", None, "x", "y", 0.9, "accept", "y", who, "t", 1.0, f"{who}{key}")])
    print(key, flush=True)
"""


def said(key=1, who="anna", answer="y", verdict="accept", batch="", at="2026-01-01T00:00:00"):
    batch = batch or f"{who}-{key}-{answer}-{at}"
    return Decision(key, "cell", 5, None, "a", "C", None, "x", "y", 0.9, verdict, answer, who, at, 1.0, batch)


def write(held, *decisions):
    with held.turn():
        held.add(decisions)


def test_what_is_written_is_read_back_in_order(tmp_path):
    held = Decisions(tmp_path / FILE)
    write(held, said(1), said(2, answer="中文"))
    again = Decisions(tmp_path / FILE)
    assert [one for _, one in again.since(0)] == [said(1), said(2, answer="中文")]
    assert [one.key for _, one in again.since(1)] == [2]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_turn_that_fails_leaves_nothing(tmp_path):
    held = Decisions(tmp_path / FILE)

    def fail():
        with held.turn():
            held.add([said()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert held.since(0) == []


def test_the_log_is_written_through(tmp_path):
    held = Decisions(tmp_path / FILE)
    assert held._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert held._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_last_word_counts_and_an_undo_brings_back_the_one_before():
    first, second = said(answer="y", at="1"), said(answer="z", at="2")
    undo = replace(second, verdict="undo", answer=None)
    assert standing([first, second])[1]["anna"] == second
    assert standing([first, second, undo])[1]["anna"] == first
    assert standing([first, replace(first, verdict="undo")]) == {}
    assert standing([replace(first, verdict="skip", answer=None)]) == {}


def test_the_majority_decides_and_a_tie_nothing():
    a, b, c = said(who="a"), said(who="b", answer="n"), said(who="c")
    assert agreed([a, b]) is None
    assert agreed([a, b, c]).answer == "y"
    assert agreed([]) is None


def test_outcomes_name_the_people_who_agree(tmp_path):
    assert outcomes(tmp_path) == []
    assert outcomes_hash(tmp_path) == ""
    held = Decisions(tmp_path / FILE)
    write(held, said(1, "a"), said(1, "b"), said(1, "c", answer="n"), said(2, "a"), said(2, "b", answer="n"))
    settled = outcomes(tmp_path)
    assert [(one.decision.key, one.decision.answer, one.who) for one in settled] == [(1, "y", "a, b")]
    before = outcomes_hash(tmp_path)
    write(held, said(2, "c"))
    assert outcomes_hash(tmp_path) != before


def test_a_file_of_something_else_is_refused_in_words(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError, match="karat review"):
        outcomes(tmp_path)
    with pytest.raises(MachineError, match="not a database"):
        Decisions(tmp_path / FILE)


def test_two_processes_writing_at_once_lose_nothing(tmp_path):
    path, count = tmp_path / FILE, 60
    command = [sys.executable, "-c", WRITER, str(path)]
    both = [subprocess.Popen([*command, who, str(count)], stdout=subprocess.DEVNULL) for who in ("anna", "bo")]
    assert [one.wait(60) for one in both] == [0, 0]
    told = [one for _, one in Decisions(path).since(0)]
    assert sorted((one.who, one.key) for one in told) == sorted((w, k) for w in ("anna", "bo") for k in range(count))


def test_what_was_said_to_be_saved_survives_a_kill(tmp_path):
    path = tmp_path / FILE
    one = subprocess.Popen([sys.executable, "-c", WRITER, str(path), "anna", "100000"], stdout=subprocess.PIPE)
    heard = [int(one.stdout.readline()) for _ in range(40)]
    os.kill(one.pid, signal.SIGKILL)
    heard += [int(line) for line in one.stdout.read().split()]
    one.stdout.close()
    one.wait()
    kept = {row[0] for row in sqlite3.connect(path).execute("SELECT key FROM decision")}
    assert set(heard) <= kept


def test_leases_are_one_a_person_and_end(tmp_path):
    held = Decisions(tmp_path / FILE)
    with held.turn():
        held.lease(1, "anna", 0.0, 10.0)
        held.lease(2, "bo", 0.0, 10.0)
        held.lease(3, "anna", 1.0, 11.0)
    assert [(one.key, one.who) for one in held.leases(5.0)] == [(2, "bo"), (3, "anna")]
    assert [one.key for one in held.leases(10.5)] == [3]
    with held.turn():
        held.release("anna")
    assert held.leases(10.5) == []


def test_a_decision_that_was_altered_or_is_missing_is_refused(tmp_path):
    held = Decisions(tmp_path / FILE)
    write(held, said(1), said(2), said(3))
    held.close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE decision SET answer = 'Y' WHERE id = 2")
    with pytest.raises(InputError, match=r"decision 2 in .* was altered"):
        outcomes(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DELETE FROM decision WHERE id = 2")
    with pytest.raises(InputError, match=r"decision 2 is missing"):
        outcomes(tmp_path)


def test_decisions_of_before_there_were_digests_are_read(tmp_path):
    held = Decisions(tmp_path / FILE)
    write(held, said(1))
    held.close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP TABLE seal")
    assert [outcome.decision for outcome in outcomes(tmp_path)] == [said(1)]
    held = Decisions(tmp_path / FILE)
    write(held, said(2))
    assert [decision.key for _, decision in held.since(0)] == [1, 2]


def test_nothing_is_saved_while_another_process_writes_to_the_folder(tmp_path, monkeypatch):
    (tmp_path / ".work").mkdir()
    held = Decisions(tmp_path / FILE)
    code = "import sys, time; from pathlib import Path; from karat.flow.journal import locked\n"
    code += "with locked(Path(sys.argv[1])): print('locked', flush=True); sys.stdin.readline()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "locked\n"
    monkeypatch.setattr("karat.flow.decisions.LOCK_SECONDS", 0.05)
    with pytest.raises(MachineError, match="is writing to"), held.saving():
        held.add([said()])
    other.communicate("end\n")
    with held.saving():
        held.add([said()])
    assert [decision for _, decision in held.since(0)] == [said()]
