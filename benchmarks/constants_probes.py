"""Probes: small jobs with a score, and which of them execute the lines that read a constant.

A table probe is one check on the tables of ``constants_cases.py``: F1 of its findings at confidence 0.5 and above among
the places that it finds at any of the values tried. A work probe (``constants_work.py``) scores another part of Karat. A
tests probe is a file's mirrored test: the share of its known answers that come out.
"""

import gc
import hashlib
import importlib
import os
import pickle
import resource
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from constants import ROOT, SOURCE, Constant, child, constants, executed, imports, tree_of, used_at
from constants_cases import Case, cases

SURE = 0.5
MOST_CASES, MOST_CHECKS, MOST_TESTS = 5, 2, 1
DEAR = 0.1  # seconds of a trial
MEMORY = 12 << 30

CACHES: list[Any] = []
TABLES: dict[str, tuple[Case, Any, dict[str, Any]]] = {}


def clear_caches() -> None:
    """Empty every cache of Karat that is keyed by data."""
    for item in CACHES or (item for item in gc.get_objects() if isinstance(item, _lru_cache_wrapper)):
        if (
            str(item.__module__).startswith("karat")
            and ".core." not in item.__module__
            and item.cache_info().currsize > 1
        ):
            item.cache_clear()


def limited() -> None:
    gc.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def load_tables() -> None:
    """Every case with its inferred schema; where there is a target, answers of a model that has not seen the records."""
    from karat.collect.roles import infer_schema
    from karat.core.block import Block
    from karat.core.counts import RecordSample, ValueCounts
    from karat.core.schema import Column, Role, Schema

    for case in cases():
        table = pa.table(
            {name: pa.array([cell or None for cell in cells], pa.string()) for name, cells in case.columns.items()}
        )
        plain = Block(np.arange(table.num_rows), table, Schema(tuple(Column(n, Role.TEXT) for n in table.column_names)))
        schema = infer_schema(ValueCounts.of(plain), RecordSample.of(plain), target=case.target, year=2025)
        TABLES[case.name] = case, Block(plain.rows, table, schema), unseen(case)


def unseen(case: Case) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    if not case.name.startswith("outcomes"):
        return {}
    features = np.column_stack([np.array(case.columns[name], float) for name in ("x", "z")])
    labels = np.array(case.columns["y"])
    answers = cross_val_predict(LogisticRegression(), features, labels, method="predict_proba")
    return {"out_of_fold": answers, "classes": sorted(set(labels.tolist()))}


class TableProbe:
    """One check on some of the tables."""

    cost = 0.0

    def __init__(self, check: type, names: list[str], others: list[str] | None = None) -> None:
        self.check, self.names, self.others = check, names, others or []
        self.name = check.__name__
        self.reference: Any = None

    def wider(self) -> "TableProbe":
        return TableProbe(self.check, sorted({*self.names, *self.others}))

    def on(self, name: str) -> dict[tuple, float]:
        from karat.core.block import Block
        from karat.flow import engine
        from karat.flow.dataset import Dataset

        _, block, extra = TABLES[name]
        data = Dataset.of(Block(block.rows, block.table, block.schema, extra))
        learned = engine.learn(data, [self.check()])
        parts = [part for _, part in engine.judge(data, learned)] + [engine.conclude(learned, block.schema)]
        said: dict[tuple, float] = {}
        for part in parts:
            for row, column, sure in zip(*(part[n].to_pylist() for n in ("row", "column", "confidence")), strict=True):
                said[name, row, column] = max(sure, said.get((name, row, column), 0.0))
        return said

    def run(self) -> dict[tuple, float]:
        limited()
        clear_caches()
        out: dict[tuple, float] = {}
        for name in self.names:
            out |= self.on(name)
        return out

    def score(self, answers: list[Any]) -> list[float | None]:
        sure = [None if said is None else decided(said) for said in answers]
        right = {place for said in sure if said for place in said if is_true(place)}
        if not any(sure):
            return [None] * len(answers)
        return [None if said is None else f1(len(said & right), len(said), len(right)) for said in sure]


def f1(hits: int, said: int, true: int) -> float:
    return 2 * hits / (said + true) if true else 1 / (1 + said)


