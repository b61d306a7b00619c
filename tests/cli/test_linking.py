"""Pairs that may be the same thing, from files to a folder."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli.linking import SHOWN, Linked, linked

PAIRS = pa.table(
    {
        "left": list(range(7)),
        "right": list(range(10, 17)),
        "probability": [0.5, 0.9, 0.49, 0.6, 0.7, 0.8, 0.95],
        "evidence": [f"e{k}" for k in range(7)],
    }
)


def test_the_surest_pairs_are_told_with_their_evidence() -> None:
    lines = Linked(PAIRS, Path("p")).in_words().splitlines()
    assert lines[0] == "6 likely matches, 1 less likely"
    assert lines[1] == "  6 ~ 16  0.950  e6"
    assert [line.split()[-1] for line in lines[1:-1]] == ["e6", "e1", "e5", "e4", "e3"]
    assert len(lines) == 1 + SHOWN + 1
    assert lines[-1] == "pairs      p"


def test_the_same_for_programs() -> None:
    assert json.loads(Linked(PAIRS, Path("p")).as_json()) == {"pairs": 7, "sure": 6, "path": "p"}
    assert json.loads(Linked(PAIRS.slice(0, 0), Path("p")).as_json())["sure"] == 0


@pytest.fixture
def people(tmp_path: Path) -> tuple[Path, Path]:
    names = [
        f"{first} {last}" for first in ("Anna", "Peter", "Maria") for last in ("Miller", "Okafor", "Brandt", "Lee")
    ]
    for file, suffix in (("a.csv", ""), ("b.csv", " Jr")):
        rows = [f"{name}{suffix},{1950 + 3 * k},Street {k}" for k, name in enumerate(names)]
        (tmp_path / file).write_text("name,born,street\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "a.csv", tmp_path / "b.csv"


def test_two_tables_are_linked_into_a_folder(people: tuple[Path, Path], tmp_path: Path) -> None:
    left, right = people
    links = linked(str(left), str(right), one_to_one=True, out=tmp_path / "out")
    sure = [pair for pair in links.pairs.to_pylist() if pair["probability"] >= 0.5]
    assert sure
    assert all(pair["left"] == pair["right"] for pair in sure)
    assert pq.read_table(links.place).equals(links.pairs)
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["sources"] == [str(left), str(right)]
    assert (record["name"], record["upto"], record["one_to_one"]) == ("a-b", "link", True)
    assert len(set(record["inputs"])) == 2


def test_a_table_alone_is_searched_for_repeats(
    people: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = people[0].read_text(encoding="utf-8")
    people[0].write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    links = linked(str(people[0]), None, one_to_one=False, out=None)
    assert links.place == Path("runs/a-link/pairs.parquet")
    assert {(pair["left"], pair["right"]) for pair in links.pairs.to_pylist()} >= {(0, 12)}
