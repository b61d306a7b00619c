"""Days written again in the style of their column, only where that is certain."""

import pytest

from karat.quality.consistency.time_styles import Wanted, take_apart, wanted_style


def style(*texts: str) -> Wanted:
    made = wanted_style(list(texts), [1] * len(texts), len(texts))
    assert made is not None
    return made


def rewritten(wanted: Wanted, text: str) -> str | None:
    written = take_apart(text)
    assert written is not None
    return wanted.rewrite(written)


BIRTHS = [f"19{year}-03-{day}" for year, day in zip(range(31, 90), [11, 28] * 30, strict=False)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("31/12/1960", "1960-12-31"),
        ("31/12/60", "1960-12-31"),
        ("31/12/20", None),  # 1920 and 2020 both lie outside: nobody knows
        ("03/04/1960", None),  # 3 April or 4 March
    ],
)
def test_a_day_is_written_again_where_only_one_reading_is_left(text: str, wanted: str | None) -> None:
    assert rewritten(style(*BIRTHS), text) == wanted


def test_a_spreadsheets_number_is_its_day_within_the_years_of_the_column() -> None:
    days = style(*(f"2021-01-{day:02d}" for day in range(1, 29)))
    assert days.of_serial("44197") == "2021-01-01"
    assert days.of_serial("14197") is None
    assert days.of_serial("44197.5") is None
    assert style("7:10 a.m.", "8:20 p.m.").of_serial("44197") is None


def test_what_drops_a_part_is_no_change_of_form() -> None:
    clock = style("7:10 a.m.", "8:20 p.m.")
    told, day = take_apart("9:30 a.m."), take_apart("12/31/2011 9:30 a.m.")
    assert told is not None
    assert day is not None
    assert clock.loses_nothing(told)
    assert not clock.loses_nothing(day)
