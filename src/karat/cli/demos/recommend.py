"""``karat demo recommend``: made-up film ratings with robots, copies and broken clocks, down to everybody's list."""

import json
from pathlib import Path

import numpy as np

from karat.cli.demo import Spoiled, walk_spoiled
from karat.cli.say import say

USERS, FILMS = 300, 150
START, SPAN = 1_650_000_000, 30_000_000
KINDS = ("Comedy", "Drama", "Thriller", "纪录片", "动画片")
Event = tuple[str, str, int, int]
_Row = tuple[Event, str | None, str, str, str | None]  # column, kind, dimension, and what stood there


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk the ratings and print how good the lists are, and one person's."""
    _, home = walk_spoiled("recommend", ratings(), "", out, workers=workers, quiet=quiet)
    if not quiet:
        say("\n".join(_report_lines(home)))


def ratings(users: int = USERS, films: int = FILMS, seed: int = 21) -> Spoiled:
    """People who like one kind of film and rate in a few sittings, and what is planted among them."""
    chance = np.random.default_rng(seed)
    names = [f"{KINDS[at % len(KINDS)]} {at:03d}" for at in range(films)]
    good = _people(chance, names, users)
    rows: list[_Row] = [(event, None, "", "", None) for event in good]
    planted = (
        ("robot on a beat", "accuracy", _robots(chance, names)),
        ("bought crowd", "accuracy", _crowd(chance, names)),
        ("log sent three times", "consistency", _again(good)),
    )
    for kind, dimension, events in planted:
        rows += [(event, None, kind, dimension, None) for event in events]
    for place, at in enumerate(chance.permutation(len(good))[:12].tolist()):
        user, film, stars, time = good[at]
        wrong = 0 if place % 2 else time + 400_000_000
        rows[at] = ((user, film, stars, wrong), "timestamp", "impossible time", "timeliness", str(time))
    # equal records cannot be told apart: the first of them counts as the one that was not planted
    order = np.concatenate([chance.permutation(len(good)), len(good) + chance.permutation(len(rows) - len(good))])
    rows = [rows[at] for at in order.tolist()]
    header = ("user_id", "film", "rating", "timestamp")
    columns: dict[str, list[str | None]] = {n: [str(row[0][k]) for row in rows] for k, n in enumerate(header)}
    key = [(at, column, kind, area, before) for at, (_, column, kind, area, before) in enumerate(rows) if kind]
    return Spoiled(columns, chance, key)


def _people(chance: np.random.Generator, names: list[str], users: int) -> list[Event]:
    fame = 1 / np.arange(1, len(names) + 1) ** 0.7
    events = []
    for user in range(users):
        size = int(np.clip(np.exp(chance.normal(3.3, 0.5)), 8, len(names) // 3))
        weight = fame * np.exp(2.0 * (np.arange(len(names)) % len(KINDS) == user % len(KINDS)))
        chosen = chance.choice(len(names), size, replace=False, p=weight / weight.sum())
        sittings = START + chance.random(int(chance.integers(2, 6))) * SPAN
        times = np.sort(chance.choice(sittings, size)) + np.cumsum(chance.exponential(50, size))
        stars = chance.choice([1, 2, 3, 4, 5], size, p=[0.06, 0.11, 0.27, 0.34, 0.22])
        watched = zip(chosen.tolist(), stars.tolist(), times.tolist(), strict=True)
        events += [(f"p{user}", names[film], star, int(time)) for film, star, time in watched]
    return events


def _robots(chance: np.random.Generator, names: list[str]) -> list[Event]:
    """Twelve programs that rate films at random with five stars, every few seconds."""
    events = []
    for robot in range(12):
        begin, beat = START + int(chance.integers(SPAN)), int(chance.integers(2, 30))
        chosen = chance.choice(
            len(names), int(chance.integers(len(names) // 3, 4 * len(names) // 5)), replace=False
        ).tolist()
        events += [(f"x{robot}", names[film], 5, begin + beat * at) for at, film in enumerate(chosen)]
    return events


def _again(good: list[Event]) -> list[Event]:
    """What a month's log holds, twice more."""
    begin = START + SPAN // 3
    month = [event for event in good if begin <= event[3] < begin + 30 * 86_400]
    return [*month, *month]


def _crowd(chance: np.random.Generator, names: list[str]) -> list[Event]:
    """Sixty accounts that never did anything else praise one film within half an hour."""
    begin = START + SPAN // 2
    return [(f"n{at}", names[-1], 5, begin + int(chance.integers(1_800))) for at in range(60)]


def _report_lines(home: Path) -> list[str]:
    """Every recommender's scores, and the first person's list."""
    import pyarrow.parquet as pq

    evaluation = json.loads((home / "evaluation.json").read_text(encoding="utf-8"))
    lines = ["", f"Lists of ten, tested on later events of {evaluation['ranking']['users']} people"]
    for name, scores in evaluation["learners"].items():
        scores_text = " · ".join(f"{metric} {score['value']:.3f}" for metric, score in scores.items())
        lines.append(f"  {name:<14}{scores_text}")
    lines.append(
        f"  held out at random {evaluation['headline']} would have claimed {evaluation['ranking']['random_split']:.3f}"
    )
    shown = pq.read_table(home / "model" / "recommendations.parquet")
    first = [pick for pick in shown.to_pylist() if pick["user_id"] == shown["user_id"][0].as_py()][:5]
    return [*lines, f"  {first[0]['user_id']} is shown: {', '.join(pick['film'] for pick in first)}"]
