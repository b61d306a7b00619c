"""The extras that Karat names are those of the distribution."""

import tomllib
from pathlib import Path

import karat
from karat.core.release import DISTRIBUTION, EXTRAS, VERSION, Extra, install

PROJECT = tomllib.loads((Path(karat.__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {"pillow": "PIL", "confluent-kafka": "confluent_kafka", "nats-py": "nats", "paho-mqtt": "paho"}


def test_the_distribution_has_the_name_and_the_extras():
    assert PROJECT["name"] == DISTRIBUTION == "karat-data"
    assert PROJECT["scripts"] == {"karat": "karat.cli.main:main"}
    packages = {
        name: [line.split(">")[0] for line in lines] for name, lines in PROJECT["optional-dependencies"].items()
    }
    modules = {name: {MODULES.get(package, package) for package in each} for name, each in packages.items()}
    assert modules == {name: set(extra.modules) for name, extra in EXTRAS.items()}


def test_the_version_is_one():
    assert karat.__version__ == VERSION
    assert PROJECT["dynamic"] == ["version"]


def test_an_extra_that_is_missing_says_how_to_get_it():
    assert Extra("x", ("json", "no_such_module")).missing == ("no_such_module",)
    assert install("text") == "Run pip install 'karat-data[text]'"
