"""The report: one page that opens anywhere, and ten lines for a pull request. Reads the run folder's files alone."""

import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from karat.show import words
from karat.show.columns import column_table, roles
from karat.show.document_sections import sections
from karat.show.explained import explained, proof_cost
from karat.show.finding_rows import finding_rows
from karat.show.first_screen import answers
from karat.show.grouped_findings import changed_by_check, found_by_check
from karat.show.headline import commands, dimensions, figures, headline, path
from karat.show.language import counted, evidence, language, plain, say, speaking, title_of
from karat.show.masking import masked
from karat.show.model import model_quality
from karat.show.proof import proof
from karat.show.run_files import Facts
from karat.show.thumbnails import with_thumbnails

TEMPLATES = Path(__file__).parent / "templates"


def write_report(run_folder: Path, place: Callable[[str], Path] | None = None, lang: str = "") -> None:
    """Write ``report.html`` and ``report.md`` into a run folder.

    Parameters
    ----------
    run_folder : Path
        Holds what a run leaves behind; files that are absent leave their part of the page out.
    place : callable, optional
        Where to write a file of a name; by default into the folder itself.
    lang : str
        ``en`` or ``zh``; "" for the language spoken.

    Raises
    ------
    InputError
        The folder holds no run.
    OptionError
        A language that the report is not written in.
    """
    facts = Facts.of(run_folder)
    with speaking(lang or language()):
        values = _page_values(facts)
        page = _templates().get_template("report.html").render(values, snippet=False)
        summary = _markdown(values)
    at = place or facts.folder.joinpath
    _write(at("report.html"), page)
    _write(at("report.md"), summary)


def write_page(run_folder: Path, to: Path, lang: str = "") -> None:
    """Write the report of a run folder into a file, in ``en`` or ``zh``; raises as ``write_report`` does."""
    facts = Facts.of(run_folder)
    with speaking(lang or language()):
        page = _templates().get_template("report.html").render(_page_values(facts), snippet=False)
    _write(to, page)


def show_run(run_folder: Path) -> str:
    """The head of the report as an HTML snippet, for notebooks."""
    return str(_templates().get_template("report.html").render(_page_values(Facts.of(run_folder)), snippet=True))


def _page_values(facts: Facts) -> dict[str, Any]:
    numbers, clean = figures(facts), facts.rooms.get("clean") or {}
    documents = sections(facts)  # of which there may be millions: their page is made from small files alone
    columns, unseen = ([], 0) if documents else column_table(facts)
    quarantine = [row | {"raw": masked(row["raw"]), "error": masked(row.get("error"))} for row in facts.quarantine]
    values = {
        "name": facts.name,
        "language": language(),
        "run": facts.run,
        "numbers": numbers,
        "head": headline(facts, numbers),
        "answers": answers(facts, numbers),
        "scores": dimensions(facts),
        "found": [] if documents else found_by_check(facts.findings),
        "table": {} if documents else _table(facts),
        "changed": [] if documents else changed_by_check(facts.ledger),
        "documents": documents,
        "stopped": [masked(stop["line"]) for stop in clean.get("stopped") or ()],
        "left_off": [title_of(name).lower() for name in clean.get("left_off") or ()],
        "has_ledger": facts.has("ledger.parquet"),
        "account": facts.accounting,
        "quarantine": quarantine,
        "proof": proof(facts.lift),
        "model": model_quality(facts),
        "explained": explained(facts),
        "cost": proof_cost(facts.lift),
        "columns": columns,
        "columns_unseen": unseen,
        "roles": roles(facts.schema) if facts.schema else "",
        "schema": facts.schema,
        "rooms": path(facts, numbers),
        "commands": commands(facts, numbers),
        "folder": str(facts.folder),
        "script": Markup(_script()),  # noqa: S704 - a file of ours
        "script_hash": f"sha256-{b64encode(sha256(_script().encode()).digest()).decode()}",
    }
    return values | _lines(values)


def _table(facts: Facts) -> dict[str, Any]:
    table = finding_rows(facts.findings, facts.ledger, facts.cases)
    with_thumbnails([{"examples": table["rows"]}], facts.folder)
    return table


def _lines(values: dict[str, Any]) -> dict[str, Any]:
    """The contents, and the one line that stands for a part while it is closed."""
    rows = values["scores"][0]["rows"] if values["scores"] else []
    known = [row for row in rows if row["before"]]
    named = [
        f"{plain(row['name'])} {words.score(row['before']['score'])}"
        + (f" → {words.score(row['after']['score'])}" if row["after"] else "")
        for row in known
    ]
    lift = values["proof"]
    parts = (
        ("findings" if not values["documents"] else "funnel", plain("Findings"), True),
        ("columns", plain("Columns"), values["columns"]),
        ("quality", plain("Quality"), rows),
        ("lift", plain("The proof"), lift),
        ("model", plain("The model"), values["model"]),
        ("lineage", plain("Lineage"), True),
    )
    return {
        "contents": [(place, name) for place, name, there in parts if there],
        "score_line": " · ".join(named),
        "proof_line": f"{words.signed(lift['lift'])} {words.interval(lift, sign=True)}" if lift else "",
    }


@cache
def _script() -> str:
    return (TEMPLATES / "report.js").read_text(encoding="utf-8")


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(TEMPLATES / "__pycache__"),
    )
    environment.filters |= {
        "count": words.count,
        "share": words.share,
        "score": words.score,
        "signed": words.signed,
        "title_of": title_of,
        "cell": words.value,
    }
    environment.globals |= {"interval": words.interval, "many": counted, "counted": counted}
    environment.globals |= {"say": say, "evidence": evidence}
    return environment


def _compiled(folder: Path) -> Any:
    """Compiled templates, kept beside their sources as Python keeps modules; none where nothing may be written."""
    from jinja2 import FileSystemBytecodeCache

    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def _markdown(values: dict[str, Any]) -> str:
    """Ten lines at most; cell values stay out of it, so that nothing personal gets into a pull request."""
    numbers, head = values["numbers"], values["head"]
    lines = [f"### Karat · {values['name']}: {head['title']}", "", head["text"], ""]
    rows = values["scores"][0]["rows"] if values["scores"] else []
    for row in rows:
        if row["before"]:
            after = f" → {words.score(row['after']['score'])}" if row["after"] else ""
            lines.append(f"- {row['name']} {words.score(row['before']['score'])}{after}")
    lines.append(
        f"- {words.count(numbers['in'])} in = {words.count(numbers['kept'])} kept + {words.count(numbers['removed'])} "
        f"removed + {words.count(numbers['quarantined'])} quarantined"
    )
    removed = sorted((values["account"].get("removed") or {}).items(), key=lambda entry: -entry[1])
    counts = [(e["title"], e["sure"]) for e in values["found"] if e["sure"]]
    if values["documents"]:
        counts = [(words.title(check), count) for check, count in removed]
    top = ", ".join(f"{title.lower()} {words.count(count)}" for title, count in counts[:4])
    lines.append(f"- removed: {top or 'nothing'}" if values["documents"] else f"- found: {top or 'nothing wrong'}")
    return "\n".join(" ".join(line.split("\n")) for line in lines) + "\n"


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
