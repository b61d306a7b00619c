"""``python -m karat`` is the command."""

import runpy
import sys

import pytest


def test_the_module_runs_as_the_command_does(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["karat", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("karat", run_name="__main__")
    assert not ended.value.code
    assert "karat" in capsys.readouterr().out.lower()


def test_importing_the_module_runs_nothing(capsys):
    runpy.run_module("karat.__main__", run_name="karat.__main__")
    assert capsys.readouterr().out == ""
