"""All that waits in one list: every kind, each once, in the order asked, found again by its key."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError
from karat.flow.decisions import KINDS
from karat.show.review.queue import Queue, open_queue


def kinds(queue):
    return [queue.case(at)["kind"] for at in range(queue.size)]


def test_every_kind_is_there_once_and_in_order(run):
    queue = open_queue(run)
    assert kinds(queue) == ["label"] * 2 + ["cell"] * 4 + ["record", "pair"] + ["conflict"] * 2 + ["next"] * 2
    assert [queue.case(at)["row"] for at in range(8)] == [1, 2, 4, 5, 6, 7, 8, 0]
    assert queue.case(7)["other"] == 39
    assert [queue.case(at)["item"] for at in (8, 9)] == ["i1", "i2"]
    assert [queue.case(at)["row"] for at in (10, 11)] == [10, 11]


def test_two_opinions_of_one_cell_are_one_case_with_both_in_words(run):
    case = open_queue(run).case(5)
    assert (case["check"], case["suggestion"], case["confidence"]) == ("CodePatterns", "a", 0.7)
    assert case["message"].split("\n")[0] == "second opinion"
    assert case["message"].count("evidence 7") == 1


def test_cases_with_one_answer_are_told_together(run):
    queue = open_queue(run)
    assert queue.alike(3).tolist() == [2, 3, 4]
    assert queue.alike(0).tolist() == [0]


def test_a_case_keeps_its_key_when_the_run_changes(run):
    before = open_queue(run)
    keys = before.narrow("key")
    held = pq.read_table(run / "review.parquet")
    pq.write_table(held.slice(2), run / "review.parquet")
    after = open_queue(run)
    assert after.mark != before.mark
    assert after.places(keys).tolist() == [-1, -1, *range(before.size - 2)]
    assert len(np.unique(keys)) == before.size
    assert after.places(np.array([123], np.int64)).tolist() == [-1]


def test_a_key_does_not_depend_on_the_machine(run):
    def mixed(state, value):
        held = (state * 0x9E3779B97F4A7C15 + value) % 2**64
        held = (held ^ (held >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        held = (held ^ (held >> 27)) * 0x94D049BB133111EB % 2**64
        return held ^ (held >> 31)

    column = int.from_bytes(hashlib.blake2b(b"y", digest_size=8).digest(), "little")
    state = 0
    for value in (KINDS.index("cell"), 1, 2**64 - 1, column, 0):  # row 1, no other record, column y, no item
        state = mixed(state, value)
    assert open_queue(run).case(0)["key"] % 2**64 == state


def test_the_list_is_written_once_and_mapped_afterwards(run):
    heard = []
    open_queue(run, lambda what, _done: heard.append(what))
    open_queue(run, lambda what, _done: heard.append(what))
    assert heard == ["review.parquet", "labels.parquet"]
    assert (run / ".work" / "review.arrow").stat().st_mode & 0o077 == 0


def test_a_broken_list_is_made_anew(run):
    open_queue(run)
    (run / ".work" / "review.arrow").write_bytes(b"nonsense")
    assert open_queue(run).size == 12
    assert Queue.open(run / ".work" / "review.arrow", "another mark") is None


def test_linked_pairs_in_doubt_are_asked_from_the_most_doubtful(tmp_path):
    pairs = {
        "left": [0, 1, 2, 3],
        "right": [9, 8, 7, 6],
        "probability": [0.9, 0.45, 0.999, 0.01],
        "evidence": ["e"] * 4,
    }
    pq.write_table(pa.table(pairs), tmp_path / "pairs.parquet")
    queue = open_queue(tmp_path)
    assert [(queue.case(at)["row"], queue.case(at)["other"]) for at in range(queue.size)] == [(1, 8), (0, 9)]


def test_nothing_waits_and_nothing_is_there(tmp_path):
    with pytest.raises(InputError, match="karat clean"):
        open_queue(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    queue = open_queue(tmp_path)
    assert queue.size == 0
    assert queue.places(np.array([1])).tolist() == [-1]
    assert len(KINDS) == 6
