"""Every kind is found by its name, and says what it needs to."""

import json
import sys

import pyarrow as pa
import pytest

import karat
from karat import kinds
from karat.core.errors import InputError, OptionError
from karat.core.schema import Schema
from tests.kinds._samples import kind_of, sample_of


def test_kinds_are_found_in_their_folder_and_by_earlier_names():
    assert set(kinds.every()) == {"table", "text", "chat", "image", "event", "series"}
    earlier = {"corpus": "text", "instructions": "chat", "images": "image", "interactions": "event"}
    assert {name: kinds.of(name).name for name in earlier} == earlier
    with pytest.raises(OptionError, match="tabel"):
        kinds.of("tabel")


def test_a_table_is_asked_last():
    assert [*kinds.every()][-1] == "table"


@pytest.mark.parametrize("name", ["chat", "image", "event", "series"])
def test_what_the_data_cannot_be_is_an_error(name):
    sample = sample_of({"colour": ["red", "blue"] * 20})
    assert kind_of(sample) == "table"
    with pytest.raises(InputError):
        kinds.of(name).roles(sample)


def test_units_of_a_table_suit_a_series_but_not_the_other_way():
    series, table = Schema((), kind="series", also=kinds.of("series").also), Schema((), kind="table")
    assert series.suits({"table"})
    assert Schema.from_json(series.to_json()) == series
    assert not table.suits({"series"})
    assert Schema((), kind="text").suits({"corpus"}), "units of other packages may use an earlier name"


SOUND = '''"""Notes of a tune."""

from karat.kinds.kind import Kind


class Sound(Kind):
    """A tune, by a column of notes."""

    name = "sound"
    rank = 5
    also = ("table",)

    def recognised(self, sample):
        """By the name of a column."""
        return "column 'note' holds notes" if "note" in sample.table.column_names else ""
'''


def test_a_new_kind_is_one_file(tmp_path, monkeypatch):
    (tmp_path / "sounds.py").write_text(SOUND, encoding="utf-8")
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    kinds.every.cache_clear()
    try:
        tune = pa.table({"note": ["c", "d", "e", "c"] * 10, "length": [1, 2, 1, 4] * 10})
        run = karat.assess(tune, out=tmp_path / "run", workers=1)
        record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
        assert (record["kind"], record["kind_reason"]) == ("sound", "column 'note' holds notes")
        assert run.schema.kind == "sound"
        assert karat.assess(tune, kind="sound", workers=1).schema.kind == "sound"
        assert karat.assess(tune, kind="table", workers=1).schema.kind == "table"
    finally:
        kinds.every.cache_clear()
        sys.modules.pop("karat.kinds.sounds", None)
