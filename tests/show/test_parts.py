"""Words, masks and axes."""

import numpy as np
import pytest

from karat.show.charts import histogram, intervals, ticks
from karat.show.masking import masked
from karat.show.words import compared, plain, share, short, title, value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to wei@b.cn now", "write to we*@*.** now"),
        ("身份证11010519491231002X。", "身份证11****************。"),
        ("tel 138-1234-5678", "tel 13*-****-****"),
        ("4111 1111 1111 1111", "41** **** **** ****"),
        ("4111111111111112", None),
        ("2024-05-31 12:00:00", None),
        ("12345678.125", None),
        ("北京", None),
        ("", None),
    ],
)
def test_masks_what_is_personal_and_nothing_else(text: str, shown: str | None) -> None:
    assert masked(text) == (text if shown is None else shown)


def test_compared_marks_what_differs_and_shows_white_space() -> None:
    before, after = compared("北京 ", "北京")
    assert before == '<span class="v">北京<del>␣</del></span>'
    assert after == '<span class="v">北京</span>'
    assert "<del>" not in compared("Private", "Oslo")[0]
    assert compared("<b>x", "<b>y")[0] == '<span class="v">&lt;b&gt;<del>x</del></span>'
    assert compared("x", "")[1] == value(None)


def test_words() -> None:
    assert title("DuplicateRecords") == "Duplicate records"
    assert title("AUC") == "AUC"
    assert [share(x) for x in (0, 0.0001, 0.1234, 1)] == ["0 %", "< 0.1 %", "12.3 %", "100 %"]
    assert [plain(x) for x in (178482.5, -3.0, 2.345678, 1.2e-7)] == ["178,482", "-3", "2.346", "1.2e-07"]
    assert len(short("x" * 1000, 100)) < 110


def test_axis_holds_every_interval_and_zero() -> None:
    chart = intervals(
        [{"value": 0.02, "low": 0.01, "high": 0.03}, {"value": -0.2, "low": -0.3, "high": -0.1}], unseen=0.01
    )
    ends = [x for row in chart["rows"] for x in (row["left"], row["left"] + row["width"], row["at"])]
    assert all(0 < x < 100 for x in [*ends, chart["zero"]])
    assert chart["rows"][0]["left"] > chart["zero"] > chart["rows"][1]["left"]
    assert ticks(-0.31, 0.04) == [-0.3, -0.2, -0.1, 0.0]


def test_histogram_marks_what_was_found() -> None:
    drawn = histogram(np.arange(100.0), np.array([1e9]))
    assert drawn.count("<circle") == 1
    assert histogram(np.array([]), np.array([])) == ""
    assert histogram(np.array([5.0, 5.0]), np.array([])).count("<rect") == 1
