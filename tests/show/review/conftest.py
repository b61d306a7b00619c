"""A small run folder with a case of every kind, hostile texts in it, and a client that talks to the page."""

import asyncio
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.finding import Dimension, findings
from karat.core.patch import no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow.review import REVIEW

EVIL = "<script>alert(1)</script>"
SCHEMA = Schema(
    (
        Column("age", Role.NUMBER, "int64"),
        Column(EVIL, Role.CATEGORY),
        Column("评论", Role.TEXT),
        Column("pic", Role.IMAGE, "binary"),
        Column("y", Role.TARGET),
    ),
    task="classification",
)
PNG = b"\x89PNG\r\n\x1a\n" + b"not much of a picture"


def records() -> pa.Table:
    """Forty records; the last is nearly the first."""
    return pa.table(
        {
            "age": [str(20 + k % 30) for k in range(39)] + ["20"],
            EVIL: ["a", "b"] * 20,
            "评论": [f"味道不错 {k} {EVIL}" for k in range(39)] + [f"味道不错 0 {EVIL}"],
            "pic": pa.array([PNG, b"<html>no</html>"] * 20, pa.binary()),
            "y": ["n", "p", "n", "n"] * 10,
        }
    )


def case(
    row: int, column: str | None, check: str, value: str | None, suggestion: str | None, **more: Any
) -> dict[str, Any]:
    """A row of ``review.parquet``."""
    held = {"row": row, "column": column, "check": check, "action": "set", "value": value, "suggestion": suggestion}
    return held | {"confidence": 0.9, "message": f"evidence {row} {EVIL}"} | more


CASES = [
    case(1, "y", "SuspectLabels", "p", "n", confidence=0.95),
    case(2, "y", "SuspectLabels", "n", "p", confidence=0.8),
    *(case(k, "age", "OutOfRange", "300", "30", confidence=0.9) for k in (4, 5, 6)),
    case(7, EVIL, "UnusualSpelling", "b", None, confidence=0.6),
    case(7, EVIL, "CodePatterns", "b", "a", confidence=0.7, message="second opinion"),
    case(8, None, "ConflictingLabels", None, None, action="drop"),
    case(39, None, "NearDuplicateRecords", "0", None, confidence=0.7),
]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder as ``karat clean`` leaves it, with a case of each kind."""
    folder = tmp_path / "run"
    collect = folder / ".work" / "0123" / "collect"
    collect.mkdir(parents=True)
    table = records().add_column(0, "_row", pa.array(np.arange(40)))
    with pa.ipc.new_file(str(collect / "raw.arrow"), table.schema) as writer:
        writer.write_table(table.combine_chunks())
    for place in (folder, collect):
        (place / "schema.json").write_text(json.dumps(SCHEMA.to_json()))
    pq.write_table(pa.Table.from_pylist(CASES, schema=REVIEW), folder / "review.parquet")
    found = findings(
        "OutOfRange", Dimension.ACCURACY, 3, row=[4, 5, 6], column="age", value="300", confidence=0.9, message="far off"
    )
    pq.write_table(found, folder / "findings.parquet")
    pq.write_table(no_changes(), folder / "ledger.parquet")
    votes = {
        "item": ["i1", "i2", "i3"],
        "label": ["好", "坏", "好"],
        "confidence": [0.55, 0.7, 0.99],
        "votes": [4, 2, 9],
    }
    pq.write_table(pa.table(votes), folder / "labels.parquet")
    pq.write_table(pa.table({"item": ["i1", "i2"], "text": [f"一段文字 {EVIL}", "b"]}), folder / "items.parquet")
    (folder / "ask.csv").write_text("row,column,value\n10,age,30\n10,y,n\n11,age,31\n")
    (folder / "run.json").write_text(json.dumps({"name": EVIL, "rooms": {}}))
    (folder / "accounting.json").write_text(json.dumps({"in": 40, "kept": 40, "removed": {}, "quarantined": 0}))
    return folder


class Client:
    """Talks to the page as a browser would, without one."""

    def __init__(self, app: Any, cookies: dict[str, str]) -> None:
        self.app, self.cookies = app, cookies

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
        """One request, redirects not followed."""
        import httpx

        async def asked() -> Any:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8470", cookies=self.cookies
            ) as web:
                told = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                body = urlencode(form) if form is not None else None
                return await web.request(method, path, content=body, headers=told | named)

        return asyncio.run(asked())

    def get(self, path: str, **headers: str) -> Any:
        """A page."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, **form: str) -> Any:
        """A form, sent as htmx sends it."""
        return self.ask("POST", path, form, hx_request="true")


@pytest.fixture
def client(run: Path) -> Callable[..., Client]:
    """Makes clients of one page; ``who`` signs in."""
    pytest.importorskip("starlette")
    pytest.importorskip("httpx")
    from karat.show.review.app import application
    from karat.show.review.session import Board

    board = Board(run)
    app = application(board, "token", ("127.0.0.1:8470",))

    def made(who: str = "anna", **cookies: str) -> Client:
        held = {"karat_review_8470": "token"} | ({"karat_who": who} if who else {}) | cookies
        client_ = Client(app, held)
        client_.board = board
        return client_

    return made


@pytest.fixture
def picture() -> bytes:
    """A real picture."""
    image = pytest.importorskip("PIL.Image").new("RGB", (3, 3), (255, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
