"""Files of votes, items and answers become labels; what people decided later replaces what they said."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.labelling import Labelling, _joined, _table, _with_people, label, with_classes

VOTES = pa.table({"item": ["a", "a", "b"], "voter": ["x", "y", "x"], "label": ["p", "q", "q"]})


def csv(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_a_persons_later_word_replaces_the_earlier_one() -> None:
    decided = pa.table({"item": ["a", "c"], "voter": ["x", "z"], "label": ["q", "p"], "seconds": [1.0, 2.0]})
    assert _with_people(VOTES, decided).to_pylist() == [
        {"item": "a", "voter": "y", "label": "q"},
        {"item": "b", "voter": "x", "label": "q"},
        {"item": "a", "voter": "x", "label": "q"},
        {"item": "c", "voter": "z", "label": "p"},
    ]
    assert _with_people(VOTES, decided.slice(0, 0)) is VOTES


def test_votes_of_several_kinds_are_joined_as_text() -> None:
    numbered = pa.table({"item": [1], "voter": ["m"], "label": [2], "why": ["x"]})
    assert _joined([VOTES, numbered]).to_pylist()[-1] == {"item": "1", "voter": "m", "label": "2"}
    assert _joined([numbered]) is numbered
    with pytest.raises(InputError, match="votes lack the columns voter, label"):
        _joined([VOTES, pa.table({"item": ["a"]})])


def test_classes_from_a_list_with_commas_of_either_width() -> None:
    plain = Labelling("v.csv")
    assert with_classes(plain, "猫， 狗,").classes == ("猫", "狗")
    assert with_classes(plain, "").classes == ()
    with pytest.raises(OptionError, match="names a class twice: a,b,a"):
        with_classes(plain, "a,b,a")


def test_a_file_with_broken_lines_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has 1 lines that cannot be read, the first at 3: 1 of 2 fields"):
        _table(csv(tmp_path / "v.csv", "item,label", "a,x", "b", "c,y"))
    assert _table(csv(tmp_path / "w.csv", "item,label", "a,x")).to_pylist() == [{"item": "a", "label": "x"}]


def test_votes_become_labels_that_are_saved_with_what_they_came_from(tmp_path: Path) -> None:
    lines = [f"i{at},{voter},{'p' if at % 3 else 'q'}" for at in range(12) for voter in "xyz"]
    votes = csv(tmp_path / "v.csv", "item,voter,label", *lines)
    items = csv(tmp_path / "i.csv", "item,text", *(f"i{at},text {at}" for at in range(13)))
    labels = label(Labelling(votes, items, method="majority"), tmp_path / "out")
    assert labels.cost == {}
    assert labels.written is None
    place = labels.save(tmp_path / "out")
    assert sorted(path.name for path in place.glob("*.parquet")) == [
        "items.parquet",
        "labels.parquet",
        "soft_labels.parquet",
        "suspect_votes.parquet",
        "vote_counts.parquet",
        "voters.parquet",
        "votes.parquet",
    ]
    saved = pq.read_table(place / "labels.parquet")
    assert saved.num_rows == 13
    assert saved["label"].to_pylist()[:3] == ["q", "p", "p"]


def test_known_answers_stand_in_the_result(tmp_path: Path) -> None:
    lines = [f"i{at},{voter},p" for at in range(6) for voter in "xyz"] + ["i6,x,q"]
    votes = csv(tmp_path / "v.csv", "item,voter,label", *lines)
    gold = csv(tmp_path / "g.csv", "item,label", "i0,q")
    labels = label(Labelling(votes, gold=gold, method="majority"), tmp_path).labels.labels
    assert dict(zip(labels["item"].to_pylist(), labels["label"].to_pylist(), strict=True))["i0"] == "q"


def test_what_is_lacking_is_said(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="was given no votes"):
        label(Labelling(None), tmp_path)
    with pytest.raises(OptionError, match="voter 'Nobody' not found"):
        label(Labelling(None, voters=("Nobody",)), tmp_path)
    (tmp_path / "t.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="is not complete JSON"):
        label(Labelling(str(tmp_path / "t.json")), tmp_path)
