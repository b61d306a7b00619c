"""Writes ``docs/``: a page per unit from its docstring, and the index. ``python -m karat.show.pages docs``."""

import inspect
import sys
from dataclasses import MISSING, fields
from pathlib import Path

from karat.core.registry import units
from karat.core.unit import KINDS, Unit

VERBS = {
    "source": "reads",
    "annotation": "measures every record once",
    "check": "finds",
    "fix": "mends",
    "voter": "votes",
    "transform": "prepares",
    "learner": "learns",
    "metric": "scores",
    "exporter": "exports",
}


def page(kind: str, code: str, unit: type[Unit]) -> str:
    """One unit's page as Markdown."""
    doc = inspect.getdoc(unit) or ""
    lines = [f"# {code}", "", f"*{'An' if kind[0] in 'aeiou' else 'A'} {kind}: it {VERBS[kind]}.*", ""]
    for name, label in (
        ("dimension", "Dimension"),
        ("measure_name", "Measure"),
        ("family", "Family"),
        ("safe", "Applied without asking"),
    ):
        value = getattr(unit, name, None)
        if value not in (None, ""):
            lines.append(f"- {label}: {value}")
    if kind == "annotation":
        lines.append(f"- Measures: {', '.join(f'`{name}`' for name in getattr(unit, 'columns', ()))}")
    lines += ["", _markdown(doc)]
    parameters = [(f.name, f"`{f.default!r}`" if f.default is not MISSING else "must be given") for f in fields(unit)]
    if parameters:
        lines += [
            "",
            "| parameter | default |",
            "|---|---|",
            *(f"| `{name}` | {default} |" for name, default in parameters),
        ]
    return "\n".join(lines).rstrip() + "\n"


def _markdown(doc: str) -> str:
    """NumPy-style sections as Markdown headings."""
    out: list[str] = []
    for line in doc.split("\n"):
        if out and line and set(line) == {"-"}:
            out[-1] = f"## {out[-1]}\n"
        else:
            out.append(line)
    return "\n".join(out)


def pages() -> dict[str, str]:
    """Every page by its path below ``docs``."""
    texts: dict[str, str] = {}
    index = [
        "# Every unit",
        "",
        "Written from the docstrings by `make docs`; `karat list` prints the same in a terminal.",
        "",
    ]
    for kind in KINDS:
        registered = units(kind)
        own = {code: unit for code, unit in registered.items() if unit.__module__.startswith("karat.")}
        if not own:
            continue
        index += [f"## {kind}", ""]
        for code, unit in own.items():
            texts[f"{kind}/{code}.md"] = page(kind, code, unit)
            index.append(f"- [{code}]({kind}/{code}.md): {(inspect.getdoc(unit) or '').split(chr(10))[0]}")
        index.append("")
    texts["README.md"] = "\n".join(index).rstrip() + "\n"
    return texts


def write_pages(folder: Path) -> int:
    """Write all pages, remove those of units that are gone; returns how many were written."""
    texts = pages()
    for kind in KINDS:
        for old in (folder / kind).glob("*.md"):
            if f"{kind}/{old.name}" not in texts:
                old.unlink()
    for name, text in texts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return len(texts)


if __name__ == "__main__":
    print(f"{write_pages(Path(sys.argv[1]))} pages written to {sys.argv[1]}")
