"""Columns of days, or of yes and no, in several ways."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency.inconsistent_formats import InconsistentFormats

DAYS = [(2024, 1 + at % 12, 1 + at % 28) for at in range(120)]
ISO = [f"{y}-{m:02d}-{d:02d}" for y, m, d in DAYS]
GERMAN = [f"{d:02d}.{m:02d}.{y}" for y, m, d in DAYS]
CHINESE = [f"{y}年{m:02d}月{d:02d}日" for y, m, d in DAYS]
AMERICAN = [f"{m:02d}.{d:02d}.{y}" for y, m, d in DAYS]
EARLY = [text if int(text[:2]) <= 12 else "01.02.2024" for text in GERMAN]


def told(values: list[str | None]) -> tuple[dict[int, str | None], list[str]]:
    """Suggestions by record, and what is said of the whole column."""
    block = Block(
        np.arange(len(values)), pa.table({"a": pa.array(values, pa.string())}), Schema((Column("a", Role.CATEGORY),))
    )
    check = InconsistentFormats()
    state = check.learn(block)
    found = check.judge(state, block)
    assert isinstance(found, pa.Table)
    whole = check.conclude(state, block.schema)
    assert set(whole["kind"].to_pylist()) <= {"form"}
    sure = [f for f in found.to_pylist() if f["confidence"] >= 0.5]
    return {f["row"]: f["suggestion"] for f in sure}, whole["message"].to_pylist()


def turns(*ways: list[str]) -> list[str | None]:
    return [ways[at % len(ways)][at] for at in range(120)]


def test_days_in_three_formats_become_one() -> None:
    suggested, [message] = told(turns(ISO, GERMAN, CHINESE))
    assert suggested == {at: ISO[at] for at in range(120) if at % 3}
    assert message.startswith("days in 3 formats: 40 of 120 cells (33 %) like ")


@pytest.mark.parametrize("other", [EARLY, GERMAN[:60] + AMERICAN[60:]])
def test_days_whose_order_nothing_shows_are_told_and_left(other: list[str]) -> None:
    suggested, [message] = told(turns(ISO, other))
    assert suggested == {}
    assert "nothing was rewritten" in message


def test_one_format_and_other_texts_are_left_alone() -> None:
    assert told([*ISO]) == ({}, [])
    assert told(turns(ISO, GERMAN, [f"note {at}" for at in range(120)])) == ({}, [])


def test_yes_and_no_in_several_spellings_become_one_each() -> None:
    words = [["yes", "no"], ["TRUE", "FALSE"], ["是", "否"]]
    values: list[str | None] = [words[at % 3][at // 3 % 2] for at in range(120)]
    values[4] = None
    suggested, [message] = told(values)
    assert suggested == {at: words[0][at // 3 % 2] for at in range(120) if at % 3 and at != 4}
    assert message.startswith("yes and no in 6 spellings: 'TRUE', 'no', ")
    assert message.endswith("'yes' and 'no' are the commonest")


def test_a_word_without_its_opposite_is_told_and_left() -> None:
    suggested, [message] = told([["yes", "no", "Y"][at % 3] for at in range(60)])
    assert suggested == {}
    assert "3 spellings" in message
