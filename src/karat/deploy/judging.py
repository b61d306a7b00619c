"""One batch of requests through the door and the model: what is served, without the web around it."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import InputError, OptionError
from karat.core.finding import SURE
from karat.core.schema import Role
from karat.deploy.counters import Counters
from karat.deploy.predictor import Predictor
from karat.deploy.protocol import Request
from karat.deploy.request_checks import MAX_KNOWN_BYTES, Door, load_checks
from karat.deploy.request_records import Bad, RequestRecords

MAX_QUOTED = 60  # display: characters
MAX_QUARANTINE_BYTES = 64 * 2**20  # cost: beyond, refused records are no longer kept
Found = dict[str, Any]


@dataclass(frozen=True, eq=False)
class JudgedRequest:
    """One request's answer: output tensors, and what is odd about its records."""

    values: dict[str, np.ndarray]
    findings: list[dict[str, Any]]


@dataclass(eq=False)
class Service:
    """A model with its door.

    Parameters
    ----------
    quarantine : Path or None
        JSON lines of the records that could not be read; None keeps none.
    """

    predictor: Predictor
    door: Door
    counters: Counters
    quarantine: Path | None = None

    @classmethod
    def load(
        cls, run: Path, part: str = "", *, checks: bool = True, max_known_bytes: int = MAX_KNOWN_BYTES
    ) -> "Service":
        """From a run folder; ``part`` is "scorecard" for the card beside
        the model; ``checks`` False leaves them out.

        Raises
        ------
        InputError
            When there is no such folder, no model in it, or a model that cannot be used.
        """
        if not run.is_dir():
            raise InputError(f"run folder {run} not found", "Give the folder that karat run made")
        folder = run / "model" / part
        if part and not (folder / "schema.json").exists():
            known = [place.parent.name for place in sorted((run / "model").glob("*/schema.json"))]
            raise OptionError.unknown("model", part, known, str(run / "model"))
        predictor = Predictor.load(folder)
        judges = load_checks(folder / "checks.json") if checks else {}
        door = Door(predictor.signature.schema, judges, max_known_bytes=max_known_bytes)
        counters = Counters(predictor.signature.model, _quality(run / "scores.json"), broken=door.broken)
        return cls(predictor, door, counters, folder / "quarantine.jsonl")

    def tried(self) -> None:
        """One answer about a blank record, so that the model is known to answer, and the first request does not wait.

        Raises
        ------
        InputError
            When the model does not answer as its schema says.
        """
        signature = self.predictor.signature
        blank = Request("", {entry.name: [None] for entry in signature.inputs}, {}, quarantine=True)
        records = RequestRecords([blank], self.door.schema)
        self.door.remember()
        self.door.judge(records)
        try:
            values = self.predictor.run(records.feeds(signature), 1)
        except Exception as error:  # onnxruntime raises classes of its own, without a common base
            fault = str(error).splitlines()[0]
            raise InputError(f"the model {signature.model} does not answer: {fault}", "Run karat run again") from error
        if any(len(values[output.name]) != 1 for output in signature.outputs):
            raise InputError(f"the model {signature.model} does not answer one record with one", "Run karat run again")

    def answer(self, requests: Sequence[Request]) -> list[JudgedRequest | Exception]:
        """Answers, in order; an exception stands for a request that was refused."""
        records = RequestRecords(requests, self.door.schema)
        bad = records.unreadable()
        by_row: dict[int, list[Found]] = {}
        for finding in self.door.judge(records):
            by_row.setdefault(finding["row"], []).append(finding)
        values = self.predictor.run(records.feeds(self.predictor.signature), records.size)
        out: list[JudgedRequest | Exception] = []
        start = 0
        for request in requests:
            end = start + request.records
            shift = start - request.first
            mine = [(row - shift, name, text) for row, name, text in bad if start <= row < end] if bad else []
            sent = request.columns.keys()
            odd = (
                [
                    _finding(f, shift)
                    for row in range(start, end)
                    for f in by_row.get(row, ())
                    if f["column"] is None or f["column"] in sent
                ]
                if by_row
                else []
            )
            self._count(request, mine, odd)
            if mine and not request.quarantine:
                out.append(self._refusal(mine[0], len(mine)))
            else:
                answers = {name: value[start:end] for name, value in values.items()}
                findings = [*map(self._unread, mine), *odd]
                out.append(JudgedRequest(_blanked(answers, mine, request.first), findings))
            start = end
        return out

    def _count(self, request: Request, bad: Sequence[Bad], odd: Sequence[dict[str, Any]]) -> None:
        self.counters.records += request.records - len({row for row, _, _ in bad})
        for _, name, _ in bad:
            self.counters.refused[name] += 1
        for finding in odd:
            sure = str(finding["confidence"] >= SURE).lower()
            self.counters.findings[finding["check"], finding["dimension"], sure] += 1
        if bad and self.quarantine is not None:
            try:
                _keep(self.quarantine, request, bad)
            except OSError as error:  # the answer does not depend on it
                print(f"Warning: {self.quarantine} cannot be written: {error.strerror}", file=sys.stderr, flush=True)

    def _refusal(self, cell: Bad, cells: int) -> InputError:
        row, name, text = cell
        wrong, cure = self._reading(name, text)
        more = f" (and {cells - 1} more such cells)" if cells > 1 else ""
        return InputError(
            f"input {name!r}, record {row}: {wrong}{more}",
            f'{cure}, or send parameters {{"quarantine": true}} to get the other records answered',
        )

    def _unread(self, cell: Bad) -> dict[str, Any]:
        row, name, text = cell
        wrong, cure = self._reading(name, text)
        return {
            "record": row,
            "column": name,
            "check": "Unreadable",
            "dimension": "consistency",
            "value": text,
            "suggestion": None,
            "confidence": 1.0,
            "message": f"{wrong}; {cure}",
        }

    def _reading(self, name: str, text: str) -> tuple[str, str]:
        column = self.door.schema[name]
        if column.type == "binary":
            return text, "send a file's bytes, in JSON as base64, or an empty string"
        if column.role is Role.TIME:
            form = f"as {column.format!r}" if column.format else "as ISO 8601"
            return (
                f"{_quoted(text)} is not a time {form}",
                "send such a time, seconds since 1970 as FP64, or an empty string",
            )
        return f"{_quoted(text)} is not a number", "send a number, NaN or an empty string"


