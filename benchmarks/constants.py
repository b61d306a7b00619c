"""What happens when a constant is halved or doubled: every constant of the source that was set by judgement, on small data.

    python benchmarks/constants.py [--only quality/accuracy] [--minutes 40] [--write]

A child process a trial: the constant is set anew in every module that holds it (defaults and constants derived from it
too), the probes that execute a line which reads it run again, and their scores come back. Shares keep inside (0, 1): their
odds are halved and doubled. Where neither changes any answer, an absurd value tells whether the probes feel the constant at
all. Rows go to ``benchmarks/results/constants.jsonl``; a measured row is skipped. ``--write`` makes ``constants.md``.
"""

import argparse
import ast
import contextlib
import json
import os
import pickle
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parent
SOURCE = ROOT / "src" / "karat"
ROWS = HERE / "results" / "constants.jsonl"
MOVED = 0.01
MARKS = ("unproven", "benchmarks/constants.md")
PATIENCE = 60  # seconds of one trial
LATE = ("failed", "no answer in time")


@dataclass(frozen=True)
class Constant:
    """A name of a module, or a place in a tuple of names."""

    file: str
    name: str
    line: int
    text: str

    @property
    def module(self) -> str:
        return "karat." + self.file.removesuffix(".py").replace("/", ".")

    @property
    def key(self) -> str:
        return f"{self.file}:{self.name}"


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def constants(only: str = "") -> list[Constant]:
    """Module-level constants whose comment, on their line or above it, has one of the marks."""
    out = []
    for path in sorted(SOURCE.rglob("*.py")):
        file, text = path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")
        if not file.startswith(only) or not any(mark in text for mark in MARKS):
            continue
        lines = text.split("\n")
        marked: dict[int, str] = {}
        for number, line in enumerate(lines, 1):
            comment = line[line.find("#") :]
            if "#" in line and any(mark in comment for mark in MARKS):
                at = number
                while lines[at - 1].lstrip().startswith("#"):
                    at += 1
                marked[at] = comment
        for node in tree_of(path).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                comment = next((marked[at] for at in range(node.lineno, node.end_lineno + 1) if at in marked), None)
                if comment:
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
                    out += [Constant(file, name, node.lineno, comment) for name in names]
    return out


# --- where a constant is read, and how it is set anew


@cache
def holders(module: str, name: str) -> tuple[tuple[str, str], ...]:
    """Modules that hold the name, each with the name it has there."""
    return tuple(dict.fromkeys([(module, name), *imports().get((module, name), [])]))


@cache
def imports() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Every name that a module of Karat takes from another: who has it, and under which name."""
    out: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        mine = "karat." + path.relative_to(SOURCE).as_posix().removesuffix(".py").removesuffix("/__init__").replace(
            "/", "."
        )
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    out.setdefault((node.module or "", alias.name), []).append((mine, alias.asname or alias.name))
    return out


def path_of(module: str) -> Path:
    plain = SOURCE.parent / (module.replace(".", "/") + ".py")
    return plain if plain.exists() else SOURCE.parent / module.replace(".", "/") / "__init__.py"


def reads(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(node))


def dependants(module: str, name: str) -> Iterator[ast.stmt]:
    """Top-level statements that read the name while the module is imported."""
    for node in tree_of(path_of(module)).body:
        if isinstance(node, ast.FunctionDef):
            early = [*node.args.defaults, *[d for d in node.args.kw_defaults if d], *node.decorator_list]
            if any(reads(part, name) for part in early):
                yield node
        elif isinstance(node, ast.ClassDef):
            if any(reads(part, name) for part in node.body if not isinstance(part, ast.FunctionDef)):
                yield node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and reads(node.value, name):
            yield node


def used_at(module: str, name: str, seen: frozenset = frozenset()) -> set[tuple[str, int]]:
    """Lines of functions that read it, in the modules that hold it; for a default, the whole function or class."""
    out: set[tuple[str, int]] = set()
    if (module, name) in seen:
        return out
    seen = seen | {(module, name)}
    for where, alias in holders(module, name):
        path = path_of(where)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.Lambda | ast.GeneratorExp | ast.ListComp):
                out |= {(str(path), n.lineno) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == alias}
            if isinstance(node, ast.Attribute) and node.attr == alias and isinstance(node.ctx, ast.Load):
                out.add((str(path), node.lineno))
        for node in dependants(where, alias):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for n in (n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                    out |= used_at(where, n.id, seen)
            else:
                out |= {(str(path), line) for line in range(node.lineno, node.end_lineno + 1)}
    return out


def patch(module: str, name: str, value: Any) -> None:
    """Set the constant anew wherever it has gone."""
    for where, alias in holders(module, name):
        home = sys.modules.get(where)
        if home is None:
            continue
        setattr(home, alias, value)
        for node in dependants(where, alias):
            space = dict(vars(home))
            with contextlib.suppress(Exception):
                exec(compile(ast.Module([node], []), str(path_of(where)), "exec"), space)
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for n in (n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                    patch(where, n.id, space[n.id])
            elif isinstance(node, ast.FunctionDef):
                old, new = getattr(home, node.name), space[node.name]
                old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
            else:
                renewed(getattr(home, node.name), space[node.name])


def renewed(old: type, new: type) -> None:
    """Take a class's plain values and defaults from its new make."""
    for key, value in vars(new).items():
        if (
            not key.startswith("__")
            and not callable(value)
            and not isinstance(value, property | classmethod | staticmethod)
        ):
            with contextlib.suppress(Exception):
                setattr(old, key, value)
    if "__init__" in vars(old) and hasattr(new.__init__, "__defaults__"):
        old.__init__.__defaults__, old.__init__.__kwdefaults__ = new.__init__.__defaults__, new.__init__.__kwdefaults__
    if hasattr(old, "__dataclass_fields__"):
        for key, field in new.__dataclass_fields__.items():
            old.__dataclass_fields__[key].default = field.default


