"""Inputs for ``fuzz_files.py``: sound files, mangled in known places, and what must still be right of them.

A ``Case`` is a command and a check of what it left. A file is mangled in its bytes (cut, changed, repeated, inserted, a
length blown up), in its second half alone two times in three, or in single cells of a sound file: wild texts, numbers
and nesting. What was not mangled must be read cell by cell as it stands.
"""

import io
import json
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

Rows = list[dict[str, Any]]
LENGTHS = (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x00\x00\x00\x00", b"\xed\xa0\x80", b"\xe9")
WORDS = ["plain", "ünï", "中文", "a,b", 'say "x"', "NA", "two\nlines"]
WILD_TEXTS = [
    "\x00",
    "\ud800",
    "=1+1",
    "9" * 400,
    "a" * 5_000,
    "\u202e",
    "'; drop",
    "\r",
    "-1e999",
    "[[[[",
    "{}",
    "💥" * 9,
]
WILD_NUMBERS = [float("nan"), float("inf"), -0.0, 1e308, 2**63, -(2**63), 10**30, 1e-320]
TABLES = ("csv", "json", "jsonl", "parquet", "arrow", "feather", "xlsx", "sqlite", "duckdb")
FORMATS = (*TABLES, "png", "jpg", "zip", "warc", "toml", "answers", "votes", "contract", "run")
COLUMNS = ("id", "amount", "word", "flag")


@dataclass
class Case:
    """One input: a command (without ``--out``), and what is wrong with what it left, "" where nothing is."""

    command: list[str]
    check: Callable[[Path], str] = lambda _run: ""


def records(chance: random.Random) -> Rows:
    """Records of a small table."""
    return [
        {
            "id": at,
            "amount": round(chance.gauss(5, 2), 3),
            "word": chance.choice(WORDS),
            "flag": chance.random() < 0.3,
        }
        for at in range(chance.randint(5, 60))
    ]


def csv_bytes(rows: Rows) -> bytes:
    """As CSV, every word in quotes."""
    lines = [",".join(COLUMNS)]
    for row in rows:
        word = str(row["word"]).replace('"', '""')
        lines.append(f'{row["id"]},{row["amount"]},"{word}",{row["flag"]}')
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def written(form: str, rows: Rows, chance: random.Random, place: Path) -> None:
    """A sound file of a format."""
    sink = io.BytesIO()
    if form == "csv":
        sink.write(csv_bytes(rows))
    elif form in ("json", "jsonl"):
        lines = [json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in rows]
        text = "[" + ",\n".join(lines) + "]" if form == "json" else "\n".join(lines) + "\n"
        sink.write(text.encode("utf-8", "surrogatepass"))
    elif form in ("parquet", "arrow", "feather"):
        table = pa.table({name: pa.array([row[name] for row in rows]) for name in COLUMNS})
        if form == "parquet":
            pq.write_table(table, sink, compression=chance.choice(["snappy", "zstd", "none"]))
        else:
            make = pa.ipc.new_stream if form == "arrow" else pa.ipc.new_file
            coded = table.set_column(2, "word", table["word"].dictionary_encode()) if chance.random() < 0.5 else table
            with make(sink, coded.schema) as writer:
                writer.write_table(coded)
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for row in (list(COLUMNS), *(list(row.values()) for row in rows)):
            book.active.append(row)
        book.save(sink)
    else:
        link = sqlite3.connect(place) if form == "sqlite" else duckdb.connect(str(place))
        kinds = "" if form == "sqlite" else "integer double varchar boolean"
        columns = ", ".join(f"{n} {k}" for n, k in zip(COLUMNS, kinds.split() or [""] * 4, strict=True))
        link.execute(f"create table t({columns})")
        link.executemany("insert into t values (?, ?, ?, ?)", [tuple(row.values()) for row in rows])
        link.commit()
        link.close()
        return
    place.write_bytes(sink.getvalue())


def mangled(data: bytes, chance: random.Random) -> tuple[bytes, int, int]:
    """The bytes with one to eight faults, where the first of them is, and how many."""
    out = bytearray(data)
    low = len(out) // 2 if chance.random() < 2 / 3 else 0
    faults, first = chance.choice([1, 1, 2, 4, 8]), len(out)
    for _ in range(faults):
        at = chance.randrange(low, max(low + 1, len(out)))
        first = min(first, at)
        match chance.randrange(6):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                out[at : at + 1] = bytes([(out[at] if at < len(out) else 0) ^ (1 << chance.randrange(8))])
            case 2:
                wild = chance.choice(LENGTHS)
                out[at : at + len(wild)] = wild
            case 3:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 16)))
            case 4:
                del out[at : at + chance.randint(1, 64)]
            case 5:
                if chance.random() < 0.3:
                    del out[at:]
    return bytes(out), first, faults


