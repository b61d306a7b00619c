"""Writes ``docs/domains/``: every notebook of ``examples/`` run, and kept as a page with what it printed and drew.

``python -m karat.show.domain_pages examples docs/domains``. A notebook that fails stops it: a page never shows what
nobody ran. The notebooks themselves are left without outputs, so that a change of a word is a change of a line.
"""

import base64
import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from karat.core.errors import InputError

PATIENCE_S = 900  # for one cell, on a machine that has other work too
DRAWN = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
MAX_LINES = 60  # display: of one output
Notebook = Mapping[str, Any]
Files = dict[str, bytes]


def read_notebook(path: Path) -> dict[str, Any]:
    """A notebook as it lies in the file.

    Raises
    ------
    InputError
        It is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        _ = [cell["cell_type"] for cell in notebook["cells"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not a notebook: {type(error).__name__}: {error}", "Correct the file") from None
    return dict(notebook)


def mark(notebook: Notebook) -> str:
    """A short hash of what a notebook says and does, outputs left out: the page carries it."""
    cells = [[cell["cell_type"], _text(cell["source"])] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()[:16]


def mark_of(page: str) -> str:
    """The hash of the notebook that a page was made from, "" without one."""
    match = re.match(r"<!-- \S+ ([0-9a-f]{16}) -->", page)
    return match.group(1) if match else ""


def executed(path: Path) -> dict[str, Any]:
    """The notebook with its outputs, run in an empty folder.

    Raises
    ------
    InputError
        A cell failed.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    read_notebook(path)
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as place:
        client = NotebookClient(
            notebook, timeout=PATIENCE_S, kernel_name="python3", resources={"metadata": {"path": place}}
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError) as error:
            last = (str(error).strip().splitlines() or ["no message"])[-1]
            raise InputError(f"notebook {path} failed: {last}", "Correct the cell") from None
    return dict(notebook)


def domain_page(name: str, notebook: Notebook) -> tuple[str, Files]:
    """The page of an executed notebook as Markdown, and the pictures beside it by file name."""
    files: Files = {}
    lines = [f"<!-- examples/{name}.ipynb {mark(notebook)} -->", ""]
    for at, cell in enumerate(notebook["cells"]):
        source = _text(cell["source"]).strip()
        if cell["cell_type"] == "markdown":
            lines += [source, ""]
        elif cell["cell_type"] == "code" and source:
            lines += ["```python", source, "```", ""]
            lines += _outputs(cell.get("outputs") or (), f"{name}-{at}", files)
        if at == 0:
            lines += [f"*The output below was printed by `examples/{name}.ipynb`, run by `make docs`.*", ""]
    return "\n".join(lines).rstrip() + "\n", files


def _outputs(outputs: Sequence[Mapping[str, Any]], stem: str, files: Files) -> list[str]:
    """What one cell printed and drew; progress goes to stderr and is left out."""
    lines: list[str] = []
    for at, output in enumerate(outputs):
        data = output.get("data") or {}
        drawn = next((kind for kind in DRAWN if kind in data), "")
        if output["output_type"] == "stream":
            lines += _printed(_text(output["text"])) if output["name"] == "stdout" else []
        elif drawn:
            content = _text(data[drawn])
            file = f"{stem}-{at}.{DRAWN[drawn]}"
            files[file] = content.encode() if drawn == "image/svg+xml" else base64.b64decode(content)
            lines += [f"![{stem}]({file})", ""]
        elif "text/markdown" in data:
            lines += [_text(data["text/markdown"]).strip(), ""]
        elif "text/plain" in data:
            lines += _printed(_text(data["text/plain"]))
    return lines


def _printed(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    cut = [f"… and {len(lines) - MAX_LINES} lines more"] if len(lines) > MAX_LINES else []
    return ["```text", *lines[:MAX_LINES], *cut, "```", ""] if lines else []


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def index(notebooks: Mapping[str, Notebook]) -> str:
    """``README.md`` of the pages: one line a domain, with the command that shows the same on data made here."""
    lines = [
        "# Domains",
        "",
        "One page for each kind of data with a run's figures; `make docs` makes them from the notebooks in `examples`.",
        "",
        "| page | what it shows | the same in a terminal |",
        "|---|---|---|",
    ]
    for name, notebook in notebooks.items():
        first = _text(notebook["cells"][0]["source"]).strip().splitlines()
        title = first[0].lstrip("# ").strip()
        about = " ".join(line.strip() for line in first[1:] if line.strip())
        lines.append(f"| [{title}]({name}.md) | {about} | `karat demo {name}` |")
    return "\n".join(lines) + "\n"


def write_domain_pages(examples: Path, folder: Path, names: Sequence[str] = ()) -> list[str]:
    """Run the notebooks (all, or the named ones), write their pages and the index, remove what nobody makes any more.

    Returns
    -------
    list of str
        The pages written.
    """
    notebooks = {path.stem: path for path in sorted(examples.glob("*.ipynb"))}
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or notebooks:
        if name not in notebooks:
            raise InputError(f"there is no notebook {name!r} in {examples}", f"Choose from: {', '.join(notebooks)}")
        page, files = domain_page(name, executed(notebooks[name]))
        for old in (*folder.glob(f"{name}-[0-9]*.svg"), *folder.glob(f"{name}-[0-9]*.png")):
            old.unlink()
        (folder / f"{name}.md").write_text(page, encoding="utf-8")
        for file, content in files.items():
            (folder / file).write_bytes(content)
    for old in folder.iterdir():
        stem = re.sub(r"-\d+-\d+$", "", old.stem)
        if stem not in notebooks and old.name != "README.md":
            old.unlink()
    listed = {name: read_notebook(path) for name, path in notebooks.items()}
    (folder / "README.md").write_text(index(listed), encoding="utf-8")
    return list(names or notebooks)


if __name__ == "__main__":
    try:
        written = write_domain_pages(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
    except InputError as failed:
        sys.exit(str(failed))
    print(f"{len(written)} notebooks run: {', '.join(written)}")
