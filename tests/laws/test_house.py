"""The laws of the house: sizes, names, mirrored tests, pages."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import karat
from karat import kinds
from karat.core.registry import units
from karat.core.schema import EARLIER_KINDS
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


def _names_a_kind(node):
    """Is it one of the kinds of data, written out, or what kinds say of themselves?"""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(_names_a_kind, node.elts))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id in ("Goal", "Layout")
    return isinstance(node, ast.Constant) and node.value in (*kinds.every(), *EARLIER_KINDS)


KIND_OF_DATA = r"\.kind\b|\[.kind.\]|get\(.kind|\bkinds\.of|\bGoal\.|\bLayout\."


def _asks_which_kind(node):
    """Is it a comparison of a kind of data with a certain one?"""
    if not isinstance(node, ast.Compare):
        return False
    return re.search(KIND_OF_DATA, ast.unparse(node)) and any(map(_names_a_kind, (node.left, *node.comparators)))


def test_nothing_outside_its_folder_asks_which_kind_of_data_it_is():
    """A new kind is one file: what differs between kinds is asked of the kind, or looked up by what it answers."""
    asked = []
    for path in SOURCE:
        text = path.read_text(encoding="utf-8")
        if path.parent.name != "kinds" and re.search(r"kind|Goal|Layout", text):
            asked += [f"{path}:{n.lineno}" for n in ast.walk(ast.parse(text)) if _asks_which_kind(n)]
    assert asked == []
    assert not [name for kind in kinds.every().values() for name in dir(kind) if isinstance(getattr(kind, name), bool)]


@pytest.mark.parametrize(
    "line",
    ["schema.kind == 'text'", "record['kind'] in ('chat', 'text')", "kind.goal is Goal.RANK", "x is not Layout.PARTS"],
)
def test_a_question_for_the_kind_is_seen(line):
    assert any(map(_asks_which_kind, ast.walk(ast.parse(line))))


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


@every_file
def test_every_file_has_a_test_at_the_mirrored_path(path):
    place = path.relative_to(ROOT / "src" / "karat")
    name = place.name.removeprefix("_").removeprefix("_").replace("__.py", ".py")
    assert place.name == "__init__.py" or (ROOT / "tests" / place.parent / f"test_{name}").exists()


def test_a_class_name_is_used_once():
    places: dict[str, list[str]] = {}
    for path in SOURCE:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def _imported(path, modules):
    """The modules of the source that a file names, also where only a type checker reads it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names & modules.keys()


def test_no_circle_of_files():
    modules = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCE
    }
    left = {name: _imported(path, modules) - {name} for name, path in modules.items()}
    while free := [name for name, names in left.items() if not names]:
        left = {name: names - set(free) for name, names in left.items() if name not in free}
    assert left == {}
