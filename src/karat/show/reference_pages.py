"""Writes ``docs/api.md`` and ``docs/configuration.md``: the Python calls and the settings, from their docstrings.

``python -m karat.show.reference_pages docs``.
"""

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from karat.flow.settings import Settings

CALLS = (
    "read",
    "assess",
    "clean",
    "run",
    "lift",
    "label.aggregate",
    "outliers",
    "label.errors",
    "clean.near_duplicates",
    "clean.judge_text",
    "clean.decontaminate",
    "clean.diverse",
    "train_language_model",
    "rule",
)
RESULTS = ("Read", "Assessment", "Cleaned", "Run", "sklearn.Cleaner")
ERRORS = ("KaratError", "InputError", "OptionError", "GateError", "MachineError")
TABLES = {name: field for name, field in Settings.model_fields.items() if hasattr(field.annotation, "model_fields")}
OPTIONS = {
    *(Settings.model_fields.keys() - TABLES.keys()),
    *(name for field in TABLES.values() for name in field.annotation.model_fields),  # type: ignore[union-attr]
} - {"data", "target"}


def named(path: str) -> Any:
    """What ``karat`` has under a name, as a user reaches it."""
    value: Any = import_module("karat")
    for part in path.split("."):
        value = getattr(value, part)
    return value


def api_page() -> str:
    """The page of the Python calls, of what they return and of what they raise."""
    lines = [
        "# Python API",
        "",
        "`import karat` has everything on this page. Options of `assess`, `clean` and `run` that are not listed here",
        "are the settings of [`karat.toml`](configuration.md), by the same names.",
        "",
    ]
    for path in CALLS:
        call = named(path)
        call = getattr(call, "_call", call)  # karat.clean and karat.lift are modules that can be called
        own = len(_own(call)) < len(inspect.signature(call).parameters)
        lines += [f"## karat.{path}", "", "```text", _signature(f"karat.{path}", call, own), "```", ""]
        lines += [*_docstring(inspect.getdoc(call) or "", own), ""]
    for name in RESULTS:
        lines += [f"## karat.{name}", "", *_docstring(inspect.getdoc(named(name)) or "", own=False), ""]
        lines += [f"- **`.{member}`** {said}" for member, said in _members(named(name))] + [""]
    lines += ["## Errors", "", "Every error raised on purpose is a `karat.KaratError`; its text is one line.", ""]
    lines += [f"- **`karat.{name}`** {_first(named(name))}" for name in ERRORS]
    return "\n".join(lines).rstrip() + "\n"


def _own(call: Callable[..., Any]) -> list[inspect.Parameter]:
    """Parameters of a call that are no settings of ``karat.toml``, unless all of its parameters are its own."""
    parameters = list(inspect.signature(call).parameters.values())
    shared = [parameter for parameter in parameters if parameter.name in OPTIONS]
    return [entry for entry in parameters if entry not in shared] if len(shared) > len(OPTIONS) / 2 else parameters


def _signature(name: str, call: Callable[..., Any], options: bool) -> str:
    parts, keyword_only = [], False
    for parameter in _own(call):
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            parts.append("*")
            keyword_only = True
        shown = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(f"{'**' if parameter.kind is parameter.VAR_KEYWORD else ''}{parameter.name}{shown}")
    return f"{name}({', '.join([*parts, '**options'] if options else parts)})"


def _docstring(doc: str, own: bool) -> list[str]:
    """A NumPy docstring as Markdown; entries of settings are left out where ``own``."""
    lines: list[str] = []
    for title, body in _sections(doc):
        if not title:
            lines += [*body, ""]
        elif title == "Examples":
            lines += ["**Example**", "", "```python", *body, "```", ""]
        else:
            entries = [(names, said) for names, said in _entries(body) if not own or names.split(" ")[0] not in OPTIONS]
            lines += [f"**{title}**", "", *(_entry(names, said) for names, said in entries), ""]
    return lines