def decided(said: dict[tuple, float]) -> set[tuple]:
    """What is said for sure of cells and records, and of columns of which the truth says something."""
    return {place for place, sure in said.items() if sure >= SURE and (place[1] is not None or is_true(place))}


def is_true(place: tuple) -> bool:
    name, row, column = place
    truth = TABLES[name][0].truth
    return (row, column) in truth or (row, None) in truth or (column is None and row in rows_of(name))


def rows_of(name: str) -> set[int]:
    return {row for row, _ in TABLES[name][0].truth if row is not None}


class TestsProbe:
    """A file of tests."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.cost = 3.0 + path.stat().st_size / 10_000
        self.reference: Any = None

    def run(self) -> dict[str, str]:
        import pytest

        limited()
        clear_caches()
        outcomes: dict[str, str] = {}

        class Listener:
            def pytest_runtest_logreport(self, report: Any) -> None:
                if report.when == "call" or report.outcome == "failed":
                    outcomes[report.nodeid] = report.outcome

        os.chdir(ROOT)
        pytest.main(
            [str(self.path), "-q", "-p", "no:cacheprovider", "-o", "addopts=", "--no-header"], plugins=[Listener()]
        )
        return outcomes

    def score(self, answers: list[Any]) -> list[float | None]:
        names = {name for answer in answers if answer for name in answer}
        return [
            None
            if answer is None
            else sum(answer.get(name) in ("passed", "skipped") for name in names) / max(len(names), 1)
            for answer in answers
        ]


def test_files(constant: Constant) -> list[Path]:
    """The mirrored test of the constant's file, then those of the files that import it."""
    files = [mirrored(SOURCE / constant.file)]
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if f"from {constant.module} import" in text:
            files.append(mirrored(path))
    return [path for path in dict.fromkeys(files) if path.exists()]


def mirrored(path: Path) -> Path:
    place = path.relative_to(SOURCE)
    return ROOT / "tests" / place.parent / f"test_{place.name.removeprefix('_')}"


def warm(todo: list[Constant]) -> None:
    """Import what is tried, so that children find it there."""
    warnings.simplefilter("ignore")
    for name in (
        "scipy.stats",
        "scipy.optimize",
        "scipy.sparse.linalg",
        "scipy.special",
        "sklearn.linear_model",
        "sklearn.isotonic",
        "duckdb",
    ):
        importlib.import_module(name)
    for constant in todo:
        importlib.import_module(constant.module)
    imports()  # read once, for all children
    sys.setrecursionlimit(5000)


class Traces:
    """Which probe executes which lines that read a constant, kept in a file as long as the source does not change."""

    def __init__(self) -> None:
        sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCE.rglob("*.py")))).hexdigest()[:16]
        self.path = Path(tempfile.gettempdir()) / f"karat-constants-{sources}.pickle"
        self.known: dict[str, Any] = pickle.loads(self.path.read_bytes()) if self.path.exists() else {}

    def of(self, name: str, work: Callable[[], Any], patience: float) -> tuple[str, Any]:
        if name not in self.known:
            before = os.times()
            answer = child(work, patience)
            took = sum(os.times()[2:4]) - sum(before[2:4])
            print(f"traced {name}: {answer[0]} {took:.1f} s", file=sys.stderr, flush=True)
            self.keep(name, answer)
        return self.known[name]

    def keep(self, name: str, answer: Any) -> None:
        self.known[name] = answer
        self.path.write_bytes(pickle.dumps(self.known))


def probes_for(todo: list[Constant], kinds: set[str]) -> dict[str, list[Any]]:
    """The probes of each constant: those that execute a line that reads it."""
    probes: dict[str, list[Any]] = {constant.key: [] for constant in todo}
    if "tables" in kinds:
        add_tables(todo, probes, Traces())
    if "work" in kinds:
        add_work(todo, probes)
    CACHES.extend(item for item in gc.get_objects() if isinstance(item, _lru_cache_wrapper))
    if "tests" in kinds:
        add_tests(todo, probes)
    gc.collect()
    gc.freeze()
    return probes


