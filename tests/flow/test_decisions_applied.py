"""What people decide flows back: into findings, ledger and what is asked, and nowhere else."""

import json
import zlib
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow.decisions import FILE, IGNORE, OF_CHECK, DecidedOutcome, Decision, Decisions, ignored_checks
from karat.flow.decisions_applied import Settled, all_answers, decided_pairs, votes, whole_records
from karat.flow.labelling import Labelling, label
from karat.flow.review import ANSWERS
from karat.flow.settings import read_settings

SCHEMA = Schema((Column("a", Role.TEXT), Column("b", Role.TEXT)))
BLOCK = Block(np.arange(4), pa.table({"a": ["x", "y", None, "x"], "b": ["1", "2", "3", "1"]}), SCHEMA)


def outcome(row, column, value, answer, kind="cell", other=None, check="C", at="1", item=None, who="anna"):
    key = zlib.crc32(repr((row, column, other, check, item)).encode())
    made = Decision(key, kind, row, other, column, check, item, value, None, 0.9, "edit", answer, who, at, 1.0, at)
    return DecidedOutcome(made, who)


def found(*cells):
    rows, columns, values = zip(*cells, strict=True)
    return findings(
        "C",
        Dimension.ACCURACY,
        len(cells),
        row=list(rows),
        column=pa.array(columns, pa.string()),
        value=pa.array(values, pa.string()),
        confidence=0.8,
        message="m",
    )


def patch(row, column, after, check="C", action="set"):
    return changes(
        1,
        row=[row],
        column=pa.array([column], pa.string()),
        action=action,
        after=[after],
        check=check,
        confidence=[0.9],
    )


def test_a_settled_cell_is_written_with_its_person_and_left_alone_by_others():
    told = Settled.of([outcome(0, "a", "x", "z"), outcome(1, "b", "2", "2")], SCHEMA)
    patches = {"family": pa.concat_tables([patch(0, "a", "q"), patch(0, "b", "keep me"), patch(1, "b", "q")])}
    asked, after, waiting = told.taken_in(BLOCK, found((0, "a", "x"), (0, "b", "1")), patches, patch(1, "b", "q"))
    assert asked["column"].to_pylist() == ["b"]
    assert waiting.num_rows == 0
    assert after["family"]["after"].to_pylist() == ["keep me"]
    own = after[ANSWERS].to_pylist()
    assert [(one["row"], one["before"], one["after"], one["who"]) for one in own] == [(0, "x", "z", "anna")]


def test_an_answer_about_another_value_than_stands_there_is_stale():
    told = Settled.of([outcome(0, "a", "old", "z"), outcome(2, "a", None, "z")], SCHEMA)
    _, after, _ = told.taken_in(BLOCK, found((0, "a", "x")), {}, no_changes())
    assert [(one["row"], one["before"], one["after"]) for one in after[ANSWERS].to_pylist()] == [(2, None, "z")]


def test_blank_is_an_answer():
    told = Settled.of([outcome(0, "a", "x", "")], SCHEMA)
    _, after, _ = told.taken_in(BLOCK, found((0, "a", "x")), {}, no_changes())
    assert after[ANSWERS]["after"].to_pylist() == [None]


def test_findings_become_as_sure_as_the_person():
    told = Settled.of(
        [outcome(0, "a", "x", "x"), outcome(1, "a", "y", "z"), outcome(3, None, None, "keep", "record")], SCHEMA
    )
    before = found((0, "a", "x"), (1, "a", "y"), (1, "b", "2"), (3, None, None))
    assert told.judged(before)["confidence"].to_pylist() == [0.0, 1.0, 0.8, 0.0]


