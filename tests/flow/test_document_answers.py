"""What people say of documents: answers, decisions, questions and contracts work on texts as on tables."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.asking import ask_about
from karat.flow.contracting import broken, learned_contract
from karat.flow.decisions import FILE, Decision, Decisions
from karat.flow.folder import RunFolder
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings
from karat.flow.versions import restored
from karat.show.review.queue import open_queue
from karat.show.review.records import Records
from karat.show.why import why
from karat.store.versions import Store

CONTACT = " Write to mara@posteo.example today."


@pytest.fixture(scope="module")
def texts(tmp_path_factory, records):
    made = [dict(r) for r, kind in zip(records[0], records[1], strict=True) if kind in ("good", "chinese")][:40]
    for at, record in enumerate(made[:8]):  # a fifth: the guard stops what drops them
        record["text"] = "\n".join([f"{'abcdefgh'[at] * 9} | About | Log in"] * 30)
    made += [dict(made[20], text=made[20]["text"] + " Added at the end.")]
    made[30]["text"] += CONTACT
    path = tmp_path_factory.mktemp("texts") / "texts.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made), encoding="utf-8")
    return path


def cleaned(data, out, answers=None, upto="clean", **clean):
    values = {
        "workers": 1,
        "collect": {"kind": "corpus"},
        "clean": {"identify_languages": False} | clean,
        "label": {"answers": str(answers or "")},
    }
    return walk(Job(data, out, upto, made_settings(values, "the test")))


@pytest.fixture(scope="module")
def run(texts, tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "run"
    cleaned(texts, out)
    return out


def rows_of(out, name):
    return pq.read_table(out / name).to_pylist()


def sheet(path, *lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("row", "column", "value"), *lines])
    return path


def stopped(run):
    queue = open_queue(run)
    return [case for case in map(queue.case, range(queue.size)) if case["kind"] == "record"]


def test_what_the_guard_stopped_is_a_case_of_the_review(run):
    cases = stopped(run)
    assert {case["row"] for case in cases} == set(range(8))
    assert all(case["message"].count("\n") == len(set(case["message"].split("\n"))) - 1 for case in cases)
    assert "About" in Records(run).get(0)["text"]


def test_answers_keep_documents_and_set_their_cells(texts, tmp_path):
    answers = sheet(
        tmp_path / "answers.csv", (0, "", ""), (40, "", ""), (30, "text", "As it should be."), (31, "id", "n/a")
    )
    plain = cleaned(texts, tmp_path / "plain", allow=["all"]).rooms["clean"]
    summary = cleaned(texts, tmp_path / "out", answers, allow=["all"]).rooms["clean"]
    assert summary["kept"] == plain["kept"] + 2
    data = {row["_row"]: row for row in rows_of(tmp_path / "out", "data.parquet")}
    assert data[30]["text"] == "As it should be."
    assert data[31]["id"] == "n/a"
    assert {0, 40} <= set(data)
    ledger = [entry for entry in rows_of(tmp_path / "out", "ledger.parquet") if entry["row"] in (0, 30, 31, 40)]
    assert [(e["row"], e["column"], e["action"], e["check"], e["who"]) for e in ledger] == [
        (30, "text", "set", "Answer", "person"),
        (31, "id", "set", "Answer", "person"),
    ]
    assert not {0, 30, 40} & {f["row"] for f in rows_of(tmp_path / "out", "findings.parquet")}
    refined = dict(
        zip(*(Store(tmp_path / "out" / "store").read(2)[0][n].to_pylist() for n in ("id", "text")), strict=True)
    )
    assert refined["n/a"]
    assert "As it should be." in refined.values()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ((99, "text", "x"), "row '99' is not a row"),
        ((0, "texxt", "x"), "column 'texxt' not found"),
        (("x", "", ""), "row 'x' is not a row"),
    ],
)
def test_nonsense_answers_are_one_error(line, wrong, texts, tmp_path):
    with pytest.raises((InputError, OptionError), match=wrong):
        cleaned(texts, tmp_path / "out", sheet(tmp_path / "answers.csv", line))


def decided(run, *answers):
    held = Decisions(run / FILE)
    cases = stopped(run)
    with held.turn():
        for at, answer in enumerate(answers):
            case = cases[at]
            given = {name: case[name] for name in ("key", "kind", "row", "other", "column", "check", "item", "value")}
            verdict = "accept" if answer == "drop" else "reject"
            more = {"suggestion": None, "confidence": 0.7, "verdict": verdict, "answer": answer}
            held.add([Decision(**given, **more, who="ann", at=f"2026-01-0{at + 1}", seconds=1.0, batch=str(at))])
    held.close()


def test_decisions_are_carried_out_and_not_asked_again(texts, tmp_path):
    out = tmp_path / "run"
    cleaned(texts, out)
    rows = [case["row"] for case in stopped(out)]
    decided(out, *["keep"] * 5, *["drop"] * 3)
    summary = cleaned(texts, out).rooms["clean"]
    assert summary["stopped"] == []
    assert summary["waiting"] == 0
    gone = {entry["row"]: entry["who"] for entry in rows_of(out, "ledger.parquet") if entry["action"] == "drop"}
    assert {row: who for row, who in gone.items() if row in rows} == dict.fromkeys(rows[5:], "ann")
    books = json.loads((out / "accounting.json").read_text())
    assert books["in"] == 41 == books["kept"] + sum(books["removed"].values())
    sure = [f["confidence"] for f in rows_of(out, "findings.parquet") if f["row"] in rows[:5]]
    assert sure
    assert not any(sure)


def test_documents_are_asked_about_and_the_sheet_given_back_changes_nothing_of_them(run, texts, tmp_path):
    asked, place = ask_about(run, 4)
    assert asked.num_rows == 4
    assert "in text" in asked["why"][0].as_py()
    with place.open(encoding="utf-8", newline="") as file:
        cells = {(int(line["row"]), line["column"]): line["value"] for line in csv.DictReader(file)}
    assert {row for row, _ in cells} == set(asked["row"].to_pylist())
    cleaned(texts, tmp_path / "out", place, allow=["all"])
    data = {row["_row"]: row["text"] for row in rows_of(tmp_path / "out", "data.parquet")}
    assert all(data[row] == cells[row, "text"] for row in asked["row"].to_pylist())


def test_a_contract_is_learned_and_kept(texts, tmp_path):
    on = cleaned(texts, tmp_path / "out", upto="assess")
    contract = tmp_path / "contract.odcs.yaml"
    learned_contract(on.folder, contract)
    from karat.store.contract import read_contract

    assert broken(read_contract(contract), on.folder).num_rows == 0
    text = contract.read_text()
    contract.write_text(text.replace("name: id", "name: ident"))
    found = broken(read_contract(contract), RunFolder(on.folder.path, on.folder.fingerprint))
    assert found["column"].to_pylist() == ["ident"]


def test_why_says_what_was_found_and_where_a_document_stands(run):
    said = "\n".join(why(run, 0))
    assert "found" in said
    assert 'version   2 "refined": there' in said
    assert "  changed   nothing" in said
    masked = "\n".join(why(run, 30, "text"))
    assert "PersonalData" in masked
    assert "posteo" not in masked
    with pytest.raises(OptionError, match="row 99"):
        why(run, 99)


def test_a_restored_version_holds_what_people_wrote(texts, tmp_path):
    answers = sheet(tmp_path / "answers.csv", (31, "id", "n/a"))
    cleaned(texts, tmp_path / "out", answers, allow=["all"])
    before = rows_of(tmp_path / "out", "data.parquet")
    restored(tmp_path / "out", 1)
    assert len(rows_of(tmp_path / "out", "data.parquet")) == 41
    restored(tmp_path / "out", 2)
    assert rows_of(tmp_path / "out", "data.parquet") == before
