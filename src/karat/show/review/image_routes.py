"""The pages to look around: quality, findings, columns, the proof, versions and what lies between them, people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.show.charts import histogram
from karat.show.columns import column_table
from karat.show.grouped_findings import found_by_check
from karat.show.headline import dimensions
from karat.show.masking import masked
from karat.show.proof import proof
from karat.show.review.page import View
from karat.show.review.people import agreement, workers
from karat.show.review.session import Board
from karat.show.words import plain, short

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_LEVELS = 30  # display: bars of a column
MAX_VALUES = 100_000  # cost: values of a column that are counted
MAX_DIFFERENCES = 200  # display: between two versions
MAX_COMPARED_CELLS = 50_000_000  # cost: beyond, two versions are compared on the command line


@dataclass(frozen=True)
class Looking:
    """The endpoints of the pages to look around."""

    board: Board

    def scores(self, _request: "Request") -> View | None:
        """The four dimensions."""
        charts = self.board.once("scores", lambda: dimensions(self.board.facts))
        return "scores.html", {
            "rows": charts[0]["rows"] if charts else [],
            "floor": charts[0]["floor"] if charts else 0,
        }

    def findings(self, _request: "Request") -> View | None:
        """What was found, by check."""
        groups = self.board.once("findings", lambda: found_by_check(self.board.facts.findings))
        waiting = set(self.board.desk.queue.coded("check")[1])
        return "findings.html", {"found": groups, "waiting": waiting}

    def columns(self, _request: "Request") -> View | None:
        """All columns."""
        rows, unseen = self.board.once("columns", lambda: column_table(self.board.facts))
        return "columns.html", {"rows": rows, "unseen": unseen}

    def column(self, request: "Request") -> View | None:
        """One column, by its place: how its values lie, and what was found in it."""
        schema, at = self.board.facts.schema, request.path_params["at"]
        if schema is None or at >= len(schema):
            return None
        name = schema.names[at]
        findings = self.board.facts.findings
        here = findings.filter(pc.equal(findings["column"], name))
        values = {"column": schema.columns[at], "found": found_by_check(here)}
        shape = self.board.once(("shape", name), lambda: column_shape(self.board, name))
        waiting = set(self.board.desk.queue.coded("check")[1])
        return "column.html", values | {"shape": shape, "waiting": waiting}

    def lift(self, _request: "Request") -> View | None:
        """The certificate."""
        return "lift.html", {"proof": self.board.once("lift", lambda: proof(self.board.facts.lift))}

    def versions(self, _request: "Request") -> View | None:
        """Every version."""
        return "versions.html", {"versions": [] if not self.board.facts.has("store") else self._store().log()}

    def difference(self, request: "Request") -> View | None:
        """What lies between two versions."""
        query = request.query_params
        if not self.board.facts.has("store") or not (query.get("a", "").isdecimal() and query.get("b", "").isdecimal()):
            return None
        before, after = int(query["a"]), int(query["b"])
        versions = {version.number: version for version in self._store().log()}
        if before not in versions or after not in versions:
            return None
        size = sum(versions[number].records * versions[number].columns for number in (before, after))
        if size > MAX_COMPARED_CELLS:
            text = f"karat store diff {self.board.run} {before} {after}"
            return "message.html", {"title": f"{before} → {after}", "text": text}
        changed = self.board.once(("diff", before, after), lambda: self._store().diff(before, after))
        rows = changed.slice(0, MAX_DIFFERENCES).to_pylist()
        for row in rows:
            row["before"], row["after"] = (masked(short(row[k])) if row[k] else row[k] for k in ("before", "after"))
        counts = changed.group_by(["column", "action"]).aggregate([("action", "count")]).to_pylist()
        counts.sort(key=lambda count: (-count["action_count"], count["column"] or "", count["action"]))
        values = {"rows": rows, "counts": counts, "total": changed.num_rows}
        return "difference.html", values | {"a": versions[before], "b": versions[after]}

    def _store(self) -> Any:
        from karat.store.versions import Store

        return Store(self.board.run / "store")

    def people(self, _request: "Request") -> View | None:
        """Who did what, and how far people agree."""
        self.board.desk.sync()
        return "people.html", {"people": workers(self.board.desk), "agreement": agreement(self.board.desk)}


def column_shape(board: Board, name: str) -> dict[str, Any] | None:
    """How a column's values lie as they came in, what was found wrong marked; None where the records are not here.

    Returns
    -------
    dict
        ``chart`` for numbers, else ``levels``: text, count, percent of the largest, the part of it found wrong;
        ``said``.
    """
    values = _values(board, name)
    if values is None or not len(values):
        return None
    findings = board.facts.findings
    sure = pc.fill_null(pc.greater_equal(findings["confidence"], SURE), False)
    mine = findings.filter(pc.and_(pc.and_(sure, pc.equal(findings["column"], name)), pc.is_valid(findings["row"])))
    wrong = mine["value"].slice(0, MAX_VALUES)
    numbers = _numbers(values)
    shape: dict[str, Any] = {"chart": "", "levels": [], "said": "", "blank": values.null_count / len(values)}
    if numbers is not None and len(np.unique(numbers)) > MAX_LEVELS // 3:
        low, middle, high = np.percentile(numbers, [0, 50, 100])
        marked = _numbers(wrong, strict=False)
        shape["chart"] = histogram(numbers, marked if marked is not None else np.zeros(0))
        shape["said"] = " … ".join(plain(float(end)) for end in (low, middle, high))
        return shape
    return shape | _levels(values, wrong)


def _values(board: Board, name: str) -> pa.ChunkedArray | None:
    """A column's cells as text, of the first records."""
    cells = board.records.column(name, MAX_VALUES)
    return cells if cells is not None and pa.types.is_string(cells.type) else None


