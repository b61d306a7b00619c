"""The list of units."""

import inspect
from dataclasses import fields

import pytest
from typer.testing import CliRunner

from karat.cli import commands  # noqa: F401  registers the command
from karat.cli.app import app
from karat.cli.listing import lines
from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import KINDS


def test_every_unit_stands_on_a_line_under_its_kind():
    said = lines()
    for kind in KINDS:
        at = said.index(f"{kind} ({len(units(kind))})")
        codes = [line.split()[0] for line in said[at + 1 : at + 1 + len(units(kind))]]
        assert codes == list(units(kind))
    assert said.count("") == len(KINDS) - 1
    assert said[0].startswith(f"{KINDS[0]} (" if not isinstance(KINDS, dict) else next(iter(KINDS)))


def test_one_kind_and_what_its_units_do():
    said = lines("check")
    assert said[0] == f"check ({len(units('check'))})"
    (missing,) = [line for line in said if line.split()[0] == "MissingValues"]
    words = missing.split()
    assert words[1] == "completeness"
    assert len(words) > 4
    (sources,) = [line for line in lines("source") if line.split()[0] == "DelimitedText"]
    assert sources == f"  {'DelimitedText':<24} " + sources.split(maxsplit=1)[1]


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(OptionError, match="'check'"):
        lines("chek")


def test_one_unit_has_its_page_with_what_it_applies_to_and_its_defaults():
    said = lines("GopherQuality")
    unit = units("check")["GopherQuality"]
    assert said[0] == "GopherQuality · check · accuracy · for text"
    assert inspect.getdoc(unit) in "\n".join(said)
    assert said[said.index("Defaults") :] == ["Defaults", *(f"  {f.name} = {f.default!r}" for f in fields(unit))]
    assert "Defaults" not in lines("F1"), "no parameters"


def test_the_page_is_printed_and_an_unknown_code_ends_with_status_2():
    done = CliRunner().invoke(app, ["list", "Misspellings"])
    assert done.stdout.splitlines() == [line.rstrip() for line in lines("Misspellings")]
    with pytest.raises(OptionError, match="Did you mean 'Misspellings'") as error:
        lines("Mispelings")
    assert error.value.exit_status == 2
