"""Robots, crowds and copies planted in ratings, found and dropped: python benchmarks/recommendation_planted.py RATINGS.csv

A file of ratings with columns user, item, rating, time (seconds since 1970). For every kind of plant and seed: records
found with confidence 0.5 or more against those planted. With --lift the proof on a file with robots and copies.
"""

import sys
import time
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.refine import refine
from karat.lift.ranking import prove_ranking
from karat.quality.accuracy.event_bursts import EventBursts
from karat.quality.accuracy.robot_users import RobotUsers
from karat.quality.consistency.repeated_events import RepeatedEvents

SCHEMA = Schema(
    (
        Column("user", Role.USER),
        Column("item", Role.ITEM),
        Column("rating", Role.NUMBER, "int64"),
        Column("time", Role.TIME, "timestamp", (), "%s"),
    ),
    kind="interactions",
)
SEEDS = range(5)
ROBOTS = 20


def robots(rows, chance, kind):
    """Twenty robots of one kind, 30 to 300 events each."""
    items = sorted({row[1] for row in rows})
    counts = np.unique([row[1] for row in rows], return_counts=True)[1]
    times = np.array([row[3] for row in rows])
    ratings = np.array([row[2] for row in rows])
    low, high = int(times.min()), int(times.max())
    made = []
    for robot in range(ROBOTS):
        size = int(chance.integers(30, min(300, len(items))))
        begin = int(chance.choice(times))
        chosen = chance.choice(len(items), size, replace=False)
        at = begin + int(chance.integers(2, 60)) * np.arange(size)
        stars = np.full(size, 5)
        if kind == "at once, any stars":
            at, stars = begin + np.sort(chance.integers(0, 60, size)), chance.choice(ratings, size)
        if kind == "through the catalogue":
            start = int(chance.integers(len(items) - size))
            chosen = np.argsort([int(i) if str(i).isdigit() else 0 for i in items], kind="stable")[start : start + size]
            at, stars = begin + np.cumsum(chance.exponential(40, size)), chance.choice(ratings, size)
        if kind == "five stars to anything, over months":
            at = np.sort(chance.integers(low, high, size))
        if kind == "popular items on a jittered beat, any stars":
            chosen = chance.choice(len(items), size, replace=False, p=counts / counts.sum())
            at = begin + np.cumsum(30 + chance.normal(0, 2, size))
            stars = chance.choice(ratings, size)
        if kind == "popular items, people's times and stars":
            chosen = chance.choice(len(items), size, replace=False, p=counts / counts.sum())
            at, stars = np.sort(chance.choice(times, size)), chance.choice(ratings, size)
        made += [(f"x{robot}", items[i], int(s), int(t)) for i, s, t in zip(chosen, stars, at, strict=True)]
    return made


KINDS = (
    "five stars by chance on a beat",
    "at once, any stars",
    "through the catalogue",
    "five stars to anything, over months",
    "popular items on a jittered beat, any stars",
    "popular items, people's times and stars",
)


def copies(rows, chance, kind):
    picked = [rows[at] for at in chance.permutation(len(rows))[: len(rows) // 20]]
    if kind == "copied later":
        return [(u, i, r, t + int(chance.integers(1, 90_000))) for u, i, r, t in picked]
    if kind == "rated anew":
        return [(u, i, int(r) % 5 + 1, t + int(chance.integers(1, 90_000))) for u, i, r, t in picked]
    return picked


def crowd(rows, chance):
    items = sorted({row[1] for row in rows})
    begin = int(chance.choice([row[3] for row in rows]))
    item = items[int(chance.integers(len(items)))]
    return [(f"n{at}", item, 5, begin + int(chance.integers(3_000))) for at in range(80)]


def block_of(rows):
    cells = {n: pa.array([str(row[k]) for row in rows], pa.string()) for k, n in enumerate(SCHEMA.names)}
    return Block(np.arange(len(rows)), pa.table(cells), SCHEMA)


def found(rows, check):
    block = block_of(rows)
    said = check.judge(check.learn(block), block)
    sure = said["confidence"].to_numpy() >= 0.5
    return set(said["row"].to_numpy()[sure].tolist())


def measured(rows, plant, check, seed):
    """Planted, found and rightly found; of equal events it does not matter which one is named."""
    chance = np.random.default_rng(seed)
    extra = plant(rows, chance)
    whole = rows + extra
    order = chance.permutation(len(whole))
    held = [whole[at] for at in order]
    planted = {int(at) for at in np.flatnonzero(order >= len(rows))}
    hit = found(held, check)
    if isinstance(check, RepeatedEvents):
        pairs = {held[at][:2] for at in planted}
        right = sum(held[at][:2] in pairs for at in hit)
        return len(planted), len(hit), min(right, len(planted))
    return len(planted), len(hit), len(hit & planted)


def main(path: str, *, lift: bool) -> None:
    table = pyarrow.csv.read_csv(path)
    rows = list(zip(*(table.column(at).to_pylist() for at in range(4)), strict=True))
    if lift:
        lifts(rows)
        return
    cases = [(f"robots: {kind}", partial(robots, kind=kind), RobotUsers()) for kind in KINDS]
    cases += [
        (f"events: {k}", partial(copies, kind=k), RepeatedEvents()) for k in ("copied", "copied later", "rated anew")
    ]
    cases += [("a bought crowd of 80", crowd, EventBursts())]
    print("| planted | precision | recall | seconds |\n|---|---|---|---|")
    for name, plant, check in cases:
        clock = time.perf_counter()
        parts = np.array([measured(rows, plant, check, seed) for seed in SEEDS], float)
        planted, hit, right = parts.T
        precision = np.divide(right, hit, out=np.full(len(hit), np.nan), where=hit > 0)
        taken = (time.perf_counter() - clock) / len(parts)
        said = "–" if np.isnan(precision).all() else f"{np.nanmean(precision):.3f}"
        print(f"| {name} | {said} | {np.mean(right / planted):.3f} | {taken:.1f} |", flush=True)
    for check in (RobotUsers(), EventBursts(), RepeatedEvents()):
        print(f"{check.code()} on the file as it is: {len(found(rows, check)):,} of {len(rows):,} records")


def lifts(rows) -> None:
    print(
        "| planted | seed | raw | refined | lift | 95 % | placebo | verdict | seconds |\n|---|---|---|---|---|---|---|---|---|"
    )
    both = partial(robots, kind=KINDS[0])
    for name, plants in {"robots": [both], "robots and copies": [both, partial(copies, kind="copied")]}.items():
        for seed in range(2):
            chance = np.random.default_rng(seed)
            whole = rows + [row for plant in plants for row in plant(rows, chance)]
            clock = time.perf_counter()
            made = prove_ranking(
                block_of([whole[at] for at in chance.permutation(len(whole))]), refine=refine, workers=2
            )
            shown = f"{made.raw.value:.4f} | {made.refined.value:.4f} | {made.lift:+.4f}"
            ends = f"[{made.low:+.4f}, {made.high:+.4f}] | {made.placebo.lift:+.4f} | {made.verdict}"
            print(f"| {name} | {seed} | {shown} | {ends} | {time.perf_counter() - clock:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], lift="--lift" in sys.argv)
