"""Work probes: parts of Karat that are no check of a table, each on small data with a known answer and with a score.

Votes, wrong labels, linked records, fixes learned from answers, chats, events, pictures, roles of columns, texts, models
and recommendations. A score is the mean of those parts that move at all; higher is better.
"""

import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from constants_probes import ROOT, clear_caches, f1, limited


class WorkProbe:
    """A function that returns named scores; ``load`` is called once, in the parent."""

    cost = 1.0

    def __init__(
        self, name: str, files: str, work: Callable[[Any], dict[str, float]], load: Callable[[], Any] = dict
    ) -> None:
        self.name, self.files, self.work, self.load = name, tuple(files.split()), work, cache(load)
        self.reference: Any = None

    def run(self) -> dict[str, float]:
        limited()
        clear_caches()
        return self.work(self.load())

    def score(self, answers: list[Any]) -> list[float | None]:
        parts = [answer for answer in (answers[1], *answers) if answer]
        moved = [name for name in parts[0] if len({str(part.get(name)) for part in parts}) > 1] or list(parts[0])
        return [
            None if answer is None else float(np.mean([answer.get(name, 0.0) for name in moved])) for answer in answers
        ]


def said_votes(
    seed: int, classes: int, items: int, voters: int, each: int, skill: tuple[float, float]
) -> tuple[dict, dict]:
    """Votes of voters of whom each has a skill and a bias of its own, and the truth."""
    c = np.random.default_rng(seed)
    truth = c.integers(0, classes, items)
    good = c.uniform(*skill, voters)
    likes = c.dirichlet(np.ones(classes), voters)
    votes: dict[str, list[str]] = {"item": [], "voter": [], "label": []}
    for item in range(items):
        for voter in c.choice(voters, each, replace=False):
            label = truth[item] if c.random() < good[voter] else c.choice(classes, p=likes[voter])
            for name, value in zip(votes, (f"i{item}", f"v{voter}", f"c{label}"), strict=True):
                votes[name].append(value)
    return votes, {f"i{item}": f"c{label}" for item, label in enumerate(truth)}


VOTES = {
    "few": (1, 3, 250, 12, 3, (0.4, 0.9)),
    "many": (2, 2, 150, 10, 7, (0.5, 0.85)),
    "five": (3, 5, 200, 8, 5, (0.3, 0.95)),
}


def votes(_: Any) -> dict[str, float]:
    """Accuracy of every method's labels and one minus their Brier score."""
    import karat

    out = {}
    for name, setting in VOTES.items():
        cast, truth = said_votes(*setting)
        known = {"item": list(truth)[:40], "label": list(truth.values())[:40]}
        for method in (
            "",
            "gold",
            "majority",
            "dawid_skene",
            "one_coin",
            "mace",
            "glad",
            "label_model",
            "weighted_majority",
        ):
            named = {"gold": known} if method == "gold" else {"method": method} if method else {}
            labels = karat.label.aggregate(cast, **named).labels.to_pylist()
            rest = [row for row in labels if row["item"] not in set(known["item"])]
            right = np.array([row["label"] == truth[row["item"]] for row in rest], float)
            sure = np.array([row["confidence"] for row in rest])
            out[f"{name} {method} right"] = right.mean()
            out[f"{name} {method} sure"] = 1 - ((sure - right) ** 2).mean()
    return out


