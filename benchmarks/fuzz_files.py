"""How Karat bears mangled files: N inputs of every format, each made from a seed and read by a process of its own.

    python benchmarks/fuzz_files.py --inputs 600 --seed 0

Counts signals, "fault in Karat itself", hangs and accounting that does not balance; each is printed with its seed, so
that ``--only SEED`` makes it again. A file is cut, has bytes changed, repeated or inserted, or a length blown up; one
in three is mangled in its second half alone, so that many end in status 0 and have something to account for.
"""

import argparse
import io
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

LIMIT_S = 120  # no input is longer than 100 kB
LENGTHS = (b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x00\x00\x00\x00", b"\xed\xa0\x80", b"\xe9")
FORMATS = ("csv", "json", "jsonl", "parquet", "arrow", "feather", "xlsx", "sqlite", "duckdb", "png", "jpg", "zip")


def rows(chance: random.Random) -> list[dict[str, object]]:
    """Records of a small table."""
    words = ["plain", "ünï", "中文", "a,b", 'say "x"', "", "NA"]
    return [
        {"id": at, "amount": round(chance.gauss(5, 2), 3), "word": chance.choice(words), "flag": chance.random() < 0.3}
        for at in range(chance.randint(5, 120))
    ]


def picture(form: str, chance: random.Random) -> bytes:
    """A small picture."""
    pixels = np.random.default_rng(chance.randint(0, 1 << 30)).integers(0, 255, (24, 24, 3), np.uint8)
    sink = io.BytesIO()
    Image.fromarray(pixels).save(sink, "PNG" if form == "png" else "JPEG")
    return sink.getvalue()


def sound(form: str, chance: random.Random, folder: Path) -> bytes:
    """The bytes of a sound file."""
    records = rows(chance)
    if form in ("png", "jpg"):
        return picture(form, chance)
    if form in ("json", "jsonl"):
        lines = [json.dumps(row, ensure_ascii=chance.random() < 0.5) for row in records]
        return ("[" + ",".join(lines) + "]" if form == "json" else "\n".join(lines) + "\n").encode()
    if form == "csv":
        frame = pa.Table.from_pylist(records).to_pandas()
        return frame.to_csv(index=False).encode()
    sink = io.BytesIO()
    table = pa.Table.from_pylist(records)
    if form == "parquet":
        pq.write_table(table, sink, compression=chance.choice(["snappy", "zstd", "none"]))
    elif form in ("arrow", "feather"):
        make = pa.ipc.new_stream if form == "arrow" else pa.ipc.new_file
        coded = table.set_column(2, "word", table["word"].dictionary_encode()) if chance.random() < 0.5 else table
        with make(sink, coded.schema) as writer:
            writer.write_table(coded)
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for row in (list(records[0]), *(list(record.values()) for record in records)):
            book.active.append(row)
        book.save(sink)
    elif form == "zip":
        with zipfile.ZipFile(sink, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
            for at in range(8):
                archive.writestr(f"{'ab'[at % 2]}/{at}.png", picture("png", chance))
    else:
        place = folder / f"sound.{form}"
        link = sqlite3.connect(place) if form == "sqlite" else duckdb.connect(str(place))
        link.execute("create table t(id integer, amount double, word varchar, flag boolean)")
        link.executemany("insert into t values (?, ?, ?, ?)", [tuple(record.values()) for record in records])
        link.commit()
        link.close()
        return place.read_bytes()
    return sink.getvalue()


def mangled(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight faults."""
    out = bytearray(data)
    low = len(out) // 2 if chance.random() < 1 / 3 else 0
    for _ in range(chance.choice([1, 1, 2, 4, 8])):
        at = chance.randrange(low, max(low + 1, len(out)))
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
    return bytes(out)


def asked(form: str, chance: random.Random, folder: Path) -> list[str]:
    """The command for a mangled input of a format, written to a folder."""
    out = ["--out", str(folder / "run"), "--quiet", "--workers", "1"]
    if form in ("toml", "answers"):
        (folder / "t.csv").write_bytes(sound("csv", chance, folder))
        text = b'seed = 3\n[collect]\ndata = "t.csv"\ntarget = "flag"\n[clean]\nignore = ["OutOfRange"]\n'
        answers = b"row,column,value\n0,word,plain\n1,amount,5.0\n2,,\n"
        place = folder / ("spec.toml" if form == "toml" else "answers.csv")
        place.write_bytes(mangled(text if form == "toml" else answers, chance))
        clean = ["clean", str(folder / "t.csv"), "--answers", str(place)]
        return [*(["assess", str(place)] if form == "toml" else clean), *out]
    if form in ("png", "jpg"):
        (folder / "pictures").mkdir()
        for at in range(6):
            data = picture(form, chance)
            (folder / "pictures" / f"{at}.{form}").write_bytes(mangled(data, chance) if at % 2 else data)
        return ["assess", str(folder / "pictures"), *out]
    place = folder / f"t.{form}"
    place.write_bytes(mangled(sound(form, chance, folder), chance))
    return ["assess", str(place), *out]


def fault(seed: int, form: str, folder: Path) -> tuple[str, str]:
    """What went wrong or, where nothing did, "ok" or "refused"; and what was said."""
    child = os.fork()
    if not child:
        _inside(seed, form, folder)
    until, status = time.monotonic() + LIMIT_S, None
    while status is None and time.monotonic() < until:
        done, code = os.waitpid(child, os.WNOHANG)
        status = code if done else None
        time.sleep(0.01)
    said = (folder / "said").read_text("utf-8", "replace").strip() if (folder / "said").exists() else ""
    if status is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "hang", said
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}", said
    if "fault in Karat" in said or "Traceback" in said:
        return "fault", said
    if os.WEXITSTATUS(status):
        return ("refused", said) if said.startswith("Error: ") else ("unsaid", said)
    books = json.loads((folder / "run" / "accounting.json").read_text())
    balanced = books["in"] == books["kept"] + sum(books["removed"].values()) + books["quarantined"]
    return ("ok", said) if balanced else ("imbalance", json.dumps(books))


def _inside(seed: int, form: str, folder: Path) -> None:
    """The child: makes the input and runs the command, as the command line does."""
    from karat.cli.main import main as karat

    command = asked(form, random.Random(seed), folder)
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["karat", *command]
    try:
        karat()
    except SystemExit as done:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(done.code if isinstance(done.code, int) else 1)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(70)


def main() -> None:
    """Runs the inputs and prints the counts."""
    import karat.cli.commands  # noqa: F401  once, for all children

    parse = argparse.ArgumentParser()
    parse.add_argument("--inputs", type=int, default=600)
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", type=int, default=None)
    wanted = parse.parse_args()
    seeds = [wanted.only] if wanted.only is not None else range(wanted.seed, wanted.seed + wanted.inputs)
    forms = (*FORMATS, "toml", "answers")
    ends: Counter[tuple[str, str]] = Counter()
    began = time.time()
    for seed in seeds:
        form = forms[seed % len(forms)]
        with tempfile.TemporaryDirectory() as name:
            end, said = fault(seed, form, Path(name))
        ends[form, end] += 1
        if end not in ("ok", "refused"):
            print(f"seed {seed} ({form}): {end}: {said[-300:]}", flush=True)
    for form in forms:
        print(f"{form:<8}", ", ".join(f"{count} {end}" for (of, end), count in sorted(ends.items()) if of == form))
    total = Counter({end: sum(count for (_, of), count in ends.items() if of == end) for _, end in ends})
    print(f"{len(seeds)} inputs in {time.time() - began:.0f} s:", ", ".join(f"{n} {end}" for end, n in total.items()))
    sys.exit(any(end not in ("ok", "refused") for end in total))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
