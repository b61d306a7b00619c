"""``karat train`` says in a line what it lacks."""

from typer.testing import CliRunner

from karat.cli import language_model_commands  # noqa: F401  registers the command
from karat.cli.app import app
from karat.core.errors import InputError


def test_a_folder_without_shards(tmp_path):
    found = CliRunner().invoke(app, ["train", str(tmp_path), "--quiet"])
    assert isinstance(found.exception, InputError)
    assert "karat clean DATA --shards" in str(found.exception)
