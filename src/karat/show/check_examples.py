"""Runs ``examples/checks``: a short script for each check, and the page section that shows data, code and findings.

A script has a docstring (what is wrong with its data), a variable ``data`` where the records can be shown, and a
variable ``found``: what ``karat.assess`` or ``karat.clean`` gave back. It runs in an empty folder, and may import what
lies beside it. A script that fails, or whose check finds nothing, stops the making of the pages: a page never shows
what nobody ran.
"""

import ast
import contextlib
import io
import json
import re
import runpy
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.core.finding import SURE
from karat.core.words import many

MAX_FINDINGS = 3  # display
MAX_RECORDS = 4  # display: of a table
MAX_COLUMNS = 6  # display: of a table
MAX_VALUE = 80  # display: characters of a value
MAX_TEXT = 320  # display: characters of a document or a conversation
THUMBNAIL = 96  # display: pixels of a side


@dataclass(frozen=True)
class Example:
    """The section of a page, and the pictures it shows.

    Parameters
    ----------
    pictures : dict of str to bytes
        PNG files that lie beside the page, by name.
    """

    markdown: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def script_of(code: str, folder: Path) -> Path:
    """The script of a check: ``UnitSlips`` has ``unit_slips.py``."""
    return folder / (re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", code).lower() + ".py")


def example_of(code: str, folder: Path) -> Example:
    """Run the script of a check and write the section of its page.

    Raises
    ------
    InputError
        There is no script, it fails, or the check finds nothing in its data.
    """
    path = script_of(code, folder)
    if not path.exists():
        raise InputError(f"there is no example of {code} at {path}", "Write a script that shows what the check finds")
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()):
        sys.path.insert(0, str(path.parent))
        try:
            left = runpy.run_path(str(path))
        except Exception as error:
            raise InputError(f"{path} failed: {type(error).__name__}: {error}", "Correct the script") from error
        finally:
            sys.path.remove(str(path.parent))
        findings = left["found"].arrow.findings
        mine = findings.filter(pc.equal(findings["check"], code))
        if not mine.num_rows:
            raise InputError(f"{path}: {code} finds nothing in this data", "Change its data")
        return _section(code, path.read_text(encoding="utf-8"), mine, left.get("data"))


def _section(code: str, source: str, findings: pa.Table, data: Any) -> Example:
    about, script = _parts(source)
    surest = findings.sort_by([("confidence", "descending"), ("row", "ascending"), ("column", "ascending")])
    shown = surest.slice(0, MAX_FINDINGS).to_pylist()
    records, pictures = _records(code, data, shown)
    return Example(
        "\n".join(
            [
                "## Example",
                "",
                about,
                "",
                "```python",
                script,
                "```",
                "",
                *_beside(script),
                *records,
                *_said(surest, shown),
            ]
        ),
        pictures,
    )


def _parts(source: str) -> tuple[str, str]:
    """What the docstring says, and the code below it."""
    first = ast.parse(source).body[0]
    docstring = ast.get_docstring(ast.parse(source)) or ""
    return docstring, "\n".join(source.splitlines()[first.end_lineno or 0 :]).strip()


def _beside(script: str) -> list[str]:
    """Where the modules lie that a script imports from its own folder."""
    names = re.findall(r"^from (_\w+) import", script, re.MULTILINE)
    return [f"`{name}.py` lies in `examples/checks`." for name in names] + [""] * bool(names)


