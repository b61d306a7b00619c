"""Runs the scripts of ``examples/tutorials`` and writes them as pages with what they printed, in English and Chinese.

``python -m karat.show.tutorial_pages examples/tutorials docs [NAME ...]``. A script is cut into steps by ``# %%``: what
follows on that line explains the step, a line ``# zh`` below it does so in Chinese. The docstring has a title, an empty
line and a summary; below ``---`` the same in Chinese. Steps run one after the other in an empty folder; a script that
fails stops the making of its page.
"""

import ast
import contextlib
import hashlib
import io
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karat.core.errors import InputError

LANGUAGES = {"en": "", "zh": "zh/"}  # folder of the pages
RAN = {
    "en": "*The output on this page was printed by `examples/tutorials/{name}.py`, run by `make docs`.*",
    "zh": "*本页的输出由 `examples/tutorials/{name}.py` 实际运行得到，运行命令为 `make docs`。*",
}
MAX_LINES = 40  # display: of one output


@dataclass(frozen=True)
class TutorialStep:
    """One step of a script.

    Parameters
    ----------
    prose : dict of str to str
        What explains it, by language.
    first_line : int
        Its first line in the script, from 1.
    """

    prose: dict[str, str]
    code: str
    first_line: int


def mark(path: Path) -> str:
    """A short hash of a script: its pages carry it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def mark_of(page: str) -> str:
    """The hash of the script that a page was made from, "" without one."""
    match = re.match(r"<!-- \S+ ([0-9a-f]{16}) -->", page)
    return match.group(1) if match else ""


def steps_of(source: str) -> list[TutorialStep]:
    """The script cut at its marks; what stands before the first of them belongs to it."""
    lines = source.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("# %%")]
    begin = (ast.parse(source).body[0].end_lineno or 0) if ast.get_docstring(ast.parse(source)) else 0
    steps = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        prose = {"en": lines[start].removeprefix("# %%").strip(), "zh": ""}
        at = start + 1
        while at < end and lines[at].startswith("# ") and not lines[at].startswith("# zh"):
            prose["en"] += " " + lines[at].removeprefix("# ")
            at += 1
        while at < end and lines[at].startswith("# zh"):
            prose["zh"] += lines[at].removeprefix("# zh").strip()
            at += 1
        preface = lines[begin:start] if start == starts[0] else []
        steps.append(TutorialStep(prose, "\n".join([*preface, *lines[at:end]]).strip(), begin if preface else at + 1))
    return steps


def titles_of(source: str) -> dict[str, tuple[str, str]]:
    """Title and summary by language, from the docstring."""
    parts = (ast.get_docstring(ast.parse(source)) or "").split("\n---\n")
    out = {}
    for language, part in zip(LANGUAGES, parts, strict=False):
        title, _, summary = part.strip().partition("\n\n")
        between = "" if language == "zh" else " "  # Chinese has no blanks where a line ends
        out[language] = (title.strip().rstrip("."), between.join(summary.strip().splitlines()))
    return out


def outputs_of(path: Path, steps: Sequence[TutorialStep]) -> list[str]:
    """What each step printed, run in an empty folder.

    Raises
    ------
    InputError
        A step failed.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    printed = []
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        for step in steps:
            out = io.StringIO()
            try:
                with contextlib.redirect_stdout(out):
                    exec(compile("\n" * (step.first_line - 1) + step.code, str(path), "exec"), names)  # noqa: S102
            except Exception as error:
                said = f"{path} failed in the step {step.prose['en'][:40]!r}: {type(error).__name__}: {error}"
                raise InputError(said, "Correct the script") from error
            printed.append(out.getvalue())
    return printed


def tutorial_pages(path: Path) -> dict[str, str]:
    """The pages of one script by their path below ``docs``.

    Raises
    ------
    InputError
        A step failed.
    """
    source = path.read_text(encoding="utf-8")
    steps = steps_of(source)
    printed = outputs_of(path, steps)
    pages = {}
    for language, (title, summary) in titles_of(source).items():
        folder = LANGUAGES[language]
        lines = [f"<!-- examples/tutorials/{path.name} {mark(path)} -->", "", f"# {title}", "", summary, ""]
        lines += [RAN[language].format(name=path.stem), ""]
        for step, output in zip(steps, printed, strict=True):
            lines += [step.prose[language], "", "```python", step.code, "```", "", *_shown(output)]
        pages[f"{folder}tutorials/{path.stem}.md"] = "\n".join(lines).rstrip() + "\n"
    return pages


def _shown(output: str) -> list[str]:
    lines = [line.rstrip() for line in output.rstrip().splitlines()]
    cut = [f"… and {len(lines) - MAX_LINES} more lines"] if len(lines) > MAX_LINES else []
    return ["```text", *lines[:MAX_LINES], *cut, "```", ""] if lines else []


def write_tutorial_pages(scripts: Path, docs: Path, names: Sequence[str] = ()) -> list[str]:
    """Run the scripts (all, or the named ones) and write their pages; returns the scripts run.

    Raises
    ------
    InputError
        A script is not there, or fails.
    """
    known = {path.stem: path.resolve() for path in sorted(scripts.glob("*.py"))}
    for name in names or known:
        if name not in known:
            raise InputError(f"there is no script {name!r} in {scripts}", f"Choose from: {', '.join(known)}")
        for page, text in tutorial_pages(known[name]).items():
            (docs / page).parent.mkdir(parents=True, exist_ok=True)
            (docs / page).write_text(text, encoding="utf-8")
    return list(names or known)


if __name__ == "__main__":
    try:
        written = write_tutorial_pages(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), sys.argv[3:])
    except InputError as failed:
        sys.exit(str(failed))
    print(f"{len(written)} scripts run: {', '.join(written)}")