def raw(run: Path) -> pa.Table:
    """The records as they were read, as text."""
    (path,) = (run / ".work").glob("*/collect/raw.arrow")
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def same(text: str | None, value: Any) -> bool:
    """Is the text what the value is written as?"""
    if text is None or text == "":
        return value in (None, "") or value != value
    if isinstance(value, bool):
        return text.lower() in (("true", "1") if value else ("false", "0"))
    if isinstance(value, (int, float)):
        try:
            return float(text) == float(value)
        except ValueError:
            return False
    return text.replace("\r\n", "\n") == value


def differing(run: Path, rows: Rows, *, but: set[tuple[int, str]] = frozenset(), upto: int | None = None) -> str:
    """The first cell, of those that were not mangled, that was not read as it stands."""
    if upto == 0:
        return ""  # the first fault may stand in the header
    table = raw(run)
    if not set(table.column_names) >= {"_row", *COLUMNS}:  # a mangled key of JSON is one column more
        return f"columns {table.column_names}"
    count, at, wild = len(rows) if upto is None else upto, 0, {row for row, _ in but}
    texts = {name: table[name].to_pylist() for name in COLUMNS}
    for row in range(count):
        wrong = [
            n for n in COLUMNS if (row, n) not in but and (at == table.num_rows or not same(texts[n][at], rows[row][n]))
        ]
        if wrong and row not in wild:
            seen = {n: texts[n][at] for n in wrong} if at < table.num_rows else "nothing"
            return f"record {row} of {count}: {seen!r} for {[rows[row][n] for n in wrong]!r}"
        at += not wrong  # a record with a wild cell may be in quarantine
    return ""


def columns_differing(run: Path, rows: Rows, faults: int) -> str:
    """A fault in a file of columns spoils one of them at most."""
    table = raw(run)
    if table.num_rows != len(rows) or set(table.column_names) != {"_row", *COLUMNS}:
        return ""  # a fault in what describes the file
    wrong = [n for n in COLUMNS if not all(map(same, table[n].to_pylist(), [row[n] for row in rows]))]
    return f"{faults} faults, but {wrong} differ" if len(wrong) > faults else ""


def wild_cells(rows: Rows, form: str, chance: random.Random) -> set[tuple[int, str]]:
    """Make some cells of some records wild, in place; which."""
    cells: set[tuple[int, str]] = set()
    for _ in range(chance.choice([1, 2, 5])):
        at, name = chance.randrange(len(rows)), chance.choice(COLUMNS[1:3] if form not in ("csv", "jsonl") else COLUMNS)
        typed = form in ("parquet", "arrow", "feather", "duckdb", "xlsx")
        value = chance.choice(WILD_TEXTS if name == "word" or (not typed and chance.random() < 0.5) else WILD_NUMBERS)
        if typed and isinstance(value, int):
            value = float(value)
        if form in ("parquet", "arrow", "feather", "duckdb", "xlsx", "sqlite") and isinstance(value, str):
            value = "".join(c for c in value if not 0xD800 <= ord(c) < 0xE000)
            value = value.replace("\x00", "").replace("\r", "") if form == "xlsx" else value
        if form in ("sqlite", "xlsx") and isinstance(value, (int, float)):
            value = 7e250 if form == "sqlite" else 7.5
        if form in ("json", "jsonl") and chance.random() < 0.3:
            value = chance.choice([None, [1, [2, {"a": None}]], {"a": {"b": "c"}}, "x"])
        rows[at][name] = value
        cells.add((at, name))
    return cells


def table_case(form: str, chance: random.Random, folder: Path) -> Case:
    """A table in one file."""
    rows, place = records(chance), folder / f"t.{form}"
    if chance.random() < 0.55:
        cells = wild_cells(rows, form, chance)
        written(form, rows, chance, place)
        return Case(
            ["assess", str(place), "--kind", "table"],
            lambda run: differing(run, rows, but=cells) or lost(run, len(rows)),
        )
    written(form, rows, chance, place)
    data = place.read_bytes()
    bad, first, faults = mangled(data, chance)
    place.write_bytes(bad)
    command = ["assess", str(place), "--kind", "table"]
    if form in ("parquet", "arrow", "feather"):
        return Case(command, lambda run: columns_differing(run, rows, faults))
    if form in ("csv", "jsonl"):
        sound = _sound(form, data, bad, first, rows)
        return Case(command, lambda run: differing(run, rows, upto=sound))
    return Case(command)


