"""Folders of pictures from end to end."""

import json

import pyarrow.parquet as pq
import pytest

import karat
from karat.core.finding import no_findings
from karat.core.patch import no_changes
from karat.flow.decisions import DecidedOutcome, Decision
from karat.flow.decisions_applied import Settled
from karat.flow.review import ANSWERS
from tests.quality._pictures import as_bytes, block_of, good_pictures


@pytest.fixture(scope="module")
def photos():
    return [as_bytes(one) for one in good_pictures(8)]


def test_without_classes_a_run_ends_before_the_model(tmp_path, photos):
    (tmp_path / "flat").mkdir()
    for at, photo in enumerate([*photos, photos[2]]):
        (tmp_path / "flat" / f"{at}.png").write_bytes(photo)
    karat.run(tmp_path / "flat", out=tmp_path / "out")
    assert not (tmp_path / "out" / "model").exists()
    measures = json.loads((tmp_path / "out" / "scores.json").read_text())["after"]["dimensions"]
    assert all(m["bad"] == 0 for m in measures["completeness"]["measures"])


def test_copies_are_asked_as_pairs_and_a_faulty_picture_as_a_record(tmp_path, photos):
    (tmp_path / "in").mkdir()
    for at, photo in enumerate([*photos, photos[2], as_bytes(good_pictures(1)[0] * 0.02)]):
        (tmp_path / "in" / f"{at}.png").write_bytes(photo)
    karat.clean(tmp_path / "in", out=tmp_path / "out")
    cases = pq.read_table(tmp_path / "out" / "review.parquet").to_pylist()
    asked = {(one["row"], one["column"], one["check"]): one["value"] for one in cases}
    assert asked[8, None, "DuplicateImages"] == "2"
    assert asked[9, None, "DarkImages"] == "9.png"
    assert not any(row == 2 for row, _, _ in asked)


def test_a_dropped_picture_leaves_its_text_in_the_ledger(photos):
    block = block_of(photos)
    now = "2026-01-01T00:00:00"
    said = Decision(
        1, "record", 3, None, None, "DarkImages", None, "3.png", None, 0.9, "accept", "drop", "li", now, 1.0, now
    )
    settled = Settled.of([DecidedOutcome(said, "li")], block.schema)
    _, patches, _ = settled.taken_in(block, no_findings(), {}, no_changes())
    (gone,) = patches[ANSWERS].to_pylist()
    assert (gone["row"], gone["action"], json.loads(gone["before"])) == (3, "drop", {"path": "003.png"})
