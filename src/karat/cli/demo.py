"""``karat demo``: real data, spoiled with recorded defects of all four dimensions, walked down the whole path."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from karat.cli import demos
from karat.cli.say import say
from karat.core.errors import OptionError

PAIRS = "UndecidedPairs"
RATE = 0.02  # display: share of records that get one defect of a kind
CITIES = ("Lyon", "Porto", "Graz", "Turku", "Gdańsk", "成都", "青岛")
COUNTRY = dict(zip(CITIES, ("France", "Portugal", "Austria", "Finland", "Poland", "中国", "中国"), strict=True))


@dataclass
class Spoiled:
    """A table being spoiled, and the answer key.

    Parameters
    ----------
    columns : dict of str to list of str or None
        Cells as text.
    key : list of (row, column, kind, dimension, before)
        ``column`` None: the whole record.
    """

    columns: dict[str, list[str | None]]
    chance: np.random.Generator
    key: list[tuple[int, str | None, str, str, str | None]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Records."""
        return len(next(iter(self.columns.values())))

    def spoil(self, kind: str, dimension: str, columns: list[str], change: Callable[[str], str | None]) -> None:
        """Change cells of some columns, one defect per cell, and write down what stood there."""
        taken = {(row, column) for row, column, *_ in self.key}
        count = max(2, round(self.size * RATE))
        for at, row in enumerate(self.chance.permutation(self.size)[:count].tolist()):
            column = columns[at % len(columns)]
            before = self.columns[column][row]
            if before is None or (row, column) in taken:
                continue
            after = change(before)
            if after != before:
                self.columns[column][row] = after
                self.key.append((row, column, kind, dimension, before))

    def repeat(self) -> None:
        """Append copies of records."""
        for row in self.chance.permutation(self.size)[: max(2, round(self.size * RATE))].tolist():
            for cells in self.columns.values():
                cells.append(cells[row])
            self.key.append((self.size - 1, None, "repeated record", "consistency", None))


def demonstrate(name: str, out: Path | None, *, workers: int, quiet: bool) -> None:
    """Run a demonstration: the table here, or ``demonstrate`` of the file of its name in ``karat.cli.demos``.

    Raises
    ------
    OptionError
        There is no such demonstration.
    """
    if name == "table":
        walk_spoiled(name, _patients(), "diagnosis", out, workers=workers, quiet=quiet)
        return
    known = {"table", *(module.name for module in pkgutil.iter_modules(demos.__path__))}
    if name not in known:
        raise OptionError.unknown("demonstration", name, known, "karat demo")
    import_module(f"{demos.__name__}.{name}").demonstrate(out, workers=workers, quiet=quiet)


def walk_spoiled(
    name: str, spoiled: Spoiled, target: str, out: Path | None, *, workers: int, quiet: bool
) -> tuple[Any, Path]:
    """Walk a spoiled table down the whole path and print the answer key beside the summary; the walk and its folder."""
    from karat.cli.progress import Progress
    from karat.cli.summary import in_words
    from karat.cli.wiring import walked
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    home = out or Path("runs") / f"demo-{name}"
    raw = home.with_name(home.name + "-raw.csv")
    raw.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.csv.write_csv(pa.table({n: pa.array(cells, pa.string()) for n, cells in spoiled.columns.items()}), raw)
    if not quiet:
        planted = f"{spoiled.size:,} records, {len(spoiled.key):,} defects planted: {raw}"
        say(f"demo       {planted}", error=True)
    settings = made_settings({"workers": workers, "collect": {"target": target}}, "the demo")
    on = walked(Job(raw, home, "run", settings, listener=Progress(quiet=quiet)))
    if not quiet:
        say(in_words(on))
        say("\n".join(_answer_key(spoiled, home)))
    return on, home


