"""Which labels are asked about, and what the answers say of those that are left."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.flow.asking import ask_about, so_far
from karat.flow.label_audit import AuditPlan, Estimate
from karat.flow.label_questions import SCHEMA, Answered, answered, chosen, in_words, seen_by


@pytest.fixture(scope="module")
def spoiled():
    """A table of two classes that a model tells apart, and which of its labels were turned."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 300)
    turned = rng.random(300) < 0.15
    names = np.array(["no", "yes"])
    columns = {f"x{k}": np.round(truth * 2 + rng.normal(0, 1, 300), 3) for k in range(3)}
    given = names[np.where(turned, 1 - truth, truth)]
    return pa.table(columns | {"y": given}), names[truth], turned


def test_the_most_doubtful_labels_are_asked_and_answers_measure_what_is_left(spoiled, tmp_path):
    data, truth, turned = spoiled
    run = tmp_path / "run"
    karat.clean(data, "y", out=run)
    asked, sheet = ask_about(run, 30)
    log = pq.read_table(run / "asked.parquet")
    ranked = log.filter(pa.compute.invert(log["drawn"]))["row"].to_numpy()
    assert asked["row"].to_pylist() == log["row"].to_pylist()
    assert turned[ranked].mean() > 0.7
    assert log["drawn"].to_numpy().sum() == pytest.approx(6, abs=1)
    assert so_far(run)[0].startswith("next       30 questions")
    lines = sheet.read_text().splitlines()
    rows = [line.split(",") for line in lines]
    sheet.write_text("\n".join(",".join([r, c, truth[int(r)] if c == "y" else v]) for r, c, v in rows if c != "column"))
    sheet.write_text(lines[0] + "\n" + sheet.read_text() + "\n")
    karat.clean(data, "y", out=run, answers=sheet)
    again, sheet = ask_about(run, 10)
    assert not set(again["row"].to_pylist()) & set(asked["row"].to_pylist())
    assert {int(line.split(",")[0]) for line in sheet.read_text().splitlines()[1:]} == {
        *asked["row"].to_pylist(),
        *again["row"].to_pylist(),
    }
    said = so_far(run)
    wrong = int(turned[ranked].sum())
    assert said[0].startswith(f"answered   {wrong} of {len(ranked)} doubtful labels")
    assert [line.split()[0] for line in said[:4]] == ["answered", "flagged", "left", "next"]


def log_of(rows, drawn, doubt):
    columns = [rows, [""] * len(rows), np.ones(len(rows), int), drawn, doubt[rows], [""] * len(rows)]
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)


def test_the_most_doubtful_come_first_and_a_fifth_is_drawn_by_chance():
    doubt = np.linspace(1, 0, 90)
    rows, none = np.arange(90), np.zeros(0, np.int64)
    orders, turns = {"judge": doubt}, ["judge"] * 30
    plan, asked, by = chosen(AuditPlan.of(rows, doubt, doubt > 0.7), rows, orders, turns, none, none, 1)
    assert by == ["judge"] * 24 + [""] * 6
    assert asked[:24].tolist() == sorted(set(range(30)) - set(asked[24:].tolist()))[:24]
    assert (plan.reached == 1).sum() == asked[:24].max() + 1
    _, again, _ = chosen(plan, rows, orders, turns, asked, asked[24:], 2)
    assert not set(again.tolist()) & set(asked.tolist())


def test_two_orders_take_turns_and_both_mark_what_they_reached():
    down, up = np.linspace(1, 0, 90), np.linspace(0, 1, 90)
    rows, none = np.arange(90), np.zeros(0, np.int64)
    plan = AuditPlan.of(rows, down, np.zeros(90, bool))
    plan, asked, by = chosen(plan, rows, {"down": down, "up": up}, ["down", "up"] * 10, none, none, 1)
    first, second = (asked[[order == name for order in by]] for name in ("down", "up"))
    assert (len(first), len(second)) == (8, 8)
    assert first.max() < 14
    assert second.min() > 75
    assert plan.reached.astype(bool).tolist() == ((rows <= first.max()) | (rows >= second.min())).tolist()


def test_an_order_is_credited_with_the_answers_it_asked_for():
    doubt = np.ones(6)
    log = log_of(np.arange(4), [False] * 4, doubt).set_column(5, "order", pa.array(["a", "a", "b", ""]))
    assert seen_by(log, {"a": doubt, "b": doubt, "c": doubt}, {0, 1, 2, 3}, {0, 3}) == {
        "a": (1, 1),
        "b": (0, 1),
        "c": (0, 0),
    }


def test_the_answers_are_counted_by_why_they_were_asked():
    doubt = np.array([0.9, 0.8, 0.7, 0.1, 0.1, 0.1])
    plan = AuditPlan.of(np.arange(6), doubt, doubt > 0.5)
    log = log_of(np.array([0, 1, 2, 4]), [False, False, False, True], doubt)
    out = answered(log, plan, {0, 1, 2, 4}, {0, 1})
    assert (out.ranked, out.ranked_wrong, out.drawn, out.drawn_wrong, out.labels) == (3, 2, 1, 0, 2)
    assert out.rate == pytest.approx(3 / 3.4)


def test_nothing_is_said_before_anybody_answers_and_when_to_stop_after():
    log = log_of(np.array([0, 1]), [False, True], np.array([0.3, 0.2]))
    assert answered(log, AuditPlan.of(np.arange(3), np.ones(3), np.ones(3, bool)), set(), set()) is None
    assert len(in_words(None, log)) == 1
    idle = Answered(20, 0, 10.0, 5, 1, 200, Estimate(50.0, 10.0, 90.0), Estimate(0.0, 0.0, 0.4))
    assert in_words(idle, log)[-1].startswith("stop")


def test_numbers_and_weak_models_are_not_asked_about(tmp_path):
    rng = np.random.default_rng(1)
    data = pa.table({"x": rng.normal(size=300), "y": rng.choice(["a", "b"], 300)})
    karat.clean(data, "y", out=tmp_path / "run")
    ask_about(tmp_path / "run", 5)
    assert not (tmp_path / "run" / "asked.parquet").exists()
