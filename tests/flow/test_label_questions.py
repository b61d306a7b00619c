"""Which labels are asked about, and what the answers say of those that are left."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.flow.asking import ask_about, so_far
from karat.flow.label_questions import SCHEMA, Answered, _chosen, answered, in_words


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


def log_of(doubt, chosen, chance, flags=None):
    flags = np.zeros(len(doubt), bool) if flags is None else flags
    columns = [
        chosen,
        [""] * len(chosen),
        np.ones(len(chosen), int),
        np.isfinite(chance),
        chance,
        doubt[chosen],
        flags[chosen],
        np.full(len(chosen), len(doubt)),
        np.full(len(chosen), int(flags.sum())),
    ]
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)


def test_every_label_is_drawn_with_the_chance_that_is_written_down():
    doubt = np.linspace(0, 1, 50)
    drawn, told = np.zeros(50), np.zeros(50)
    for seed in range(2000):
        chosen, chance = _chosen(doubt, 20, seed)
        assert len(chosen) == len(set(chosen.tolist())) == 20
        by_chance = np.isfinite(chance)
        drawn[chosen[by_chance]] += 1
        told[chosen[by_chance]] = chance[by_chance]
    assert drawn / 2000 == pytest.approx(told, abs=0.05)
    assert told.sum() == pytest.approx(4)


def test_what_is_left_is_covered_and_not_biased():
    rng = np.random.default_rng(0)
    covered, gap = [], []
    for seed in range(150):
        doubt = rng.beta(0.3, 2.5, 800)
        wrong = rng.random(800) < doubt
        chosen, chance = _chosen(doubt, 150, seed)
        out = answered(log_of(doubt, chosen, chance), set(chosen.tolist()), set(chosen[wrong[chosen]].tolist()))
        left = int(wrong.sum() - wrong[chosen].sum())
        covered.append(out.low <= left <= out.high)
        gap.append(out.left - left)
    assert np.mean(covered) >= 0.85
    assert abs(np.mean(gap)) <= 2.5 * np.std(gap) / np.sqrt(len(gap)) + 0.5


def test_above_the_least_doubt_asked_about_every_label_is_known():
    doubt = np.array([0.9, 0.8, 0.7, 0.1, 0.1, 0.1])
    flags = doubt > 0.5
    chosen, chance = np.array([0, 1, 2, 4]), np.array([np.nan, np.nan, np.nan, 0.5])
    out = answered(log_of(doubt, chosen, chance, flags), {0, 1, 2, 4}, {0, 1})
    assert (out.ranked, out.ranked_wrong, out.drawn, out.drawn_wrong) == (3, 2, 1, 0)
    assert out.precision == pytest.approx((2 / 3,) * 3)
    assert out.left == 0
    assert 0 < out.high <= 3  # one of the three below was drawn


def test_nothing_is_said_before_anybody_answers_and_when_to_stop_after():
    chosen, chance = np.array([0, 1]), np.array([np.nan, 0.5])
    log = log_of(np.array([0.3, 0.2]), chosen, chance)
    assert answered(log, set(), set()) is None
    assert len(in_words(None, log)) == 1
    idle = Answered(20, 0, 10.0, 5, 1, 50.0, 10.0, 90.0, (0.0, 0.0, 0.4))
    assert in_words(idle, log)[-1].startswith("stop")


def test_numbers_and_weak_models_are_not_asked_about(tmp_path):
    rng = np.random.default_rng(1)
    data = pa.table({"x": rng.normal(size=300), "y": rng.choice(["a", "b"], 300)})
    karat.clean(data, "y", out=tmp_path / "run")
    ask_about(tmp_path / "run", 5)
    assert not (tmp_path / "run" / "asked.parquet").exists()