def test_a_record_that_goes_is_dropped_once_and_one_that_stays_is_not_asked_about_again():
    told = Settled.of([outcome(0, None, None, "drop", "record"), outcome(1, None, None, "keep", "record")], SCHEMA)
    patches = {"family": pa.concat_tables([patch(0, None, None, action="drop"), patch(1, None, None, action="drop")])}
    asked, after, _ = told.taken_in(BLOCK, found((0, "a", "x"), (1, None, None)), patches, no_changes())
    assert asked.num_rows == 0
    assert after["family"].num_rows == 0
    (own,) = after[ANSWERS].to_pylist()
    assert (own["row"], own["action"], own["who"]) == (0, "drop", "anna")
    assert json.loads(own["before"]) == {"a": "x", "b": "1"}


@pytest.mark.parametrize(("answer", "goes", "keeper"), [("left", 3, 0), ("right", 0, 3)])
def test_of_a_pair_the_chosen_one_stays(answer, goes, keeper):
    told = Settled.of([outcome(0, None, None, answer, "pair", other=3)], SCHEMA)
    assert {row: held[1] for row, held in told.dropped.items()} == {goes: keeper}


def test_of_records_that_are_one_thing_one_always_stays():
    circle = [(0, 1, "left", "1"), (1, 2, "left", "2"), (0, 2, "right", "3")]
    told = Settled.of([outcome(a, None, None, said, "pair", other=b, at=at) for a, b, said, at in circle], SCHEMA)
    assert set(told.dropped) == {1, 2}


def test_two_different_things_withdraw_the_drop_of_the_later():
    told = Settled.of([outcome(0, None, None, "different", "pair", other=3)], SCHEMA)
    assert told.kept == {3: {"C"}}


def _decide(run, *decisions):
    held = Decisions(run / FILE)
    with held.turn():
        held.add(decisions)
    held.close()


def test_records_checked_whole_become_answers_and_a_file_speaks_first(tmp_path):
    assert whole_records(tmp_path, SCHEMA) is None
    _decide(
        tmp_path,
        outcome(1, None, None, json.dumps({"a": "q", "unknown": "u"}), "next").decision,
        outcome(2, None, None, "{}", "next", at="2").decision,
    )
    checked = whole_records(tmp_path, SCHEMA).to_pylist()
    assert [(c["row"], c["column"], c["value"], c["who"]) for c in sorted(checked, key=lambda c: c["row"])] == [
        (1, "a", "q", "anna"),
        (2, None, "", "anna"),
    ]
    given = pa.table({"row": [1], "column": ["b"], "value": ["5"], "who": ["person"]})
    assert sorted(all_answers(given, tmp_path, SCHEMA)["row"].to_pylist()) == [1, 2]


def test_labels_become_votes(tmp_path):
    assert votes(tmp_path).num_rows == 0
    _decide(
        tmp_path,
        outcome(None, None, None, "好", "conflict", item="i1").decision,
        outcome(None, None, None, "bad", "conflict", item="i1", who="bo", at="2").decision,
    )
    assert votes(tmp_path).to_pylist() == [
        {"item": "i1", "voter": "anna", "label": "好", "seconds": 1.0},
        {"item": "i1", "voter": "bo", "label": "bad", "seconds": 1.0},
    ]


def test_linked_pairs_take_the_word_of_a_person(tmp_path):
    pairs = pa.table({"left": [0, 1, 2], "right": [5, 6, 7], "probability": [0.5, 0.6, 0.7], "evidence": ["e"] * 3})
    assert decided_pairs(tmp_path, pairs) is pairs
    _decide(
        tmp_path,
        outcome(0, None, None, "left", "pair", other=5, check=None).decision,
        outcome(1, None, None, "different", "pair", other=6, check=None, at="2", who="陈").decision,
    )
    told = decided_pairs(tmp_path, pairs)
    assert told["probability"].to_pylist() == [1.0, 0.0, 0.7]
    assert told["evidence"].to_pylist() == ["anna: the same; e", "陈: not the same; e", "e"]


