"""The documentation site: every page can be reached, and no link is dead. The site generator is not needed."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
PAGES = sorted(DOCS.rglob("*.md"))
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def in_navigation(entries):
    """Paths of a navigation, in order."""
    for entry in entries:
        value = next(iter(entry.values())) if isinstance(entry, dict) else entry
        yield from in_navigation(value) if isinstance(value, list) else [value]


def links_of(page):
    """Targets of the links of a page that lead to other places of the site, code left out."""
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    return [target for target in LINK.findall(text) if not re.match(r"https?://|mailto:", target)]


def slug(heading):
    """The anchor of a heading, as the site generator makes it of Latin letters."""
    plain = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)).strip().lower()
    return re.sub(r"[\s-]+", "-", plain)


def anchors_of(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def name_of(page):
    return page.relative_to(DOCS).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_link_is_dead(page):
    for link in links_of(page):
        target, _, anchor = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        assert place.is_file(), f"{name_of(page)} links to {link}"
        assert place.is_relative_to(DOCS), f"{name_of(page)} links out of the site: {link}"
        assert not anchor or anchor in anchors_of(place), f"{name_of(page)} links to {link}"


def test_every_page_of_the_navigation_is_there_and_stands_in_it_once():
    named = list(in_navigation(SITE["nav"]))
    assert [name for name in named if not (DOCS / name).is_file()] == []
    assert len(named) == len(set(named))


def test_every_page_can_be_reached():
    reached, front = set(), list(in_navigation(SITE["nav"]))
    while front:
        name = front.pop()
        if name not in reached:
            reached.add(name)
            page = DOCS / name
            targets = [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)]
            front += [name_of(target) for target in targets if target.suffix == ".md"]
    assert {name_of(page) for page in PAGES} - reached == set()


def test_every_picture_is_shown():
    shown = {(page.parent / link).resolve() for page in PAGES for link in links_of(page)}
    assert set(DOCS.rglob("*.png")) - shown == set()


def test_pages_in_chinese_have_a_page_in_english():
    twins = {name_of(page).removeprefix("zh/") for page in PAGES if name_of(page).startswith("zh/")}
    assert twins <= {name_of(page) for page in PAGES}
    assert {"README.md", "verdict.md", "faq.md", "tutorials/quick_start.md"} <= twins


def test_nothing_of_the_site_comes_from_the_network():
    assert SITE["theme"]["font"] is False
    assert "extra_javascript" not in SITE
    assert [plugin if isinstance(plugin, str) else next(iter(plugin)) for plugin in SITE["plugins"]] == ["search"]
    for page in PAGES:
        assert not re.search(r"<(script|link|img|iframe)\b", FENCE.sub("", page.read_text(encoding="utf-8")))
