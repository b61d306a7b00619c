"""Every check has an example that is run, and its page shows what was printed."""

from pathlib import Path

import pytest

from karat.core.errors import InputError
from karat.show.check_examples import example_of, script_of
from karat.show.pages import own_units, page

ROOT = Path(__file__).parents[2]
SCRIPTS, PAGES = ROOT / "examples" / "checks", ROOT / "docs" / "check"
CHECKS = own_units("check")
WITH_EXTRA = {  # extras that a script imports or that its check needs
    "PIL": "_photos",
    "py3langid": "MixedLanguage OtherLanguages TwoLanguages",
}

SCRIPT = '''"""A number far from all others."""

import numpy as np
import pyarrow as pa

import karat

data = pa.table({"a|b": np.append(np.random.default_rng(0).normal(50, 3, 300).round(1), FAR), "c": [" x"] * 301})
found = karat.assess(data, only=["OutlyingNumbers"])
'''


def left_of(code):
    """The page of a check, made anew, and its pictures."""
    for module, names in WITH_EXTRA.items():
        if code in names.split() or names in script_of(code, SCRIPTS).read_text():
            pytest.importorskip(module)
    example = example_of(code, SCRIPTS)
    return page("check", code, CHECKS[code], example.markdown), example.pictures


@pytest.mark.parametrize("code", CHECKS)
def test_the_page_shows_what_the_example_says_when_it_is_run(code):
    text, pictures = left_of(code)
    held = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert held == text, "run: python -m karat.show.pages docs"
    assert {path.name for path in PAGES.glob(f"{code}-*.png")} == set(pictures)
    assert "confidence" in held.split("**What it says**")[1]


def test_no_script_is_left_of_a_check_that_is_gone():
    named = {script_of(code, SCRIPTS) for code in CHECKS}
    assert {path for path in SCRIPTS.glob("*.py") if not path.name.startswith("_")} == named


def saved(folder, far):
    script_of("OutlyingNumbers", folder).write_text(SCRIPT.replace("FAR", far))


def test_records_and_findings_are_shown_with_their_marks_escaped(tmp_path):
    saved(tmp_path, "400.0")
    example = example_of("OutlyingNumbers", tmp_path)
    assert example.markdown.startswith("## Example\n\nA number far from all others.\n\n```python\nimport numpy")
    assert "| row | a\\|b | c |\n|---|---|---|\n" in example.markdown
    assert "| 300 | `400` | `␣x` |" in example.markdown
    assert "> **Record 300, `a|b`** · `400` · confidence 0." in example.markdown
    assert example.pictures == {}


def test_a_script_that_fails_or_shows_nothing_or_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no example of OutlyingNumbers"):
        example_of("OutlyingNumbers", tmp_path)
    saved(tmp_path, "50.0")
    with pytest.raises(InputError, match="finds nothing"):
        example_of("OutlyingNumbers", tmp_path)
    saved(tmp_path, "1 / 0")
    with pytest.raises(InputError, match="ZeroDivisionError"):
        example_of("OutlyingNumbers", tmp_path)
