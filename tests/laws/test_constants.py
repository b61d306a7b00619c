"""A constant that was set by judgement says so, is listed, and such constants do not grow in number."""

import sys
from pathlib import Path

import karat

ROOT = Path(karat.__file__).parents[2]
MOST_UNPROVEN = 356
PAGE = "benchmarks/constants.md"

sys.path.insert(0, str(ROOT / "benchmarks"))
from constants import constants  # noqa: E402

EVERY = constants()


def test_unproven_constants_are_listed_and_do_not_grow_in_number():
    unproven = [constant for constant in EVERY if "unproven" in constant.text]
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    listed = page.split("## Rows")[0]
    assert len(unproven) <= MOST_UNPROVEN
    assert [constant.key for constant in unproven if f"`{constant.key}`" not in listed] == []


def test_what_names_the_page_has_a_row_there_in_which_no_neighbour_does_better():
    page = (ROOT / PAGE).read_text(encoding="utf-8").split("## Rows")[1]
    rows = {line.split("`")[1]: line.rsplit("|", 2)[1].strip() for line in page.splitlines() if line.startswith("| `")}
    proven = [constant for constant in EVERY if PAGE in constant.text and "unproven" not in constant.text]
    assert proven
    assert [constant.key for constant in proven if rows.get(constant.key) not in ("flat", "best", "edge")] == []
