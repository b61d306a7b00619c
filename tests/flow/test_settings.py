import json
import tomllib
from importlib.resources import files

import pytest

from karat.core.errors import InputError, OptionError
from karat.flow.settings import Settings, made_settings, read_settings, schema_text, written


def test_what_is_written_reads_back_as_it_was(tmp_path):
    given = {
        "seed": 3,
        "collect": {"target": "y", "columns": {"a b": {"role": "category", "nulls": ["无", "-"]}}},
        "evaluate": {"costs": {"good": {"bad": 5.0}}},
    }
    settings = made_settings(given, "here")
    place = tmp_path / "karat.toml"
    place.write_text(written(settings), encoding="utf-8")
    assert read_settings(place) == settings


def test_defaults_are_written_too_in_path_order():
    names = [line.strip("[").split("]")[0] for line in written(Settings()).splitlines() if line.startswith("[")]
    assert names == [
        "collect",
        "clean",
        "label",
        "store",
        "prepare",
        "train",
        "evaluate",
        "deploy",
        "serve",
        "live",
        "review",
        "show",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"collect": {"traget": "y"}}, "Did you mean 'collect.target'"),
        ({"colect": {}}, "Did you mean 'collect'"),
        ({"prepare": {"folds": "many"}}, "prepare.folds"),
        ({"prepare": {"folds": 99}}, "prepare.folds"),
        ({"clean": {"min_confidence": 2}}, "clean.min_confidence"),
    ],
)
def test_a_wrong_key_or_value_is_named(values, words):
    with pytest.raises(OptionError, match="here") as error:
        made_settings(values, "here")
    assert words in str(error.value)


def test_no_file_and_no_toml(tmp_path):
    with pytest.raises(InputError, match=r"settings file .* not found"):
        read_settings(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("= 3")
    with pytest.raises(InputError, match="is not TOML"):
        read_settings(tmp_path / "bad.toml")


def test_the_shipped_schema_is_that_of_the_settings():
    shipped = files("karat.flow").joinpath("karat.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text()
    import jsonschema

    jsonschema.validate(json.loads(json.dumps(tomllib.loads(written(Settings())))), json.loads(shipped))
