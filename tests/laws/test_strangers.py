"""A stranger's unit of each kind, installed as a package of its own, is used on each kind of data it declares."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from karat.core.unit import KINDS
from tests.quality._events import people, shuffled
from tests.quality._pictures import as_bytes, good_pictures

PACKAGE = Path(__file__).parents[1] / "strangers"
MARK = "QQQ"
JUDGING = ("MarksPerRecord", "MarkedRecords", "DropMarkedRecords")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as an installer would leave it, and a function that runs karat beside it: (env, log)."""
    place = tmp_path_factory.mktemp("site")
    shutil.copytree(PACKAGE / "src" / "karat_strangers", place / "karat_strangers")
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    info = place / "karat_strangers-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: karat-strangers\nVersion: 0.1.0\n")
    points = "\n".join(f"{name} = {where}" for name, where in project["entry-points"]["karat.units"].items())
    (info / "entry_points.txt").write_text(f"[karat.units]\n{points}\n")
    log = place / "used.txt"
    path = os.pathsep.join([str(place), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": path, "KARAT_STRANGERS": str(log)}, log


def used_by(installed, *command) -> set[tuple[str, str]]:
    """Run karat beside the package: which unit was used on what."""
    env, log = installed
    log.write_text("")
    asked = [sys.executable, "-m", "karat", *command]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {tuple(line.split()) for line in log.read_text().splitlines()}


def table(place: Path, *, series: bool = False) -> Path:
    """Two numbers and a category that say who is good; one record in sixty is marked."""
    chance = np.random.default_rng(5)
    rows = []
    for at in range(240):
        x, y = chance.normal(size=2)
        if series:  # what was so yesterday is mostly so today
            x = 2 * np.sin(at / 3) + 0.3 * x
        word = MARK if at % 60 == 30 else f"{'abc'[at % 3]}{chance.integers(5)}"
        good = "yes" if x + 0.5 * y + chance.normal() * 0.5 > 0 else "no"
        day = f"2024-{1 + at // 28:02d}-{1 + at % 28:02d}|" if series else ""
        rows.append(f"{day}{x:.3f}|{y:.3f}|{word}|{good}")
    path = place / ("series.bars" if series else "table.bars")
    path.write_text("\n".join([("day|" if series else "") + "x|y|word|good", *rows]) + "\n")
    return path


def chats(place: Path) -> Path:
    """Questions and answers, one of them marked."""
    rows = [f"How is the weather on day {at}?|It will be fine, with {at} clouds at most." for at in range(60)]
    rows[20] = f"What does {MARK} mean?|Nothing that anybody knows of."
    path = place / "chats.bars"
    path.write_text("\n".join(["instruction|output", *rows]) + "\n")
    return path


def events(place: Path) -> Path:
    """Who took what and when; one event is of a marked item."""
    rows, _ = shuffled(people(users=60, items=40))
    rows[5] = (rows[5][0], MARK, *rows[5][2:])
    path = place / "events.bars"
    cells = ["|".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(["user|item_id|rating|timestamp", *cells]) + "\n")
    return path


def pictures(place: Path) -> Path:
    """A folder a class; one file is marked by its name."""
    for at, picture in enumerate(good_pictures(30)):
        folder = place / "pictures" / "ab"[at % 2]
        folder.mkdir(parents=True, exist_ok=True)
        dark = picture * (0.75 if at % 2 else 1.0)
        (folder / f"{MARK if at == 10 else at}.png").write_bytes(as_bytes(dark))
    return place / "pictures"


def texts(place: Path) -> Path:
    """A line a document; one is marked."""
    lines = [
        json.dumps({"text": f"The river rose by {at} feet in the night, and the town slept on. " * 8})
        for at in range(40)
    ]
    lines[3] = json.dumps({"text": f"A text that holds {MARK} and is as long as others are. " * 8})
    path = place / "texts.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_kind_of_unit_is_among_them(installed):
    env, _ = installed
    listed = subprocess.run(
        [sys.executable, "-m", "karat", "list"], env=env, capture_output=True, text=True, check=True
    )
    kinds = {line.split(" (")[0]: [] for line in listed.stdout.splitlines() if line and not line.startswith(" ")}
    current = ""
    for line in listed.stdout.splitlines():
        current = line.split(" (")[0] if line and not line.startswith(" ") else current
        if line.startswith("  "):
            kinds[current].append(line.split()[0])
    ours = set(tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]["entry-points"]["karat.units"])
    assert set(kinds) == set(KINDS)
    assert all(ours & set(codes) for codes in kinds.values())


@pytest.mark.parametrize("series", [False, True], ids=["table", "series"])
def test_on_a_table_and_on_a_series(installed, tmp_path, series):
    path, out = table(tmp_path, series=series), tmp_path / "run"
    seen = used_by(installed, "run", str(path), "--target", "good", "--out", str(out), "--quiet")
    wanted = {(code, path.stem) for code in (*JUDGING, "FilledCells")}
    assert wanted <= seen
    assert {("BarFile", path.stem), ("CommonAnswer", "classification"), ("TrueShare", "classification")} <= seen
    assert ("NameCard", "Prepared") in seen
    found = pq.read_table(out / "findings.parquet").to_pylist()
    assert [one["row"] for one in found if one["check"] == "MarkedRecords"] == [30, 90, 150, 210]
    evaluation = json.loads((out / "evaluation.json").read_text())
    assert 0 < evaluation["learners"]["the common answer"]["TrueShare"]["value"] < 1
    assert (out / "model" / "name_card.txt").read_text() in {"TreesModel\n", "LinearModel\n"}  # whichever ships
    review = {one["row"] for one in pq.read_table(out / "review.parquet").to_pylist()}
    ledger = {
        one["row"] for one in pq.read_table(out / "ledger.parquet").to_pylist() if one["check"] == "MarkedRecords"
    }
    assert {30, 90, 150, 210} <= review | ledger


def test_on_pictures(installed, tmp_path):
    out = tmp_path / "run"
    seen = used_by(installed, "run", str(pictures(tmp_path)), "--out", str(out), "--quiet")
    assert {(code, "image") for code in (*JUDGING, "FilledCells")} <= seen
    assert {("CommonAnswer", "classification"), ("TrueShare", "classification"), ("NameCard", "Prepared")} <= seen


def test_on_chats(installed, tmp_path):
    seen = used_by(installed, "clean", str(chats(tmp_path)), "--out", str(tmp_path / "run"), "--quiet")
    assert {(code, "chat") for code in JUDGING} | {("BarFile", "chats")} <= seen


def test_on_events(installed, tmp_path):
    out = tmp_path / "run"
    seen = used_by(installed, "run", str(events(tmp_path)), "--out", str(out), "--quiet")
    assert {(code, "event") for code in JUDGING} | {("BarFile", "events")} <= seen
    assert {("CommonAnswer", "ranking"), ("FirstHit", "ranking"), ("NameCard", "Recommender")} <= seen
    evaluation = json.loads((out / "evaluation.json").read_text())
    assert "FirstHit@10" in evaluation["learners"]["CommonAnswer"]


def test_on_texts(installed, tmp_path):
    out = tmp_path / "run"
    seen = used_by(installed, "clean", str(texts(tmp_path)), "--out", str(out), "--allow", "all", "--quiet")
    assert {(code, "text") for code in JUDGING} <= seen
    findings = pq.read_table(out / "findings.parquet").to_pylist()
    assert [finding["row"] for finding in findings if finding["check"] == "MarkedRecords"] == [3]
    books = json.loads((out / "accounting.json").read_text())
    assert books["in"] == 40 == books["kept"] + sum(books["removed"].values())
    assert 3 not in pq.read_table(out / "data.parquet")["_row"].to_pylist()


def test_a_voter_is_asked_by_its_code(installed, tmp_path):
    (tmp_path / "items.csv").write_text("item,text\na,a good thing\nb,a poor thing\nc,good again\n")
    out = tmp_path / "out"
    command = ("label", "--items", str(tmp_path / "items.csv"), "--voter", "SaysGood", "--out", str(out), "--quiet")
    assert used_by(installed, *command) == {("SaysGood", "votes")}
    labels = pq.read_table(out / "labels.parquet").to_pylist()
    assert {one["item"]: one["label"] for one in labels} == {"a": "good", "b": "bad", "c": "good"}
