"""A corpus from Python, and a rule at other limits from the command line."""

import subprocess
import sys

import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import OptionError


def test_a_list_of_texts_is_cleaned_as_a_corpus(records):
    texts = [record["text"] for record in records[0]]
    cleaned = karat.clean(texts, kind="corpus", workers=1, identify_languages=False, allow=["all"])
    kept = cleaned.data["_row"].to_pylist()
    assert [texts[row] for row in kept] == cleaned.data["text"].to_pylist()
    assert cleaned.accounting["in"] == len(texts)
    assert {"DuplicateTexts", "NearDuplicateTexts"} <= set(cleaned.ledger["check"].to_pylist())


def test_a_table_keeps_its_other_columns(records):
    import pyarrow as pa

    cleaned = karat.clean(pa.Table.from_pylist(records[0]), kind="corpus", workers=1, identify_languages=False)
    assert cleaned.data["source"].to_pylist()[:3] == ["site0", "site1", "site2"]


def test_a_sweep_tells_what_other_limits_would_keep(corpus, tmp_path):
    out = tmp_path / "run"
    call = [
        sys.executable,
        "-m",
        "karat.cli.main",
        "clean",
        str(corpus),
        "--out",
        str(out),
        "--workers",
        "1",
        "--quiet",
        "--allow",
        "all",
        "--profile",
        "gopher",
    ]
    done = subprocess.run([*call, "--sweep", "GopherQuality.min_words"], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:-1]]
    kept = [int(row[1].replace(",", "")) for row in rows]
    assert kept == sorted(kept, reverse=True)
    assert kept[0] > kept[-1]
    assert sum("now" in line for line in done.stdout.splitlines()) == 1
    assert (out / "sweep-GopherQuality.min_words.svg").read_text().startswith("<svg")
    wrong = subprocess.run([*call, "--sweep", "GopherQuality.min_wordz"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "GopherQuality.min_words" in wrong.stderr


def test_an_unknown_option_is_an_error():
    with pytest.raises(OptionError, match="profile"):
        karat.clean(["a"], kind="corpus", profil="zh")


def test_the_same_run_is_answered_at_once(corpus, tmp_path):
    first = karat.clean(str(corpus), out=tmp_path / "run", workers=1)
    before = (tmp_path / "run" / "data.parquet").stat().st_mtime_ns
    again = karat.clean(str(corpus), out=tmp_path / "run", workers=1)
    assert again.data.equals(first.data)
    assert pq.read_metadata(tmp_path / "run" / "data.parquet").num_rows == first.data.num_rows
    assert (tmp_path / "run" / "data.parquet").stat().st_mtime_ns == before
