"""What is to be read of a corpus: columns by their names, ways by the settings, one part store for each."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.flow.folder import RunFolder
from karat.flow.job import Job
from karat.flow.part_plan import INPUT, done_with_input, planned, store_of
from karat.flow.part_store import Plan
from karat.flow.settings import made_settings

RECORDS = [
    {"id": k, "site": "a", "url": "http://x", "date": "2024-01-01", "label": "p", "text": f"text {k}"} for k in range(4)
]


@pytest.fixture
def job(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")

    def wanted(data=path, collect=None, quality=None, **clean) -> Job:
        settings = {"collect": {"kind": "text", **(collect or {})}, "clean": clean, "quality": quality or {}}
        return Job(data, tmp_path / "run", "clean", made_settings(settings, "the test"))

    return wanted


def store(job: Job):
    return store_of(job, RunFolder.open(job.out, "f" * 64))


def test_columns_are_known_by_their_names(job) -> None:
    plan = planned(job(), store(job()))
    assert plan.text == "text"
    assert {key: plan.how[key] for key in ("source_column", "source_is_url", "class_column")} == {
        "source_column": "site",
        "source_is_url": False,
        "class_column": "label",
    }
    wanted = job(collect={"target": "id", "text": "url"})
    plan = planned(wanted, store(wanted))
    assert (plan.text, plan.how["class_column"]) == ("url", "id")
    assert all(piece.text == "url" for piece in plan.pieces)


def test_a_plan_is_made_once_and_read_back(job) -> None:
    place = store(job())
    plan = planned(job(), place)
    again = planned(job(), place)
    assert again == Plan.read(place.plan_path)
    assert (again.pieces, again.text) == (plan.pieces, plan.text)
    assert json.dumps(again.how) == json.dumps(plan.how)


def test_another_way_to_read_has_another_store_and_the_old_one_goes(job) -> None:
    first, same = store(job()), store(job(max_removed=0.5))
    assert first.path == same.path
    other = store(job(html=True))
    assert other.path != first.path
    assert not first.path.exists()
    assert store(job(collect={"text": "url"})).path != other.path


def test_what_is_wrong_in_the_settings_is_told(job) -> None:
    for wanted, problem in (
        (job(collect={"text": "body"}), r"column 'body' not found in .*|column 'body' not found"),
        (job(collect={"target": "none"}), "column 'none' not found"),
    ):
        with pytest.raises(OptionError, match=problem):
            planned(wanted, store(wanted))
    with pytest.raises(OptionError, match="names only one of good and bad"):
        store(job(good="x.jsonl"))


def test_the_settings_say_how_documents_are_read(job) -> None:
    how = planned(job(ignore=["PersonalData", "BrokenCharacters"], languages=["en"]), store(job())).how
    assert (how["personal_data"], how["repair_unicode"], how["identify_languages"]) == ("keep", False, True)
    assert (how["html"], how["test_sets"], how["examples"]) == (False, [], [])
    assert how["near_duplicates"] == 0.8


def test_parameters_of_checks_say_the_same_as_the_settings_of_clean(job, tmp_path) -> None:
    (tmp_path / "usual.txt").write_text("usual", encoding="utf-8")
    usual = str(tmp_path / "usual.txt")
    beside = {"html": True, "boilerplate": True, "repair_unicode": False, "flagged_words": ["x"], "usual": usual}
    quality = {
        "HtmlInTexts": {"remove": True},
        "BoilerplateLines": {"cut": True},
        "BrokenCharacters": {"repair": False},
        "FlaggedWords": {"words": ["x"]},
        "StrangeTexts": {"usual": usual},
    }
    of_clean, of_checks = job(**beside), job(quality=quality)
    assert store(of_clean).path == store(of_checks).path
    assert store(job()).path != store(of_checks).path
    first = of_checks.fingerprint()
    (tmp_path / "usual.txt").write_text("other", encoding="utf-8")
    assert of_checks.fingerprint() != first
    with pytest.raises(OptionError, match="names only one of good and bad"):
        store(job(quality={"PoorTexts": {"bad": usual}}))


def test_a_table_in_memory_is_written_down_and_forgotten_when_it_is_read(job) -> None:
    wanted = job(data=pa.table({"text": ["one long text", "another text"], "n": [1, 2]}))
    place = store(wanted)
    plan = planned(wanted, place)
    assert plan.pieces[0].path == str(place.path / INPUT)
    assert pq.read_table(place.path / INPUT)["n"].to_pylist() == ["1", "2"]
    done_with_input(place)
    assert not (place.path / INPUT).exists()
    done_with_input(place)