def _said(findings: pa.Table, shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """The findings, one a paragraph, the surest first."""
    count = findings.num_rows
    sure = pc.sum(pc.greater_equal(findings["confidence"], SURE)).as_py() or 0
    counted = "" if sure == count else f", {sure} with a confidence of {SURE:g} or more, the others suspicions"
    counted = counted if sure else f", below {SURE:g}: a suspicion that counts in no score"
    rest = f"; {len(shown)} shown" if count > len(shown) else ""
    lines = [f"**What it says** ({many(count, 'finding')}{counted}{rest}):", ""]
    for finding in shown:
        place = "The data set" if finding["column"] is None else "The whole column"
        place = place if finding["row"] is None else f"Record {finding['row']}"
        column = f", `{finding['column']}`" if finding["column"] is not None else ""
        value = f" · {_code(finding['value'])}" if finding["value"] is not None else ""
        better = finding["suggestion"]
        value += "" if better is None else f" → {_code(better)}" if better else " → blank"
        lines += [
            f"> **{place}{column}**{value} · confidence {finding['confidence']:.2f}  ",
            f"> {_plain(finding['message'])}",
            "",
        ]
    return lines[:-1]


def _records(code: str, data: Any, shown: Sequence[Mapping[str, Any]]) -> tuple[list[str], dict[str, bytes]]:
    """The records that the findings are about, as far as the form of the data allows."""
    rows = list(dict.fromkeys(finding["row"] for finding in shown if finding["row"] is not None))
    if isinstance(data, str | Path):
        return _thumbnails(code, Path(data), shown)
    if isinstance(data, list):
        texts = [entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in data]
        lines = [f"{row}: {_cut(texts[row], MAX_TEXT)}" for row in (rows or [0, 1])[:2] if row < len(texts)]
        return (["```text", *lines, "```", ""] if lines else []), {}
    if data is None:
        return [], {}
    table = pa.table(data)
    for finding in shown:  # a copy stands beside what it repeats
        if finding["keeper"] is not None and finding["keeper"] not in rows:
            rows.append(finding["keeper"])
    if len(rows) < MAX_RECORDS:
        rows += [row for row in range(table.num_rows) if row not in rows][: min(2, MAX_RECORDS - len(rows))]
    asked = list(dict.fromkeys(finding["column"] for finding in shown if finding["column"] is not None))
    names = [name for name in table.column_names if name in asked]
    names += [name for name in table.column_names if name not in asked][: max(0, MAX_COLUMNS - len(names))]
    names = [name for name in table.column_names if name in names]
    return _as_table(table.select(names), sorted(rows[:MAX_RECORDS])), {}


def _as_table(table: pa.Table, rows: Sequence[int]) -> list[str]:
    lines = [f"| row | {' | '.join(map(_plain, table.column_names))} |", "|---" * (table.num_columns + 1) + "|"]
    for row in rows:
        cells = [_code(table[name][row].as_py()) for name in table.column_names]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return [*lines, ""]


def _thumbnails(code: str, folder: Path, shown: Sequence[Mapping[str, Any]]) -> tuple[list[str], dict[str, bytes]]:
    """The pictures that findings name, made small."""
    paths = [folder / finding["value"] for finding in shown if finding["value"]]
    pictures: dict[str, bytes] = {}
    for path in dict.fromkeys(path for path in paths if path.is_file()):
        pictures[f"{code}-{len(pictures)}.png"] = _small(path)
    lines = [" ".join(f"![a picture it finds]({name})" for name in pictures), ""] if pictures else []
    return lines, pictures


def _small(path: Path) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("RGB").resize((THUMBNAIL, THUMBNAIL), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def _code(value: Any) -> str:
    """A value as inline code that a table of Markdown can hold; blanks at its ends can be seen."""
    if value is None:
        return "*blank*"
    text = _cut(f"{value:g}" if isinstance(value, float) else str(value), MAX_VALUE)
    text = text.replace("\n", "⏎").replace("\t", "⇥").replace("\u00a0", "⍽").replace("|", "¦").replace("`", "'")
    text = re.sub(r"^ +| +$|(?<= ) | (?= )", lambda blanks: "␣" * len(blanks.group()), text)
    return f"`{text}`" if text else "*empty*"


def _plain(text: str) -> str:
    """Words that Markdown leaves as they are."""
    return re.sub(r"([\\`*_<>|#\[\]])", r"\\\1", text.replace("\n", "⏎"))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