def add_tables(todo: list[Constant], probes: dict[str, list[Any]], traces: Traces) -> None:
    from karat.core.block import Block
    from karat.core.registry import units

    lines = {constant.key: used_at(constant.module, constant.name) for constant in constants()}
    wanted: dict[str, set[int]] = defaultdict(set)
    for places in lines.values():
        for file, line in places:
            wanted[file].add(line)
    if "tables" not in traces.known:
        load_tables()
        traces.keep(
            "tables", {name: (case, block.table, block.schema, extra) for name, (case, block, extra) in TABLES.items()}
        )
    for name, (case, table, schema, extra) in traces.known["tables"].items():
        TABLES[name] = case, Block(np.arange(table.num_rows), table, schema), extra
    checks = {unit.__name__: unit for unit in units("check").values() if unit.kinds & {"table"}}
    hits: dict[tuple[str, str], set] = {}
    speaks: set[tuple[str, str]] = set()
    shared: dict[tuple[str, ...], TableProbe] = {}
    costs: dict[str, dict[str, float]] = {}
    for code, check in checks.items():

        def traced(check: type = check) -> list[tuple]:
            clear_caches()
            out = []
            for name in TABLES:
                said: dict = {}
                probe = TableProbe(check, [name])
                some = executed(lambda probe=probe, said=said: said.update(probe.on(probe.names[0])), wanted)
                out.append((name, some, bool(decided(said))))
            return out

        def timed(check: type = check) -> dict[str, float]:
            clear_caches()
            out = {}
            for name in TABLES:
                start = time.process_time()
                TableProbe(check, [name]).on(name)
                out[name] = time.process_time() - start
            return out

        state, answer = traces.of(code, traced, 300)
        costs[code] = traces.of(f"cost of {code}", timed, 300)[1]
        for name, some, said in answer if state == "done" else []:
            hits[code, name] = some
            if said:
                speaks.add((code, name))
    for code, check in checks.items():  # imports what it needs, for all children
        names = [name for name in TABLES if (code, name) in hits]
        best = sorted(names, key=lambda name: ((code, name) not in speaks, -len(hits[code, name]), costs[code][name]))
        TableProbe(check, best[:2]).run()
    for constant in todo:
        places = lines[constant.key]
        by_check: dict[str, list[str]] = defaultdict(list)
        for (code, name), some in hits.items():
            if some & places:
                by_check[code].append(name)
        spoken = {code: sum((code, n) in speaks for n in names) for code, names in by_check.items()}
        mean = {code: float(np.mean([costs[code][n] for n in names])) for code, names in by_check.items()}
        ranked = sorted(by_check, key=lambda code: (-near(checks[code], constant), -min(spoken[code], 3), mean[code]))
        for code in ranked[:MOST_CHECKS]:
            names = sorted(by_check[code], key=lambda name: ((code, name) not in speaks, costs[code][name]))
            spent = np.cumsum([costs[code][name] for name in names])
            some = max(2, int((spent < DEAR).sum()))
            fresh = TableProbe(
                checks[code], sorted(names[: min(MOST_CASES, some)]), names[: max(2, int((spent < 5 * DEAR).sum()))]
            )
            fresh.cost = sum(costs[code][name] for name in fresh.names)
            probes[constant.key].append(shared.setdefault((code, *fresh.names), fresh))


def near(check: type, constant: Constant) -> int:
    """2 for the check's own file, 1 for one that it imports, 0 else."""
    if check.__module__ == constant.module:
        return 2
    return int(
        constant.module
        in {getattr(node, "module", "") for node in tree_of(Path(sys.modules[check.__module__].__file__)).body}
    )


def add_work(todo: list[Constant], probes: dict[str, list[Any]]) -> None:
    """The work probes that are meant for a constant's file; whether one reaches it shows when its answers change."""
    from constants_work import works

    for probe in works():
        mine = [constant for constant in todo if constant.file.startswith(probe.files)]
        for constant in mine:
            probes[constant.key].append(probe)
        if mine:
            probe.run()  # imports what it needs, for all children


def add_tests(todo: list[Constant], probes: dict[str, list[Any]]) -> None:
    """The mirrored tests, where nothing else feels a constant; whether one reaches it shows when its answers change."""
    known: dict[Path, TestsProbe] = {}
    for constant in todo:
        for path in test_files(constant)[:MOST_TESTS]:
            probes[constant.key].append(known.setdefault(path, TestsProbe(path)))
