"""A corpus on the corridor, in this process: what stays, what goes and why, and that nothing is lost."""

import gzip
import json

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.job import Job, Silent
from karat.flow.run import walk
from karat.flow.settings import made_settings

SAME = ("data.parquet", "findings.parquet", "ledger.parquet", "quarantine.parquet", "scores.json", "accounting.json")


def walked(data, out, upto="clean", workers=1, **clean):
    collect = {"kind": "corpus"} | clean.pop("collect", {})
    store = {"versions": clean.pop("versions", False)}
    clean = {"allow": ["all"]} | clean
    values = {"workers": workers, "collect": collect, "clean": clean, "store": store}
    values["quality"] = clean.pop("quality", {})
    return walk(Job(data, out, upto, made_settings(values, "the test")))


def held(out, name):
    return pq.read_table(out / name)


@pytest.fixture(scope="module")
def run(tmp_path_factory, corpus):
    out = tmp_path_factory.mktemp("run") / "run"
    walked(corpus, out, versions=True)
    return out


def test_copies_near_copies_and_rubbish_go_and_the_rest_stays(run, records):
    kinds = records[1]
    ledger = held(run, "ledger.parquet")
    gone = dict(zip(ledger["row"].to_pylist(), ledger["check"].to_pylist(), strict=True))
    for row, kind in enumerate(kinds):
        if kind in ("good", "chinese"):
            assert row not in gone, (row, gone.get(row))
        elif kind == "copy":
            assert gone[row] == "DuplicateTexts"
        elif kind == "near":
            assert gone[row] == "NearDuplicateTexts"
        else:
            assert gone[row] == "WorthlessTexts"


def test_data_holds_the_records_that_stay_in_their_types(run, records):
    made = records[0]
    data = held(run, "data.parquet")
    assert data.column_names[0] == "_row"
    for row in data.to_pylist():
        number = row.pop("_row")
        assert row == made[number]


def test_the_ledger_has_measure_limit_and_keeper(run, records):
    made, kinds = records
    for row in held(run, "ledger.parquet").to_pylist():
        assert row["action"] == "drop"
        assert json.loads(row["before"])["text"] == made[row["row"]]["text"]
        if row["check"] == "NearDuplicateTexts":
            assert 0.8 <= row["measure"] < 1
            assert row["limit"] == 0.8
        if row["keeper"] is not None:
            assert kinds[row["keeper"]] == "good"
            assert row["keeper"] < row["row"]


def test_the_books_balance_and_scores_rise(run, records):
    books = json.loads((run / "accounting.json").read_text())
    assert books["in"] == len(records[0]) == books["kept"] + sum(books["removed"].values()) + books["quarantined"]
    scores = json.loads((run / "scores.json").read_text())
    before, after = scores["before"]["dimensions"], scores["after"]["dimensions"]
    assert after["consistency"]["score"] > before["consistency"]["score"]
    assert set(before) == {"accuracy", "consistency", "completeness", "timeliness"}
    assert before["timeliness"]["score"] == 1.0


def test_findings_say_why_in_words(run):
    found = held(run, "findings.parquet")
    near = found.filter(pc.equal(found["check"], "NearDuplicateTexts")).to_pylist()
    assert near
    assert all("shares" in f["message"] and f["dimension"] == "consistency" for f in near)


def test_an_undone_run_gives_every_document_back(run, records):
    from karat.flow.versions import restored

    before = (run / "data.parquet").read_bytes()
    restored(run, 1)
    rows = held(run, "data.parquet").drop_columns(["_row"]).to_pylist()
    assert rows == records[0]
    restored(run, 2)
    assert (run / "data.parquet").read_bytes() == before


