"""Crawl after crawl against one index: what was kept stays, what is known goes, and yesterday's answer stands."""

import json

import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings


def cleaned(data, out, upto="clean", **clean):
    clean = {"allow": ["all"]} | clean
    values = {"workers": 1, "collect": {"kind": "corpus"}, "clean": clean, "store": {"versions": False}}
    walk(Job(data, out, upto, made_settings(values, "the test")))
    return out


def known(out):
    ledger = pq.read_table(out / "ledger.parquet").to_pylist()
    return {row["row"]: row for row in ledger if row["check"] == "KnownTexts"}


def written(path, texts):
    path.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), encoding="utf-8")
    return path


@pytest.fixture
def crawls(tmp_path, records):
    made, kinds = records
    good = [m["text"] for m, kind in zip(made, kinds, strict=True) if kind in ("good", "chinese")]
    monday = written(tmp_path / "monday.jsonl", good[:60])
    again = [good[3], good[8] + " And a little more at the end.", good[14]]
    tuesday = written(tmp_path / "tuesday.jsonl", [*good[60:120], *again])
    return monday, tuesday


def test_todays_copies_of_yesterdays_texts_go_and_nothing_else(crawls, tmp_path):
    monday, tuesday = crawls
    index = str(tmp_path / "index")
    assert not known(cleaned(monday, tmp_path / "monday", index=index))
    gone = known(cleaned(tuesday, tmp_path / "tuesday", index=index, allow=["KnownTexts"]))
    assert sorted(gone) == [60, 61, 62]
    assert gone[60]["measure"] == 1.0
    assert 0.8 <= gone[61]["measure"] < 1
    assert gone[61]["limit"] == 0.8
    assert gone[61]["keeper"] is None
    books = json.loads((tmp_path / "tuesday" / "accounting.json").read_text())
    assert books["removed"] == {"KnownTexts": 3}
    assert books["kept"] == 60


def test_yesterday_cleaned_again_gives_what_it_gave_and_adds_nothing(crawls, tmp_path):
    monday, tuesday = crawls
    index = tmp_path / "index"
    first = cleaned(monday, tmp_path / "first", index=str(index))
    cleaned(tuesday, tmp_path / "tuesday", index=str(index), allow=["KnownTexts"])
    held = {path.name: path.read_bytes() for path in index.iterdir()}
    again = cleaned(monday, tmp_path / "again", index=str(index))
    assert not known(again)
    assert (first / "data.parquet").read_bytes() == (again / "data.parquet").read_bytes()
    assert held == {path.name: path.read_bytes() for path in index.iterdir()}


def test_a_look_adds_nothing(crawls, tmp_path):
    cleaned(crawls[0], tmp_path / "run", upto="assess", index=str(tmp_path / "index"))
    assert not list((tmp_path / "index").glob("*"))


def test_an_index_wants_signatures_of_its_own_threshold(crawls, tmp_path):
    with pytest.raises(OptionError, match="near_duplicates is 0"):
        cleaned(crawls[0], tmp_path / "run", index=str(tmp_path / "index"), near_duplicates=0.0)
    cleaned(crawls[0], tmp_path / "run", index=str(tmp_path / "index"))
    with pytest.raises(InputError, match="threshold"):
        cleaned(crawls[1], tmp_path / "other", index=str(tmp_path / "index"), near_duplicates=0.7)
