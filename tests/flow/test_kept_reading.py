"""What was accepted of a preview holds for every later command, and reads the same cells."""

import json

import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.applying import apply_run
from karat.flow.kept_reading import keep_reading, kept_reading, with_values
from karat.flow.looking import look
from karat.flow.settings import made_settings

NO_SETTINGS = made_settings({}, "the test")
SOURCES = {
    "plain": b"a,b\n" + b"".join(b"%d,x\n" % at for at in range(30)),
    "titles": ("Отчёт\nимя;сумма\n" + "".join(f"Иван;{at},5\n" for at in range(30))).encode("cp1251"),
    "no header": b"".join(b"%d\t%d.5\n" % (at, at) for at in range(30)),
    "one cell short": b"a,b\n" + b"".join(b"r%d,%d,x\n" % (at, at) for at in range(30)),
    "two marks": b"a;b\n" + b"".join(b"%d,5;%d.25\n" % (at, at) for at in range(30)),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_was_assumed_and_kept_reads_the_same_cells(tmp_path, name):
    place = tmp_path / "x.csv"
    place.write_bytes(SOURCES[name])
    seen = look(str(place), NO_SETTINGS)
    keep_reading(tmp_path / "run", str(place), NO_SETTINGS, seen)
    kept = kept_reading(tmp_path / "run", str(place))
    assert look(str(place), made_settings({"collect": kept}, "the test")).same_as(seen)
    assert kept["data"] == "../x.csv"


def test_what_is_kept_is_for_one_source_and_for_one_that_was_kept(tmp_path):
    for name in ("x.csv", "y.csv"):
        (tmp_path / name).write_bytes(SOURCES["titles"])
    keep_reading(tmp_path / "run", str(tmp_path / "x.csv"), NO_SETTINGS, look(str(tmp_path / "x.csv"), NO_SETTINGS))
    assert kept_reading(tmp_path / "run", tmp_path / "x.csv")["encoding"] == "cp1251"
    assert kept_reading(tmp_path / "run", str(tmp_path / "y.csv")) == {}
    assert kept_reading(tmp_path / "none", str(tmp_path / "x.csv")) == {}


def test_a_run_reads_as_was_kept_and_so_does_apply(tmp_path, command):
    place = tmp_path / "x.csv"
    place.write_text("day,n\n" + "".join(f"{1 + at % 12:02}/{1 + at % 11:02}/2024,{at}\n" for at in range(60)))
    changed = with_values(NO_SETTINGS, {"date_order": "dmy"})
    keep_reading(tmp_path / "run", str(place), changed, look(str(place), changed))
    done = command("clean", place, "--out", tmp_path / "run")
    assert done.status == 0, done.stderr
    (column,) = [c for c in json.loads((tmp_path / "run/schema.json").read_text())["columns"] if c["name"] == "day"]
    assert column["format"] == "%d/%m/%Y"
    assert kept_reading(tmp_path / "run", place)["date_order"] == "dmy"
    assert command("verify", tmp_path / "run").status == 0
    (tmp_path / "new.csv").write_text("day,n\n03/04/2024,70\n")
    apply_run(tmp_path / "run", str(tmp_path / "new.csv"), tmp_path / "applied")
    import pyarrow.parquet as pq

    assert str(pq.read_table(tmp_path / "applied/data.parquet")["day"][0]) == "2024-04-03 00:00:00"


def test_keeping_in_a_run_folder_leaves_it_whole(tmp_path, command):
    place = tmp_path / "x.csv"
    place.write_bytes(SOURCES["titles"])
    assert command("clean", place, "--out", tmp_path / "run").status == 0
    keep_reading(tmp_path / "run", str(place), NO_SETTINGS, look(str(place), NO_SETTINGS))
    assert command("verify", tmp_path / "run").status == 0


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "x.csv").write_bytes(SOURCES["plain"])
    with pytest.raises(InputError, match="not a run folder"):
        keep_reading(tmp_path, str(tmp_path / "x.csv"), NO_SETTINGS, look(str(tmp_path / "x.csv"), NO_SETTINGS))


def test_a_setting_that_means_nothing_is_an_error():
    with pytest.raises(OptionError, match="decimal"):
        with_values(NO_SETTINGS, {"decimal": "!"})
