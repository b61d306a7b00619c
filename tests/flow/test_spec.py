"""The inferred settings as a file that gives the same again."""

from pathlib import Path

from karat.flow.job import Job
from karat.flow.settings import made_settings, read_settings
from karat.flow.spec import write_inferred


def test_every_column_is_written_with_its_role_type_and_missing_words(tmp_path: Path) -> None:
    days = [f"{1 + k % 28:02d}/02/2024" for k in range(60)]
    rows = [f"{k},{'N/A' if k == 3 else 20 + k % 40},{('Oslo', 'Bergen')[k % 2]},{day}" for k, day in enumerate(days)]
    data = tmp_path / "people.csv"
    data.write_text("id,age,city,born\n" + "\n".join(rows) + "\n", encoding="utf-8")
    settings = made_settings({"seed": 5, "collect": {"target": "city"}}, "the test")
    write_inferred(Job(data, tmp_path / "run", "run", settings), tmp_path / "karat.toml")
    written = read_settings(tmp_path / "karat.toml")
    assert written.collect.data == str(data)
    assert (written.seed, written.collect.target) == (5, "city")
    columns = written.model_dump(mode="json")["collect"]["columns"]
    assert list(columns) == ["id", "age", "city", "born"]
    assert (columns["age"]["role"], columns["age"]["type"], list(columns["age"]["nulls"])) == (
        "number",
        "int64",
        ["N/A"],
    )
    assert (columns["born"]["role"], columns["born"]["format"]) == ("time", "%d/%m/%Y")
    assert columns["city"]["role"] == "target"
    assert not (tmp_path / "run").exists()
