"""The laws of the house: sizes, names, mirrored tests, pages."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import karat
from karat.core.registry import units
from karat.core.unit import KINDS

ROOT = Path(karat.__file__).parents[2]
SOURCE = sorted((ROOT / "src").rglob("*.py"))
UNITS = [
    (kind, code, unit) for kind in KINDS for code, unit in units(kind).items() if unit.__module__.startswith("karat.")
]
every_file = pytest.mark.parametrize("path", SOURCE, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
every_unit = pytest.mark.parametrize(("kind", "code", "unit"), UNITS, ids=[code for _, code, _ in UNITS])


@every_file
def test_files_functions_and_classes_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.end_lineno - node.body[0].lineno + 1
            doc = ast.get_docstring(node, clean=False)
            if doc:
                body -= node.body[0].end_lineno - node.body[0].lineno + 1
            assert body <= 60, f"{node.name} has {body} lines"
        if isinstance(node, ast.ClassDef):
            methods = [n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
            public = [n.name for n in methods if not any("property" in ast.dump(d) for d in n.decorator_list)]
            assert len(public) <= 12, f"{node.name} has {len(public)} public methods"


@every_file
def test_no_room_without_a_name_of_its_own(path):
    assert not re.search(
        r"(^|/|_)(utils?|helpers?|common|misc|base|manager)(\.py|/)", path.relative_to(ROOT / "src").as_posix()
    )


@every_unit
def test_a_unit_is_documented_and_small(kind, code, unit):
    doc = inspect.getdoc(unit) or ""
    assert len(doc.split("\n")[0]) > 15
    assert "\n" in doc.strip(), "the docstring is the unit's page: say why it hurts and where it comes from"
    lines = Path(inspect.getfile(unit)).read_text(encoding="utf-8").count("\n")
    assert lines <= 200


@every_unit
def test_a_unit_has_a_test_at_the_mirrored_path(kind, code, unit):
    place = Path(inspect.getfile(unit)).relative_to(ROOT / "src" / "karat")
    mirrored = ROOT / "tests" / place.parent / f"test_{place.name.removeprefix('_')}"
    assert mirrored.exists(), f"{mirrored.relative_to(ROOT)} is missing"


@every_unit
def test_a_unit_is_a_frozen_dataclass_that_does_nothing_at_birth(kind, code, unit):
    assert unit.__dataclass_params__.frozen
    assert "__init__" not in inspect.getsource(unit)
