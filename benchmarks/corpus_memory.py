"""Cleans a corpus under a limit of memory, and prints the peak of the process and of all of its children.

``python benchmarks/corpus_memory.py DATA.jsonl [LIMIT_MB]``; made by ``made_corpus.py``. The limit is RLIMIT_DATA, for
each process; the peak of all of them together is looked at twenty times a second.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil


def main(data: Path, limit_mb: int) -> None:
    out = Path(tempfile.mkdtemp(prefix="karat-memory-")) / "run"
    call = [
        sys.executable,
        "-m",
        "karat.cli.main",
        "clean",
        str(data),
        "--kind",
        "corpus",
        "--out",
        str(out),
        "--workers",
        "2",
    ]
    call += ["--allow", "GopherRepetition", "--allow", "NearDuplicateTexts", "--allow", "DuplicateTexts"]
    limit = limit_mb << 20
    started = time.perf_counter()
    process = subprocess.Popen(
        call,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),  # noqa: PLW1509  no threads here
        stderr=subprocess.PIPE,
        text=True,
    )
    watched, peak, largest = psutil.Process(process.pid), 0, 0
    while process.poll() is None:
        sizes = []
        for one in (watched, *_children(watched)):
            try:
                held = one.memory_info()
                sizes.append(held.rss - held.shared)
            except psutil.Error:
                continue
        peak, largest = max(peak, sum(sizes)), max(largest, *sizes, 0) if sizes else largest
        time.sleep(0.05)
    said = process.stderr.read() if process.stderr else ""
    books = json.loads((out / "accounting.json").read_text()) if (out / "accounting.json").exists() else said[-2000:]
    print(
        json.dumps(
            {
                "status": process.returncode,
                "megabytes": round(data.stat().st_size / 1e6),
                "limit_mb": limit_mb,
                "seconds": round(time.perf_counter() - started),
                "largest_process_mb": largest >> 20,
                "all_processes_mb": peak >> 20,
                "books": books,
            },
            indent=1,
        )
    )
    shutil.rmtree(out.parent)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_000)
