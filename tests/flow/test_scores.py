"""A table's score counts each cell, time, record and step once, and rises by what the ledger did."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.core.finding import Dimension, findings
from karat.core.measure import Measure
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.scores import by_check, dimension_score, score
from karat.flow.unseen import Unseen, unseen

SCHEMA = Schema((Column("a", Role.CATEGORY), Column("b", Role.NUMBER), Column("t", Role.TIME)))


def check(dimension, unit="cells", total=100):
    """A check that says how much it judged, and leaves its measure to the findings."""
    kind = type("Made", (Check,), {"learn": None, "judge": None, "dimension": dimension, "unit": unit})
    kind.measure_name, kind.total = "share", lambda *_: total
    return kind()


def said(code, cells, kind="fact", confidence=0.9):
    rows, columns = zip(*cells, strict=True)
    return findings(
        code,
        Dimension.ACCURACY,
        len(cells),
        row=list(rows),
        column=list(columns),
        confidence=confidence,
        message="m",
        kind=kind,
    )


def scored(checks, result, records=100, ledger=None):
    learned = Learned(checks, dict.fromkeys(checks), {}, {})
    return score(learned, SCHEMA, result, records, ledger)["dimensions"]


def test_a_cell_that_two_checks_name_counts_once_of_all_cells():
    checks = {"X": check(Dimension.ACCURACY), "Y": check(Dimension.ACCURACY)}
    result = {"X": said("X", [(1, "a"), (2, "a")]), "Y": said("Y", [(2, "a"), (2, "b"), (3, None)])}
    assert scored(checks, result)["accuracy"]["score"] == pytest.approx(1 - 4 / 300)


def test_form_and_suspicion_are_not_counted():
    checks = {"X": check(Dimension.ACCURACY)}
    for some in (said("X", [(1, "a")], kind="form"), said("X", [(1, "a")], confidence=0.4)):
        assert scored(checks, {"X": some})["accuracy"]["score"] == 1


def test_times_are_a_share_of_times():
    checks = {"X": check(Dimension.TIMELINESS)}
    result = {"X": said("X", [(at, "t") for at in range(10)])}
    assert scored(checks, result)["timeliness"]["score"] == pytest.approx(0.9)


def test_records_and_cells_multiply():
    checks = {"X": check(Dimension.CONSISTENCY), "Y": check(Dimension.CONSISTENCY, "records")}
    result = {"X": said("X", [(at, "a") for at in range(30)]), "Y": said("Y", [(at, None) for at in range(20)])}
    assert scored(checks, result)["consistency"]["score"] == pytest.approx(0.9 * 0.8)


def test_the_score_rises_by_what_the_ledger_did_and_by_nothing_else():
    checks = {"X": check(Dimension.ACCURACY)}
    result = {"X": said("X", [(1, "a"), (2, "a"), (3, "b")])}
    ledger = pa.concat_tables(
        [
            changes(1, row=[1], column="a", action="set", after="x", check="X"),
            changes(1, row=[3], action="drop", check="Y"),
            changes(1, row=[9], column="b", action="set", after="x", check="Z"),
        ]
    )
    assert scored(checks, result, ledger=ledger)["accuracy"]["score"] == pytest.approx(1 - 1 / 300)


def test_a_dimension_without_measures_has_no_score():
    assert scored({}, {})["accuracy"]["score"] is None
    assert dimension_score([Measure("m", "", 1, 4)])["score"] == 0.75


def test_wrong_cells_that_were_not_found_lower_the_score_before_and_after_alike():
    checks = {"X": check(Dimension.ACCURACY)}
    result = {"X": said("X", [(1, "a"), (2, "a"), (3, "b")])}
    ledger = changes(1, row=[1], column="a", action="set", after="x", check="X")
    learned, hidden = Learned(checks, dict.fromkeys(checks), {}, {}), Unseen(share=0.05, low=0.02, high=0.12)
    before, after = (
        score(learned, SCHEMA, result, 100, *more, unseen=hidden)["dimensions"]["accuracy"] for more in ((), (ledger,))
    )
    assert before["score"] == pytest.approx(0.95 - 3 / 300)
    assert after["score"] == pytest.approx(0.95 - 2 / 300)
    assert before["low"] < 1 - 0.12
    assert before["high"] > 1 - 0.02
    assert before["low"] <= after["low"]


def test_the_interval_of_consistency_holds_copies_that_were_not_counted_and_those_that_may_be_none():
    checks = {"X": check(Dimension.CONSISTENCY, "records")}
    result = {"X": said("X", [(at, None) for at in range(20)], confidence=0.6)}
    learned = Learned(checks, dict.fromkeys(checks), {}, {})
    report = score(learned, SCHEMA, result, 100, unseen=Unseen(suspected=0.3))["dimensions"]["consistency"]
    assert report["score"] == pytest.approx(0.8)
    assert report["low"] < 0.5
    assert report["high"] > 0.88


def test_every_dimension_of_a_real_assessment_stands_still_until_the_ledger_has_entries():
    """All checks on a table with faults of every dimension: an empty ledger changes nothing, each entry its own item."""
    chance = np.random.default_rng(3)
    size = 400
    towns = chance.choice(["Lisbon", "Bergen", "Valencia", "Antwerp"], size).tolist()
    amounts = [f"{x:.1f}" for x in chance.normal(50, 5, size)]
    times = [f"2024-{1 + at // 40:02d}-{1 + at % 28:02d}" for at in range(size)]
    towns[5], amounts[7], amounts[9], times[11] = "Lisbonn", "4900000", "", "2094-01-01"
    table = pa.table({"town": [*towns, *towns[:9]], "amount": [*amounts, *amounts[:9]], "day": [*times, *times[:9]]})
    schema = Schema((Column("town", Role.CATEGORY), Column("amount", Role.NUMBER, "float64"), Column("day", Role.TIME)))
    data = Dataset(schema, table=table, rows=np.arange(len(table)))
    learned = engine.learn(data, engine.all_checks())
    report = pa.concat_tables([engine.conclude(learned, schema), *(part for _, part in engine.judge(data, learned))])
    result = by_check(report, learned)
    hidden = unseen(learned, data, result)

    def scores(ledger=None):
        return score(learned, schema, result, len(data), ledger, hidden)["dimensions"]

    assert scores() == scores(no_changes())
    done = report.filter(pc.and_(pc.is_valid(report["row"]), pc.is_valid(report["column"])))
    entries = changes(
        done.num_rows, row=done["row"], column=done["column"], action="set", after="x", check=done["check"]
    )
    assert entries.num_rows > 3
    last = scores()
    for at in range(entries.num_rows):
        now = scores(entries.slice(0, at + 1))
        for name, dimension in now.items():
            before = last[name]["score"]
            assert before <= dimension["score"] + 1e-12
            if done["dimension"][at].as_py() != name:
                other = {m["name"]: m["bad"] for m in last[name]["measures"]}
                assert dimension["score"] == pytest.approx(before) or any(
                    m["bad"] < other[m["name"]] for m in dimension["measures"]
                )
        last = now
