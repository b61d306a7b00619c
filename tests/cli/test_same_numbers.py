"""One set of numbers: terminal, report, ten lines, review page and ``--json`` count the same things alike."""

import asyncio
import json
import re
from html import unescape
from pathlib import Path

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from karat.cli import commands  # noqa: F401 - registers the commands
from karat.cli.app import app
from karat.show.review.app import application
from karat.show.review.session import Board

TOKEN = "t"
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def messy(tmp_path_factory) -> Path:
    """Two hundred records with slips, blanks, repeats and doubtful labels at known places."""
    rng = np.random.default_rng(0)
    lines = ["id,name,city,age,joined,income,churn"]
    for k in range(200):
        age = int(rng.integers(18, 80))
        city = ("Berlin", "Hamburg", "Munich")[int(rng.integers(3))] + (" " if k % 40 == 3 else "")
        income = f"{rng.lognormal(10, 0.4):.2f}" if k % 50 else "N/A"
        day = f"2020-{int(rng.integers(1, 13)):02d}-{int(rng.integers(1, 28)):02d}" if k % 60 else "13/14/2020"
        lines.append(
            f"K{k:04d},Person {k},{city},{999 if k == 9 else age},{day},{income},{'yes' if age + rng.normal(0, 15) < 45 else 'no'}"
        )
        lines += [lines[-1]] if k % 70 == 5 else []
    path = tmp_path_factory.mktemp("messy") / "messy.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def told(messy: Path, tmp_path_factory) -> dict[str, str]:
    """What each of the four says of the same run."""
    out = tmp_path_factory.mktemp("run") / "r"
    arguments = ["clean", str(messy), "--target", "churn", "--out", str(out)]
    terminal = CliRunner().invoke(app, arguments)
    again = CliRunner().invoke(app, [*arguments, "--json"])
    assert (terminal.exit_code, again.exit_code) == (0, 0), (terminal.exception, again.exception)
    return {
        "folder": str(out),
        "terminal": terminal.stdout,
        "json": again.stdout,
        "report": _text((out / "report.html").read_text(encoding="utf-8")),
        "markdown": (out / "report.md").read_text(encoding="utf-8"),
        "review": _review(out),
    }


def _text(page: str) -> str:
    visible = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


def _review(out: Path) -> str:
    board = Board(out)
    page = application(board, TOKEN, ("127.0.0.1:8470",))

    async def asked() -> str:
        transport = httpx.ASGITransport(app=page)
        cookies = {"karat_token": TOKEN, "karat_who": "A", "karat_language": "en"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470", cookies=cookies) as web:
            return _text((await web.get(f"/?token={TOKEN}", follow_redirects=True)).text)

    try:
        return asyncio.run(asked())
    finally:
        board.close()


def test_the_numbers_are_those_of_the_files(told: dict[str, str]) -> None:
    numbers = json.loads(told["json"])["numbers"]
    folder = Path(told["folder"])
    findings, ledger = pq.read_table(folder / "findings.parquet"), pq.read_table(folder / "ledger.parquet")
    sure = sum(confidence >= 0.5 for confidence in findings["confidence"].to_pylist())
    actions = ledger["action"].to_pylist()
    review = pq.read_table(folder / "review.parquet")
    cases = set(zip(review["row"].to_pylist(), review["column"].to_pylist(), strict=True))
    assert numbers["found"] == sure
    assert numbers["suspicious"] == findings.num_rows - sure
    assert numbers["cells"] == sum(action in ("set", "edit") for action in actions)
    assert numbers["removed"] == sum(action == "drop" for action in actions)
    assert numbers["waiting"] == len(cases)
    assert min(numbers[name] for name in ("found", "cells", "removed", "waiting")) > 0, "nothing is compared"


def test_every_place_shows_them(told: dict[str, str]) -> None:
    numbers = json.loads(told["json"])["numbers"]
    found, cells, removed, cases = (numbers[name] for name in ("found", "cells", "removed", "waiting"))
    line = re.search(r"result +(.*)", told["terminal"])
    assert line
    assert line[1].startswith(f"{found} findings · {cells} cells fixed · {removed} ")
    assert re.search(rf"\b{cases} cases? needs? review", line[1])
    report = told["report"]
    assert f"{cells} cells fixed, {removed} record" in report
    assert f"{found} findings in {numbers['in']} records. {cases} case" in report
    assert f"What was fixed {cells} cells" in report
    assert f"What needs you {cases} case" in report
    assert f"{found} findings from {numbers['checks']} checks" in report
    assert re.search(rf"\b{cases} cases? needs? review", told["review"])
    assert f"{found} findings in" in told["markdown"]
    assert json.loads(told["json"])["rooms"]["clean"]["findings"] == found
    assert json.loads(told["json"])["rooms"]["clean"]["waiting"] == cases


def test_the_lines_of_the_table_stand_for_every_finding(told: dict[str, str]) -> None:
    numbers = json.loads(told["json"])["numbers"]
    page = (Path(told["folder"]) / "report.html").read_text(encoding="utf-8")
    body = page[page.index('<table class="finds"') :]
    rows = re.findall(r"<tr data-check=.*?</tr>", body[: body.index("</table>")], re.DOTALL)
    times = [int(m[1].replace(",", "")) if (m := re.search(r"× ([\d,]+)<", row)) else 1 for row in rows]
    assert sum(times) == numbers["found"] + numbers["suspicious"]
