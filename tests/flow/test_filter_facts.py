"""Filters of the settings on a corpus: what they remove, in the ledger with the reason, without a word of the guard."""

import json
from collections import Counter

import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings

GOOD = "The committee met in the hall of {} and talked about the price of bread for a year, row {}. "


def documents():
    for at in range(120):
        host = "big.com" if at % 2 else f"small{at % 4}.org"
        yield {
            "text": GOOD.format("Bern" if at % 3 else "Rome", at) * (1 + at % 5),
            "url": f"http://www.{host}/page/{at}",
        }


def cleaned(tmp_path, *, rows=None, **wishes):
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in (rows or documents())))
    off = {"profile": "none", "near_duplicates": 0.0, "identify_languages": False, "personal_data": "keep"}
    values = {"collect": {"kind": "text"}, "store": {"versions": False}, "clean": off | wishes}
    walk(Job(path, tmp_path / "out", "clean", made_settings(values, "the test")))
    data, ledger = (pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pylist() for name in ("data", "ledger"))
    said = json.loads((tmp_path / "out" / "accounting.json").read_text())
    assert said["in"] == said["kept"] + sum(said["removed"].values())
    return data, ledger


def test_without_filters_nothing_is_removed(tmp_path):
    assert len(cleaned(tmp_path)[0]) == 120


def test_lists_expressions_and_lengths_remove_what_they_say(tmp_path):
    (tmp_path / "list.txt").write_text("small0.org\nhttp://big.com/page/1\n")
    data, ledger = cleaned(
        tmp_path, drop_urls=[str(tmp_path / "list.txt")], drop_matching=["hall of Rome"], min_words=40, max_tokens=100
    )
    wanted = [
        at
        for at, row in enumerate(documents())
        if "small0.org" not in row["url"]
        and not row["url"].endswith("page/1")
        and "Rome" not in row["text"]
        and 40 <= len(row["text"].split()) <= 100
    ]
    assert [row["_row"] for row in data] == wanted
    assert {row["check"] for row in ledger} == {"FilteredTexts"}
    assert all(row["action"] == "drop" and row["before"] for row in ledger)


def test_documents_to_keep_match_one_of_the_expressions(tmp_path):
    data, _ = cleaned(tmp_path, keep_matching=["Rome", "row 7\\b"])
    assert [row["_row"] for row in data] == [at for at in range(120) if at % 3 == 0 or at == 7]


def test_a_cap_keeps_so_many_of_a_domain_whatever_their_order(tmp_path):
    rows = list(documents())
    data, ledger = cleaned(tmp_path, max_per_domain=20)
    hosts = Counter(row["url"].split("/")[2] for row in data)
    assert hosts == {"www.big.com": 20, "www.small0.org": 20, "www.small2.org": 20}
    assert {(row["check"], row["measure"], row["limit"]) for row in ledger} == {
        ("CrowdedDomains", 60.0, 20.0),
        ("CrowdedDomains", 30.0, 20.0),
    }
    (tmp_path / "again").mkdir()
    turned, _ = cleaned(tmp_path / "again", rows=rows[::-1], max_per_domain=20)
    assert {row["text"] for row in turned} == {row["text"] for row in data}


def test_replacements_stand_in_the_ledger(tmp_path):
    data, ledger = cleaned(tmp_path, replace={r", row \d+": "", "hall": "house"})
    assert data[0]["text"].startswith(
        "The committee met in the house of Rome and talked about the price of bread for a year."
    )
    edits = [row for row in ledger if row["check"] == "ReplacedPatterns"]
    assert edits
    assert all(row["action"] == "edit" for row in edits)


def test_tokens_are_counted_by_a_tokenizer_that_is_named(tmp_path):
    pytest.importorskip("tokenizers")
    from karat.prepare.tokens import train_tokenizer

    train_tokenizer(["abc"], 257).save(str(tmp_path / "tokenizer.json"))
    path = tmp_path / "corpus.jsonl"
    rows = list(documents())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    clean = {"profile": "none", "near_duplicates": 0.0, "exact_duplicates": False, "min_tokens": 300}
    settings = {"collect": {"kind": "text"}, "clean": clean, "prepare": {"tokenizer": str(tmp_path / "tokenizer.json")}}
    walk(Job(path, tmp_path / "out", "clean", made_settings(settings | {"store": {"versions": False}}, "the test")))
    kept = pq.read_table(tmp_path / "out" / "data.parquet")["_row"].to_pylist()
    assert kept == [at for at, row in enumerate(rows) if len(row["text"]) >= 300]  # a byte a token


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"drop_matching": ["(?<=a)b"]}, r"\[clean\] drop_matching has"),
        ({"drop_urls": ["none.txt"]}, "none.txt not found"),
        ({"quality": "none.bin"}, "none.bin not found"),
        ({"max_words": -1}, r"clean.max_words is -1"),
    ],
    ids=str,
)
def test_wrong_filters_are_one_line(tmp_path, wish, says):
    with pytest.raises((InputError, OptionError), match=says):
        cleaned(tmp_path, **wish)


@pytest.mark.parametrize("wish", [{"max_per_domain": 3}, {"drop_urls": ["list.txt"]}], ids=str)
def test_filters_of_addresses_need_addresses(tmp_path, wish, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("a.com\n")
    with pytest.raises(OptionError, match="needs a column of addresses such as 'url'"):
        cleaned(tmp_path, rows=[{"text": row["text"]} for row in documents()], **wish)


def test_a_quality_model_removes_what_it_finds_poor(tmp_path):
    from karat.clean.quality_classifier import train

    rows = list(documents())
    model = train(
        [row["text"] for row in rows if "Rome" in row["text"]], [r["text"] for r in rows if "Bern" in r["text"]]
    )
    data, ledger = cleaned(tmp_path, quality=str(model.save(tmp_path / "quality.npz")))
    assert [row["_row"] for row in data] == list(range(0, 120, 3))
    assert {row["check"] for row in ledger} == {"PoorTexts"}  # 67 % are removed, and the guard has nothing to ask


def test_a_quality_model_that_is_none_is_one_line_and_nothing_is_lost(tmp_path):
    (tmp_path / "m.bin").write_bytes(b"no model")
    with pytest.raises(InputError, match="not a fastText model"):
        cleaned(tmp_path, quality=str(tmp_path / "m.bin"))
    assert not (tmp_path / "out" / "data.parquet").exists()
    assert len((tmp_path / "corpus.jsonl").read_text().splitlines()) == 120
