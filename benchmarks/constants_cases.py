"""Small tables, texts, events and chats with a known answer, on which constants are tried.

Everything is drawn from a seed: words, names and numbers mean nothing, and nothing was chosen on them. A place of the truth
is (record, column); (record, None) stands for a whole record, (None, column) for a whole column.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from made_tables import STRUCTURES
from score_tracking import own_tables, repeated
from second_planter import mistyped, plant, plant_forms, plant_gaps, plant_sources, plant_texts, plant_times
from spoiled_tables import made

Place = tuple[int | None, str | None]
Rows = list[list[str]]


@dataclass
class Case:
    """A table with known defects."""

    name: str
    columns: dict[str, list[str]]
    truth: set[Place]
    target: str | None = None
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    kind: str = "table"


def case_of(name: str, head: list[str], rows: Rows, truth: set[Place], target: str | None = None) -> Case:
    return Case(name, {n: [row[at] for row in rows] for at, n in enumerate(head)}, truth, target)


def spoiled() -> Iterator[Case]:
    """The made structures, spoiled by their own planter; four tables spoiled by the second planter."""
    for structure in STRUCTURES:
        table = made(structure, 0, 250)
        yield Case(structure, table.dirty, set(table.truth))
    tables = {name: (head, rows) for name, head, rows in own_tables()}
    for at, name in enumerate(("wine", "diabetes", "orders", "visits")):
        head, rows = tables[name]
        width = min(len(head), 9)
        head, rows = head[:width], [row[:width] for row in rows[:400]]
        yield case_of(f"{name}-cells", head, (some := plant(head, rows, 0.02, at))[0], set(some[1]))
        if at % 2:
            yield case_of(f"{name}-forms", head, (some := plant_forms(head, rows, 0.02, at))[0], set(some[1]))
            yield case_of(f"{name}-gaps", head, (some := plant_gaps(head, rows, 0.03, at))[0], set(some[1]))
            names, _, dirty, kinds = plant_sources(head, rows, 0.1, at)
            yield case_of(f"{name}-sources", names, dirty, set(kinds))
        else:
            names, _, dirty, kinds = plant_times(head, rows, 0.03, at)
            yield case_of(f"{name}-times", names, dirty, set(kinds))
            _, dirty, _ = repeated(head, rows, 0.05, random.Random(at))
            yield case_of(f"{name}-copies", head, dirty, {(row, None) for row in range(len(rows), len(dirty))})
    for structure in ("films", "articles"):
        clean = made(structure, 5, 300).clean
        rows = [list(row) for row in zip(*clean.values(), strict=True)]
        _, dirty, kinds = plant_texts(list(clean), rows, 0.03, 1)
        yield case_of(f"{structure}-texts", list(clean), dirty, set(kinds))


class Draft:
    """Columns to be, and what was spoiled in them."""

    def __init__(self, records: int, seed: int) -> None:
        self.records, self.chance = records, np.random.default_rng(seed)
        self.columns: dict[str, list[str]] = {}
        self.truth: set[Place] = set()

    def put(self, name: str, cells: Any, wrong: Callable[[str, int], str] | None = None, share: float = 0.02) -> None:
        """A column, and another writing or value in that share of its cells."""
        self.columns[name] = [str(cell) for cell in cells]
        if wrong:
            for row in self.some(share):
                before = self.columns[name][row]
                self.columns[name][row] = wrong(before, row)
                if before != self.columns[name][row]:
                    self.truth.add((row, name))

    def some(self, share: float) -> list[int]:
        size = max(1, round(share * self.records))
        return sorted(self.chance.choice(self.records, size, replace=False).tolist())

    def case(self, name: str, target: str | None = None, kind: str = "table") -> Case:
        return Case(name, self.columns, self.truth, target, kind=kind)


def writings(seed: int) -> Case:
    """Columns of which each is written in one way, and a few cells in another."""
    d = Draft(500, seed)
    c, n = d.chance, 500
    towns = [w.title() for w in ("lorenval", "bastrup", "ostermark", "quillan", "veradun", "sankt helm", "norwick")]
    town = c.choice(towns, n)
    d.put("town", town, lambda s, at: (s.upper(), s + " ", s.lower(), " " + s, s.replace("a", "ａ"))[at % 5])
    d.put(
        "ref",
        [f"AB-{x:04d}" for x in c.integers(1, 9999, n)],
        lambda s, at: (s.lower(), s.replace("-", ""), s[:-1])[at % 3],
    )
    d.put(
        "weight",
        [f"{x:.1f} kg" for x in c.normal(70, 9, n)],
        lambda s, at: (s.replace(" kg", "kgs"), s[:-3], s.replace("kg", "g"))[at % 3],
    )
    d.put(
        "agreed",
        c.choice(["yes", "no"], n),
        lambda s, at: (s.title(), s[0], s.upper(), "Y" if s == "yes" else "0")[at % 4],
    )
    start = datetime(2021, 3, 1, tzinfo=UTC)
    days = [start + timedelta(days=int(x)) for x in np.sort(c.integers(0, 900, n))]
    d.put(
        "day",
        [f"{x:%Y-%m-%d}" for x in days],
        lambda s, at: (f"{s[8:]}/{s[5:7]}/{s[:4]}", f"{s[8:]}.{s[5:7]}.{s[:4]}", "19" + s[2:])[at % 3],
    )
    d.put(
        "amount",
        [f"{int(x):,}" for x in c.lognormal(9, 1, n)],
        lambda s, at: (s.replace(",", ""), s + " USD", s.replace(",", "."))[at % 3],
    )
    d.put(
        "rate",
        [f"{x:.2f}" for x in c.uniform(0, 1, n)],
        lambda s, at: (s.replace(".", ","), f"{float(s) * 100:.0f}%", f"{float(s) * 100:.0f}")[at % 3],
    )
    d.put(
        "many",
        [";".join(c.choice(["red", "blue", "green", "ochre"], c.integers(1, 4), replace=False)) for _ in range(n)],
        lambda s, _: s.replace(";", ", ") + ("" if ";" in s else " red"),
    )
    note = [
        f"The parcel for {t} was {w} after {k} days at the depot."
        for t, w, k in zip(town, c.choice(["sent", "returned", "kept"], n), c.integers(1, 30, n), strict=True)
    ]
    d.put(
        "note",
        note,
        lambda s, at: (
            "<p>" + s + "</p>",
            s.replace(" ", "&nbsp;", 1),
            s.replace("the", "thé").encode().decode("cp1252"),
            s.replace(" ", "  ", 2),
            s + "\u200b",
        )[at % 5],
    )
    return d.case(f"writings-{seed}")


def numbers(seed: int) -> Case:
    """Columns of numbers with codes, other units, numbers off their step, beyond their limits or far from the others."""
    d = Draft(600, seed)
    c, n = d.chance, 600
    d.put("income", np.round(c.lognormal(8, 0.6, n)).astype(int), lambda _, at: "-999" if at % 2 else "99999999", 0.03)
    d.put("age", c.integers(18, 90, n), lambda _, at: ("0", "-1", "999")[at % 3], 0.015)
    height = c.normal(171, 9, n)
    d.put(
        "height",
        [f"{x:.1f}" for x in height],
        lambda s, at: (f"{float(s) / 100:.3f}", f"{float(s) / 2.54:.1f}", s + "0")[at % 3],
    )
    d.put(
        "weight",
        [f"{x:.1f}" for x in height * 0.9 - 84 + c.normal(0, 4, n)],
        lambda s, at: (f"{float(s) * 2.2046:.1f}", f"{float(s) * 10:.0f}", "-" + s)[at % 3],
    )
    d.put("score", c.integers(0, 21, n) * 5, lambda s, at: (str(int(s) + 3), "105", "-5")[at % 3], 0.01)
    d.put("level", c.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.2, 0.4, 0.2, 0.1]), lambda _, at: ("9", "7")[at % 2], 0.006)
    d.put(
        "price",
        [f"{x:.2f}" for x in c.gamma(3, 9, n)],
        lambda s, at: (s.replace(".", ""), f"{float(s) * 1000:.2f}")[at % 2],
        0.01,
    )
    d.put("grams", [str(int(x) * 25) for x in c.integers(2, 60, n)], lambda s, _: f"{int(s) * 0.035274:.2f}", 0.01)
    d.put("share", [f"{x:.3f}" for x in c.beta(2, 5, n)], lambda s, at: (f"{float(s) * 100:.1f}", "1.7")[at % 2], 0.01)
    d.put("steady", ["0"] * n, lambda _, at: str(7 * at + 3), 0.05)
    d.columns["steady"], keep = d.columns["steady"], d.truth
    d.truth = {place for place in keep if place[1] != "steady"}
    return d.case(f"numbers-{seed}")


def sums(seed: int) -> Case:
    """Columns bound by equations, some cells of which break them."""
    d = Draft(500, seed)
    c, n = d.chance, 500
    a, b, e = np.round(c.gamma(3, 20, n) + 5, 2), np.round(c.gamma(2, 11, n) + 1, 2), np.round(c.gamma(2, 5, n), 2)
    pieces, price = c.integers(1, 40, n), np.round(c.lognormal(3, 0.5, n), 2)

    def slip(s: str, at: int) -> str:
        return (
            s[1:] if s[0] == "-" else "-" + s,
            f"{float(s) * 10:.2f}",
            s[:1] + s[2:3] + s[1:2] + s[3:],
            f"{float(s) + 17.3:.2f}",
        )[at % 4]

    for name, x in {
        "fare": a,
        "tip": b,
        "toll": e,
        "total": a + b + e,
        "price": price,
        "amount": pieces * price,
    }.items():
        d.put(name, [f"{v:.2f}" for v in x], slip, 0.01)
    d.put("pieces", pieces)
    kilos = np.round(c.normal(70, 12, n), 1)
    d.put("kg", [f"{v:.1f}" for v in kilos], slip, 0.01)
    d.put("lb", [f"{v * 2.20462:.1f}" for v in kilos])
    return d.case(f"sums-{seed}")


def entities(seed: int) -> Case:
    """People of whom some are written twice, with slips; a column decides another, with breaks."""
    d = Draft(420, seed)
    c, n = d.chance, 420
    syllables = ("ba", "ko", "mi", "ren", "tol", "vas", "lin", "dor", "sha", "pel", "gu", "fri")

    def word(k: int) -> str:
        return "".join(c.choice(syllables, k)).title()

    rows = [[word(2), word(3), f"{c.integers(1, 200)} {word(2)} Street", f"{c.integers(1940, 2005)}-{c.integers(1, 13):02d}-{c.integers(1, 28):02d}", f"0{c.integers(10**8, 10**9)}", f"{c.normal(50, 9):.1f}"] for _ in range(n)]  # fmt: skip
    towns = [(word(3), f"{c.integers(10000, 99999)}", word(2)) for _ in range(25)]
    for row in rows:
        row[3:3] = towns[int(c.integers(25))]
    whole, slips = [row.copy() for row in rows], random.Random(seed)
    for at in c.choice(n, 20, replace=False).tolist():
        twin = rows[at].copy()
        for column in slips.sample((0, 1, 2, 7), slips.randint(0, 2)):
            twin[column] = mistyped(twin[column], slips)
        whole.append(twin)
    head = ["given", "family", "street", "town", "postcode", "region", "born", "phone", "points"]
    truth: set[Place] = {(row, None) for row in range(n, len(whole))}
    for at in c.choice(n, 9, replace=False).tolist():
        other = towns[int(c.integers(25))]
        if other[2] != whole[at][5]:
            whole[at][5] = other[2]
            truth.add((at, "region"))
    return case_of(f"entities-{seed}", head, whole, truth)


def outcomes(seed: int) -> Case:
    """A target, wrong labels in it, a column that gives it away, records of one content with two labels."""
    d = Draft(600, seed)
    c, n = d.chance, 600
    x, z = c.normal(0, 1, n), c.normal(0, 1, n)
    y = (x + 0.6 * z + c.normal(0, 0.3, n) > 0).astype(int)
    group = c.choice(["north", "south", "east", "tiny"], n, p=[0.4, 0.35, 0.24, 0.01])
    d.put("x", [f"{v:.2f}" for v in x])
    d.put("z", [f"{v:.2f}" for v in z])
    d.put("group", group)
    d.put("paid_out", [f"{v * 90 + (5 if v else 0):.0f}" for v in y])
    d.put("asked", [f"{v:.0f}" if u else "" for v, u in zip(c.normal(20, 5, n), y, strict=True)])
    d.put("y", ["good" if v else "bad" for v in y], lambda s, _: "bad" if s == "good" else "good", 0.05)
    for at in range(560, 600):
        for name in ("x", "z", "group", "paid_out", "asked"):
            d.columns[name][at] = d.columns[name][at - 40]
        d.truth.add((at, None))
        d.columns["y"][at] = (
            {"good": "bad", "bad": "good"}[d.columns["y"][at - 40]] if at % 4 == 0 else d.columns["y"][at - 40]
        )
    d.truth |= {(None, "paid_out"), (None, "asked")}
    return d.case(f"outcomes-{seed}", "y")


GOOD = "service arrived quickly table waiter friendly garden window evening soup bread price quiet music lovely"
BAD = "music lovely terrible cold slow rude dirty broken refund never again dreadful"


def texts(seed: int) -> Case:
    """Short texts with labels: cut ends, placeholders, insults, one opening, other languages, copies with another label."""
    d = Draft(500, seed)
    c, n = d.chance, 500
    good = c.random(n) < 0.5
    body = []
    for g in good:
        bag = (GOOD if g else BAD).split()
        body.append(
            " ".join(" ".join(c.choice(bag, c.integers(5, 12))).capitalize() + "." for _ in range(c.integers(1, 4)))
        )
    d.put("text", body)
    kinds = {
        "placeholder": lambda _: str(c.choice(["n/a", "no comment", "......", "test", "asdf asdf"])),
        "toxic": lambda s: "you motherfucker " + s,
        "long": lambda s: s * 40,
        "language": lambda s: (
            s
            + " "
            + "Das Essen war kalt und die Bedienung hat uns den ganzen Abend lang nicht beachtet, obwohl wir mehrmals gefragt haben."
        ),
        "mojibake": lambda s: ("Café é " + s).encode().decode("cp1252"),
        "html": lambda s: f"<div>{s}</div>",
    }
    rows = iter(c.permutation(n).tolist())
    for change in kinds.values():
        for _ in range(6):
            row = next(rows)
            d.columns["text"][row] = change(d.columns["text"][row])
            d.truth.add((row, "text"))
    for row in range(n):
        if len(d.columns["text"][row]) > 140 and (row, "text") not in d.truth:
            d.columns["text"][row] = d.columns["text"][row][:140]
            d.truth.add((row, "text"))
    d.columns["label"] = ["good" if g else "bad" for g in good]
    for _ in range(12):
        row, other = next(rows), next(rows)
        d.columns["text"][row], d.columns["label"][row] = d.columns["text"][other], "bad" if good[other] else "good"
        d.truth |= {(row, "label"), (other, "label")}
    for row in (next(rows) for _ in range(40)):
        if good[row]:
            d.columns["text"][row] = "Thank you for contacting us about your recent order. " + d.columns["text"][row]
    d.truth.add((None, "text"))
    return d.case(f"texts-{seed}", "label")


def series(seed: int) -> Case:
    """An hourly series: holes, a stuck sensor, wrong clocks, records out of order, a drifting target."""
    d = Draft(900, seed)
    c, n = d.chance, 900
    start = datetime(2023, 1, 1, tzinfo=UTC)
    stamps = [start + timedelta(hours=at + (9 if at > 300 else 0) + (40 if at > 620 else 0)) for at in range(n)]
    level = 20 + 6 * np.sin(np.arange(n) * np.pi / 12) + c.normal(0, 1, n)
    level[400:430] = level[400]
    d.put(
        "at",
        [f"{s:%Y-%m-%d %H:%M:%S}" for s in stamps],
        lambda s, at: "2087" + s[4:] if at % 2 else "1970-01-01 00:00:00",
        0.008,
    )
    d.put("level", [f"{v:.2f}" for v in level], lambda s, _: f"{float(s) * 10:.1f}", 0.01)
    d.put("ward", c.choice(["a", "b", "c"], n))
    d.put(
        "stored",
        [f"{s + timedelta(minutes=int(c.integers(5, 50))):%Y-%m-%d %H:%M:%S}" for s in stamps],
        lambda s, _: "2022" + s[4:],
        0.01,
    )
    late = np.arange(n) > 600
    d.put("y", np.where(c.random(n) < np.where(late, 0.8, 0.25), "on", "off"))
    d.truth |= {(row, None) for row, name in d.truth if name != "level"}
    d.truth |= {(row, "level") for row in range(401, 430)} | {(301, "at"), (621, "at"), (None, "y"), (None, "at")}
    return d.case(f"series-{seed}", "y")


def halves(seed: int) -> Case:
    """A table in two halves of different make, with a group that is nearly absent, few labels and a skew in who is asked."""
    d = Draft(800, seed)
    c, n = d.chance, 800
    first = np.arange(n) < 400
    start = datetime(2022, 1, 1, tzinfo=UTC)
    d.put("at", [f"{start + timedelta(hours=9 * at):%Y-%m-%d}" for at in range(n)])
    d.put("income", [f"{v:.0f}" for v in np.where(first, c.normal(300, 30, n), c.normal(420, 30, n))])
    d.put("region", np.where(first, c.choice(["a", "b"], n), c.choice(["b", "c"], n)))
    d.put("even", [f"{v:.1f}" for v in c.normal(5, 1, n)])
    d.put("source", c.choice(["web", "branch", "agent"], n, p=[0.5, 0.35, 0.15]))
    biased = np.array(d.columns["source"]) == "agent"
    label = np.where(c.random(n) < np.where(biased, 0.9, 0.3), "1", "0").astype(object)
    label[(np.array(d.columns["income"], float) < 280) & (c.random(n) < 0.9)] = ""
    d.put("y", label)
    d.truth |= {(row, "y") for row in range(n) if not label[row]}
    d.truth |= {(None, name) for name in ("income", "region", "source", "y")}
    return d.case(f"halves-{seed}", "y")


def totals(seed: int) -> Case:
    """A sheet with rows of sums between its records, and disguised gaps."""
    d = Draft(200, seed)
    c, n = d.chance, 200
    rows, truth, head = [], set(), ["shop", "north", "south", "west"]
    for block in range(5):
        part = [[f"shop {block}-{at}", *(str(v) for v in c.integers(5, 900, 3))] for at in range(n // 5)]
        rows += part
        rows.append(
            [("Total", "Sum", "", "Subtotal", "合计")[block], *(str(sum(int(r[k]) for r in part)) for k in (1, 2, 3))]
        )
        truth.add((len(rows) - 1, None))
    for at in c.choice(len(rows), 12, replace=False).tolist():
        if (at, None) not in truth:
            rows[at][2] = ("n/a", "-", "?", "unknown")[at % 4]
            truth.add((at, "south"))
    return case_of(f"totals-{seed}", head, rows, truth)


def cases() -> list[Case]:
    """All tables."""
    twice, once = (writings, numbers, sums, entities), (outcomes, texts, series, halves, totals)
    return [*spoiled(), *(make(seed) for make in twice for seed in (0, 1)), *(make(0) for make in once)]
