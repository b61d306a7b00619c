"""The pages of the Python calls and of the settings are those of the docstrings and of the schema."""

from pathlib import Path

import pytest

import karat
from karat.flow.settings import Settings
from karat.show.reference_pages import CALLS, ERRORS, RESULTS, pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["api.md", "configuration.md"])
def test_the_pages_in_the_repository_are_up_to_date(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run: python -m karat.show.reference_pages docs"


def test_every_public_name_is_on_the_page():
    text = pages()["api.md"]
    named = {path.split(".")[0] for path in (*CALLS, *RESULTS, *ERRORS)}
    assert named == set(karat.__all__)
    for path in CALLS:
        assert f"\n## karat.{path}\n\n```text\nkarat.{path}(" in text
    assert "karat.assess(data, target='', *, out=None, **options)" in text


def test_settings_are_no_entries_of_the_calls_and_all_have_one_of_their_own():
    text = pages()["configuration.md"]
    assert "`encoding : str" not in pages()["api.md"].split("## karat.clean\n")[0]
    for table, field in Settings.model_fields.items():
        assert f"`{table}`" in text or f"## [{table}" in text
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"| `{key}` |" in text
    assert (
        "| `max_removed` | number | `0.05` | Share of the records that a check may remove unasked (≥ 0, ≤ 1) |" in text
    )
