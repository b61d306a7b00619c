"""Disagreeing sources against generated reports whose truth is known."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.kernels.truth_discovery import SILENT, discover_truth
from karat.quality.consistency._reported import reports_of
from karat.quality.consistency.source_conflicts import SourceConflicts

TRUSTED = {"own": 0.02, "gate": 0.03, "desk": 0.05, "board": 0.04}
SLOPPY = ("copy1", "copy2", "copy3", "copy4", "copy5", "early")


def clock(minutes: int, style: int = 0) -> str:
    hour, minute = divmod(minutes, 60)
    half, twelve = "ap"[hour >= 12], hour % 12 or 12
    return f"{twelve}:{minute:02d} {half}.m." if style == 0 else f"{twelve}:{minute:02d}{half} (est)"


def reports(
    things: int, seed: int, names: tuple[str, str, str, str] = ("thing", "by", "due", "gate")
) -> tuple[Block, dict[tuple[int, str], str]]:
    """Ten sources; six share one mistaken clock, in part as copies of one another. Returns the block and the truth."""
    rng = np.random.default_rng(seed)
    due = rng.integers(0, 1439, things)
    gate = rng.integers(1, 40, things)
    rows, truth = [], {}
    for thing in range(things):
        early = clock(int((due[thing] - rng.integers(5, 25)) % 1440))
        lost = bool(rng.random() < 0.2)
        for source in (*TRUSTED, *SLOPPY):
            says = clock(int(due[thing]), int(rng.random() < 0.05)) if source in TRUSTED else None if lost else early
            if (source == "early" and rng.random() < 0.3) or (source in TRUSTED and rng.random() < TRUSTED[source]):
                says = clock(int(rng.integers(0, 1439)))
            where = f"G{gate[thing]}" if source in TRUSTED or rng.random() < 0.6 else f"G{rng.integers(1, 40)}"
            truth[len(rows), names[2]], truth[len(rows), names[3]] = clock(int(due[thing])), f"G{gate[thing]}"
            rows.append((f"T{thing}", source, says, where))
    table = pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})
    return Block(np.arange(len(rows)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in names))), truth


def shares(block: Block, truth: dict[tuple[int, str], str], found: pa.Table) -> tuple[float, float, float]:
    """Precision, recall, and the share of wrong cells whose suggestion is right."""
    cells = {name: block.text(name).to_pylist() for name in block.schema.names}
    wrong = {cell for cell, right in truth.items() if cells[cell[1]][cell[0]] != right}
    said = {(f["row"], f["column"]): f["suggestion"] for f in found.to_pylist() if f["confidence"] >= 0.5}
    hits = wrong & said.keys()
    return len(hits) / len(said), len(hits) / len(wrong), sum(said[cell] == truth[cell] for cell in hits) / len(wrong)


@pytest.mark.parametrize("names", [("thing", "by", "due", "gate"), ("航班", "网站", "时间", "登机口")])
def test_the_truth_is_with_the_reliable_few_not_the_many(names: tuple[str, str, str, str]) -> None:
    block, truth = reports(120, 4, names)
    state = SourceConflicts().learn(block)
    held = reports_of(state)
    assert held is not None
    assert (held.thing, held.source) == names[:2]
    found = SourceConflicts().judge(state, block)
    assert isinstance(found, pa.Table)
    precision, recall, mended = shares(block, truth, found)
    assert min(precision, recall, mended) >= 0.95


def test_more_records_than_the_sample_holds() -> None:
    block, truth = reports(2_000, 5)
    learned = engine.learn(Dataset.of(block), [SourceConflicts()])
    found = pa.concat_tables([found for _, found in engine.judge(Dataset.of(block), learned)])
    assert min(shares(block, truth, found)) >= 0.95
    again = thaw(freeze(learned.states["SourceConflicts"]))
    assert (
        SourceConflicts()
        .judge(again, block.take(np.arange(50)))
        .equals(SourceConflicts().judge(learned.states["SourceConflicts"], block.take(np.arange(50))))
    )


def test_repeated_measurements_are_not_disputes() -> None:
    rng = np.random.default_rng(2)
    person, visit = np.repeat(np.arange(60), 8), np.tile(list("ABCDEFGH"), 60)
    mood = [f"m{(p + rng.integers(0, 4)) % 12}" for p in person]
    columns = {
        "person": [f"p{p}" for p in person],
        "visit": visit.tolist(),
        "mood": mood,
        "food": [f"f{x}" for x in rng.integers(0, 5, 480)],
    }
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    block = Block(np.arange(480), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))
    found = SourceConflicts().judge(SourceConflicts().learn(block), block)
    assert isinstance(found, DoesNotApply) or not found.num_rows


def test_copies_have_one_voice() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 50, 60)
    good = np.array([np.where(rng.random(60) < 0.9, truth, rng.integers(0, 50, 60)) for _ in range(4)])
    bad = np.where(rng.random(60) < 0.3, truth, rng.integers(0, 50, 60))
    found = discover_truth(np.array([*good, *[bad] * 7]).T)
    assert (found.winner == truth).mean() >= 0.95
    assert len(set(found.voice[4:].tolist())) == 1


def test_where_most_know_nothing_one_guess_does_not_fill_the_rest() -> None:
    rng = np.random.default_rng(1)
    truth = np.where(rng.random(80) < 0.5, SILENT, rng.integers(0, 60, 80))
    claims = np.array([truth] * 8).T
    guess = (truth[:, None] == SILENT) & (rng.random(claims.shape) < 0.03)
    claims[guess] = rng.integers(0, 60, guess.sum())
    lost = (truth[:, None] >= 0) & (rng.random(claims.shape) < 0.03)
    claims[lost] = SILENT
    assert (discover_truth(claims).winner == truth).mean() >= 0.97


def test_a_source_that_is_mostly_silent_takes_nothing_away() -> None:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 60, 80)
    claims = np.array([truth] * 3 + [np.where(rng.random(80) < 0.7, SILENT, truth) for _ in range(7)]).T
    assert (discover_truth(claims).winner == truth).all()


def test_yes_and_no_are_not_decided_by_one_source_against_all_others() -> None:
    """Two that always guess agree with most in nine of ten; that a third says otherwise is not their merit."""
    rng = np.random.default_rng(3)
    truth = (rng.random(60) < 0.2).astype(np.int64)
    claims = np.array([np.where(rng.random(60) < 0.25, rng.random(60) < 0.2, truth) for _ in range(10)]).T
    found = discover_truth(claims.astype(np.int64))
    against = (claims == found.winner[:, None]).sum(axis=1) <= 2
    assert not against.any()
    assert (found.winner == truth).mean() >= 0.95


def test_a_column_of_wrong_values_is_no_thing() -> None:
    """What ten sources agree on in 19 of 20 reports is left to dependencies; its wrong values name no things."""
    rng = np.random.default_rng(4)
    rows = [
        (f"S{s}", f"T{t}", *(f"{name}{t if rng.random() < 0.95 else rng.integers(0, 60)}" for name in "abc"))
        for s in range(10)
        for t in range(60)
    ]
    names = ("by", "thing", "a", "b", "c")
    table = pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})
    block = Block(np.arange(len(rows)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in names)))
    assert reports_of(SourceConflicts().learn(block)) is None


def test_what_depends_on_the_kind_of_source_is_no_dispute() -> None:
    rng = np.random.default_rng(3)
    home = rng.integers(0, 3, 40)
    rows = [
        (f"m{m}", f"h{h}", f"s{home[h]}", f"s{home[h]}_m{m}")
        for h in range(40)
        for m in range(14)
        if rng.random() < 0.9
    ]
    names = ("test", "house", "land", "mean")
    table = pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(names)})
    block = Block(np.arange(len(rows)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in names)))
    found = SourceConflicts().judge(SourceConflicts().learn(block), block)
    assert isinstance(found, DoesNotApply) or not found.num_rows


def test_pairs_that_do_not_repeat_by_chance_name_no_sources() -> None:
    rng = np.random.default_rng(5)
    zips, names = rng.integers(0, 200, 2000), rng.integers(0, 150, 2000)
    city = np.where(rng.random(2000) < 0.15, rng.integers(0, 90, 2000), zips // 2)
    cells = {"zip": [f"z{z}" for z in zips], "name": [f"n{n}" for n in names], "city": [f"c{c}" for c in city]}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in cells.items()})
    block = Block(np.arange(2000), table, Schema(tuple(Column(name, Role.CATEGORY) for name in cells)))
    assert reports_of(SourceConflicts().learn(block)) is None


def test_a_person_who_was_asked_settles_a_thing_and_does_not_turn_what_is_sure() -> None:
    block, truth = reports(120, 6)
    check = SourceConflicts()
    state = check.learn(block)
    told = list(range(0, 1200, 50))
    right = {name: pa.array([truth[row, name] for row in told]) for name in ("due", "gate")}
    table = block.table.take(pa.array(told)).set_column(2, "due", right["due"]).set_column(3, "gate", right["gate"])
    better = check.learn_answers(state, Block(np.array(told), table, block.schema))
    held = thaw(freeze((check, better)))[1]
    before, after = (shares(block, truth, check.judge(s, block)) for s in (state, held))
    assert after[2] >= before[2]
    false = table.set_column(2, "due", pa.array(["3:33 a.m."] * len(told)))
    misled = check.learn_answers(state, Block(np.array(told), false, block.schema))
    assert shares(block, truth, check.judge(misled, block))[2] > before[2] - 0.1