def _sound(form: str, data: bytes, bad: bytes, first: int, rows: Rows) -> int:
    """How many records stand whole before the first fault."""
    ends, at = [], 0
    for row in rows:
        size = len(csv_bytes([row])) - len(",".join(COLUMNS)) - 1 if form == "csv" else data.index(b"\n", at) + 1 - at
        at += size
        ends.append(at + (len(",".join(COLUMNS)) + 1 if form == "csv" else 0))
    return sum(end <= first for end in ends) if data[:first] == bad[:first] else 0


def lost(run: Path, count: int) -> str:
    """Are all records of a sound file accounted for?"""
    books = json.loads((run / "accounting.json").read_text())
    return "" if books["in"] == count else f"{books['in']} records in, {count} in the file"


def picture(form: str, chance: random.Random) -> bytes:
    """A small picture."""
    pixels = np.random.default_rng(chance.randint(0, 1 << 30)).integers(0, 255, (24, 24, 3), np.uint8)
    sink = io.BytesIO()
    Image.fromarray(pixels).save(sink, "PNG" if form == "png" else "JPEG")
    return sink.getvalue()


def pictures_case(form: str, chance: random.Random, folder: Path) -> Case:
    """A folder, or a zip file, of pictures in two sub-folders; some of them are mangled."""
    files, sound = {}, set()
    for at in range(8):
        name, data = (
            f"{'ab'[at % 2]}/{at}.{'png' if form == 'zip' else form}",
            picture("png" if form == "zip" else form, chance),
        )
        broken = at % 4 == 3
        files[name] = mangled(data, chance)[0] if broken else data
        sound |= set() if broken else {name}
    place = folder / "pictures"
    if form == "zip":
        place = folder / "t.zip"
        with zipfile.ZipFile(place, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        if chance.random() < 0.4:
            place.write_bytes(mangled(place.read_bytes(), chance)[0])
            return Case(["assess", str(place)])
    else:
        for name, data in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)

    def check(run: Path) -> str:
        table = raw(run)
        seen = {
            path[-len("a/0.png") :]: label
            for path, label in zip(*(table[n].to_pylist() for n in ("path", "label")), strict=True)
        }
        wrong = [name for name in sound if seen.get(name) != name[0]]
        return f"sound pictures {wrong} are not there" if wrong else ""

    return Case(["assess", str(place)], check)


