"""What agents may do with Karat: tools with typed results, which write nothing outside the folder of runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, Field

from karat.core.errors import InputError, KaratError, OptionError
from karat.core.finding import SURE
from karat.show.masking import masked

MOST_EXAMPLES = 3  # display: findings of a check that are shown
MOST_CASES = 200  # display: cases of the review queue in one answer
Answer = TypeVar("Answer")


class ColumnSeen(BaseModel):
    """A column as it is read; values have personal data masked."""

    name: str
    type: str
    meaning: str = ""
    values: list[str]
    notes: list[str] = Field(default_factory=list)


class Preview(BaseModel):
    """How a file is read."""

    kind: str
    records: int = Field(description="records looked at")
    all_records: bool = Field(description="are they all there are?")
    reading: dict[str, Any] = Field(description="what was assumed, with its runner-up")
    columns: list[ColumnSeen]
    notes: list[str]


class Score(BaseModel):
    """A score in [0, 1] with its 95 % interval; null where no measure applies."""

    score: float | None
    low: float | None = None
    high: float | None = None


class Problem(BaseModel):
    """What a check found, with confidence 0.5 or more."""

    check: str
    count: int
    examples: list[str] = Field(description="the evidence, personal data masked")


class Assessed(BaseModel):
    """What is wrong with a data set."""

    run: str = Field(description="the run, for why and review_queue")
    kind: str
    records: int
    quarantined: int
    scores: dict[str, Score]
    problems: list[Problem]


class CleanedUp(Assessed):
    """What was fixed; scores are those after."""

    kept: int
    removed: dict[str, int] = Field(description="records removed, by check")
    cells_changed: int
    needs_review: int
    stopped: list[str] = Field(description="steps that the guard stopped, which need a person")


class Explained(BaseModel):
    """What touched a record or cell, and why."""

    lines: list[str]


class LiftFigures(BaseModel):
    """What a change of data was worth to a model."""

    verdict: str = Field(description="worth it, no effect seen, harm or nothing changed")
    metric: str
    lift: float
    low: float
    high: float
    placebo: float = Field(description="lift of the same changes on records drawn at random")
    minimal_detectable_effect: float
    notes: list[str]


class Case(BaseModel):
    """What needs review by a person."""

    row: int | None
    column: str | None
    check: str
    value: str | None
    suggestion: str | None
    confidence: float
    evidence: str


class ReviewQueue(BaseModel):
    """What needs review, in the order in which it was found."""

    total: int
    cases: list[Case]


@dataclass(frozen=True)
class Desk:
    """The tools, at one folder of data and one of runs.

    Parameters
    ----------
    data : Path
        Only files below it are read.
    runs : Path
        Only folders right in it are written.
    """

    data: Path
    runs: Path

    def look(self, data: str) -> Preview:
        """Show how a file is read: what was assumed, the columns, what is odd. Reads the beginning, writes nothing."""
        from karat.flow.looking import look
        from karat.flow.settings import made_settings

        seen = look(str(self._input(data)), made_settings({}, "karat mcp"))
        columns = [
            ColumnSeen(
                name=own.column.name,
                type=own.column.type,
                meaning=str(own.column.meanings[0]) if own.column.meanings else "",
                values=[masked(value) or "" for value in own.values],
                notes=[masked(note) or "" for note in own.notes],
            )
            for own in seen.columns
        ]
        return Preview(
            kind=seen.kind,
            records=seen.records,
            all_records=seen.whole,
            reading=seen.to_json()["reading"],
            columns=columns,
            notes=[masked(note) or "" for note in seen.notes],
        )

    def assess(self, data: str, target: str = "", kind: str = "") -> Assessed:
        """Find what is wrong in a data set, with evidence; nothing is changed. Writes one run folder."""
        run, rooms = self._walked(data, "assess", target, kind)
        return Assessed(**self._assessed(run, rooms))

    def clean(self, data: str, target: str = "", kind: str = "") -> CleanedUp:
        """Fix high-confidence errors into a new run folder; the input is never written, every change is reversible."""
        run, rooms = self._walked(data, "clean", target, kind)
        done = rooms["clean"]
        return CleanedUp(
            **self._assessed(run, rooms),
            kept=done["kept"],
            removed=dict(done.get("removed") or {}),
            cells_changed=done["cells"],
            needs_review=done["waiting"],
            stopped=[masked(stop["line"]) or "" for stop in done.get("stopped") or ()],
        )

    def why(self, run: str, row: int, column: str = "") -> Explained:
        """Say what was found about a record or one of its cells, what was changed, and why."""
        from karat.cli.run_commands import run_folder
        from karat.show.why import why

        return Explained(lines=why(run_folder(self._run(run)), row, column or None))

    def lift(self, before: str, after: str, target: str) -> LiftFigures:
        """Measure what a change of data is worth to a model: train on both versions, test on the same records.

        Both are files, or runs such as "loans@1" (as read) and "loans@2" (cleaned). Takes minutes.
        """
        from karat.cli.lifting import measured

        if not target:
            raise OptionError("no target was named", "Name the column to predict")
        proof = measured(self._version(before), self._version(after), target=target)
        return LiftFigures(
            verdict=proof.verdict,
            metric=str(proof.metric),
            lift=proof.lift,
            low=proof.low,
            high=proof.high,
            placebo=proof.placebo.lift,
            minimal_detectable_effect=proof.minimal_detectable_effect,
            notes=[str(note) for note in proof.notes],
        )

    def review_queue(self, run: str, start: int = 0, count: int = 50) -> ReviewQueue:
        """List what needs review by a person in a run, personal data masked."""
        from karat.cli.run_commands import run_folder

        place = run_folder(self._run(run)) / "review.parquet"
        if not place.exists():
            return ReviewQueue(total=0, cases=[])
        table = pq.read_table(place)
        cases = [
            Case(
                row=line["row"],
                column=line["column"],
                check=line["check"],
                value=masked(line["value"]),
                suggestion=masked(line["suggestion"]),
                confidence=line["confidence"],
                evidence=masked(line["message"]) or "",
            )
            for line in table.slice(max(start, 0), max(min(count, MOST_CASES), 0)).to_pylist()
        ]
        return ReviewQueue(total=table.num_rows, cases=cases)

    def _walked(self, data: str, upto: str, target: str, kind: str) -> tuple[Path, Mapping[str, Any]]:
        from karat.cli.wiring import walked
        from karat.flow.job import Job, data_name
        from karat.flow.kept_reading import kept_reading
        from karat.flow.settings import made_settings

        source = str(self._input(data))
        run = self._run(data_name(source))
        collect = kept_reading(run, source) | ({"target": target} if target else {}) | ({"kind": kind} if kind else {})
        on = walked(Job(source, run, upto, made_settings({"collect": collect}, "karat mcp")))
        return run, on.rooms

    def _assessed(self, run: Path, rooms: Mapping[str, Any]) -> dict[str, Any]:
        scores = rooms["clean"]["scores"]
        dimensions = (scores.get("after") or scores.get("before") or scores)["dimensions"]
        return {
            "run": run.name,
            "kind": rooms["collect"]["kind"],
            "records": rooms["collect"]["records"],
            "quarantined": rooms["collect"]["quarantined"],
            "scores": {
                name: Score(score=own["score"], low=own.get("low"), high=own.get("high"))
                for name, own in dimensions.items()
            },
            "problems": _problems(run),
        }

    def _input(self, data: str) -> Path:
        """A file or folder below the folder of data. Raises InputError for any other."""
        place = (self.data / data).expanduser()
        if "://" in data or not place.resolve().is_relative_to(self.data.resolve()):
            raise InputError(f"{data} does not lie in {self.data}", "Start karat mcp in the folder of the data")
        return place

    def _run(self, name: str) -> Path:
        """A folder right in the folder of runs. Raises InputError for any other place."""
        place = self.runs / Path(name).name
        if Path(name).name in ("", ".", "..") or place.resolve().parent != self.runs.resolve():
            raise InputError(f"{name} is not a run in {self.runs}", "Name a run as assess or clean returned it")
        return place

    def _version(self, name: str) -> str:
        """A version of a run, such as loans@2, or a file of data."""
        run, at, version = name.partition("@")
        return f"{self._run(run)}@{version}" if at else str(self._input(name))


def _problems(run: Path) -> list[Problem]:
    findings = pq.read_table(run / "findings.parquet", columns=["check", "confidence", "message"])
    findings = findings.filter(pc.greater_equal(findings["confidence"], SURE))
    out = []
    for check in pc.unique(findings["check"]).to_pylist():
        own = findings.filter(pc.equal(findings["check"], check))
        said = dict.fromkeys(masked(text) or "" for text in own["message"].slice(0, 10 * MOST_EXAMPLES).to_pylist())
        out.append(Problem(check=check, count=own.num_rows, examples=list(said)[:MOST_EXAMPLES]))
    return sorted(out, key=lambda problem: (-problem.count, problem.check))


def server(desk: Desk) -> Any:
    """An MCP server with the tools of a desk. Raises OptionError where the extra is not installed."""
    from karat.core.release import VERSION, install

    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise OptionError("karat mcp needs the extra 'mcp', which is not installed", install("mcp")) from error
    words = (
        "Karat finds and fixes errors in data, and measures what that is worth. Begin with look, then assess or clean."
    )
    tools = MCPServer("karat", version=VERSION, instructions=words)
    for name, writes in (
        ("look", False),
        ("assess", True),
        ("clean", True),
        ("why", False),
        ("lift", False),
        ("review_queue", False),
    ):
        about = ToolAnnotations(read_only_hint=not writes, destructive_hint=False, open_world_hint=False)
        tools.tool(name=name, annotations=about)(_answering(getattr(desk, name), ToolError))
    return tools


def _answering(tool: Callable[..., Answer], failed: type[Exception]) -> Callable[..., Answer]:
    """A tool whose errors are told to the agent in words."""
    from functools import wraps

    @wraps(tool)
    def answered(*values: Any, **named: Any) -> Answer:
        try:
            return tool(*values, **named)
        except KaratError as error:
            raise failed(str(error)) from error

    return answered
