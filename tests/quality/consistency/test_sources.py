"""Which columns name things, sources and facts; and what is true."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._sources import PERSON, Reports, decide, find_reports

GOOD, BAD = ("own", "gate", "desk", "board"), ("copy1", "copy2", "copy3")


def reports(things=60, wrong=0.4, seed=0):
    """Each source speaks once of each thing; the bad ones are often wrong, each in its own way."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 50, things)
    rows = []
    for thing in range(things):
        for source in (*GOOD, *BAD):
            off = rng.random() < (0.03 if source in GOOD else wrong)
            rows.append((f"T{thing}", source, f"G{rng.integers(0, 50) if off else truth[thing]}"))
    return rows, [f"G{v}" for v in truth]


def columns_of(rows):
    return [pa.array(list(cells), pa.string()) for cells in zip(*rows, strict=True)]


def found_in(rows, names=("thing", "by", "gate")):
    table = pa.table(dict(zip(names, columns_of(rows), strict=True)))
    block = Block(np.arange(len(rows)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in names)))
    return find_reports(block, list(block.schema))


def test_thing_source_and_fact_are_told_apart():
    rows, _ = reports()
    assert found_in(rows) == Reports("thing", "by", ("gate",))
    turned = [(gate, thing, by) for thing, by, gate in rows]
    assert found_in(turned, ("gate", "thing", "by")) == Reports("thing", "by", ("gate",))


def test_what_sources_mostly_agree_on_is_no_dispute():
    rows, _ = reports(wrong=0.03)
    assert found_in(rows) is None


def test_two_sources_four_things_or_two_reports_each_are_too_few():
    rows, _ = reports()
    assert found_in([row for row in rows if row[1] in ("own", "copy1")]) is None
    assert found_in([row for row in rows if row[0] in {"T0", "T1", "T2", "T3"}]) is None


def test_a_source_that_speaks_often_of_a_thing_is_none():
    rows, _ = reports()
    assert found_in(rows + rows[:200]) is None


def test_facts_that_a_thing_does_not_decide_are_none():
    rows, _ = reports()
    noise = np.random.default_rng(1).integers(0, 30, len(rows))
    wide = [(*row, f"n{v}") for row, v in zip(rows, noise, strict=True)]
    assert found_in(wide, ("thing", "by", "gate", "noise")) == Reports("thing", "by", ("gate",))


def test_what_sources_of_a_kind_agree_on_is_their_own_affair():
    rng = np.random.default_rng(3)
    land = rng.integers(0, 3, 40)
    rows = [(f"m{m}", f"h{h}", f"s{land[h]}", f"s{land[h]}_m{m}") for h in range(40) for m in range(14) if rng.random() < 0.9]  # fmt: skip
    names = ("test", "house", "land", "mean")
    assert found_in(rows, names) is None
    scattered = [(*row[:2], f"s{rng.integers(0, 3)}", row[3]) for row in rows]
    assert found_in(scattered, names) is not None


def test_the_truth_is_what_the_reliable_say():
    rows, truth = reports(wrong=0.6)
    fact = decide(*columns_of(rows))
    assert fact.things.to_pylist() == [f"T{at}" for at in range(60)]
    right = np.array([said == true for said, true in zip(fact.texts.to_pylist(), truth, strict=True)])
    assert right.mean() >= 0.98
    assert fact.belief[right].min() > 0.5
    assert (fact.speakers == 7).all()
    assert (fact.backers <= 7).all()
    assert fact.unlike > 5


def test_sources_that_are_alike_are_not_unlike():
    rows, _ = reports(wrong=0.03)
    assert decide(*columns_of(rows)).unlike < 3


def test_the_order_of_reports_does_not_matter():
    rows, _ = reports()
    order = np.random.default_rng(5).permutation(len(rows))
    first, second = decide(*columns_of(rows)), decide(*columns_of([rows[at] for at in order]))
    said = dict(zip(second.things.to_pylist(), second.texts.to_pylist(), strict=True))
    assert said == dict(zip(first.things.to_pylist(), first.texts.to_pylist(), strict=True))


def test_where_no_source_can_be_trusted_nothing_is_decided():
    rng = np.random.default_rng(2)
    rows = [(f"T{thing}", f"s{source}", f"G{rng.integers(0, 50)}") for thing in range(40) for source in range(6)]
    assert decide(*columns_of(rows)) is None
    assert decide(*columns_of([("T1", "s1", None), ("T2", "s2", None)])) is None


def test_one_way_to_write_a_value_is_that_of_the_column():
    rows, _ = reports()
    written = [(thing, by, gate.lower() if by == "own" else gate) for thing, by, gate in rows]
    fact = decide(*columns_of(written))
    assert all(text is None or text.startswith("G") for text in fact.texts.to_pylist())


def test_a_person_who_was_asked_is_believed():
    rows, truth = reports(wrong=0.6)
    other = "G0" if truth[0] != "G0" else "G1"
    contested = [row for row in rows if row[0] != "T0"] + [("T0", "own", truth[0]), ("T0", "copy1", other)]
    fact = decide(*columns_of([*contested, ("T0", PERSON, other)]))
    assert dict(zip(fact.things.to_pylist(), fact.texts.to_pylist(), strict=True))["T0"] == other
