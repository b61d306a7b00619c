"""Mangles JSON lines, web archives and packed files, and cleans each as a corpus: no crash, no hang, nothing lost.

``python benchmarks/corpus_fuzz.py [FILES]``
"""

import collections
import gzip
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from karat.core.errors import KaratError
from karat.flow.folder import read_json
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings

SECONDS = 20
HANG = "hang"


def texts() -> list[str]:
    english = "The house of the man was not far from the sea, and he had been there with them for many years. "
    chinese = "他在那里住了很多年，每天早上都去海边散步，然后回家吃饭，看书，写信给他的朋友们。"
    return [(english if at % 3 else chinese) * (at % 7 + 2) + f'{at} \\ " \t é 😀' for at in range(12)]


def seeds() -> dict[str, bytes]:
    lines = b"".join(
        json.dumps({"id": at, "text": text, "tags": [1, None]}, ensure_ascii=at % 2 == 0).encode() + b"\n"
        for at, text in enumerate(texts())
    )
    page = "".join(f"<p>{text}</p>" for text in texts()[:3])
    records = []
    for at in range(5):
        body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><h1>A page {at}</h1>{page}</body></html>".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{at}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{at:032d}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        records.append(head.encode() + body + b"\r\n\r\n")
    warc = b"".join(records)
    table = b"id,text\n" + b"".join(f'{at},"{text}"\n'.replace('\\ "', "").encode() for at, text in enumerate(texts()))
    return {
        "a.jsonl": lines,
        "a.jsonl.gz": gzip.compress(lines, mtime=0),
        "a.jsonl.zst": pa.Codec("zstd").compress(lines, asbytes=True),
        "a.warc": warc,
        "a.warc.gz": b"".join(gzip.compress(record, mtime=0) for record in records),
        "a.csv": table,
    }


def mangled(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(out)) if out else 0
        match chance.randrange(9):
            case 0:
                del out[at:]
            case 1 if out:
                out[at] ^= 1 << chance.randrange(8)
            case 2:
                out[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
            case 3:
                del out[at : at + chance.randrange(1, 400)]
            case 4:
                out[at:at] = chance.choice(
                    (b"\x00", b"\\ud800", b"\xff\xfe", b"\r", b"\n", b'"', b"{", b"}]", b"\xed\xa0\x80", b"\x1a")
                )
            case 5:
                other = chance.randrange(len(out)) if out else 0
                out[at:at] = out[other : other + chance.randrange(1, 300)]
            case 6:
                out[at : at + 40] = chance.choice(texts()).encode("gb18030")[:40]
            case 7:
                out[at:at] = b"1" * chance.choice((1, 30, 400)) + b"e" + b"9" * 5
            case _:
                out[:at] = b""
    return bytes(out)


def alarm(*_: object) -> None:
    raise TimeoutError(HANG)


def judged(path: Path, out: Path) -> str:
    settings = {"workers": 1, "collect": {"kind": "corpus"}, "store": {"versions": False}}
    settings["clean"] = {"identify_languages": False, "allow": []}
    try:
        walk(Job(str(path), out, "assess", made_settings(settings, "fuzz")))
    except KaratError as error:
        return f"refused {path.name}: {error.wanted}, found {error.found}"[:130]
    books = read_json(out / "accounting.json")
    if books["in"] != books["kept"] + sum(books["removed"].values()) + books["quarantined"]:
        return "books do not balance"
    if path.name == "a.jsonl" and plain(path):
        lines = sum(bool(line.strip()) for line in path.read_bytes().split(b"\n"))
        if books["in"] != lines:
            return f"{lines} lines, {books['in']} accounted for"
    return "quarantined some" if books["quarantined"] else "read"


def plain(path: Path) -> bool:
    """Is it read as UTF-8 line by line, so that lines can be counted here too?"""
    data = path.read_bytes()
    return b"\x00" not in data and b"\xff\xfe" not in data and b"\r" not in data and data.lstrip()[:1] == b"{"


def main(files: int) -> None:
    chance, started = random.Random(5), time.perf_counter()
    held, told = seeds(), collections.Counter()
    home = Path(tempfile.mkdtemp(prefix="karat-fuzz-"))
    signal.signal(signal.SIGALRM, alarm)
    slowest = 0.0
    for at in range(files):
        name = chance.choice(sorted(held))
        path = home / name
        path.write_bytes(mangled(held[name], chance))
        begun = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            said = judged(path, home / "out")
        except Exception as error:
            said = f"CRASH {type(error).__name__}: {str(error)[:100]}"
            keep = Path(tempfile.gettempdir()) / "karat-fuzz-kept"
            keep.mkdir(exist_ok=True)
            shutil.copy(path, keep / f"{at}-{name}")
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - begun)
        told[said if said.startswith(("refused", "read", "quar")) else f"{name}: {said}"] += 1
        path.unlink()
        shutil.rmtree(home / "out", ignore_errors=True)
    shutil.rmtree(home)
    print(
        json.dumps({"files": files, "seconds": round(time.perf_counter() - started, 1), "slowest": round(slowest, 2)})
    )
    for said, count in told.most_common():
        print(f"{count:6,}  {said}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