def answered() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Labels of which some are wrong, answers of a model that has not seen them, and which are wrong."""
    from sklearn.datasets import load_breast_cancer, load_digits, load_wine
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    out = []
    for at, load in enumerate((load_digits, load_breast_cancer, load_wine)):
        features, truth = load(return_X_y=True)
        features, truth = features[:900], truth[:900]
        for rate in (0.03, 0.12):
            c = np.random.default_rng(at)
            wrong = c.random(len(truth)) < rate
            labels = np.where(wrong, (truth + c.integers(1, truth.max() + 1, len(truth))) % (truth.max() + 1), truth)
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300, C=0.1))
            out.append((labels, cross_val_predict(model, features, labels, method="predict_proba"), wrong))
    return out


def wrong_labels(sets: Any) -> dict[str, float]:
    """F1 of the labels called wrong, and how near the number stated comes."""
    import json

    import karat

    out = {}
    for at, (labels, answers, wrong) in enumerate(sets):
        said = karat.label.errors(labels, answers)
        flags, noise = said["is_error"].to_numpy(zero_copy_only=False), json.loads(said.schema.metadata[b"karat"])
        out[f"{at} f1"] = f1(int((flags & wrong).sum()), int(flags.sum()), int(wrong.sum()))
        out[f"{at} count"] = 1 - min(1.0, abs(noise["wrong"] - wrong.sum()) / wrong.sum())
    return out


def predicted() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import cross_val_predict

    features, truth = load_diabetes(return_X_y=True)
    c = np.random.default_rng(5)
    made = c.normal(0, 1, (700, 4))
    out = []
    for x, y in ((features, truth), (made, made @ np.array([3.0, 1.0, -2.0, 0.5]) + c.standard_t(5, 700) * 0.4)):
        wrong = c.random(len(y)) < 0.05
        said = np.where(wrong, c.permutation(y) + c.normal(0, 3 * y.std(), len(y)), y)
        out.append((said, cross_val_predict(Ridge(1.0), x, said), wrong))
    return out


def people_linked() -> tuple[Any, set[tuple[int, int]]]:
    """People, some of them twice with slips, some with relatives of one address."""
    from second_planter import mistyped

    from karat.core.block import Block
    from karat.core.schema import Column, Role, Schema

    chance = random.Random(3)
    parts = ("ba", "ko", "mi", "ren", "tol", "vas", "lin", "dor", "sha", "pel", "gu", "fri", "an", "el")

    def word(size: int) -> str:
        return "".join(chance.choices(parts, k=size))

    given, family = [word(2) for _ in range(60)], [word(3) for _ in range(150)]
    records, truth = [], set()
    for _ in range(220):
        home = [f"{chance.randrange(1, 200)} {word(2)} street", word(3), str(chance.randrange(1000, 9999))]
        name = chance.choice(family)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            person = [
                chance.choice(given),
                name,
                *home,
                f"{chance.randrange(1930, 2005)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}",
            ]
            records.append(person)
            if chance.random() < 0.3:
                twin = person.copy()
                for at in chance.sample(range(6), 2):
                    twin[at] = mistyped(twin[at], chance) or twin[at]
                truth.add((len(records) - 1, len(records)))
                records.append(twin)
    names = ("given", "family", "street", "town", "postcode", "born")
    table = pa.table({n: pa.array([row[at] for row in records], pa.string()) for at, n in enumerate(names)})
    schema = Schema(tuple(Column(n, Role.CATEGORY) for n in names))
    return Block(np.arange(len(records)), table, schema), truth


def linked(loaded: Any) -> dict[str, float]:
    from karat.clean.link.records import link

    block, truth = loaded
    block = type(block)(block.rows, block.table, block.schema)
    pairs = {tuple(sorted((p["left"], p["right"]))) for p in link(block).to_pylist() if p["probability"] >= 0.5}
    return {"f1": f1(len(pairs & truth), len(pairs), len(truth))}


def fixable() -> list[Any]:
    """Tables of which twenty records are answered: dates and codes in another form, and spoiled made tables."""
    import csv

    import twenty_answers as ta
    from foreign_tables import Pair
    from spoiled_tables import made

    place = Path(tempfile.mkdtemp())
    pairs = ta.reformatted(place)
    for name in ("articles", "taxes"):
        table, at = made(name, 3, 250), place / name
        at.mkdir()
        for kind, columns in (("dirty", table.dirty), ("clean", table.clean)):
            with (at / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([list(columns), *zip(*columns.values(), strict=True)])
        pairs.append(Pair("made", name, at / "dirty.csv", at / "clean.csv"))
    return [table for pair in pairs if (table := ta.Judged.of(pair)) is not None]


def learned_fixes(tables: Any) -> dict[str, float]:
    """F1 of the fixes after twenty answers, one of them wrong in the second round."""
    from dataclasses import replace

    from twenty_answers import compared

    tables = [replace(t, block=type(t.block)(t.block.rows, t.block.table, t.block.schema)) for t in tables]
    return {f"{at} {wrong}": compared(t, 1, wrong, False)[-1]["f1"] for at, t in enumerate(tables) for wrong in (0, 1)}


def chats() -> Any:
    """Chinese and English questions and answers with cut, doubled, contradictory and test records."""
    import instructions

    c = np.random.default_rng(1)
    things, ways = (
        ("boats", "crates", "lamps", "seeds"),
        (
            "Start with a small goal.",
            "Write down what happens every day.",
            "Ask someone who has done it.",
            "Rest before you go on.",
        ),
    )
    english = []
    for at in range(330):
        a, b = (int(x) for x in c.integers(3, 900, 2))
        thing = str(c.choice(things))
        if at % 2:
            english.append(
                {
                    "question": f"A harbour holds {a} {thing} and {b} more arrive on day {at}. How many {thing} are there?",
                    "answer": f"There are {a} and {b}, which makes {a + b}. The answer is {a + b}.\n#### {a + b}",
                }
            )
        else:
            first, second = c.choice(ways, 2, replace=False)
            english.append(
                {
                    "question": f"I am {a % 80} years old, I own {b} {thing}, and I want to sell them in town {at}. What should I do?",
                    "answer": f"There are two things to do. {first} After that, {str(second).lower()} It takes a while until {thing} sell.",
                }
            )
    out = []
    for made in (instructions.chinese(330, 1), english):
        planter = instructions.Planter(made[:280], [one["question"] for one in made[280:]], 1)
        planter.plant()
        out.append((planter, instructions.block_of(planter.records, planter.tests)))
    return out


def chat_checks(loaded: Any) -> dict[str, float]:
    import instructions

    from karat.core.block import Block

    out = {}
    for at, (planter, block) in enumerate(loaded):
        said = instructions.judged(Block(block.rows, block.table, block.schema, block.extra))
        for kind, truth in planter.truth.items():
            planted, hits, told, right = instructions.scored(said, truth, kind)
            out[f"{at} {kind}"] = 2 * hits * right / max(told * hits + planted * right, 1)
    return out


def events(_: Any) -> dict[str, float]:
    """F1 of robots, crowds and repeated events planted among people."""
    import recommendation_planted as planted

    from karat.core.registry import units
    from tests.quality import _events

    out, checks = {}, units("check")
    for seed in (0, 1):
        rows = [(user, item[1:-1], rating, time) for user, item, rating, time in _events.people(seed=seed, users=120)]
        plans = {kind: ("RobotUsers", lambda r, c, kind=kind: planted.robots(r, c, kind)) for kind in planted.KINDS}
        plans |= {
            kind: ("RepeatedEvents", lambda r, c, kind=kind: planted.copies(r, c, kind))
            for kind in ("exact", "copied later", "rated anew")
        }
        plans["crowd"] = ("EventBursts", planted.crowd)
        for kind, (check, plant) in plans.items():
            size, said, right = planted.measured(rows, plant, checks[check](), seed)
            out[f"{seed} {kind}"] = f1(right, said, size)
    return out


def pictures() -> Any:
    """Cuts of two photographs with two of each fault, and copies."""
    from images_planted import bytes_of, close_copy, faults
    from PIL import Image

    from tests.quality._pictures import block_of, good_pictures

    good = [Image.fromarray(one) for one in good_pictures()]
    cells, truth, at = [bytes_of(one) for one in good], {}, 0
    c = np.random.default_rng(2)
    for fault, spoil in faults(c).items():
        for _ in range(2):
            cells[at], truth[at], at = bytes_of(spoil(good[at])), fault, at + 1
    for original in range(len(good) - 6, len(good)):
        cells.append(bytes_of(close_copy(good[original], c)))
        truth[len(cells) - 1] = "copy"
        truth[original] = "copy"
    labels = ["left" if k % 2 else "right" for k in range(len(cells))]
    return block_of(cells, labels=labels), truth


def picture_checks(loaded: Any) -> dict[str, float]:
    """F1 of spoiled pictures, and how many of them are called by their fault's check."""
    from karat.core.block import Block
    from karat.core.registry import units
    from karat.flow import engine
    from karat.flow.dataset import Dataset

    block, truth = loaded
    data = Dataset.of(Block(block.rows, block.table, block.schema))
    learned = engine.learn(
        data, [unit() for unit in units("check").values() if "image" in unit.kinds and "table" not in unit.kinds]
    )
    parts = [part for _, part in engine.judge(data, learned)]
    rows = [row for part in parts for row in part.to_pylist() if row["row"] is not None]
    sure = {row["row"] for row in rows if row["confidence"] >= 0.5}
    out = {"all": f1(len(sure & truth.keys()), len(sure), len(truth))}
    for check in sorted({row["check"] for row in rows}):
        mine = {row["row"] for row in rows if row["check"] == check and row["confidence"] >= 0.5}
        out[check] = 1 - len(mine - truth.keys()) / max(len(mine), 1)
    return out


