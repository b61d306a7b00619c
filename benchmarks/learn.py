"""The loop that learns, beside never, every window, and ADWIN: mean error over windows in time, and how often each learned.

    python benchmarks/learn.py loop STREAM POLICY ELEC2.csv [RIVER]
    python benchmarks/learn.py nulls CSV TARGET [FIRST LAST]

STREAM: jump, turn (with a seed: jump:1), elec2; POLICY: never, every, adwin, forest, karat; RIVER: site-packages of an environment that has river.
``nulls``: ten shufflings in which nothing changes, and ten whose late answers are flipped for one in five; a model that
ships is harmful where its AUC on fresh, right answers is below that of the model in use.
"""

import sys

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow.late_answers import joined_blocks, outcomes, with_target
from karat.flow.learned_models import InUse
from karat.flow.loading import load, plain_settings
from karat.lift.challenger import Challenge
from karat.prepare.target import read_target

FIRST, SIZE, MOST = 4_000, 2_000, 20_000


def part(block, start, stop):
    return block.take(np.arange(start, min(stop, len(block))))


def generated(kind, size=24_000, seed=0):
    """Two streams: the rule jumps at half of it, or turns slowly."""
    chance = np.random.default_rng(seed)
    x, z = chance.normal(size=size), chance.normal(size=size)
    turn = (np.arange(size) > size // 2) * 1.0 if kind == "jump" else np.linspace(0, 1, size)
    score = x * (1 - turn) + z * turn + 0.5 * chance.normal(size=size)
    texts = [[str(v) for v in x], [str(v) for v in z], ["yes" if s > 0 else "no" for s in score]]
    columns = (Column("x", Role.NUMBER, "float64"), Column("z", Role.NUMBER, "float64"), Column("y", Role.TARGET))
    table = pa.table([pa.array(t) for t in texts], names=["x", "z", "y"])
    return Block(np.arange(size), table, Schema(columns, task="classification"))


def made(name):
    """A generated stream by its name and seed."""
    kind, _, seed = name.partition(":")
    return generated(kind, seed=int(seed or 0))


def adwin(river):
    sys.path.append(river)
    from river.drift import ADWIN

    return ADWIN()


def forest(stream, river):
    """Mean error of river's adaptive forest, which learns each window when its outcomes are known."""
    sys.path.append(river)
    from river.forest import ARFClassifier

    names, target = [c.name for c in stream.schema if c.role is not Role.TARGET], read_target(stream)
    rows = np.stack([stream.numbers(name) for name in names], axis=1).tolist()
    model, errors = ARFClassifier(seed=0), []
    for start in range(0, len(stream), SIZE):
        asked = [dict(zip(names, row, strict=True)) for row in rows[start : start + SIZE]]
        truth = target.values[start : start + SIZE].tolist()
        if start >= FIRST:
            errors.append(np.mean([model.predict_one(x) != y for x, y in zip(asked, truth, strict=True)]))
        for x, y in zip(asked, truth, strict=True):
            model.learn_one(x, y)
    return float(np.mean(errors)), 0, 0


def played(stream, policy, river):
    """Mean error, retrainings and recalibrations of one policy."""
    if policy == "forest":
        return forest(stream, river)
    known, late = part(stream, 0, FIRST), None
    challenge = Challenge(known, part(stream, 0, 1))
    fit, errors, learned, recalibrated, in_use = challenge._fit(known), [], 0, 0, InUse(known)
    detector = adwin(river) if policy == "adwin" else None
    for start in range(FIRST, len(stream), SIZE):
        window = part(stream, start, start + SIZE)
        truth = read_target(window, challenge._recipe.classes).values
        wrong = fit.answers(window, np.arange(len(window))).argmax(axis=1) != truth
        errors.append(wrong.mean())
        late = window if late is None else joined_blocks(late, window)
        fire = policy == "every"
        if detector is not None:
            for one in wrong:
                detector.update(float(one))
                fire |= detector.drift_detected
        if policy == "karat":
            trial = Challenge(in_use.records, late, len(window), in_use.correction)
            verdict = trial.certificate()
            model = verdict.next_in_use or InUse(in_use.records)
            fit = trial.fitted(model)
            if verdict.retrained:
                late, learned = None, learned + 1
            recalibrated += verdict.ships and not verdict.retrained
            in_use = model
        elif fire:
            known = window if policy == "adwin" else joined_blocks(known, window)
            known = part(known, max(0, len(known) - MOST), len(known))
            fit, learned = challenge._fit(known), learned + 1
    return float(np.mean(errors)), learned, recalibrated


def loop(name, policy, path, river=""):
    stream = load(path, plain_settings("label")) if name == "elec2" else made(name)
    error, learned, recalibrated = played(stream, policy, river)
    print(f"{name} {policy}: error {error:.4f}, trained {learned} times, recalibrated {recalibrated}", flush=True)


def nulls(path, target, first=0, last=20):
    block = load(path, plain_settings(target))
    ships, harmful, first, last = 0, 0, int(first), int(last)
    for seed in range(first, last):
        chance = np.random.default_rng(seed)
        order = chance.permutation(len(block))[:6000]
        cut = [len(order) // 3, 2 * len(order) // 3]
        old, late, fresh = (block.take(np.sort(some)) for some in np.split(order, cut))
        late = late.take(chance.permutation(len(late)))
        if seed >= last // 2:
            classes = read_target(block).classes
            other = dict(zip(classes, classes[::-1], strict=True))
            flip = chance.random(len(late)) < 0.2
            texts = [other[t] if f else t for t, f in zip(outcomes(late).to_pylist(), flip, strict=True)]
            late = with_target(late, pa.array(texts))
        trial = Challenge(old, late)
        verdict = trial.certificate()
        if verdict.ships:
            truth, every = read_target(fresh, trial._recipe.classes).values, np.arange(len(fresh))
            new, before = (f.answers(fresh, every) for f in (trial.fitted(verdict.next_in_use), trial._fit(old)))
            lift = trial._recipe.score(truth, new) - trial._recipe.score(truth, before)
            wrong = float((new.argmax(axis=1) != truth).mean() - (before.argmax(axis=1) != truth).mean())
            ships, harmful = ships + 1, harmful + (lift < 0 or wrong > 0)
            kind = "poisoned" if seed >= last // 2 else "null"
            print("shipped", kind, verdict.learned_from, f"{lift:+.4f}, errors {wrong:+.4f}", flush=True)
    print(f"{path.rsplit('/', 1)[-1]}: {ships} of {last - first} shipped, {harmful} harmful", flush=True)


if __name__ == "__main__":
    (loop if sys.argv[1] == "loop" else nulls)(*sys.argv[2:])