def _patients() -> Spoiled:
    """Wisconsin breast cancer (scikit-learn's copy): 569 patients, ten measurements each, a place and a date."""
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    chance = np.random.default_rng(7)
    size = len(bunch.target)
    kept = [at for at, name in enumerate(bunch.feature_names) if name.startswith("mean")]
    columns: dict[str, list[str | None]] = {"patient": [f"P{1000 + at}" for at in range(size)]}
    start = datetime(2023, 1, 2, 8)  # noqa: DTZ001  a wall clock without a zone, as hospitals write it
    columns["taken_at"] = [
        (start + timedelta(hours=6 * at)).isoformat(sep=" ", timespec="minutes") for at in range(size)
    ]
    columns["city"] = [CITIES[at] for at in chance.integers(0, len(CITIES), size)]
    columns["country"] = [COUNTRY[str(name)] for name in columns["city"]]
    for at in kept:
        columns[bunch.feature_names[at].replace(" ", "_")] = [f"{value:g}" for value in bunch.data[:, at]]
    columns["diagnosis"] = [str(bunch.target_names[code]) for code in bunch.target]
    spoiled = Spoiled(columns, chance)
    _defects(spoiled, [bunch.feature_names[at].replace(" ", "_") for at in kept])
    return spoiled


def _defects(spoiled: Spoiled, numbers: list[str]) -> None:
    chance = spoiled.chance

    def typo(text: str) -> str:
        at = int(chance.integers(len(text)))
        return text[:at] + chr(int(chance.integers(97, 123))) + text[at + 1 :]

    spoiled.spoil("factor of 1,000", "accuracy", numbers[:4], lambda text: f"{float(text) * 1000:g}")
    spoiled.spoil("typing error", "accuracy", ["city", "country"], typo)
    spoiled.spoil(
        "wrong label", "accuracy", ["diagnosis"], lambda text: "benign" if text == "malignant" else "malignant"
    )
    spoiled.spoil("unit in the number", "consistency", numbers[:2], lambda text: f"{text} mm")
    spoiled.spoil("wrong country", "consistency", ["country"], lambda text: "Poland" if text != "Poland" else "Austria")
    spoiled.spoil("gap", "completeness", numbers, lambda _: None)
    spoiled.spoil("gap in disguise", "completeness", numbers, lambda _: "-999")
    spoiled.spoil("time in the future", "timeliness", ["taken_at"], lambda _: "2091-01-01 00:00")
    spoiled.repeat()


def _answer_key(spoiled: Spoiled, home: Path) -> list[str]:
    """How many of the planted defects were found and fixed, by kind.

    Of a pair of cells nothing may tell which is wrong: naming both, as suspicions, is all that can be found.
    """
    findings = pq.read_table(home / "findings.parquet")
    pair = pc.equal(findings["check"], PAIRS)
    findings = findings.filter(pc.or_(pc.greater_equal(findings["confidence"], 0.5), pair))
    cells = set(zip(findings["row"].to_pylist(), findings["column"].to_pylist(), strict=True))
    columns = {
        (check, column)
        for row, column, check in zip(*(findings[n].to_pylist() for n in ("row", "column", "check")), strict=True)
        if row is None
    }
    ledger = pq.read_table(home / "ledger.parquet").to_pylist()
    after = {(line["row"], line["column"]): line["after"] for line in ledger}
    gaps = {column for check, column in columns if check in ("MissingValues", "DisguisedMissing")}
    kinds: dict[str, list[int]] = {}
    for row, column, kind, dimension, before in spoiled.key:
        counts = kinds.setdefault(f"{dimension:<13} {kind}", [0, 0, 0])
        counts[0] += 1
        counts[1] += (row, column) in cells or (kind.startswith("gap") and column in gaps)
        counts[2] += (row, column) in after and (column is None or _same(after[row, column], before, kind))
    lines = ["", "The answer key   planted  found   fixed"]
    lines += [f"  {kind:<34}{planted:>5}{seen:>7}{mended:>8}" for kind, (planted, seen, mended) in kinds.items()]
    total = np.sum(list(kinds.values()), axis=0)
    lines.append(f"  {'all':<34}{total[0]:>5}{total[1]:>7}{total[2]:>8}")
    paired = findings.filter(pc.equal(findings["check"], PAIRS))
    in_pairs = {*zip(paired["row"].to_pylist(), paired["column"].to_pylist(), strict=True)}
    if pairs := len(in_pairs & {(row, column) for row, column, *_ in spoiled.key}):
        lines.append(
            f"  {pairs:,} of those found: two cells do not go together, nothing tells which is wrong; both are named"
        )
    return lines


def _same(after: str | None, before: str | None, kind: str) -> bool:
    if kind == "gap in disguise":
        return after is None
    try:
        return float(after or "nan") == float(before or "nan")
    except ValueError:
        return after == before