def works() -> list[WorkProbe]:
    """All of them, each with the beginnings of the files that it is tried on."""
    import sys

    from constants_models import model_probes

    sys.path.insert(0, str(ROOT))
    return [
        WorkProbe("wrong labels", "label/noise label/conf label/_conf label/wrong", wrong_labels, answered),
        WorkProbe("wrong numbers", "label/regression label/noise", wrong_labels, predicted),
        WorkProbe("votes", "label/", votes),
        WorkProbe("linked people", "clean/link", linked, people_linked),
        WorkProbe("events", f"{QUALITY}robot {ACCURACY}event {CONSISTENCY}repeated_e", events),
        WorkProbe("pictures", f"{PICTURES} kernels/p", picture_checks, pictures),
        WorkProbe("chats", f"{CHATS}", chat_checks, chats),
        *model_probes(),
        WorkProbe("twenty answers", "clean/by_example clean/answers clean/merge", learned_fixes, fixable),
    ]


QUALITY, ACCURACY, CONSISTENCY = "quality/", "quality/accuracy/", "quality/consistency/"
PICTURES = "quality/pictures quality/measured quality/accuracy/blur quality/accuracy/low_contrast quality/consistency/picture_ quality/consistency/grey"
CHATS = "quality/completeness/_cut quality/completeness/_end quality/completeness/truncated_a quality/consistency/near_duplicate_q quality/consistency/_question quality/consistency/contradictory quality/final quality/accuracy/questions quality/contamination"
