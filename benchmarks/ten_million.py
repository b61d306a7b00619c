"""``karat assess`` on ten million records × 15 columns under a real memory limit of 6 GB.

The limit is RLIMIT_DATA, set in the child before Karat starts: it counts all memory that a process may write to (heap,
stacks, anonymous maps). RLIMIT_AS would also count the run folder's read-only file, which is mapped and not held.

    python benchmarks/ten_million.py [--millions 10] [--command assess|clean] [--scratch FOLDER]
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
from assess_scaling import table

RESULTS = Path(__file__).parent / "results" / "ten_million.json"
LIMIT_BYTES = 6 * 10**9
PART = 500_000


def written(path: Path, records: int) -> None:
    """The table as CSV, made in parts that differ by their seed; record numbers go on."""
    with path.open("wb") as file:
        for at in range(0, records, PART):
            part = table(min(PART, records - at), seed=at)
            ids = pa.array(np.arange(at, at + part.num_rows).astype(str), pa.string())
            part = part.set_column(0, "id", ids)
            pyarrow.csv.write_csv(part, file, pyarrow.csv.WriteOptions(include_header=at == 0))


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT_BYTES, LIMIT_BYTES))


def measured(command: str, csv: Path, home: Path) -> dict[str, float | int]:
    """Seconds, CPU-seconds and peak memory of one run under the limit."""
    began = time.perf_counter()
    line = [sys.executable, "-m", "karat", command, str(csv), "--out", str(home), "--quiet"]
    process = subprocess.Popen(line, preexec_fn=_limited)  # noqa: PLW1509  no threads run here
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "status": process.returncode,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_memory_mb": round(used.ru_maxrss / 1024),
        "cores_shared_load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, default=10)
    parser.add_argument("--command", choices=["assess", "clean"], default="assess")
    parser.add_argument("--scratch", type=Path, default=None, help="kept, with the CSV; else a temporary folder")
    asked = parser.parse_args()
    records = int(asked.millions * 10**6)
    folder = asked.scratch or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    csv, home = folder / f"{records}.csv", folder / "run"
    if not csv.exists():
        written(csv, records)
    shutil.rmtree(home, ignore_errors=True)
    found = {
        "command": f"karat {asked.command}",
        "records": records,
        "columns": 15,
        "csv_mb": round(csv.stat().st_size / 1e6, 1),
        "limit": f"RLIMIT_DATA {LIMIT_BYTES:,} bytes",
        **measured(asked.command, csv, home),
    }
    shutil.rmtree(home if asked.scratch else folder, ignore_errors=True)
    print(found)
    held = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    kept = [one for one in held if (one["command"], one["records"]) != (found["command"], records)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([*kept, found], indent=2) + "\n")
    if found["status"]:
        raise SystemExit(f"karat ended with status {found['status']}")


if __name__ == "__main__":
    main()