@pytest.mark.parametrize("how", ["two workers", "seven files", "packed", "parts of a kilobyte"])
def test_the_answer_does_not_depend_on_workers_files_or_parts(how, run, corpus, records, tmp_path, monkeypatch):
    from karat.flow import documents as corpus_walk

    data, workers = corpus, 1
    lines = corpus.read_text().splitlines(keepends=True)
    if how == "two workers":
        monkeypatch.setattr(corpus_walk, "ALONE_BYTES", 0)
        workers = 2
    if how in ("seven files", "two workers"):
        data = tmp_path / "many"
        data.mkdir()
        for at in range(7):
            (data / f"part{at}.jsonl").write_text("".join(lines[at * 35 : at * 35 + 35]))
    if how == "packed":
        data = tmp_path / "crawl.jsonl.gz"
        data.write_bytes(gzip.compress(corpus.read_bytes()))
    if how == "parts of a kilobyte":
        monkeypatch.setattr("karat.flow.part_reading.PART_BYTES", 1024)
    out = tmp_path / "out"
    walked(data, out, workers=workers)
    for name in SAME:
        assert (out / name).read_bytes() == (run / name).read_bytes() or name == "data.parquet", name
    assert held(out, "data.parquet").num_rows == json.loads((run / "accounting.json").read_text())["kept"]


def test_broken_lines_go_to_quarantine_and_the_rest_goes_on(corpus, tmp_path):
    broken = tmp_path / "broken.jsonl"
    lines = corpus.read_bytes().splitlines(keepends=True)
    broken.write_bytes(b"".join([lines[0], b'{"text": "cut\n', lines[1], b'{"text": "\\ud800"}\n', lines[2]]))
    out = tmp_path / "out"
    walked(broken, out)
    books = json.loads((out / "accounting.json").read_text())
    assert books["in"] == 5
    assert books["quarantined"] == 2
    assert held(out, "quarantine.parquet")["raw"].to_pylist()[0] == b'{"text": "cut\n'


def test_a_wiped_source_stops_the_run_with_numbers_and_examples(records, tmp_path):
    made = [dict(r) for r in records[0]]
    template = made[0]["text"]
    for at, record in enumerate(made):
        if record["source"] == "site1":
            record["text"] = template + f" Number {at}."
    path = tmp_path / "wiped.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in made))
    (stop,) = walked(path, tmp_path / "out", allow=[], max_removed=1.0).rooms["clean"]["stopped"]
    assert "source = 'site1'" in stop["reason"]
    assert "--allow NearDuplicateTexts" in stop["line"]
    assert stop["rows"]
    assert walked(path, tmp_path / "out", allow=["NearDuplicateTexts"]).rooms["clean"]["kept"] > 0


def test_another_limit_decides_again_without_reading(corpus, tmp_path, monkeypatch):

    out = tmp_path / "out"
    first = walked(corpus, out).rooms["clean"]["removed"]

    def refuse(*_):
        raise AssertionError("read again")

    monkeypatch.setattr("karat.flow.part_reading.stream", refuse)
    second = walked(corpus, out, quality={"GopherQuality": {"min_words": 10_000}}).rooms["clean"]["removed"]
    assert second["GopherQuality"] > first.get("GopherQuality", 0)


def test_ignored_checks_are_not_asked(corpus, tmp_path):
    out = tmp_path / "out"
    ignored = ["WorthlessTexts", "NearDuplicateTexts", "DuplicateTexts"]
    walked(corpus, out, ignore=ignored)
    assert not set(ignored) & set(held(out, "findings.parquet")["check"].to_pylist())
    assert not set(ignored) & set(json.loads((out / "accounting.json").read_text())["removed"])


def test_a_check_outside_the_profile_is_asked_where_it_has_parameters(corpus, tmp_path):
    out = tmp_path / "out"
    walked(corpus, out, profile="gopher", quality={"FinewebQuality": {"max_short_lines": 0.0}})
    assert "FinewebQuality" in held(out, "findings.parquet")["check"].to_pylist()


def test_assess_writes_findings_and_no_data(corpus, tmp_path):
    out = tmp_path / "out"
    walked(corpus, out, upto="assess")
    assert (out / "findings.parquet").exists()
    assert not (out / "data.parquet").exists()
    assert list(json.loads((out / "scores.json").read_text())) == ["before"]


def test_unknown_names_are_errors_with_a_cure(corpus, tmp_path):
    with pytest.raises(OptionError, match="gopher"):
        walked(corpus, tmp_path / "a", profile="gofer")
    with pytest.raises(OptionError, match="min_words"):
        walked(corpus, tmp_path / "b", quality={"GopherQuality": {"min_word": 1.0}})
    with pytest.raises(OptionError, match="GopherQuality"):
        walked(corpus, tmp_path / "d", quality={"GopherQualiti": {"min_words": 1.0}})
    with pytest.raises(OptionError, match="GopherQuality"):
        walked(corpus, tmp_path / "e", ignore=["GopherQualiti"])
    with pytest.raises(OptionError, match="--allow"):
        walked(corpus, tmp_path / "f", allow=["NearDuplicateText"])
    with pytest.raises(OptionError, match="not found"):
        walked(corpus, tmp_path / "c", collect={"text": "texxt"})


