"""Reads what a coverage-guided fuzzer writes, and stops at any end that is no answer and no ``KaratError``.

    python benchmarks/fuzz_readers.py CORPUS [-max_total_time=3600] [any option of libFuzzer]

Needs ``atheris`` (https://github.com/google/atheris) beside Karat. CORPUS is a folder: what covers new code is kept there,
and the next run begins with it; an empty one begins with a sound file of each format. The first byte of an input chooses
the format, the rest is the file. Only the lines of ``karat.collect`` guide the fuzzer. Workbooks and databases are left to
``fuzz_files.py``: they are read by processes of their own, whose lines the fuzzer would not see.
"""

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import atheris
from mangled_inputs import case

FORMS = ("csv", "txt", "json", "jsonl", "parquet", "arrow", "warc", "html", "png")
SOUND = {
    "csv": "csv",
    "json": "json",
    "jsonl": "jsonl",
    "parquet": "parquet",
    "arrow": "arrow",
    "warc": "warc",
    "png": "png",
}
SCRATCH = Path(tempfile.mkdtemp(prefix="karat-readers-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))

with atheris.instrument_imports(include=["karat.collect"]):
    from karat.core.errors import KaratError
    from karat.core.registry import units
    from karat.flow import collecting
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    units("source")


def read(data: bytes) -> None:
    """One input, read as ``karat assess`` reads it; the books must balance."""
    if len(data) < 2:
        return
    folder = SCRATCH / "input"
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / "run" / ".work" / "1" / "collect"
    place.mkdir(parents=True)
    path = folder / f"data.{FORMS[data[0] % len(FORMS)]}"
    path.write_bytes(data[1:])
    try:
        said = collecting.collect(
            Job(path, folder / "run", "assess", made_settings({"workers": 1, "now": "2026-01-01"}, "fuzz")), place
        )
    except KaratError:
        return
    assert said["records"] >= 0
    assert said["quarantined"] >= 0


def _begin(corpus: Path) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for number, form in enumerate(FORMS):
        for seed in range(3 if form in SOUND and not any(corpus.glob(f"sound-{form}-*")) else 0):
            folder = SCRATCH / f"{form}{seed}"
            folder.mkdir()
            file = Path(case(form, random.Random(seed), folder, folder).command[1])
            if file.is_file():
                (corpus / f"sound-{form}-{seed}").write_bytes(bytes([number]) + file.read_bytes())


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _begin(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