def warc_case(chance: random.Random, folder: Path) -> Case:
    """A web archive of plain texts, mangled from some record on."""
    texts = [
        " ".join(
            chance.choices(
                ["the", "river", "and", "a", "house", "of", "wood", "is", "not", "far", "from", "here"], k=40
            )
        )
        for _ in range(9)
    ]
    parts = []
    for at, text in enumerate(texts):
        body = text.encode()
        head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.org/{at}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        head += (
            f"WARC-Record-ID: <urn:uuid:{at:032x}>\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        parts.append(head.encode() + body + b"\r\n\r\n")
    bad, first, _ = mangled(b"".join(parts), chance)
    place = folder / "t.warc"
    place.write_bytes(bad)
    ends = np.cumsum([len(part) for part in parts])
    sound = [text for text, end in zip(texts, ends, strict=True) if end <= first]

    def check(run: Path) -> str:
        tables = [
            pa.ipc.open_file(str(p)).read_all() for p in sorted((run / ".work").glob("pieces-*/*/documents.arrow"))
        ]
        there = [text for table in tables for text in table["text"].to_pylist()]
        return "" if there[: len(sound)] == sound else f"{len(sound)} sound texts are not the first of {len(there)}"

    return Case(["assess", str(place), "--kind", "text"], check)


def beside_case(form: str, chance: random.Random, folder: Path) -> Case:
    """A sound table, and beside it a mangled specification, contract, or file of answers."""
    rows, place = records(chance), folder / "t.csv"
    place.write_bytes(csv_bytes(rows))
    if form == "toml":
        text = f'seed = 3\n[collect]\ndata = "{place}"\ntarget = "flag"\n[clean]\nignore = ["OutOfRange"]\n'.encode()
    elif form == "answers":
        text = b"row,column,value\n0,word,plain\n1,amount,5.0\n2,,\n"
    else:
        text = CONTRACT
    beside = folder / {"toml": "spec.toml", "answers": "answers.csv", "contract": "contract.yaml"}[form]
    beside.write_bytes(mangled(text, chance)[0] if chance.random() < 0.7 else edited(text, chance))
    option = {
        "answers": ["clean", str(place), "--answers", str(beside)],
        "contract": ["assess", str(place), "--contract", str(beside)],
    }
    return Case(option.get(form, ["assess", str(beside)]), lambda run: differing(run, rows))


def edited(text: bytes, chance: random.Random) -> bytes:
    """A text of which a word or a number is another one: still well formed, most of the time."""
    words = [word for word in (b"3", b"5.0", b"plain", b"word", b"flag", b"string", b"true", b"2") if word in text]
    new = chance.choice([b"0", b"-1", b"zz", b"1e99", b"", b"[1]", b"99999999999999999999", "中".encode()])
    return text.replace(chance.choice(words), new, 1) if words else text


CONTRACT = b"""apiVersion: v3.0.2
kind: DataContract
id: t
name: t
version: 1.0.0
status: active
schema:
  - name: t
    physicalType: table
    properties:
      - name: id
        logicalType: integer
        required: true
        unique: true
        logicalTypeOptions: {minimum: 0}
      - name: amount
        logicalType: number
        logicalTypeOptions: {minimum: -100, maximum: 100}
      - name: word
        logicalType: string
        logicalTypeOptions: {maxLength: 9000}
"""


def votes_case(chance: random.Random, folder: Path) -> Case:
    """A file of votes, mangled from some line on."""
    lines = ["item,voter,label"] + [
        f"i{at // 3},v{at % 3},{chance.choice(['cat', 'dog'])}" for at in range(3 * chance.randint(4, 20))
    ]
    bad, first, _ = mangled(("\n".join(lines) + "\n").encode(), chance)
    place = folder / "votes.csv"
    place.write_bytes(bad)
    ends = np.cumsum([len(line) + 1 for line in lines])
    whole = [line.split(",")[0] for line, end in zip(lines[1:], ends[1:], strict=True) if end <= first]

    def check(run: Path) -> str:
        table = pq.read_table(run / "labels.parquet")
        seen = dict(zip(table["item"].to_pylist(), table["votes"].to_pylist(), strict=True))
        wrong = [item for item in set(whole) if seen.get(item, 0) < whole.count(item)]
        return f"votes on {wrong} were lost" if wrong else ""

    return Case(["label", str(place)], check)


def run_case(chance: random.Random, folder: Path, sound: Path) -> Case:
    """A run folder with one file mangled."""
    run = folder / "run"
    shutil.copytree(sound, run)
    files = sorted(path for path in run.rglob("*") if path.is_file() and path.stat().st_size)
    path = chance.choice(files)
    data = path.read_bytes()
    path.write_bytes(mangled(data, chance)[0])
    path = run / path.relative_to(run)
    altered = path.read_bytes() != data
    more = folder / "more.csv"
    more.write_bytes(csv_bytes(records(chance)))
    commands = (
        ["verify", str(run)],
        ["why", str(run), "3"],
        ["store", "log", str(run)],
        ["store", "append", str(run), str(more)],
        ["apply", str(run), str(more), "--out", str(folder / "applied")],
        ["store", "diff", str(run), "1", "2"],
        ["label", str(run), "--ask", "3"],
        ["report", str(run)],
    )
    command = chance.choice((commands[0], *commands))

    def check(_run: Path) -> str:
        return f"{path.name} was altered, and verify did not see it" if command[0] == "verify" and altered else ""

    return Case(command, check)


def case(form: str, chance: random.Random, folder: Path, sound: Path) -> Case:
    """An input of a format, written to a folder."""
    if form in TABLES:
        return table_case(form, chance, folder)
    if form in ("png", "jpg", "zip"):
        return pictures_case(form, chance, folder)
    if form == "warc":
        return warc_case(chance, folder)
    if form == "votes":
        return votes_case(chance, folder)
    if form == "run":
        return run_case(chance, folder, sound)
    return beside_case(form, chance, folder)
