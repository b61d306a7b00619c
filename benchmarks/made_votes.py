"""Votes with a known truth, one maker a type of answer: what voters saw, and what they made of it."""

import json

import numpy as np
import pyarrow as pa

Made = tuple[pa.Table, list]


def table(item, voter, label) -> pa.Table:
    return pa.table({"item": [f"i{at}" for at in item], "voter": [f"v{at}" for at in voter], "label": label})


def who_sees(chance, items: int, voters: int, per_item: int):
    item = np.repeat(np.arange(items), per_item)
    voter = np.concatenate([chance.permutation(voters)[:per_item] for _ in range(items)])
    return item, voter


def numbers(seed: int, items: int = 200, voters: int = 12, per_item: int = 4) -> Made:
    """Lengths: each voter adds a bias and a noise of their own; a tenth of the voters write any number."""
    chance = np.random.default_rng(seed)
    truth = chance.normal(100, 20, items)
    bias, spread = chance.normal(0, 6, voters), chance.lognormal(1.5, 0.7, voters)
    item, voter = who_sees(chance, items, voters, per_item)
    said = truth[item] + bias[voter] + spread[voter] * chance.normal(size=len(item))
    careless = chance.random(len(item)) < np.where(voter % 10 == 0, 0.5, 0.02)
    said = np.where(careless, chance.uniform(0, 200, len(item)), said)
    return table(item, voter, np.round(said, 1).astype(str)), truth.tolist()


def levels(seed: int, items: int = 300, voters: int = 15, per_item: int = 4) -> Made:
    """Ratings of one to five: strict and lenient voters, careful and careless ones."""
    chance = np.random.default_rng(seed)
    truth = chance.choice([1, 2, 3, 4, 5], items, p=[0.1, 0.2, 0.3, 0.25, 0.15])
    bias, spread = chance.normal(0, 0.6, voters), chance.uniform(0.4, 1.6, voters)
    item, voter = who_sees(chance, items, voters, per_item)
    said = np.clip(np.round(truth[item] + bias[voter] + spread[voter] * chance.normal(size=len(item))), 1, 5)
    return table(item, voter, said.astype(int).astype(str)), truth.tolist()


def label_sets(seed: int, items: int = 250, voters: int = 15, per_item: int = 4) -> Made:
    """Several of six labels a record: voters forget some and add others, each at rates of their own."""
    chance = np.random.default_rng(seed)
    names = np.array(["news", "sport", "money", "art", "law", "food"])
    truth = chance.random((items, 6)) < np.array([0.5, 0.3, 0.3, 0.15, 0.1, 0.05])
    forget, add = chance.beta(2, 6, voters), chance.beta(1, 12, voters)
    item, voter = who_sees(chance, items, voters, per_item)
    dice = chance.random((len(item), 6))
    said = np.where(truth[item], dice > forget[voter][:, None], dice < add[voter][:, None])
    return table(item, voter, [json.dumps(names[line].tolist()) for line in said]), [
        set(names[line].tolist()) for line in truth
    ]


def spans(seed: int, items: int = 150, voters: int = 12, per_item: int = 4) -> Made:
    """Names in texts of 200 characters: missed, invented, of the wrong type, with edges that slip."""
    chance = np.random.default_rng(seed)
    miss, invent = chance.beta(2, 8, voters), chance.beta(1, 8, voters)
    slip = chance.uniform(0.05, 0.5, voters)
    truth = []
    for _ in range(items):
        starts = np.sort(chance.choice(9, chance.integers(1, 5), replace=False)) * 20
        truth.append(
            {(int(s), int(s) + int(chance.integers(5, 16)), str(chance.choice(["PER", "ORG"]))) for s in starts}
        )
    item, voter = who_sees(chance, items, voters, per_item)
    labels = []
    for at, who in zip(item, voter, strict=True):
        given = []
        for true_start, true_end, kind in sorted(truth[at]):
            start, end = true_start, true_end
            if chance.random() < miss[who]:
                continue
            if chance.random() < slip[who]:
                start += int(chance.integers(-2, 3))
            if chance.random() < slip[who]:
                end += int(chance.integers(-2, 3))
            wrong = chance.random() < slip[who] / 3
            given.append(
                {"start": max(start, 0), "end": end, "label": {"PER": "ORG", "ORG": "PER"}[kind] if wrong else kind}
            )
        if chance.random() < invent[who]:
            start = int(chance.integers(0, 190))
            given.append({"start": start, "end": start + 6, "label": "PER"})
        labels.append(json.dumps(given))
    return table(item, voter, labels), truth


def boxes(seed: int, items: int = 120, voters: int = 12, per_item: int = 4) -> Made:
    """Things in pictures of 640 x 480: missed, invented, of the wrong class, with edges that slip."""
    chance = np.random.default_rng(seed)
    miss, invent, slip = chance.beta(2, 8, voters), chance.beta(1, 8, voters), chance.uniform(1, 8, voters)
    truth = []
    for _ in range(items):
        cells = chance.choice(12, chance.integers(1, 5), replace=False)
        truth.append(
            [
                (
                    cell % 4 * 160 + 20.0,
                    cell // 4 * 160 + 20.0,
                    *chance.uniform(50, 110, 2),
                    str(chance.choice(["cat", "dog"])),
                )
                for cell in cells
            ]
        )
    item, voter = who_sees(chance, items, voters, per_item)
    labels = []
    for at, who in zip(item, voter, strict=True):
        given = []
        for x, y, width, height, kind in truth[at]:
            if chance.random() < miss[who]:
                continue
            left, top, right, bottom = np.array([x, y, x + width, y + height]) + slip[who] * chance.normal(size=4)
            wrong = chance.random() < slip[who] / 50
            name = {"cat": "dog", "dog": "cat"}[kind] if wrong else kind
            given.append({"x": left, "y": top, "width": right - left, "height": bottom - top, "label": name})
        if chance.random() < invent[who]:
            x, y = chance.uniform(0, 500, 2)
            given.append({"x": x, "y": y, "width": 60.0, "height": 60.0, "label": "cat"})
        labels.append(json.dumps(given))
    return table(item, voter, labels), truth


MAKERS = {"number": numbers, "ordinal": levels, "labels": label_sets, "span": spans, "box": boxes}
