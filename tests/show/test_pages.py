from pathlib import Path

from karat.core.registry import units
from karat.show.pages import pages, write_pages

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_in_the_repository_are_those_of_the_docstrings():
    for name, text in pages().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"{name} is out of date: run make docs"


def test_a_page_of_a_unit_that_is_gone_goes_too(tmp_path):
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "NoSuchCheck.md").write_text("old")
    write_pages(tmp_path)
    assert not (tmp_path / "check" / "NoSuchCheck.md").exists()
    assert {path.stem for path in (tmp_path / "check").glob("*.md")} == set(units("check"))
