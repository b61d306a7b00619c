"""Kills ``karat clean`` of a corpus with signal 9 at random moments, goes on, and compares every file bit for bit.

``python benchmarks/corpus_kills.py [KILLS] [MEGABYTES]``
"""

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_corpus import make

SAME = (
    "data.parquet",
    "findings.parquet",
    "ledger.parquet",
    "quarantine.parquet",
    "scores.json",
    "accounting.json",
    "schema.json",
    "corpus.json",
    "review.parquet",
)
CALL = [sys.executable, "-m", "karat.cli.main", "clean"]


def command(data: Path, out: Path) -> list[str]:
    return [
        *CALL,
        str(data),
        "--kind",
        "corpus",
        "--out",
        str(out),
        "--workers",
        "2",
        "--quiet",
        "--allow",
        "GopherRepetition",
    ]


def digests(out: Path) -> dict[str, str]:
    held = {name: hashlib.sha256((out / name).read_bytes()).hexdigest()[:16] for name in SAME}
    from karat.store.versions import Store

    return held | {f"version {v.number}": v.content[:16] for v in Store(out / "store").log()}


def finished_parts(out: Path) -> set[tuple[str, int]]:
    return {(p.name, p.stat().st_ino) for p in out.glob(".work/pieces-*/[0-9]*-[0-9]*")}


def main(kills: int, megabytes: float) -> None:
    home = Path(tempfile.mkdtemp(prefix="karat-kills-"))
    folder = home / "crawl"
    folder.mkdir()
    for seed in range(6):
        make(folder / f"{seed}.jsonl", megabytes / 6, seed)
    whole = home / "whole"
    started = time.perf_counter()
    subprocess.run(command(folder, whole), check=True)
    seconds = time.perf_counter() - started
    truth, chance = digests(whole), random.Random(1)
    print(f"{megabytes:g} MB in 6 files, a whole run takes {seconds:.1f} s; {kills} kills")
    out, restarts, again, lost = home / "killed", 0, 0, 0
    done = 0
    while done < kills:
        shutil.rmtree(out, ignore_errors=True)
        rounds = 0
        before: set[tuple[str, int]] = set()
        while True:
            process = subprocess.Popen(command(folder, out), start_new_session=True)
            try:
                process.wait(chance.uniform(0.5, seconds * 0.9) if done < kills and rounds < 5 else None)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done, rounds = done + 1, rounds + 1
                after = finished_parts(out)
                lost += len(before - after)
                before = after
                continue
            assert process.returncode == 0, process.returncode
            again += int(lost > 0)
            break
        restarts += rounds
        made = digests(out)
        differ = {name for name in truth if made.get(name) != truth[name]}
        assert not differ, differ
        assert set(made) == set(truth)
    shutil.rmtree(home)
    print(json.dumps({"kills": restarts, "finished parts made again": lost, "files that differ": 0}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, float(sys.argv[2]) if len(sys.argv) > 2 else 30)