def _numbers(values: pa.ChunkedArray, *, strict: bool = True) -> np.ndarray | None:
    """The numbers among the texts; None where fewer than nine in ten are numbers."""
    texts = values.drop_null()
    like = pc.match_substring_regex(texts, r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$")
    if not len(texts) or (strict and (pc.sum(like).as_py() or 0) < 0.9 * len(texts)):
        return None
    numbers: np.ndarray = pc.utf8_trim_whitespace(texts.filter(like)).cast(pa.float64()).to_numpy()
    return numbers[np.isfinite(numbers)]


def _levels(values: pa.ChunkedArray, wrong: pa.ChunkedArray) -> dict[str, Any]:
    counts = pc.value_counts(values.drop_null())
    names, times = counts.field("values"), counts.field("counts").to_numpy(zero_copy_only=False)
    wrong_counts = pc.value_counts(wrong.drop_null())
    places = pc.index_in(wrong_counts.field("values"), names)
    bad = np.zeros(len(times), np.int64)
    known = pc.is_valid(places).to_numpy(zero_copy_only=False)
    bad[pc.drop_null(places).to_numpy()] = wrong_counts.field("counts").to_numpy(zero_copy_only=False)[known]
    order = np.lexsort((np.arange(len(times)), -times))
    rank = np.argsort(order)
    frequent, faulty = order[: MAX_LEVELS // 2].tolist(), order[bad[order] > 0][: MAX_LEVELS // 2].tolist()
    chosen = sorted({*frequent, *faulty}, key=lambda at: int(rank[at]))
    top = max(1, int(times.max(initial=1)))
    levels = [
        {
            "text": short(masked(names[at].as_py()) or "", 60),
            "count": int(times[at]),
            "percent": round(100 * int(times[at]) / top, 2),
            "found": round(100 * min(int(bad[at]), int(times[at])) / top, 2),
            "wrong": bool(2 * bad[at] >= times[at]),
        }
        for at in chosen
    ]
    return {"levels": levels, "said": f"{len(times):,}", "different": len(times)}
