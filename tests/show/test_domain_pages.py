from pathlib import Path

import nbformat
import pytest

from karat.core.errors import InputError
from karat.show.domain_pages import domain_page, index, mark, mark_of, read_notebook, write_domain_pages

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def notebook(*cells):
    kinds = {"text": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return nbformat.v4.new_notebook(cells=[kinds[kind](source) for kind, source in cells])


def saved(folder, name, *cells):
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook(*cells), folder / f"{name}.ipynb")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_has_a_page_made_from_it_as_it_stands(path):
    held = read_notebook(path)
    page = ROOT / "docs" / "domains" / f"{path.stem}.md"
    assert page.exists(), "run make docs"
    assert mark_of(page.read_text(encoding="utf-8")) == mark(held), "the notebook has changed: run make docs"
    assert not any(cell.get("outputs") for cell in held["cells"]), "notebooks are kept without outputs"
    index_page = (ROOT / "docs" / "domains" / "README.md").read_text(encoding="utf-8")
    assert f"({path.stem}.md)" in index_page


def test_every_picture_of_a_page_lies_beside_it():
    folder = ROOT / "docs" / "domains"
    for page in folder.glob("*.md"):
        for name in (part.split(")")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]):
            assert name.startswith("http") or (folder / name).exists(), f"{page.name}: {name}"


def test_a_page_shows_what_was_printed_and_drawn_and_no_progress():
    held = notebook(("text", "# Prices\n\nMade up."), ("code", "show()"))
    out = nbformat.v4.new_output
    held.cells[1].outputs = [
        out("stream", name="stdout", text="one\ntwo\n"),
        out("stream", name="stderr", text="12 % done\n"),
        out("display_data", data={"image/svg+xml": "<svg/>", "text/plain": "<SVG>"}),
        out("execute_result", data={"text/markdown": "**bold**", "text/html": "<b>", "text/plain": "x"}),
    ]
    page, files = domain_page("prices", held)
    assert "```python\nshow()\n```" in page
    assert "```text\none\ntwo\n```" in page
    assert "12 %" not in page
    assert files == {"prices-1-2.svg": b"<svg/>"}
    assert "![prices-1](prices-1-2.svg)" in page
    assert "\n**bold**\n" in page
    assert mark_of(page) == mark(held)
    assert "| [Prices](prices.md) | Made up. | `karat demo prices` |" in index({"prices": held})


def test_the_mark_changes_with_the_source_and_not_with_the_outputs():
    one, other = notebook(("code", "a = 1")), notebook(("code", "a = 2"))
    before = mark(one)
    one.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text="1")]
    assert mark(one) == before != mark(other)
    assert mark_of("# no mark") == ""


def test_notebooks_are_run_and_pages_that_nobody_makes_go(tmp_path):
    saved(tmp_path / "nb", "sum", ("text", "# A sum"), ("code", "x = 20 + 1\nprint(2 * x)"))
    saved(tmp_path / "nb", "wrong", ("text", "# Wrong"), ("code", "1 / 0"))
    (tmp_path / "out").mkdir()
    for gone in ("gone.md", "gone-1-0.svg"):
        (tmp_path / "out" / gone).write_text("old")
    assert write_domain_pages(tmp_path / "nb", tmp_path / "out", ["sum"]) == ["sum"]
    assert "```text\n42\n```" in (tmp_path / "out" / "sum.md").read_text()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["README.md", "sum.md"]
    with pytest.raises(InputError, match="ZeroDivisionError"):
        write_domain_pages(tmp_path / "nb", tmp_path / "out")


def test_no_notebook_and_an_unknown_name_are_told(tmp_path):
    (tmp_path / "bad.ipynb").write_text("{}")
    with pytest.raises(InputError, match="not a notebook"):
        read_notebook(tmp_path / "bad.ipynb")
    with pytest.raises(InputError, match="bad"):
        write_domain_pages(tmp_path, tmp_path / "out", ["no"])
