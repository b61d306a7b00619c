"""Tutorials are scripts that are run; their pages show what was printed, in two languages."""

from pathlib import Path

import pytest

from karat.core.errors import InputError
from karat.show.tutorial_pages import LANGUAGES, mark, mark_of, steps_of, titles_of, write_tutorial_pages

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "examples" / "tutorials").glob("*.py"))

SCRIPT = '''"""A sum

Two numbers.

---
求和

两个数。
"""

# %% Add them,
# and print the sum.
# zh 相加并打印。
import math

print(math.fsum([20, 22]))

# %% Nothing is printed here.
# zh 这里没有输出。
x = 1
'''


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("folder", LANGUAGES.values(), ids=LANGUAGES)
def test_every_script_has_a_page_made_from_it_as_it_is(path, folder):
    page = (ROOT / "docs" / f"{folder}tutorials" / f"{path.stem}.md").read_text(encoding="utf-8")
    assert mark_of(page) == mark(path), "the script has changed: run make docs"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_step_is_explained_in_both_languages(path):
    source = path.read_text(encoding="utf-8")
    assert len(steps_of(source)) >= 3
    assert all(step.prose["en"] and step.prose["zh"] for step in steps_of(source))
    assert set(titles_of(source)) == set(LANGUAGES)


def test_a_page_shows_prose_code_and_what_was_printed(tmp_path):
    (tmp_path / "sum.py").write_text(SCRIPT, encoding="utf-8")
    assert write_tutorial_pages(tmp_path, tmp_path / "docs") == ["sum"]
    english = (tmp_path / "docs" / "tutorials" / "sum.md").read_text(encoding="utf-8")
    chinese = (tmp_path / "docs" / "zh" / "tutorials" / "sum.md").read_text(encoding="utf-8")
    assert "# A sum\n\nTwo numbers.\n" in english
    assert "\nAdd them, and print the sum.\n\n```python\nimport math\n\nprint(math.fsum([20, 22]))\n```\n" in english
    assert "# 求和\n\n两个数。\n" in chinese
    assert "\n相加并打印。\n" in chinese
    for page in (english, chinese):
        assert page.count("```text\n42.0\n```") == 1
        assert page.endswith("x = 1\n```\n")


def test_a_script_that_fails_or_is_not_there_is_an_error(tmp_path):
    (tmp_path / "bad.py").write_text('"""Bad\n\nIt fails.\n"""\n\n# %% Divide.\n1 / 0\n')
    with pytest.raises(InputError, match=r"Divide.*ZeroDivisionError"):
        write_tutorial_pages(tmp_path, tmp_path / "docs")
    with pytest.raises(InputError, match="Choose from: bad"):
        write_tutorial_pages(tmp_path, tmp_path / "docs", ["good"])