def test_a_corpus_without_a_document_is_refused(tmp_path):
    path = tmp_path / "empty.jsonl"
    path.write_text("\n")
    with pytest.raises(InputError, match="document"):
        walked(path, tmp_path / "out")


def test_documents_that_hold_a_test_text_or_are_like_bad_examples_go(corpus, records, tmp_path):
    made, kinds = records
    good = [r["text"] for r, k in zip(made, kinds, strict=True) if k == "good"]
    tests = tmp_path / "test.jsonl"
    tests.write_text(json.dumps({"text": good[0][:200]}))
    for name, texts in (("good", good[1:40]), ("bad", [t.upper() for t in good[40:80]])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    out = tmp_path / "out"
    examples = {"good": str(tmp_path / "good.jsonl"), "bad": str(tmp_path / "bad.jsonl")}
    walked(corpus, out, test_sets=[str(tests)], **examples, min_quality=0.01)
    ledger = held(out, "ledger.parquet")
    tested = ledger.filter(pc.equal(ledger["check"], "TestSetTexts"))
    assert tested["row"].to_pylist()[0] == 0
    assert tested["measure"].to_pylist()[0] > 0.9


def test_languages_can_be_chosen(corpus, records, tmp_path):
    out = tmp_path / "out"
    walked(corpus, out, languages=["zh"], allow=["OtherLanguages"])
    kept = held(out, "data.parquet")["_row"].to_pylist()
    kinds = records[1]
    assert kept == [row for row, kind in enumerate(kinds) if kind == "chinese"]


def test_lines_and_passages_that_others_have_are_cut_and_undone(records, tmp_path):
    made = [dict(r) for r, kind in zip(records[0], records[1], strict=True) if kind == "good"][:40]
    passage = " ".join(f"word{at}" for at in range(30))
    for at, record in enumerate(made):
        record["text"] += "\nAccept all cookies and read on?" if at < 20 else ""
    made[30]["text"] += f"\n{passage} and more."
    made[35]["text"] += f"\nBefore that {passage} said he."
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in made))
    out = tmp_path / "out"
    walked(path, out, repeated_lines=10, repeated_tokens=25, versions=True)
    texts = held(out, "data.parquet")["text"].to_pylist()
    assert sum("Accept all cookies" in text for text in texts) == 1
    assert sum(passage in text for text in texts) == 1
    ledger = held(out, "ledger.parquet").to_pylist()
    checks = [entry["check"] for entry in ledger]
    assert checks.count("RepeatedLines") == 19
    assert checks.count("RepeatedPassages") == 1
    cut = next(entry for entry in ledger if entry["check"] == "RepeatedLines")
    assert made[cut["row"]]["text"][cut["span_start"] : cut["span_end"]] == cut["before"]
    from karat.store.versions import Store

    assert Store(out / "store").read(2)[0]["text"].to_pylist() == texts
    assert Store(out / "store").read(1)[0]["text"].to_pylist() == [r["text"] for r in made]


def test_signatures_that_do_not_fit_in_memory_change_no_bit(run, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("karat.flow.document_duplicates.HELD_SIGNATURES", 0)
    walked(corpus, tmp_path / "run")
    for name in SAME:
        assert (tmp_path / "run" / name).read_bytes() == (run / name).read_bytes(), name


class Hearing(Silent):
    """Keeps what it is told."""

    def __init__(self):
        self.told = []

    def note(self, room, line):
        self.told.append((room, line))


@pytest.mark.parametrize("kept", [True, False])
def test_the_first_use_on_a_machine_says_that_it_takes_long(kept, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("karat.kernels.text_statistics.kept_on_disk", lambda: kept)
    listener = Hearing()
    values = {"workers": 1, "collect": {"kind": "corpus"}, "store": {"versions": False}}
    walk(Job(corpus, tmp_path / "run", "clean", made_settings(values, "the test"), listener=listener))
    assert [room for room, _ in listener.told] == ([] if kept else ["collect"])
