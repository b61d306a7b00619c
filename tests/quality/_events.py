"""Made-up interactions with a known answer: people with tastes, and what is planted among them."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

SCHEMA = Schema(
    (
        Column("user", Role.USER),
        Column("item", Role.ITEM),
        Column("rating", Role.NUMBER, "int64"),
        Column("time", Role.TIME, "timestamp", (), "%s"),
    ),
    kind="interactions",
)
START, SPAN = 1_600_000_000, 20_000_000


def people(users=150, items=200, seed=0):
    """Lists of users, items, ratings and times: each person in a few sittings, popular items and own tastes."""
    chance = np.random.default_rng(seed)
    fame = 1 / np.arange(1, items + 1) ** 0.8
    rows = []
    for user in range(users):
        size = int(np.clip(np.exp(chance.normal(3.4, 0.5)), 8, items // 3))
        weight = fame * np.exp(1.5 * (np.arange(items) % 5 == user % 5))
        chosen = chance.choice(items, size, replace=False, p=weight / weight.sum())
        sittings = START + chance.random(int(chance.integers(1, 5))) * SPAN
        times = np.sort(chance.choice(sittings, size)) + np.cumsum(chance.exponential(40, size))
        rates = chance.choice([1, 2, 3, 4, 5], size, p=[0.06, 0.11, 0.27, 0.34, 0.22])
        rows += [(f"u{user}", f"第{item}号", int(r), int(t)) for item, r, t in zip(chosen, rates, times, strict=True)]
    return rows


def robots(count=5, size=80, items=200, seed=1, regular=True):
    """Robots that walk by chance through the catalogue, each with one rating, every seven seconds or at once."""
    chance = np.random.default_rng(seed)
    rows = []
    for robot in range(count):
        begin = START + int(chance.integers(SPAN))
        chosen = chance.choice(items, size, replace=False)
        step = 7 if regular else 0
        rows += [(f"r{robot}", f"第{item}号", 5, begin + step * at) for at, item in enumerate(chosen)]
    return rows


def block_of(rows, schema=SCHEMA):
    """The records as text."""
    names = schema.names
    cells = {n: pa.array([None if r[k] is None else str(r[k]) for r in rows], pa.string()) for k, n in enumerate(names)}
    return Block(np.arange(len(rows)), pa.table(cells), schema)


def shuffled(rows, seed=3):
    """The records in another order, and where each of them came to stand."""
    order = np.random.default_rng(seed).permutation(len(rows))
    return [rows[at] for at in order], np.argsort(order)


def judged(check, block):
    """What a check says of a block, whole-column findings last."""
    from karat.flow import engine
    from karat.flow.dataset import Dataset

    learned = engine.learn(Dataset(block.schema, table=block.table, rows=block.rows, extra=block.extra), [check])
    found = [engine.judge_block(learned, block), engine.conclude(learned, block.schema)]
    return pa.concat_tables(found).to_pylist(), learned
