"""Numbered models of a run: named by RUN@k, kept with what they learned from, and read again."""

import pytest

from karat.core.errors import InputError
from karat.flow.folder import write_json
from karat.flow.learned_models import (
    InUse,
    home_of,
    last_shipped,
    model_folder,
    next_folder,
    read_in_use,
    save_in_use,
    tried_until,
)
from karat.train.recalibrated import Correction
from tests.flow.drift_data import SCHEMA, records


@pytest.fixture
def run(tmp_path):
    home = tmp_path / "people"
    home.mkdir()
    for until, ships in (("2024-01-01", True), ("2024-01-02", False), ("2024-01-03", True)):
        place = next_folder(home)
        write_json(place / "learned.json", {"until": until})
        if ships:
            (place / "model").mkdir()
            save_in_use(place, InUse(records(5, 0), Correction(0.5, (0.1, -0.1)), until))
    return home


def test_models_are_named_by_their_number(run):
    assert model_folder(run) == run
    assert model_folder(run.with_name("people@3")) == run / "learned" / "3"
    assert model_folder(run.with_name("people@0")) == run
    assert home_of(run / "learned" / "3") == (run, 3)
    assert home_of(run) == (run, 0)
    with pytest.raises(InputError, match="has no model 2"):
        model_folder(run.with_name("people@2"))


def test_a_link_to_a_learned_model_stands_for_its_run(run):
    link = run.with_name("current")
    link.symlink_to("people/learned/1")
    assert home_of(link) == (run, 1)
    assert model_folder(run.with_name("current@3")) == run / "learned" / "3"


def test_the_newest_that_ships_and_the_last_that_was_tried(run):
    assert last_shipped(run) == 3
    assert tried_until(run) == "2024-01-03"
    assert next_folder(run).name == "4"


def test_what_was_learned_comes_back(run):
    model = read_in_use(run / "learned" / "3", SCHEMA)
    assert model.correction == Correction(0.5, (0.1, -0.1))
    assert model.since == "2024-01-03"
    assert model.records.table.equals(records(5, 0).table)
    assert (run / "learned" / "3" / "learned_from.parquet").stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="does not say what its model has learned"):
        read_in_use(run / "learned" / "2", SCHEMA)
