"""The page stands alone, lets no data through as HTML, masks personal data, and tells the figures of the files."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from karat.core.errors import InputError
from karat.show.report import _compiled, show_run, write_report

VOID = {"meta", "br", "link", "img", "input", "path", "rect", "line", "circle", "polyline"}
PRIVATE = ("style", "script")


class Page(HTMLParser):
    """Tags, what they point to, text, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in PRIVATE:
            self.words += data


def told(folder: Path) -> Page:
    write_report(folder)
    return Page((folder / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("proved", [False, True])
def test_stands_alone_and_lets_no_data_through(
    clean_run: Path, proved_run: Callable[[str, float], Path], evil: str, *, proved: bool
) -> None:
    folder = proved_run("worth it", 0.02) if proved else clean_run
    page = told(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not page.open, "every tag is closed"
    assert not {"link", "iframe", "object", "img"} & set(page.tags)
    assert all(link.startswith("#") and f'id="{link[1:]}"' in text for link in page.links), "links stay on the page"
    assert evil in page.words, "hostile text is shown as text"
    assert page.tags.count("script") == 1
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    allowed = f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
    assert allowed in text, "the page's own policy lets its one script run and no other"
    assert not re.search(r"url\(|@import|https?://", text), "nothing is fetched"
    assert "prefers-color-scheme:dark" in text


def test_tells_the_figures(clean_run: Path) -> None:
    page = told(clean_run)
    words = " ".join(page.words.split())
    assert "1 cell fixed, 1 record removed" in words
    assert "5 in = 3 kept + 1 removed + 1 quarantined" in words
    assert "Row 0 was kept instead." in words
    assert "2 of 4 fields" in words
    assert "made the model worse in validation: inconsistent cells" in words
    assert "No measure applies" in words
    lines = (clean_run / "report.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 10
    assert "accuracy 0.900 → 0.900" in "\n".join(lines)


def test_personal_data_is_masked(clean_run: Path) -> None:
    page = told(clean_run)
    assert "wei.wang@example.cn" not in page.words
    assert "13812345678" not in page.words
    assert "we*.****@*******.**" in page.words


@pytest.mark.parametrize(
    ("verdict", "lift", "title"),
    [("worth it", 0.02, "Improves AUC by 0.020"), ("harm", -0.03, "Worsens AUC by 0.030")],
)
def test_verdict_leads(proved_run: Callable[[str, float], Path], verdict: str, lift: float, title: str) -> None:
    words = " ".join(told(proved_run(verdict, lift)).words.split())
    assert words.index(title) < words.index("What was fixed") < words.index("Findings") < words.index("Quality")
    assert f"{lift:+.3f}".replace("-", "−") in words
    assert "Weakest slices, before and after" in words
    assert "Confusion matrix" in words


def test_everything_is_there_without_the_script(clean_run: Path) -> None:
    page = told(clean_run)
    words = " ".join(page.words.split())
    for text in ("300 is far off", "Outlying numbers", "looks odd", "suspicious", "1 of 4 cells is blank"):
        assert text in words
    assert 'id="controls" hidden' in (clean_run / "report.html").read_text(encoding="utf-8")


def test_the_closed_page_begins_with_four_answers(proved_run: Callable[[str, float], Path]) -> None:
    words = " ".join(told(proved_run("worth it", 0.02)).words.split())
    places = [words.index(name) for name in ("What was fixed", "What needs you", "Effect on the model", "Next")]
    assert places == sorted(places)
    assert "Larger than chance and than random changes." in words


def test_notebook_snippet_is_a_part_of_a_page(clean_run: Path) -> None:
    snippet = show_run(clean_run)
    assert "<html" not in snippet
    assert "<script" not in snippet
    assert not Page(snippet).open


def test_assessed_only_and_not_a_run(clean_run: Path, tmp_path: Path) -> None:
    folder = clean_run
    for name in ("ledger.parquet", "data.parquet", "review.parquet", "schema.json", "quarantine.parquet"):
        (folder / name).unlink()
    assert "3 findings, nothing changed" in told(folder).words
    with pytest.raises(InputError, match="is not a run folder"):
        write_report(tmp_path)


def test_compiled_templates_are_kept_where_that_is_allowed(tmp_path):
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")

    def page() -> str:
        kept = _compiled(tmp_path / "kept")
        return Environment(loader=FileSystemLoader(tmp_path), bytecode_cache=kept).get_template("page.html").render()

    assert page() == page() == "2"
    assert len(list((tmp_path / "kept").iterdir())) == 1
    (tmp_path / "page.html").write_text("{{ 1 + 2 }}")
    assert page() == "3", "a template that was changed is compiled anew"
    assert _compiled(tmp_path / "page.html" / "kept") is None
