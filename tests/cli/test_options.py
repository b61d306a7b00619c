"""Options of the Python calls: the settings they stand for, and what help says of them."""

import inspect
from pathlib import Path

import pytest

import karat
from karat.cli.options import Options, as_settings, fields, named_options
from karat.core.errors import OptionError
from karat.flow.settings import made_settings


def test_the_options_are_the_settings_and_no_name_is_in_two_tables():
    assert set(Options.__annotations__) == set(fields())
    tables = [table for table, _ in fields().values()]
    assert len(fields()) == len(tables)
    for name in fields():
        assert as_settings({name: "x"}, "")


def test_every_default_is_one_that_the_settings_take():
    defaults = {name: entry[1].get_default(call_default_factory=True) for name, entry in fields().items()}
    assert made_settings(as_settings(defaults, ""), "the defaults") == made_settings({}, "nothing")


def test_help_says_what_an_option_does_and_its_range():
    text = inspect.getdoc(karat.assess)
    assert "near_duplicates : float, default 0.8, ≥ 0 and ≤ 1\n    Jaccard from which" in text
    assert "personal_data : {'mask', 'hash', 'drop', 'keep'}, default 'mask'" in text
    assert "**options" not in text
    assert "karat.OptionError" in text
    assert inspect.getdoc(karat.clean) != inspect.getdoc(karat.run) != text


def test_options_stand_in_their_tables_as_a_settings_file_holds_them():
    values = as_settings({"seed": 3, "query": "SELECT 1", "answers": Path("a.csv"), "test_sets": [Path("x"), "y"]}, "t")
    assert values == {
        "collect": {"target": "t", "query": "SELECT 1"},
        "seed": 3,
        "label": {"answers": "a.csv"},
        "clean": {"test_sets": ("x", "y")},
    }
    assert as_settings({}, "") == {"collect": {"target": ""}}


@pytest.mark.parametrize("name", ["seeds", "data", "target"])
def test_what_is_no_option_names_the_nearest(name):
    with pytest.raises(OptionError, match=f"option '{name}' not found"):
        as_settings({name: 1}, "")


def test_a_call_shows_its_options_behind_its_own():
    @named_options
    def call(data, *, out=None, **options):
        """Do it.

        Parameters
        ----------
        data : path
        **options

        Returns
        -------
        None
        """

    names = list(inspect.signature(call).parameters)
    assert names == ["data", "out", *fields()]
    assert inspect.signature(call).parameters["decimal"].default == ""
    lines = inspect.getdoc(call).splitlines()
    (seed,) = [line for line in lines if line.startswith("seed :")]
    assert seed.startswith("seed : int, default 0")
    (kind,) = [line for line in lines if line.startswith("kind :")]
    assert kind.startswith("kind : {'table', 'text', ")
    assert " or None" in kind
