from pathlib import Path

from karat.core.registry import units
from karat.show.pages import pages, write_pages

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_in_the_repository_are_those_of_the_docstrings():
    for name, text in pages().items():
        held = (DOCS / name).read_text(encoding="utf-8")
        whole = held.partition("\n## Example\n")[0].rstrip() + "\n"  # examples are run by test_check_examples
        assert whole == text, f"{name} is out of date: run make docs"


def test_what_a_docstring_says_of_parameters_stands_in_their_table():
    text = pages()["check/GopherQuality.md"]
    assert "| `min_word_length` | `3` | Mean characters of a word. |" in text
    assert "| `max_word_length` | `10` | Mean characters of a word. |" in text
    repeated = pages()["check/GopherRepetition.md"]
    assert repeated.count("|  |") <= 1  # ranges such as "a, ..., z" are said of each


def test_checks_are_listed_by_the_kind_of_data_tables_first():
    index = pages()["units.md"]
    at = [index.index(f"### {name}\n") for name in ("Tables", "Texts", "Chats", "Pictures", "Events", "Series")]
    assert at == sorted(at)
    assert index.count("(check/MissingValues.md)") == 1
    assert index.index("## Checks") < index.index("## Fixes") < index.index("## Sources")
    assert "an object that holds one such array, or columns as arrays" in index  # a whole first paragraph


def test_a_page_of_a_unit_that_is_gone_goes_too(tmp_path):
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "NoSuchCheck.md").write_text("old")
    write_pages(tmp_path)
    assert not (tmp_path / "check" / "NoSuchCheck.md").exists()
    assert {path.stem for path in (tmp_path / "check").glob("*.md")} == set(units("check"))
