"""The emitted code gives the same table as the ledger, and runs where Karat cannot be imported."""

import csv
import inspect
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from karat.clean.by_example import operations
from karat.clean.by_example.rules import CODE, AnsweredExample, learn_rules, rule_findings
from karat.core.block import Block
from karat.core.patch import LEDGER, apply, no_changes
from karat.core.schema import Column, Role, Schema
from karat.deploy.emit_code import CellRules, emit_python, emit_sql

BLOCKED = """
import runpy, sys
sys.modules["karat"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
SCHEMA = Schema((Column("城市", Role.CATEGORY), Column('a "b"', Role.TEXT), Column("n", Role.NUMBER, "int64")))
ROWS = [
    ["北京", "it's\nfine", "1"],
    ["NULL", "x", "2"],
    ["NULL", None, "3"],
    ["beijing", "\\n{}", "4"],
    ["上海", 'say "hi"', "5"],
    [None, "—", "1,000"],
    ["NULL", "x,y;z", "7"],
    ["x", "8\u2028 8", "x"],
]


def _ledger() -> pa.Table:
    def line(row: int, column: str | None, action: str, before: str | None = None, after: str | None = None) -> dict:
        return dict.fromkeys(LEDGER.names) | {
            "row": row,
            "column": column,
            "action": action,
            "before": before,
            "after": after,
            "check": "Some",
            "who": "karat",
        }

    return pa.Table.from_pylist(
        [
            line(1, "城市", "set", "NULL", None),
            line(2, "城市", "set", "NULL", None),
            line(3, "城市", "set", "beijing", "北京"),
            line(5, "城市", "set", None, "O'Hare"),
            line(5, "n", "edit", "1,000", "1000"),
            line(5, "n", "set", "1000", "1e3"),
            line(0, 'a "b"', "set", "it's\nfine", "it's"),
            line(3, 'a "b"', "set", "\\n{}", "\\t'{}"),
            line(7, "n", "set", "x", "9"),
            line(7, None, "drop", "{}"),
            line(2, 'a "b"', "set", None, "NULL"),
        ],
        schema=LEDGER,
    )


def _table() -> pa.Table:
    return pa.table({name: pa.array([row[at] for row in ROWS], pa.string()) for at, name in enumerate(SCHEMA.names)})


def _expected() -> list[list[str | int]]:
    table, rows = apply(_table(), np.arange(len(ROWS)), _ledger())
    records = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [[*(cell or "" for cell in record), int(row)] for record, row in zip(records, rows, strict=True)]


def _run(tmp_path: Path, code: str, delimiter: str, encoding: str, rows: list[list[str | None]]) -> tuple[int, str]:
    script, source, target = tmp_path / "repairs.py", tmp_path / "in.csv", tmp_path / "out.csv"
    script.write_text(code, encoding="utf-8")
    with source.open("w", newline="", encoding=encoding) as out:
        csv.writer(out, delimiter=delimiter).writerows([SCHEMA.names, *rows])
    done = subprocess.run(
        [sys.executable, "-I", "-c", BLOCKED, str(script), str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_python_gives_the_same_table(tmp_path: Path) -> None:
    broken: list[list[str | None]] = [*ROWS[:2], ["a", "line", "too", "long"], *ROWS[2:]]
    for delimiter, encoding in ((",", "utf-8"), (";", "gb18030"), ("\t", "utf-16")):
        assert _run(tmp_path, emit_python(_ledger(), SCHEMA), delimiter, encoding, broken) == (0, "")
        with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as held:
            found = list(csv.reader(held))
        assert found[0] == [*SCHEMA.names, "_row"]
        assert found[1:] == [[str(cell) for cell in record] for record in _expected()]


def test_python_refuses_another_file(tmp_path: Path) -> None:
    status, said = _run(tmp_path, emit_python(_ledger(), SCHEMA), ",", "utf-8", ROWS[1:])
    assert status == 1
    assert "not the file" in said


def test_sql_gives_the_same_table() -> None:
    with duckdb.connect() as db:
        db.register("source", _table().append_column("_row", pa.array(np.arange(len(ROWS)))))
        db.execute('CREATE TABLE "my table" AS SELECT * FROM source')
        db.execute(emit_sql(_ledger(), SCHEMA, "my table"))
        found = db.execute('SELECT * FROM "my table" ORDER BY _row').fetchall()
    assert [[cell if cell is not None else "" for cell in record] for record in found] == _expected()


def test_repeated_repairs_are_written_once() -> None:
    for code in (emit_sql(_ledger(), SCHEMA, "t"), emit_python(_ledger(), SCHEMA)):
        assert code.count("'NULL'") == 2  # the rule for the city, and one blank text that became NULL


def test_no_repairs(tmp_path: Path) -> None:
    assert _run(tmp_path, emit_python(no_changes(), SCHEMA), ",", "utf-8", ROWS)[0] == 0
    with duckdb.connect() as db:
        db.execute(emit_sql(no_changes(), SCHEMA, "t"))


def test_learned_rules_are_functions_that_agree_with_the_ledger(tmp_path: Path) -> None:
    schema = Schema((Column("day", Role.CATEGORY), Column("code", Role.CATEGORY)))
    days = [f"{day:02d}/{day % 12 + 1:02d}/2021" for day in range(1, 29)]
    codes = [str(day * 5) for day in range(1, 29)]
    block = Block(np.arange(28), pa.table({"day": days, "code": codes}), schema)
    examples = []
    for at in range(10):
        day, month, year = days[at].split("/")
        record = {"day": days[at], "code": codes[at]}
        examples += [
            AnsweredExample(record, "day", f"{year}-{month}-{day}"),
            AnsweredExample(record, "code", codes[at].zfill(4)),
        ]
    rules = learn_rules(examples, {"day": days, "code": codes})
    found = rule_findings(rules, block)
    assert found.num_rows == 2 * 28
    ledger = pa.Table.from_pylist(
        [
            dict.fromkeys(LEDGER.names)
            | {"row": f["row"], "column": f["column"], "action": "set", "before": f["value"], "after": f["suggestion"]}
            | {"check": CODE}
            for f in found.to_pylist()
            if f["row"] >= 10
        ],
        schema=LEDGER,
    )
    functions = tuple((rule.column, rule.code(f"rule_{at}")) for at, rule in enumerate(rules, 1))
    code = emit_python(ledger, schema, CellRules(CODE, inspect.getsource(operations), functions, tuple(range(10))))
    assert "REPAIRS = [\n]" in code
    (tmp_path / "repairs.py").write_text(code, encoding="utf-8")
    with (tmp_path / "in.csv").open("w", newline="") as out:
        csv.writer(out).writerows([schema.names, *zip(days, codes, strict=True)])

    def run(*options: str) -> list[list[str]]:
        command = [sys.executable, "-c", BLOCKED, "repairs.py", *options, "in.csv", "out.csv"]
        subprocess.run(command, cwd=tmp_path, check=True)
        with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as done:
            return list(csv.reader(done))[1:]

    table, _ = apply(block.table, block.rows, ledger)
    wanted = [list(pair) for pair in zip(table["day"].to_pylist(), table["code"].to_pylist(), strict=True)]
    assert [line[:2] for line in run()] == wanted
    assert run("--rules")[0] == ["2021-02-01", "0005", "0"]
