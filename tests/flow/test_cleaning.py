"""Cleaning through the Python calls: books, undo, answers, guard, duplicates across blocks."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.core.scoring_check import ScoringCheck
from karat.flow import cleaning, dataset
from karat.flow.fixing import Fixing
from karat.flow.folder import read_json
from karat.flow.job import Job
from karat.flow.settings import made_settings
from karat.quality.consistency import record_hash

CITIES = {"Boston": "MA", "Austin": "TX", "Denver": "CO", "上海": "SH"}


def table(size=400, seed=0):
    chance = np.random.default_rng(seed)
    city = chance.choice(list(CITIES), size).astype(object)
    state = np.array([CITIES[name] for name in city], object)
    state[5] = "ZZ"
    amount = np.round(chance.normal(100, 5, size), 2).astype(str).astype(object)
    phone = [f"0{555_000_000 + 7919 * i}" for i in range(size)]
    return pa.table({"city": list(city), "state": list(state), "amount": list(amount), "phone": phone})


def test_a_broken_cell_is_fixed_where_two_columns_say_so_and_can_be_undone():
    raw = table()
    zips = [f"{list(CITIES).index(name) + 1}0{at % 3}7" for at, name in enumerate(raw["city"].to_pylist())]
    raw = raw.append_column("zip", pa.array(zips))
    done = karat.clean(raw)
    line = [change for change in done.ledger.to_pylist() if change["row"] == 5 and change["column"] == "state"]
    assert line[0]["before"] == "ZZ"
    assert line[0]["after"] == CITIES[raw["city"][5].as_py()]
    assert done.undo().select(raw.column_names).to_pydict() == raw.to_pydict()
    assert done.accounting["in"] == done.accounting["kept"] == raw.num_rows


def test_an_unknown_check_cannot_be_undone():
    with pytest.raises(OptionError, match=r"check in the ledger .* not found"):
        karat.clean(table()).undo(["NoSuchCheck"])


@pytest.mark.parametrize("step", ["NoSuchCheck", "BrokenDependencie:city"])
def test_an_unknown_step_cannot_be_allowed(step):
    with pytest.raises(OptionError, match=r"check .* not found \(--allow\)"):
        karat.clean(table(), allow=[step])


def test_duplicates_are_dropped_with_their_keeper_across_blocks_and_come_back(monkeypatch):
    raw = table(90)
    twice = pa.concat_tables([raw, raw.slice(0, 3)])
    monkeypatch.setattr(dataset, "BLOCK_RECORDS", 40)
    monkeypatch.setattr("karat.collect.write.BLOCK_RECORDS", 40)
    done = karat.clean(twice)
    gone = [(c["row"], c["keeper"]) for c in done.ledger.to_pylist() if c["action"] == "drop"]
    assert gone == [(90, 0), (91, 1), (92, 2)]
    assert done.data["_row"].to_pylist() == list(range(90))
    assert done.undo().to_pydict() == twice.to_pydict()


def test_an_equal_hash_alone_drops_nothing(monkeypatch):
    monkeypatch.setattr(dataset, "BLOCK_RECORDS", 40)
    monkeypatch.setattr("karat.collect.write.BLOCK_RECORDS", 40)
    twice = pa.concat_tables([table(90), table(90).slice(0, 1)])
    honest = Fixing._verified

    def lying(self, block, patch):
        if patch.num_rows and patch["keeper"][0].is_valid:
            wrong = pa.array([7] * patch.num_rows, pa.int64())
            patch = patch.set_column(patch.schema.get_field_index("keeper"), "keeper", wrong)
        return honest(self, block, patch)

    monkeypatch.setattr(Fixing, "_verified", lying)
    assert karat.clean(twice).accounting["removed"] == {}
    assert record_hash.compared


def test_a_person_overrules_karat(tmp_path):
    raw = table()
    (tmp_path / "answers.csv").write_text("row,column,value\n5,state,ZZ\n7,city,Boston\n9,,\n", encoding="utf-8")
    done = karat.clean(raw, answers=tmp_path / "answers.csv")
    changed = {(c["row"], c["column"]): c for c in done.ledger.to_pylist()}
    assert (5, "state") not in changed
    if raw["city"][7].as_py() != "Boston":
        assert changed[7, "city"]["who"] == "person"
        assert changed[7, "city"]["after"] == "Boston"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("row,value\n1,x\n", "has the columns row, value, not row, column, value"),
        ("row,column,value\n4000,city,x\n", "row '4000' is not a row of this data. Use 0 to 399"),
        ("row,column,value\n1,cty,x\n", "Did you mean 'city'"),
    ],
)
def test_wrong_answers_are_named(tmp_path, text, words):
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    with pytest.raises((InputError, OptionError), match=words):
        karat.clean(table(), answers=tmp_path / "answers.csv")


def test_copies_of_identified_records_need_no_permission():
    web = table(400, 1).append_column("source", pa.array(["web"] * 400))
    shop = table(40, 2).set_column(3, "phone", pa.array([f"09{7919 * i:08}" for i in range(40)]))
    shop = shop.append_column("source", pa.array(["shop"] * 40))
    done = karat.clean(pa.concat_tables([web, shop, shop]), columns={"source": {"role": "source"}})
    assert done.accounting["removed"]["DuplicateRecords"] == 40


def test_equal_records_without_identity_are_asked_about_and_kept(tmp_path):
    raw = table(300).drop_columns("phone").set_column(2, "amount", pa.array([str(13 * v) for v in range(300)]))
    twice = pa.concat_tables([raw, raw.slice(7, 2)])
    done = karat.clean(twice, out=tmp_path / "run")
    assert done.accounting["removed"] == {}
    asked = pq.read_table(tmp_path / "run" / "review.parquet").to_pylist()
    equal = [(case["row"], case["action"], case["value"]) for case in asked if case["check"] == "DuplicateRecords"]
    assert equal == [(300, "drop", "7"), (301, "drop", "8")]


def test_nothing_is_invented_in_a_clean_table():
    raw = table().set_column(1, "state", pa.array([CITIES[name.as_py()] for name in table()["city"]]))
    done = karat.clean(raw)
    assert pc.sum(pc.greater_equal(done.findings["confidence"], 0.5)).as_py() in (0, None)


@pytest.mark.parametrize(
    ("cases", "words"), [(0, "nothing needs review"), (1, "1 case needs review"), (2, "2 cases need review")]
)
def test_how_many_cases_need_review_in_words(cases, words):
    assert cleaning.needs_review(cases) == words


def test_books_that_do_not_add_up_are_a_fault_and_are_not_written(tmp_path):
    with pytest.raises(AssertionError, match="10 records in, but 7 kept"):
        cleaning.account(tmp_path, {"records": 9, "kept": 7, "removed": {"A": 1}}, 1)
    assert not (tmp_path / "accounting.json").exists()
    summary = {"records": 9, "kept": 7, "removed": {"A": 2}}
    assert cleaning.account(tmp_path, summary, 1) == summary
    assert read_json(tmp_path / "accounting.json") == {"in": 10, "kept": 7, "removed": {"A": 2}, "quarantined": 1}


def test_the_line_of_the_room_names_the_checks_that_removed_most():
    summary = {
        "findings": 1,
        "cells": 2,
        "removed": {"B": 1, "A": 1, "C": 5},
        "left_off": ["D"],
        "waiting": 1,
    }
    line = cleaning.in_words(summary)
    assert line.startswith(
        "1 finding: 2 cells fixed · 5 records removed (C) · 1 record removed (A) · 1 record removed (B)"
    )
    assert line.endswith("not applied because they lowered the validation score: D · 1 case needs review")
    assert cleaning.in_words({"findings": 3}) == "3 findings"


@pytest.mark.parametrize(
    ("upto", "only", "scored"), [("assess", (), True), ("clean", (), False), ("clean", ("UnusualRecords",), True)]
)
def test_records_are_scored_where_that_is_what_is_asked_for(tmp_path, upto, only, scored):
    job = Job("data.csv", tmp_path, upto, made_settings({"clean": {"only": list(only)}}, "test"))
    checks, fixes = cleaning.chosen_units(job)
    assert any(isinstance(check, ScoringCheck) for check in checks) is scored
    assert fixes


def test_what_is_ignored_neither_judges_nor_fixes(tmp_path):
    job = Job(
        "data.csv", tmp_path, "clean", made_settings({"clean": {"ignore": ["DropTotalRows", "TotalRows"]}}, "test")
    )
    checks, fixes = cleaning.chosen_units(job)
    assert not {"DropTotalRows", "TotalRows"} & {unit.code() for unit in (*checks, *fixes)}
