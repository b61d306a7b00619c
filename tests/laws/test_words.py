"""Words that must not appear to users: the field has its own for what they mean."""

import ast
import re
from pathlib import Path

import pytest

import karat

ROOT = Path(karat.__file__).parents[2]
BANNED = re.compile(
    r"\bmend(s|ed|ing)?\b"  # fix
    r"|\bat the door\b"  # validation at request time
    r"|\btold from\b|\bstands? there\b"  # recognised by; current value
    r"|\bwaits? for a person\b"  # needs review
    r"|\bfor the vault\b|\bby heart\b|\bsurely wrong\b|\bhow sure\b"
    r"|\bcorridors?\b|^## The house|\beight rooms\b|\brooms (import|leave)\b"  # pipeline, module
    r"|\bthe same real thing\b|\bthe same again and again\b|\brefined data\b|\bTake the decisions along\b"
    r"|\bwanted, found\b"  # an error says what is wrong, and what to do
    r"|房子|走廊|房间|进门|把握|留出的模型",
    re.IGNORECASE | re.MULTILINE,
)
SHOWN = sorted(
    path
    for folder, pattern in ((".", "*.md"), ("docs", "**/*.md"), ("src/karat", "**/*.html"), ("src/karat", "**/*.md"))
    for path in (ROOT / folder).glob(pattern)
    if path.name != "CHANGELOG.md"  # tells what was, in the words of then
)
PLANTED = ("cli/demos/", "label/interview")  # texts that are data, not words of ours
# An internal name, which no user sees
INTERNAL = {"\x00mended "}


def _strings(path: Path) -> list[tuple[int, str]]:
    """What a module may say: its strings, with their lines, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, own) and node.body and isinstance(node.body[0], ast.Expr)
    }
    words = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [(n.lineno, n.value) for n in words if id(n) not in docs and (" " in n.value or not n.value.isascii())]


def test_no_string_of_the_program_has_a_banned_word():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {match[0]!r} in {text[:80]!r}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        if not any(part in path.as_posix() for part in PLANTED)
        for line, text in _strings(path)
        if text not in INTERNAL and (match := BANNED.search(text))
    ]
    assert found == []


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_has_a_banned_word(path):
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    found = [f"{line}: {match[0]!r}" for line, text in lines if (match := BANNED.search(text))]
    assert found == []


@pytest.mark.parametrize("text", ["it mends cells", "Judged at the door", "what the rooms leave", "八个房间"])
def test_a_banned_word_is_seen(text):
    assert BANNED.search(text)


def test_the_readme_fits():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