def _entry(names: str, said: str) -> str:
    """``data : path`` and what is said of it, as an entry of a list."""
    name, _, kind = names.partition(" : ")
    return f"- `{name}`{f' ({kind})' if kind else ''}{': ' if said else ''}{said}"


def _sections(doc: str) -> Iterator[tuple[str, list[str]]]:
    title, at = "", 0
    body: list[str] = []
    lines = doc.split("\n")
    while at < len(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if below and set(below) == {"-"}:
            yield title, _trimmed(body)
            title, body, at = lines[at], [], at + 2
        else:
            body.append(lines[at])
            at += 1
    yield title, _trimmed(body)


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n")


def _entries(body: list[str]) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for line in body:
        if line.startswith("    ") and entries:
            names, said = entries[-1]
            entries[-1] = (names, f"{said} {line.strip()}".strip())
        elif line.strip() and line.strip() != "**options":
            entries.append((line.strip(), ""))
    return entries


def _members(kind: type) -> list[tuple[str, str]]:
    """Public properties and methods of a class of its own, with the first paragraph of what they say."""
    own = [name for name in vars(kind) if not name.startswith("_") and name != "path"]
    return [(name + ("" if isinstance(vars(kind)[name], property) else "()"), _first(vars(kind)[name])) for name in own]


def _first(value: Any) -> str:
    return re.sub(r"\s+", " ", (inspect.getdoc(value) or "").split("\n\n")[0])


def configuration_page() -> str:
    """The page of ``karat.toml``: every table, key, type, default and range, from the schema that is shipped."""
    schema = Settings.model_json_schema()
    lines = [
        "# karat.toml",
        "",
        "Every run writes the settings it used into `karat.toml` in its folder; `karat run karat.toml` reads them",
        "again. The same names are options of `karat.assess`, `karat.clean` and `karat.run`. A JSON Schema for editors",
        "is shipped as `karat/flow/karat.schema.json`.",
        "",
        "## Above the tables",
        "",
        *_table({key: entry for key, entry in schema["properties"].items() if key not in TABLES and key != "quality"}),
    ]
    for name in TABLES:
        model = schema["$defs"][schema["properties"][name]["$ref"].rpartition("/")[2]]
        lines += [f"## [{name}]", "", model["description"], "", *_table(model["properties"])]
    lines += [
        "## [quality.CHECK]",
        "",
        "Parameters of a check, by its code: `[quality.GopherQuality]` with `min_words = 30`. The page of each check",
        "in [Every unit](units.md) lists its parameters.",
    ]
    return "\n".join(lines).rstrip() + "\n"


def _table(properties: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = ["| key | type | default | what it sets |", "|---|---|---|---|"]
    for key, entry in properties.items():
        said = entry.get("description", "").replace("|", "\\|")
        default = json.dumps(entry.get("default"), ensure_ascii=False) if "default" in entry else "none"
        lines.append(f"| `{key}` | {_type(entry)} | `{default}` | {said[:1].upper()}{said[1:]}{_range(entry)} |")
    return [*lines, ""]


def _type(entry: Mapping[str, Any]) -> str:
    if "enum" in entry:
        return ", ".join(f"`{value}`" for value in entry["enum"] if value != "")
    if "anyOf" in entry:
        return " or ".join(_type(choice) for choice in entry["anyOf"] if choice.get("type") != "null")
    names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    if entry.get("type") == "array":
        items = entry.get("items") or (entry.get("prefixItems") or [{}])[0]
        return f"list of {_type(items)}" if items else "list"
    return names.get(entry.get("type", ""), "table")


def _range(entry: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits = [f"{sign} {entry[key]:g}" for key, sign in signs.items() if key in entry]
    return f" ({', '.join(limits)})" if limits else ""


def pages() -> dict[str, str]:
    """Both pages by their path below ``docs``."""
    return {"api.md": api_page(), "configuration.md": configuration_page()}


if __name__ == "__main__":
    for page, text in pages().items():
        (Path(sys.argv[1]) / page).write_text(text, encoding="utf-8")
