"""The report's words: each has its Chinese, values are escaped, evidence is told in Chinese where it is known."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.show import report
from karat.show.language import (
    about_of,
    counted,
    evidence,
    language,
    measure_of,
    plain,
    require_language,
    say,
    speaking,
    title_of,
)

SHOW = Path(report.__file__).parent
TABLE = json.loads((SHOW / "chinese.json").read_text(encoding="utf-8"))
SOURCES = [*(SHOW / "templates").glob("*.html"), *SHOW.glob("*.py")]
SAID = {
    text
    for path in SOURCES
    for text in re.findall(r'\b(?:say|plain)\(\s*"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
}


def test_every_sentence_has_its_chinese() -> None:
    assert len(SAID) > 80
    assert not SAID - set(TABLE["words"])


@pytest.mark.parametrize("text", sorted(TABLE["words"]))
def test_a_translation_has_the_same_values(text: str) -> None:
    def names(sentence: str) -> list[str]:
        return sorted(re.findall(r"{(\w+)}", sentence))

    assert names(TABLE["words"][text]) == names(text)


def test_values_are_escaped() -> None:
    assert str(say("row {row}", row="<b>")) == "row &lt;b&gt;"


def test_languages() -> None:
    assert language() == "en"
    with speaking("zh"):
        assert plain("{cells} fixed", cells=counted(3, "cell")) == "已修复 3 个单元格"
        assert title_of("MissingValues") == "缺失值"
        assert (
            evidence("96 of 811 cells (12 %) hold no value: 96 blank")
            == "811 个单元格中有 96 个（12 %）缺失，其中 96 个为空"
        )
        assert evidence("a wording nobody knows") == "a wording nobody knows"
    assert language() == "en"
    assert evidence("96 of 811 cells (12 %) hold no value: 96 blank").startswith("96 of")
    assert counted(1, "cell") == "1 cell"


def test_an_unknown_language_is_one_clear_line() -> None:
    with pytest.raises(OptionError, match="--lang xx is not available"):
        require_language("xx")


def messages() -> list[tuple[str, str]]:
    """What each check says in its example, from the pages of the checks."""
    out = []
    for page in sorted((SHOW.parents[2] / "docs" / "check").glob("*.md")):
        lines = page.read_text(encoding="utf-8").split("\n")
        said = [
            below[2:] for line, below in pairwise(lines) if line.startswith("> **Record") and below.startswith("> ")
        ]
        out += [(page.stem, re.sub(r"\\([#*\[\]`_])", r"\1", text)) for text in said[:1]]
    return out


@pytest.mark.parametrize(("code", "text"), messages())
def test_what_a_check_says_of_its_example_is_told_in_chinese(code: str, text: str) -> None:
    with speaking("zh"):
        told = evidence(text)
    assert re.search("[\u4e00-\u9fff]", told), code
    outside = re.sub(r"“.*?”|'.*?'|\".*?\"", "", told)
    assert not re.search(r"\b(the|of|is|are|its?|and|with|than|that)\b", outside), outside


def test_parts_of_a_message_are_told_each_and_spans_of_time_have_their_unit() -> None:
    with speaking("zh"):
        assert evidence(
            "too few words: 4, below the limit of 50; too few of the commonest words: 1, below the limit of 2"
        ) == ("词数过少：4，低于下限 50；常用词过少：1，低于下限 2")
        assert "晚 7 年" in evidence("2031-01-05 is 7 years after 2024-01-13, the last plausible time of 'time'")
        assert evidence("too few words: 4, below the limit of 50; a wording nobody knows").endswith("nobody knows")


@pytest.mark.parametrize("code", sorted(units("check")))
def test_every_check_has_its_name_and_what_it_looks_for_in_chinese(code: str) -> None:
    if not units("check")[code].__module__.startswith("karat."):
        pytest.skip("of another package")
    with speaking("zh"):
        assert re.search("[\u4e00-\u9fff]", title_of(code))
        assert re.search("[\u4e00-\u9fff]", about_of(code, "English"))


@pytest.mark.parametrize("name", sorted({getattr(unit, "measure_name", "") for unit in units("check").values()} - {""}))
def test_every_measure_has_its_name_in_chinese(name: str) -> None:
    with speaking("zh"):
        assert measure_of(name) != name
    assert measure_of(name) == name
