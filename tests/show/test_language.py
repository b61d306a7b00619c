"""The report's words: each has its Chinese, values are escaped, evidence is told in Chinese where it is known."""

import json
import re
from pathlib import Path

import pytest

from karat.core.errors import OptionError
from karat.show import report
from karat.show.language import counted, evidence, language, plain, require_language, say, speaking, title_of

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
