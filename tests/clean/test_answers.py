"""Learning from answers: trust moves by what they show, wrong answers move it little, and the asked records cover the doubts."""

import numpy as np
import pyarrow as pa

from karat.clean.answers import ask_rows, learn_from_answers
from karat.core.finding import Dimension, findings


def said(check: str, column: str, rows: list[int], sure: float) -> pa.Table:
    return findings(
        check,
        Dimension.ACCURACY,
        len(rows),
        row=rows,
        column=column,
        value=[f"v{row}" for row in rows],
        suggestion=[f"s{row}" for row in rows],
        confidence=[sure] * len(rows),
        message="m",
    )


def answers(wrong: dict[int, str], right: list[int]) -> pa.Table:
    rows = [*wrong, *right]
    return pa.table(
        {
            "row": pa.array(rows, pa.int64()),
            "column": pa.array([*wrong.values(), *[None] * len(right)], pa.string()),
            "value": pa.array([f"s{row}" for row in wrong] + [""] * len(right)),
        }
    )


FOUND = pa.concat_tables(
    [
        said("Good", "a", list(range(40)), 0.6),
        said("Bad", "b", list(range(100, 140)), 0.6),
        said("Other", "c", list(range(200, 220)), 0.6),
    ]
)


def sure_of(table: pa.Table, check: str) -> float:
    held = dict(zip(table["check"].to_pylist(), table["confidence"].to_pylist(), strict=True))
    return float(held[check])


def test_a_check_that_is_right_gains_and_one_that_is_wrong_loses() -> None:
    trust = learn_from_answers(answers(dict.fromkeys(range(10), "a"), list(range(100, 110))), FOUND)
    after = trust.apply(FOUND)
    assert sure_of(after, "Bad") < 0.45 < 0.6 < 0.7 < sure_of(after, "Good")
    assert sure_of(after, "Other") == 0.6


def test_one_wrong_answer_in_ten_changes_little() -> None:
    honest = learn_from_answers(answers(dict.fromkeys(range(10), "a"), []), FOUND).apply(FOUND)
    noisy = learn_from_answers(answers(dict.fromkeys(range(9), "a"), [9]), FOUND).apply(FOUND)
    lying = learn_from_answers(answers({}, list(range(40))), FOUND).apply(FOUND)
    assert 0 < sure_of(honest, "Good") - sure_of(noisy, "Good") < 0.15
    assert sure_of(lying, "Good") > 0.1


def test_findings_about_columns_are_not_touched() -> None:
    column = findings("Good", Dimension.ACCURACY, 1, column="a", confidence=[0.6], message="m")
    trust = learn_from_answers(answers(dict.fromkeys(range(10), "a"), []), FOUND)
    assert trust.apply(column).equals(column)


def test_each_doubt_is_asked_about_before_one_is_asked_twice() -> None:
    asked = ask_rows(FOUND, 3)["row"].to_pylist()
    assert {row // 100 for row in asked} == {0, 1, 2}
    assert ask_rows(FOUND, 500).num_rows == 100
    assert ask_rows(FOUND.slice(0, 0), 5).num_rows == 0
    assert np.all(np.array(ask_rows(FOUND, 7)["row"].to_pylist()) == np.array(ask_rows(FOUND, 7)["row"].to_pylist()))


def test_some_records_are_drawn_by_chance_and_none_is_asked_twice() -> None:
    asked = ask_rows(FOUND, 20, 400)
    assert asked.num_rows == len(set(asked["row"].to_pylist())) == 20
    assert asked["why"].to_pylist()[15:] == ["drawn by chance"] * 5
    first = set(asked["row"].to_pylist())
    assert not first & set(ask_rows(FOUND, 20, 400, first)["row"].to_pylist())
    assert set(ask_rows(FOUND, 20, 400, seed=1)["row"].to_pylist()) - first
