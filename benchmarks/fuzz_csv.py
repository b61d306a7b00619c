"""Reads thousands of mangled CSV files and counts: kept + quarantined must be what was written, to the letter.

    python benchmarks/fuzz_csv.py [FILES] [FIRST_SEED]

Every file is made from its seed: encoding, delimiter, quoting, line ends, width, cells with delimiters, quotes, line
breaks, Chinese and huge texts; then some records are spoilt, each in one way. A file passes when no error is raised,
kept + quarantined = records written, every whole record is kept with its exact cells in order, and the raw bytes in
quarantine are those that stand in the file at the offset given.
"""

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from karat.collect.read import open_data
from karat.core.errors import KaratError

LATIN = (
    "alpha",
    "beta gamma",
    "x1",
    "3.14",
    "-7",
    "2024-03-05",
    "N/A",
    "null",
    "he said hi",
    "  padded ",
    "O'Brien",
    "50%",
)
HAN = (
    "北京市朝阳区",
    "上海的公司在这里",
    "我们都是好人",
    "中国人民银行",
    "今天天气很好",
    "这个产品的质量不错",
    "没有问题，谢谢",
)
TRADITIONAL = ("臺北市的公司", "我們都是好人", "這個產品的質量不錯", "沒有問題，謝謝", "今天天氣很好", "中華民國")
ACCENTS = ("café crème", "Müller straße", "señor niño", "garçon", "Ångström", "déjà vu")
ENCODINGS = {
    "utf-8": LATIN + HAN + ACCENTS,
    "utf-8-sig": LATIN + HAN,
    "gb18030": LATIN + HAN,
    "gbk": LATIN + HAN,
    "big5": LATIN + TRADITIONAL,
    "utf-16": LATIN + HAN + ACCENTS,
    "latin-1": LATIN + ACCENTS,
}
SPOILS = ("short", "long", "after quote", "unclosed", "bytes", "nul", "blank line", "stray quote")


@dataclass
class Mangled:
    """One file, and what must come back from it."""

    data: bytes
    records: int
    whole: list[list[str | None]]
    encoding: str
    spoilt: Counter[str]


def mangle(seed: int) -> Mangled:
    """The file of a seed."""
    dice = Random(seed)
    encoding = dice.choice(list(ENCODINGS))
    words, delimiter, newline = ENCODINGS[encoding], dice.choice(",;\t|"), dice.choice(("\n", "\r\n"))
    width, count = dice.choice((2, 3, 5, 12, 40)), dice.choice((12, 60, 200))
    rate, codec = dice.choice((0.0, 0.03, 0.12)), "utf-16-le" if encoding == "utf-16" else encoding.removesuffix("-sig")
    mark = {"utf-16": b"\xff\xfe", "utf-8-sig": b"\xef\xbb\xbf"}.get(encoding, b"")
    data = [mark, (delimiter.join(f"name{i}" for i in range(width)) + newline).encode(codec)]
    whole: list[list[str | None]] = []
    spoilt: Counter[str] = Counter()
    for at in range(count):
        cells = [_cell(dice, words, delimiter) for _ in range(width)]
        spoil = dice.choice(SPOILS) if at > 5 and dice.random() < rate else ""
        if spoil in ("after quote", "unclosed", "stray quote", "bytes", "nul"):
            cells = [cell.replace("\n", " ").replace('"', "'") for cell in cells]  # one spoilt record stays one line
        line, kept = _spoilt(dice, spoil, cells, delimiter, codec, newline)
        spoilt[spoil or "none"] += 1
        data.append(line)
        if kept is not None:
            whole.append([cell or None for cell in kept])
    return Mangled(b"".join(data), count, whole, encoding, spoilt)


def _cell(dice: Random, words: tuple[str, ...], delimiter: str) -> str:
    roll = dice.random()
    word = dice.choice(words)
    if roll < 0.1:
        return ""
    if roll < 0.2:
        return word + delimiter + dice.choice(words)
    if roll < 0.25:
        return f'{word} "{dice.choice(words)}" end'
    if roll < 0.28:
        return word + "\n" + dice.choice(words)
    if roll < 0.2803:
        return word * 30_000
    return word


def _quoted(dice: Random, cell: str, delimiter: str) -> str:
    if any(mark in cell for mark in (delimiter, '"', "\n")) or dice.random() < 0.2:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _spoilt(
    dice: Random, spoil: str, cells: list[str], delimiter: str, codec: str, newline: str
) -> tuple[bytes, list[str] | None]:
    written = [_quoted(dice, cell, delimiter) for cell in cells]
    at = dice.randrange(len(cells))
    kept: list[str] | None = None
    odd = b""
    match spoil:
        case "short":
            written = written[:-1] if len(written) > 2 else [written[0] or "x"]
        case "long":
            written.append("more")
        case "after quote":
            written[at] = '"quoted"text'
        case "unclosed":
            written[at] = '"never closed'
        case "bytes":
            odd = b"\x00\xd8" if codec.startswith("utf-16") else b"\xff\xff"
            kept = cells if codec == "latin-1" else None
            written[0], cells[0] = "z", "z"
        case "nul":
            written[at] = "a\x00b"
        case "stray quote":
            written[at] = cells[at] = '5" pipe'
            kept = cells
        case "blank line":
            kept = cells
        case _:
            kept = cells
    if kept is not None and codec == "latin-1" and odd:
        kept = ["ÿÿz", *kept[1:]]
    line = odd + (delimiter.join(written) + newline).encode(codec)
    return (newline.encode(codec) + line if spoil == "blank line" else line), kept


def check(path: Path, wanted: Mangled) -> str:
    """What is wrong with the reading of a file, "" when nothing is."""
    path.write_bytes(wanted.data)
    try:
        reading = open_data(path)
        rows = [list(row.values()) for batch in reading.batches() for row in batch.to_pylist()]
    except KaratError as error:
        return f"refused: {error}"
    total = len(rows) + len(reading.quarantine)
    if total != wanted.records:
        return f"{len(rows)} kept + {len(reading.quarantine)} quarantined, {wanted.records} written"
    if rows != wanted.whole:
        return "other cells"
    for entry in reading.quarantine:
        if wanted.data[entry["offset"] : entry["offset"] + entry["length"]] != entry["raw"]:
            return "other raw bytes"
    return ""


def main() -> int:
    """Run all seeds; 1 when a file failed."""
    files, first = (
        (int(word) for word in [*sys.argv[1:], "2000", "0"][:2]) if len(sys.argv) != 2 else (int(sys.argv[1]), 0)
    )
    failures: Counter[str] = Counter()
    spoilt: Counter[str] = Counter()
    records = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + files):
            wanted = mangle(seed)
            records += wanted.records
            spoilt += wanted.spoilt
            wrong = check(Path(folder) / "mangled.csv", wanted)
            if wrong:
                failures[
                    wrong.split(":")[0] if wrong.startswith("refused") else wrong[:40] if "cells" in wrong else "counts"
                ] += 1
                print(f"seed {seed} ({wanted.encoding}): {wrong}")
    print(f"{files} files, {records} records, spoilt: {dict(spoilt.most_common())}")
    print(f"passed {files - sum(failures.values())} of {files}; {dict(failures)}")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