def test_a_word_on_the_page_replaces_the_same_persons_vote(tmp_path):
    lines = [
        ("i1", "anna", "bad"),
        ("i1", "bo", "bad"),
        ("i1", "cy", "good"),
        *((f"j{k}", w, "good") for k in range(9) for w in ("anna", "bo", "cy")),
    ]
    voted = tmp_path / "votes.csv"
    voted.write_text("item,voter,label\n" + "\n".join(map(",".join, lines)) + "\n")
    home = tmp_path / "run"
    first = label(Labelling(str(voted), method="majority"), home)
    first.save(home)
    assert {one["item"]: one["label"] for one in first.labels.labels.to_pylist()}["i1"] == "bad"
    assert pq.read_table(home / "votes.parquet").num_rows == len(lines)
    _decide(home, outcome(None, None, None, "good", "conflict", item="i1").decision)
    second = label(Labelling(str(voted), method="majority"), home)
    assert {one["item"]: one["label"] for one in second.labels.labels.to_pylist()}["i1"] == "good"
    assert second.votes.num_rows == len(lines)


def _table():
    """Sixty people in four towns; three cells with a blank at the end, one record twice but for a letter."""
    rng = np.random.default_rng(0)
    names = ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 9)) for _ in range(60)]
    towns = [["Rome", "Oslo", "Paris", "北京"][k % 4] for k in range(60)]
    streets = [f"{name[::-1]} street {k}" for k, name in enumerate(names)]
    for at in (4, 8, 12):
        towns[at] += " "
    again = (names[0][:4] + "x" + names[0][5:], towns[0], streets[0])
    rows = [*zip(names, towns, streets, strict=True), again]
    return pa.table(
        {name: list(held) for name, held in zip(("name", "town", "street"), zip(*rows, strict=True), strict=True)}
    )


def test_decisions_flow_back_into_the_next_run(tmp_path):
    run = tmp_path / "run"
    first = karat.clean(_table(), out=run)
    mended = {one["row"]: one for one in first.ledger.to_pylist()}
    assert set(mended) == {4, 8, 12}
    _decide(
        run,
        outcome(4, "town", "Rome ", "Rome ", check="StrayWhitespace").decision,
        outcome(8, "town", "Rome ", "罗马", at="2", who="陈").decision,
        outcome(0, None, None, "left", "pair", other=60, check="NearDuplicateRecords", at="3").decision,
    )
    second = karat.clean(_table(), out=run)
    lines = {one["row"]: one for one in second.ledger.to_pylist()}
    assert {row: (one["action"], one["after"], one["who"]) for row, one in lines.items()} == {
        8: ("set", "罗马", "陈"),
        12: ("set", "Rome", "karat"),
        60: ("drop", None, "anna"),
    }
    assert lines[60]["keeper"] == 0
    assert second.data["town"].to_pylist()[4] == "Rome "
    assert second.accounting["removed"] == {"NearDuplicateRecords": 1}
    assert second.review.num_rows == 0
    sure = {one["row"]: one["confidence"] for one in second.findings.to_pylist() if one["column"] == "town"}
    assert (sure[4], sure[8]) == (0.0, 1.0)
    _decide(run, outcome(0, None, None, "different", "pair", other=60, check="NearDuplicateRecords", at="4").decision)
    third = karat.clean(_table(), out=run)
    assert third.data.num_rows == 61
    assert third.review.num_rows == 0


def test_a_check_switched_off_on_the_page_is_ignored_by_the_next_run_until_it_is_taken_back(tmp_path):
    run = tmp_path / "run"
    off = outcome(None, None, None, IGNORE, OF_CHECK, check="StrayWhitespace").decision
    karat.clean(_table(), out=run)
    _decide(run, off, outcome(None, None, None, IGNORE, OF_CHECK, check="NoSuchCheckAnyMore").decision)
    assert ignored_checks(run) == {"StrayWhitespace", "NoSuchCheckAnyMore"}
    second = karat.clean(_table(), out=run)
    assert "StrayWhitespace" not in second.findings["check"].to_pylist()
    assert read_settings(run / "karat.toml").clean.ignore == ("StrayWhitespace",)
    assert second.data["town"].to_pylist()[4] == "Rome "
    _decide(run, replace(off, verdict="undo", answer=None))
    assert set(karat.clean(_table(), out=run).ledger["row"].to_pylist()) == {4, 8, 12}
