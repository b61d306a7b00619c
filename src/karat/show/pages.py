"""Writes ``docs/``: a page per unit from its docstring and its example, and the index.

``python -m karat.show.pages docs``. Examples of checks lie in ``examples/checks`` beside ``docs`` and are run.
"""

import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from karat.core.registry import units
from karat.core.unit import KINDS, Check, Unit
from karat.show.check_examples import Example, example_of

VERBS = {
    "source": "reads data",
    "annotation": "measures every record once",
    "check": "finds problems",
    "fix": "repairs what checks find",
    "voter": "votes on labels",
    "transform": "prepares features",
    "learner": "trains a model",
    "metric": "scores a model",
    "exporter": "writes a model for use elsewhere",
}
PLURAL = {  # in the order of the index
    "table": "tables",
    "text": "texts",
    "chat": "chats",
    "image": "pictures",
    "event": "events",
    "series": "series",
}
FIRST = ("check", "fix")  # in the index
NO_EXAMPLE = Example()


def page(kind: str, code: str, unit: type[Unit], example: str = "") -> str:
    """One unit's page as Markdown."""
    doc, meanings = _parted(inspect.getdoc(unit) or "")
    lines = [
        f"# {code}",
        "",
        f"*{'An' if kind[0] in 'aeiou' else 'A'} {kind}: it {VERBS[kind]}.* [Every unit](../units.md)",
        "",
    ]
    for name, label in (
        ("dimension", "Dimension"),
        ("measure_name", "Measure"),
        ("family", "Family"),
        ("safe", "Applied without asking"),
    ):
        value = getattr(unit, name, None)
        if value not in (None, ""):
            lines.append(f"- {label}: {value}")
    if issubclass(unit, Check):
        lines.append(f"- Data: {', '.join(PLURAL[name] for name in PLURAL if name in unit.kinds)}")
    if kind == "annotation":
        lines.append(f"- Measures: {', '.join(f'`{name}`' for name in getattr(unit, 'columns', ()))}")
    lines += ["", _markdown(doc)]
    parameters = [(f.name, f"`{f.default!r}`" if f.default is not MISSING else "required") for f in fields(unit)]
    if parameters:
        meanings = _spread(meanings, [name for name, _ in parameters])
        lines += ["", "## Parameters", "", "| parameter | default | meaning |", "|---|---|---|"]
        lines += [f"| `{name}` | {default} | {meanings.get(name, '')} |" for name, default in parameters]
    lines += ["", example] if example else []
    return "\n".join(lines).rstrip() + "\n"


def _parted(doc: str) -> tuple[str, dict[str, str]]:
    """A docstring without its section of parameters, and what that says of each of them."""
    above, _, below = doc.partition("\nParameters\n----------\n")
    entries: dict[str, str] = {}
    rest = below.split("\n")
    while rest and re.match(r"[\w., ]+ : \S", rest[0]):
        names = rest.pop(0).split(" : ")[0]
        said: list[str] = []
        while rest and rest[0].startswith("    "):
            said.append(rest.pop(0).strip())
        entries[names] = " ".join(said).replace("|", "\\|")
    return (above.rstrip() + "\n\n" + "\n".join(rest).strip()).strip(), entries


def _spread(meanings: Mapping[str, str], names: list[str]) -> dict[str, str]:
    """What is said of several parameters ("a, b", "a, ..., b" or "a, ..."), said of each."""
    out: dict[str, str] = {}
    for entry, said in meanings.items():
        named = [name.strip() for name in entry.split(",")]
        if "..." in named:
            last = names[-1] if named[-1] == "..." else named[-1]
            named = names[names.index(named[0]) : names.index(last) + 1]
        out |= dict.fromkeys(named, said)
    return out


def _markdown(doc: str) -> str:
    """NumPy-style sections as Markdown headings."""
    out: list[str] = []
    for line in doc.split("\n"):
        if out and line and set(line) == {"-"}:
            out[-1] = f"## {out[-1]}\n"
        else:
            out.append(line)
    return "\n".join(out)


def own_units(kind: str) -> dict[str, type[Unit]]:
    """Karat's own units of a kind, those of other packages left out."""
    return {code: unit for code, unit in units(kind).items() if unit.__module__.startswith("karat.")}


def pages(examples: Mapping[str, Example] | None = None) -> dict[str, str]:
    """Every page by its path below ``docs``.

    Parameters
    ----------
    examples : mapping of str to Example or None
        Examples of checks, by code.
    """
    texts: dict[str, str] = {}
    index = [
        "# Every unit",
        "",
        "Written from the docstrings by `make docs`; `karat list` prints the same in a terminal. The page of a check",
        "ends with an example that was run: its data, its code and what it says.",
        "",
    ]
    for kind in (*FIRST, *(kind for kind in KINDS if kind not in FIRST)):
        own = own_units(kind)
        if not own:
            continue
        index += [f"## {'Fixes' if kind == 'fix' else kind.capitalize() + 's'}", ""]
        for code, unit in own.items():
            texts[f"{kind}/{code}.md"] = page(kind, code, unit, (examples or {}).get(code, NO_EXAMPLE).markdown)
        index += _index_by_data(own) if kind == "check" else _index(kind, own)
    texts["units.md"] = "\n".join(index).rstrip() + "\n"
    return texts


def _index(kind: str, listed: Mapping[str, type[Unit]]) -> list[str]:
    lines = []
    for code, unit in listed.items():
        summary = (inspect.getdoc(unit) or "").split("\n\n")[0]
        lines.append(f"- [{code}]({kind}/{code}.md): {' '.join(summary.split())}")
    return [*lines, ""]


def _index_by_data(checks: Mapping[str, Any]) -> list[str]:
    """Checks under the first kind of data that they are made for."""
    lines: list[str] = []
    left = dict(checks)
    for name, plural in PLURAL.items():
        mine = {code: left.pop(code) for code, unit in checks.items() if code in left and name in unit.kinds}
        if mine:
            lines += [f"### {plural.capitalize()}", "", *_index("check", mine)]
    return lines


def write_pages(folder: Path) -> int:
    """Write all pages, remove those of units that are gone; returns how many were written.

    Raises
    ------
    InputError
        The example of a check is missing, fails, or shows nothing.
    """
    scripts = folder.resolve().parent / "examples" / "checks"
    examples = {code: example_of(code, scripts) for code in own_units("check")} if scripts.exists() else {}
    texts = pages(examples)
    pictures = {f"check/{name}": png for example in examples.values() for name, png in example.pictures.items()}
    for kind in KINDS:
        for old in (*(folder / kind).glob("*.md"), *(folder / kind).glob("*.png")):
            if f"{kind}/{old.name}" not in texts.keys() | pictures.keys():
                old.unlink()
    for name, content in (texts | pictures).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return len(texts)


if __name__ == "__main__":
    print(f"{write_pages(Path(sys.argv[1]))} pages written to {sys.argv[1]}")
