"""New documents are compared with those that a run has kept."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.flow.applying import apply_run

WORDS = [
    "the",
    "river",
    "house",
    "and",
    "of",
    "people",
    "boat",
    "winter",
    "to",
    "a",
    "long",
    "in",
    "stone",
    "that",
    "bridge",
    "with",
    "hill",
    "under",
    "light",
    "old",
]


def story(at):
    dice = np.random.default_rng(at)
    lines = (" ".join(dice.choice(WORDS, 12)) for _ in range(8))
    return " ".join(f"{line.capitalize()}." for line in lines)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    home = tmp_path_factory.mktemp("runs") / "stories"
    karat.clean([story(at) for at in range(30)], kind="text", out=home, profile="datatrove", allow=["all"], workers=1)
    assert pq.read_metadata(home / "data.parquet").num_rows == 30
    return home


def test_a_near_copy_of_a_stored_document_is_reported_with_its_keeper(run, tmp_path):
    near = story(17) + " The end of it."
    new = pa.table({"text": [story(100), near, story(101), story(4)]})
    done = apply_run(run, new, tmp_path / "out")
    findings = pq.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    known = {entry["row"]: entry for entry in findings if entry["check"] == "KnownTexts"}
    assert {row: entry["keeper"] for row, entry in known.items()} == {1: 17, 3: 4}
    assert known[3]["message"] == "shares 100.0% of its shingles with document 4 of the run, the limit is 80%"
    assert (done["in"], done["kept"]) == (4, 2)
    ledger = pq.read_table(tmp_path / "out" / "ledger.parquet").to_pylist()
    assert [(entry["row"], entry["check"], entry["keeper"]) for entry in ledger] == [
        (1, "KnownTexts", None),  # the keeper is no record of the new file
        (3, "KnownTexts", None),
    ]
    assert not list((tmp_path / "out").rglob("known"))


def test_without_near_duplicates_nothing_is_compared(run, tmp_path):
    settings = (run / "karat.toml").read_text(encoding="utf-8")
    assert "near_duplicates = 0.8" in settings
    try:
        (run / "karat.toml").write_text(settings.replace("near_duplicates = 0.8", "near_duplicates = 0"), "utf-8")
        assert apply_run(run, pa.table({"text": [story(100), story(4)]}), tmp_path / "out")["kept"] == 2
    finally:
        (run / "karat.toml").write_text(settings, encoding="utf-8")
