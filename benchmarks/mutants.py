"""Changes one expression at a time in the files that must not be wrong, and counts how many changes a test notices.

    python benchmarks/mutants.py [EACH] [SEED] [AREA …]

EACH mutants (default 15) of each area are drawn by SEED (default 0) from all there are: a comparison turned or its limit
included, a sign, ``and`` for ``or``, a condition denied, a number one higher, a returned value or an assignment of
a field left out. Every mutant is run against the mirrored tests of its file, in a copy of the source; it is killed when
they fail or take longer than ``LIMIT`` seconds. Survivors are printed with their line, so that a reader can tell a gap in
the tests from a change that means the same.

Source: the operators are those of DeMillo, Lipton, Sayward (1978), "Hints on Test Data Selection", as kept by mutmut.
"""

import ast
import copy
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet  # noqa: F401
import pytest
import sklearn.ensemble  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 180
AREAS = {
    "ledger": {"core/patch.py": ["core/test_patch.py"]},
    "quarantine": {
        "flow/collecting.py": ["flow/test_collecting.py"],
        "collect/delimited.py": ["collect/test_delimited.py"],
    },
    "accounting": {"flow/cleaning.py": ["flow/test_cleaning.py"], "flow/fixing.py": ["flow/test_fixing.py"]},
    "guard": {"flow/guard.py": ["flow/test_guard.py"]},
    "verdict": {"lift/verdict.py": ["lift/test_verdict.py"]},
    "typing": {"flow/typed.py": ["flow/test_typed.py"], "collect/typed.py": ["collect/test_typed.py"]},
    "undo": {"core/patch.py": ["core/test_patch.py"], "store/versions.py": ["store/test_versions.py"]},
    "journal": {"flow/journal.py": ["flow/test_journal.py"]},
}
TURNED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
TURNED |= {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
SIGNS |= {ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And}


def places(source: str) -> list[int]:
    """Where a file can be changed: the numbers of its syntax nodes, as ``ast.walk`` meets them."""
    return [at for at, node in enumerate(ast.walk(ast.parse(source))) if _changed(_alone(node))]


def mutant(source: str, place: int) -> tuple[int, str, str]:
    """Line, what is changed there, and the changed source."""
    tree = ast.parse(source)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == place)
    return getattr(node, "lineno", 0), _changed(node), ast.unparse(tree)


def _alone(node: ast.AST) -> ast.AST:
    """A node that may be changed without changing its tree."""
    return copy.deepcopy(node) if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) else ast.Pass()


def _changed(node: ast.AST) -> str:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        old = type(node.ops[0])
        node.ops[0] = TURNED[old]()
        return f"{old.__name__} → {TURNED[old].__name__}"
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SIGNS and not _in_annotation(node):
        old_sign = type(node.op)
        node.op = SIGNS[old_sign]()
        return f"{old_sign.__name__} → {SIGNS[old_sign].__name__}"
    if isinstance(node, ast.If | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return "condition denied"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        node.value += 1
        return f"{node.value - 1} → {node.value}"
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        node.value = ast.Constant(None)
        return "returns None"
    if isinstance(node, ast.Assign | ast.AugAssign) and isinstance(_target(node), ast.Attribute | ast.Subscript):
        node.value = _target(node) if isinstance(node, ast.Assign) else ast.Constant(0)
        return "assignment left out"
    return ""


def _target(node: ast.Assign | ast.AugAssign) -> ast.expr:
    target = copy.deepcopy(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    for inner in ast.walk(target):
        if isinstance(inner, ast.Attribute | ast.Subscript | ast.Name):
            inner.ctx = ast.Load()
    return target


def _in_annotation(node: ast.BinOp | ast.BoolOp) -> bool:
    """``X | None`` and the like: a type, not a sum."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(part, ast.Constant) and part.value is None for part in ast.walk(node)
    )


def killed(copied: Path, name: str, text: str, tests: list[str]) -> bool:
    """Do the tests notice the changed file?"""
    target = copied / "karat" / name
    kept = target.read_text(encoding="utf-8")
    target.write_text(text, encoding="utf-8")
    try:
        return _fails(copied, [f"tests/{test}" for test in tests])
    finally:
        target.write_text(kept, encoding="utf-8")


def _fails(copied: Path, tests: list[str]) -> bool:
    """Do the tests fail, or run too long, in a child that has the libraries already and Karat not yet?"""
    child = os.fork()
    if not child:
        with Path(os.devnull).open("w", encoding="utf-8") as quiet:
            os.dup2(quiet.fileno(), 1)
            os.dup2(quiet.fileno(), 2)
        signal.alarm(LIMIT)
        sys.path.insert(0, str(copied))
        os.environ["PYTHONPATH"] = str(copied)
        os._exit(bool(pytest.main(["-n", "0", "-q", "-x", "-p", "no:cacheprovider", *tests])))
    return os.waitpid(child, 0)[1] != 0


def main() -> None:
    each, seed = (int(value) for value in [*sys.argv[1:3], *(15, 0)[len(sys.argv[1:3]) :]])
    rows = []
    os.chdir(ROOT)
    sys.dont_write_bytecode = True
    sys.path = [place for place in sys.path if Path(place).resolve() != ROOT / "src"]
    with tempfile.TemporaryDirectory() as scratch:
        copied = Path(scratch)
        shutil.copytree(ROOT / "src" / "karat", copied / "karat", ignore=shutil.ignore_patterns("__pycache__"))
        for area in sys.argv[3:] or AREAS:
            sources = {name: (ROOT / "src" / "karat" / name).read_text(encoding="utf-8") for name in AREAS[area]}
            there = [(name, place) for name, source in sources.items() for place in places(source)]
            for name, tests in AREAS[area].items():  # tests that fail by themselves would kill everything
                assert not killed(copied, name, sources[name], tests), tests
            drawn = random.Random(seed).sample(there, min(each, len(there)))
            dead = 0
            for name, place in drawn:
                line, change, text = mutant(sources[name], place)
                if killed(copied, name, text, AREAS[area][name]):
                    dead += 1
                else:
                    print(f"  survived {name}:{line} {change}", flush=True)
            rows.append((area, len(there), len(drawn), dead))
            print(f"{area}: {dead} of {len(drawn)} killed ({len(there)} in all)", flush=True)
    drawn_in_all, dead_in_all = sum(row[2] for row in rows), sum(row[3] for row in rows)
    print(f"all: {dead_in_all} of {drawn_in_all} killed ({dead_in_all / max(1, drawn_in_all):.0%}), seed {seed}")


if __name__ == "__main__":
    main()
