"""All rules of the datatrove profile beside datatrove 0.10.1 itself: same verdicts, speed, memory, growth.

    python benchmarks/judge_text.py TEXTS.parquet [--rival-mb 1 4] [--sizes 10 100 300]

TEXTS has a column `text`. The rival gets an environment of its own. Both judge the same texts with two workers; the
speed is the slope between two sizes, so that start-up cancels; arms are interleaved; memory is that of the whole tree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

RIVAL = """
import json, resource, sys, time
from concurrent.futures import ProcessPoolExecutor
import pyarrow.parquet as pq

def start():
    global FILTERS, Document
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter
    from datatrove.pipeline.filters import GopherQualityFilter, GopherRepetitionFilter
    FILTERS = [GopherRepetitionFilter(language="eng"), GopherQualityFilter(language="eng"),
               C4QualityFilter(filter_no_terminal_punct=False, language="eng"), FineWebQualityFilter(language="eng")]
    one("Warm words of a text that is read once. " * 9)

def one(text):
    document = Document(text=text, id="0")
    for step in FILTERS:
        answer = step.filter(document)
        kept, why = answer if isinstance(answer, tuple) else (answer, "few_sentences")
        if not kept:
            return why
    return ""

if __name__ == "__main__":
    texts = pq.read_table(sys.argv[1])["text"].to_pylist()
    parts = [texts[at::2] for at in range(2)]
    with ProcessPoolExecutor(2, initializer=start) as pool:
        list(pool.map(one, ["a b c"] * 200, chunksize=1))
        began = time.perf_counter()
        said = [pool.map(one, part, chunksize=32) for part in parts]
        found = [None] * len(texts)
        for at in range(2):
            found[at::2] = list(said[at])
        spent = time.perf_counter() - began
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    json.dump({"seconds": spent, "cpu": cpu.ru_utime + cpu.ru_stime, "check": found}, open(sys.argv[2], "w"))
"""
OURS = """
import json, sys, time
import pyarrow.parquet as pq
from karat.clean.judging_text import judge_text
whole = pq.read_table(sys.argv[1])["text"]
judge_text(["a few words"], profile="datatrove")
times, cpus = [], []
for _ in range(3):
    began, used = time.perf_counter(), time.process_time()
    found = judge_text(whole, profile="datatrove", workers=2)
    times.append(time.perf_counter() - began)
    cpus.append(time.process_time() - used)
json.dump({"seconds": min(times), "cpu": min(cpus), "check": found["check"].to_pylist()}, open(sys.argv[2], "w"))
"""


def tree_bytes(root: int) -> int:
    """Resident bytes of a process and all below it."""
    total, children = 0, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
            except (OSError, IndexError):
                continue
    todo = [root]
    while todo:
        at = todo.pop()
        todo += children.get(at, [])
        try:
            total += int(Path(f"/proc/{at}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def run(python: str, script: str, texts: Path, folder: Path) -> tuple[dict, float, float]:
    """The answer of a script, its whole seconds, and its peak in MB."""
    place, out = folder / "arm.py", folder / "out.json"
    place.write_text(script)
    began = time.perf_counter()
    process = subprocess.Popen([python, str(place), str(texts), str(out)], stdout=subprocess.DEVNULL)
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], tree_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        sys.exit(f"{place.name} ended with {code}")
    return json.loads(out.read_text()), time.perf_counter() - began, peak[0] / 1e6


def sized(table: pa.Table, size_mb: float, to: Path) -> float:
    """Write about so many MB of texts, repeated where there are too few; returns the MB written."""
    texts = table["text"].to_pylist()
    part, size, at = [], 0, 0
    while size < size_mb * 1e6:
        text = texts[at % len(texts)]
        # a copy is another text: its words move, its length stays
        part.append(text if at < len(texts) else text[at // len(texts) :] + text[: at // len(texts)])
        size += len(part[-1].encode())
        at += 1
    pq.write_table(pa.table({"text": pa.array(part, pa.large_string())}), to, compression="zstd")
    return size / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--rival-mb", type=float, nargs=2, default=[1, 4])
    parser.add_argument("--sizes", type=float, nargs="+", default=[10, 100, 300])
    parser.add_argument("--rival-python", help="a Python that has the rival; one is made where it is not given")
    args = parser.parse_args()
    table = pq.read_table(args.texts, columns=["text"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rival = args.rival_python or str(folder / "rival" / "bin" / "python")
        if not args.rival_python:
            subprocess.run(["uv", "venv", "-q", str(folder / "rival")], check=True)
            wanted = ["datatrove[io,processing]==0.10.1", "spacy==3.8.*"]
            subprocess.run(["uv", "pip", "install", "-q", "-p", rival, *wanted], check=True)
        theirs, ours, same, total = {}, {}, 0, 0
        mine = iter(args.sizes)
        for target in [*args.rival_mb, *[0] * max(0, len(args.sizes) - len(args.rival_mb))]:
            if target:
                texts = folder / "rival.parquet"
                size = sized(table, target, texts)
                told, whole, peak = run(rival, RIVAL, texts, folder)
                theirs[size] = told
                print(line("datatrove", size, told, whole, peak), flush=True)
                answer, _, _ = run(sys.executable, OURS, texts, folder)
                pairs = zip(answer["check"], told["check"], strict=True)
                same += sum(bool(a) == bool(b) for a, b in pairs)
                total += len(told["check"])
            if wanted_size := next(mine, None):
                texts = folder / "ours.parquet"
                size = sized(table, wanted_size, texts)
                told, whole, peak = run(sys.executable, OURS, texts, folder)
                ours[size] = told
                print(line("karat", size, told, whole, peak), flush=True)
        for clock, what in (("seconds", "second, two workers"), ("cpu", "second of one core")):
            slope = {name: slope_of(times, clock) for name, times in (("datatrove", theirs), ("karat", ours))}
            said = ", ".join(f"{name} {value:.3f}" for name, value in slope.items())
            print(
                f"MB a {what}, slope between smallest and largest: {said}; {slope['karat'] / slope['datatrove']:.0f} x"
            )
        print(f"same decision {same} of {total}")


def line(name: str, size: float, told: dict, whole: float, peak: float) -> str:
    """One run in words."""
    spent = f"{told['seconds']:8.2f} s in process, {told['cpu']:8.2f} s of cores, {whole:8.2f} s in all"
    return f"{name:<10} {size:8.1f} MB {spent}, {peak:7.0f} MB peak"


def slope_of(times: dict[float, dict], clock: str) -> float:
    """MB a second between the smallest and the largest run."""
    low, high = min(times), max(times)
    return (high - low) / (times[high][clock] - times[low][clock])


if __name__ == "__main__":
    main()