# --- neighbours


def scaled(value: Any, way: str) -> Any:
    """Half, double or absurd: way is "half", "double", "tiny" or "huge"."""
    up, far = way in ("double", "huge"), way in ("tiny", "huge")
    if isinstance(value, tuple | list | frozenset):
        return type(value)(scaled(part, way) for part in value)
    if isinstance(value, dict):
        return {key: scaled(part, way) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return np.array([scaled(part, way) for part in value.tolist()], value.dtype)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int):
        if far:
            return value * 1000 + 1000 if up else 0
        return max(value * 2, value + 1) if up else min(value // 2, value - 1) if value > 0 else value - 1
    if 0 < value < 1:
        odds = value / (1 - value) * (1000 if far and up else 0.001 if far else 2 if up else 0.5)
        return odds / (1 + odds)
    return value * ((1000 if up else 0.001) if far else 2 if up else 0.5)


# --- children


def child(work: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """The answer of a forked child; an exception as text, None where it takes too long."""
    inlet, outlet = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            os.close(inlet)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            try:
                answer = ("done", work())
            except BaseException as error:
                answer = ("failed", f"{type(error).__name__}: {error}"[:200])
            with os.fdopen(outlet, "wb") as pipe:
                pickle.dump(answer, pipe)
        finally:
            os._exit(0)
    os.close(outlet)
    parts, end = [], time.monotonic() + patience
    while select.select([inlet], [], [], max(0.0, end - time.monotonic()))[0]:
        part = os.read(inlet, 1 << 20)
        if not part:
            break
        parts.append(part)
    os.close(inlet)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return pickle.loads(b"".join(parts)) if parts else LATE


def executed(work: Callable[[], Any], lines: dict[str, set[int]]) -> set[tuple[str, int]]:
    """Which of the lines the work executes."""
    hits: set[tuple[str, int]] = set()

    def inside(frame: Any, event: str, _: Any) -> Any:
        if event == "line" and frame.f_lineno in lines[frame.f_code.co_filename]:
            hits.add((frame.f_code.co_filename, frame.f_lineno))
        return inside

    def entered(frame: Any, event: str, _: Any) -> Any:
        code = frame.f_code
        mine = lines.get(code.co_filename)
        if event == "call" and mine and any(line in mine for *_, line in code.co_lines() if line):
            return inside
        return None

    threading.settrace(entered)
    sys.settrace(entered)
    try:
        with contextlib.suppress(Exception):
            work()
    finally:
        sys.settrace(None)
    return hits


# --- trials


def same(one: Any, two: Any) -> bool:
    return repr(one) == repr(two)


def measure(constant: Constant, probes: list[Any]) -> dict[str, Any]:
    """A row: scores at half, value and double by the first probe that feels the constant, and the verdict."""
    value = getattr(sys.modules[constant.module], constant.name)

    def trial(way: str, probe: Any) -> Any:
        def work() -> Any:
            if way != "value":
                patch(constant.module, constant.name, scaled(value, way))
            return probe.run()

        return child(work)

    tried: dict[str, list[Any]] = {}
    usable = []
    for probe in probes:  # the first that feels it: the check's own, then what uses it, last the mirrored test
        probe.reference = probe.reference or trial("value", probe)
        if probe.reference[0] == "done" and not (
            probe.name.startswith("tests/") and "failed" in probe.reference[1].values()
        ):
            usable.append(probe)
            scores = scored(probe, [trial("half", probe), probe.reference, trial("double", probe)])
            if scores and hasattr(probe, "wider") and verdict({"": scores}) == "slope":
                wide = probe.wider()  # a second look, on all tables that reach it
                scores = scored(wide, [trial(way, wide) for way in ("half", "value", "double")]) or scores
            if scores:
                tried[probe.name] = scores
                break
    for probe in usable[:2] if not tried else ():
        scores = scored(probe, [trial("tiny", probe), probe.reference, trial("huge", probe)])
        if scores:  # it is felt, but neighbours change nothing
            tried[probe.name] = [scores[1]] * 3
            break
    shown = [json.loads(json.dumps(scaled(value, way), default=str)) for way in ("half", "double")]
    row = {"file": constant.file, "name": constant.name, "value": json.loads(json.dumps(value, default=str)), "half": shown[0], "double": shown[1]}  # fmt: skip
    return row | {"probes": tried, "verdict": verdict(tried) if probes else "not reached"}


def scored(probe: Any, answers: list[Any]) -> list[float | None] | None:
    """The scores, where any answer differs from the middle one and the middle one has a score; too late is no answer."""
    if any(answer == LATE for answer in answers):
        return None
    if same(answers[0], answers[1]) and same(answers[1], answers[2]):
        return None
    scores = probe.score([answer if state == "done" else None for state, answer in answers])
    return None if scores[1] is None else [None if score is None else round(float(score), 4) for score in scores]


def verdict(tried: dict[str, list[float | None]]) -> str:
    """From the scores of all probes that feel the constant.

    flat: nothing moves by MOVED; best: both neighbours lose somewhere and win nowhere; edge: one loses, the other does
    not move; slope: a neighbour wins somewhere and loses nowhere; trade: a neighbour wins here and loses there.
    """
    if not tried:
        return "no effect"
    moves = [[-1.0 if s[at] is None else s[at] - s[1] for s in tried.values()] for at in (0, 2)]
    if any(max(steps) >= MOVED for steps in moves):
        return "slope"
    return ("flat", "edge", "best")[sum(min(steps) <= -MOVED for steps in moves)]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", default="")
    ask.add_argument("--minutes", type=float, default=40.0)
    ask.add_argument("--again", action="store_true", help="measure the rows of --only anew")
    ask.add_argument("--kinds", default="tables,work,tests")
    ask.add_argument("--write", action="store_true")
    args = ask.parse_args()
    if args.write:
        from constants_report import write

        write(read_rows())
        return
    from constants_probes import probes_for, warm

    end = time.monotonic() + 60 * args.minutes
    every = constants(args.only)
    known = set() if args.again else {f"{row['file']}:{row['name']}" for row in read_rows() if row["probes"]}
    todo = [constant for constant in every if constant.key not in known]
    print(f"{len(every)} constants, {len(todo)} to measure", file=sys.stderr)
    warm(todo)
    reached = probes_for(todo, set(args.kinds.split(",")))
    todo.sort(key=lambda constant: sum(probe.cost for probe in reached[constant.key][:1]))
    ROWS.parent.mkdir(exist_ok=True)
    for at, constant in enumerate(todo):
        if time.monotonic() > end:
            break
        start = time.monotonic()
        row = measure(constant, reached[constant.key])
        with ROWS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{at + 1}/{len(todo)} {constant.key} {row['verdict']} {time.monotonic() - start:.1f} s {row['probes']}", file=sys.stderr, flush=True)  # fmt: skip


def read_rows() -> list[dict[str, Any]]:
    """The rows measured, the last of each constant."""
    if not ROWS.exists():
        return []
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    return list({(row["file"], row["name"]): row for row in rows}.values())


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    import constants as shared  # one copy of the caches, for the probes too

    shared.main()