def _finding(finding: dict[str, Any], start: int) -> dict[str, Any]:
    keys = ("column", "check", "dimension", "value", "suggestion", "confidence", "message")
    return {"record": finding["row"] - start} | {key: finding[key] for key in keys}


def _blanked(values: dict[str, np.ndarray], bad: Sequence[Bad], first: int) -> dict[str, np.ndarray]:
    """No answer for records that could not be read: NaN, and an empty label."""
    if not bad:
        return values
    rows = sorted({row - first for row, _, _ in bad})
    out = {}
    for name, value in values.items():
        out[name] = value.copy()
        out[name][rows] = np.nan if value.dtype.kind == "f" else ""
    return out


def _keep(path: Path, request: Request, bad: Sequence[Bad]) -> None:
    if path.exists() and path.stat().st_size > MAX_QUARANTINE_BYTES:
        return
    rows = sorted({row for row, _, _ in bad})
    errors = {row: [{"column": name, "found": text} for at, name, text in bad if at == row] for row in rows}
    with path.open("a", encoding="utf-8") as out:
        path.chmod(0o600)
        for row in rows:
            record = {name: texts[row - request.first] for name, texts in request.columns.items()}
            out.write(json.dumps({"record": record, "errors": errors[row]}, ensure_ascii=False) + "\n")


def _quality(path: Path) -> dict[str, float]:
    if not path.exists():
        return {}
    quality = json.loads(path.read_text(encoding="utf-8"))
    after = quality.get("after") or quality.get("before") or {}
    scores = {name: entry.get("score") for name, entry in after.get("dimensions", {}).items()}
    return {name: float(score) for name, score in scores.items() if score is not None}


def _quoted(text: str) -> str:
    return repr(text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 3] + "...")
