"""Time and memory of ``karat assess`` on tables of 10⁴, 10⁵ and 10⁶ records × 15 columns.

Each size runs in a process of its own, twice; the second run, with compiled code and a fresh run folder, is written
down. Cost should grow in proportion to records, memory stay bounded.

    python benchmarks/assess_scaling.py [--sizes 10000 100000 1000000]
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

RESULTS = Path(__file__).parent / "results" / "assess_scaling.json"


def table(size: int, seed: int = 0) -> pa.Table:
    """Fifteen columns as people have them, with a little dirt."""
    chance = np.random.default_rng(seed)
    cities = np.array(["Boston", "Austin", "Denver", "上海", "北京", "Lyon", "Porto", "Graz"])
    city = chance.integers(0, len(cities), size)
    columns = {
        "id": np.arange(size),
        "city": cities[city],
        "region": np.array(list("ABCDEFGH"))[city],
        "age": chance.integers(18, 90, size),
        "income": np.round(chance.lognormal(10, 0.6, size), 2),
        "height_cm": np.round(chance.normal(172, 9, size), 1),
        "score": np.round(chance.beta(2, 5, size), 4),
        "visits": chance.poisson(3, size),
        "plan": chance.choice(["free", "basic", "plus", "pro"], size, p=[0.5, 0.3, 0.15, 0.05]),
        "email": np.char.add(np.char.add("user", chance.integers(0, size, size).astype(str)), "@example.org"),
        "phone": np.char.add("138", np.char.zfill(chance.integers(0, 10**8, size).astype(str), 8)),
        "joined": np.datetime_as_string(
            np.datetime64("2021-01-01T00:00") + chance.integers(0, 1_500_000, size).astype("timedelta64[m]")
        ),
        "device": chance.choice(["ios", "android", "web"], size),
        "balance": np.round(chance.normal(0, 500, size), 2),
        "active": chance.choice(["true", "false"], size),
    }
    made = {name: np.asarray(values).astype(str).astype(object) for name, values in columns.items()}
    for name in ("income", "age", "plan"):
        made[name][chance.random(size) < 0.02] = None
    made["income"][chance.random(size) < 0.002] = "N/A"
    made["city"][chance.random(size) < 0.001] = "Bostn"
    return pa.table({name: pa.array(values, pa.string()) for name, values in made.items()})


def measured(csv: Path, home: Path) -> dict[str, float]:
    """Seconds, CPU-seconds and peak memory of one assess."""
    shutil.rmtree(home, ignore_errors=True)
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([sys.executable, "-m", "karat", "assess", str(csv), "--out", str(home), "--quiet"])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"karat assess failed on {csv}")
    del before
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_memory_mb": round(used.ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    sizes = parser.parse_args().sizes
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            csv = Path(scratch) / f"{size}.csv"
            pyarrow.csv.write_csv(table(size), csv)
            measured(csv, Path(scratch) / "run")
            rows.append(
                {
                    "records": size,
                    "columns": 15,
                    "csv_mb": round(csv.stat().st_size / 1e6, 1),
                    **measured(csv, Path(scratch) / "run"),
                }
            )
            print(rows[-1], flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
