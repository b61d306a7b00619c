"""How Karat bears mangled input: N inputs of 19 formats, each made from a seed and read by a process of its own.

    python benchmarks/fuzz_files.py [--inputs 10000] [--seed 0] [--only SEED]

A warm parent forks a child for each. Counts signals, "fault in Karat itself", hangs, words that are no error, accounting
that does not balance, and cells that were not mangled and were read otherwise; each is printed with its seed, so that
``--only SEED`` makes it again. ``mangled_inputs.py`` says what is mangled and what must still be right.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
from mangled_inputs import FORMATS, TABLES, Case, case, csv_bytes, raw, records

READ_ALONE = (*TABLES, "png", "jpg", "zip")
LIMIT_S = 120  # no input is longer than 100 kB
FINE = ("ok", "checked", "refused", "gate")


def fault(seed: int, form: str, folder: Path, sound: Path) -> tuple[str, str]:
    """How it ended, and what was said."""
    child = os.fork()
    if not child:
        try:
            _inside(seed, form, folder, sound)
        finally:
            os._exit(70)
    until, status = time.monotonic() + LIMIT_S, None
    while status is None and time.monotonic() < until:
        done, code = os.waitpid(child, os.WNOHANG)
        status = code if done else None
        time.sleep(0.003)
    said = (folder / "said").read_text("utf-8", "replace").strip() if (folder / "said").exists() else ""
    if status is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "hang", said
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}", said
    if "fault in Karat" in said or "Traceback" in said:
        return "fault", said
    if os.WEXITSTATUS(status) not in (0, 1):
        return ("refused", said) if "Error: " in said else ("unsaid", said)
    checked = next((line[8:].strip() for line in reversed(said.splitlines()) if line.startswith("CHECKED:")), None)
    if checked:
        return "wrong", checked
    if os.WEXITSTATUS(status):
        return "gate", said
    return ("ok" if checked is None else "checked"), said


def _inside(seed: int, form: str, folder: Path, sound: Path) -> None:
    """The child: makes the input, runs the command as the command line does, and checks what it left."""
    from karat.cli.main import main as karat

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    made = case(form, random.Random(seed), folder, sound)
    out = os.open(folder / "said", os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    only_read = form in READ_ALONE and seed // len(FORMATS) % 5 > 0
    own = made.command[0] in ("assess", "clean", "label") and form != "run"
    more = ["--out", str(folder / "run")] if own else []
    fast = ["--quiet", "--workers", "1"] if made.command[0] in ("assess", "clean") else []
    sys.argv = ["karat", *made.command, *more, *fast]
    status = 70
    try:
        _read(made, folder / "run") if only_read else karat()
        status = 0
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 1
    except BaseException:
        traceback.print_exc()
    try:
        if status == 0 or (status == 1 and made.command[0] != "verify"):
            print(f"\nCHECKED: {_checked(made, folder / 'run', books=own and made.command[0] != 'label')}", flush=True)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _read(made: Case, run: Path) -> None:
    """Only the reading of a command, four times in five: the rest of it costs most and meets the same text."""
    from karat.core.errors import KaratError
    from karat.flow import collecting
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    place = run / ".work" / "1" / "collect"
    place.mkdir(parents=True)
    kind = {"collect": {"kind": made.command[3]}} if "--kind" in made.command else {}
    try:
        said = collecting.collect(
            Job(made.command[1], run, "assess", made_settings({"workers": 1, **kind}, "fuzz")), place
        )
    except KaratError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    books = {"kept": said["records"], "removed": {}, "quarantined": said["quarantined"]}
    books["in"] = raw(run).num_rows + pq.read_metadata(place / "quarantine.parquet").num_rows
    (run / "accounting.json").write_text(json.dumps(books))


def _forked(argv: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
    """What ``apart`` starts, forked: a new interpreter for each workbook and database would take most of the time."""
    from karat.collect import apart

    out = tempfile.TemporaryFile()  # noqa: SIM115
    child = os.fork()
    if not child:
        os.dup2(out.fileno(), 1)
        sys.argv = ["-c", *argv[-2:]]
        try:
            apart._inside()
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    out.seek(0)
    return subprocess.CompletedProcess(argv, status, out.read().decode("utf-8", "replace"), "")


def _checked(made: Case, run: Path, *, books: bool) -> str:
    if books and (run / "accounting.json").exists():
        count = json.loads((run / "accounting.json").read_text())
        if count["in"] != count["kept"] + sum(count["removed"].values()) + count["quarantined"]:
            return f"accounting {count}"
    return made.check(run)


def _warm(scratch: Path) -> Path:
    """Import and read once, for all children; a sound run folder."""
    import lance  # noqa: F401  imported, not used: its runtime may not be awake when a process is forked

    from karat.collect import apart

    apart.subprocess = SimpleNamespace(run=_forked, DEVNULL=subprocess.DEVNULL)
    import karat.cli.commands
    import karat.cli.label_commands
    import karat.cli.store_commands
    import karat.flow.appending
    import karat.flow.documents
    import karat.label  # noqa: F401
    from karat.cli.wiring import walked
    from karat.core.registry import units
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    for kind in ("check", "fix", "source", "voter"):
        units(kind)
    rows = records(random.Random(0)) * 2
    (scratch / "t.csv").write_bytes(csv_bytes(rows))
    settings = made_settings({"workers": 1, "now": "2026-01-01"}, "fuzz")
    for form in ("csv", "png", "warc"):  # a table, pictures, texts
        place = scratch / form
        place.mkdir()
        data = case(form, random.Random(1), place, place).command[1]
        walked(Job(data, place / "run", "assess", settings))
    child = os.fork()
    if not child:
        walked(Job(scratch / "t.csv", scratch / "sound", "clean", settings))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return scratch / "sound"


def main() -> None:
    """Runs the inputs and prints the counts."""
    parse = argparse.ArgumentParser()
    parse.add_argument("--inputs", type=int, default=10_000)
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--only", type=int, default=None)
    parse.add_argument("--formats", default=",".join(FORMATS))
    wanted = parse.parse_args()
    warnings.filterwarnings("ignore", "lance is not fork-safe")
    forms = wanted.formats.split(",")
    seeds = [wanted.only] if wanted.only is not None else range(wanted.seed, wanted.seed + wanted.inputs)
    ends: Counter[tuple[str, str]] = Counter()
    scratch, began = Path(tempfile.mkdtemp(prefix="karat-fuzz-")), time.time()
    sound = _warm(scratch)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is stopped says what it has seen
    with suppress(KeyboardInterrupt):
        for seed in seeds:
            form, folder = forms[seed % len(forms)], scratch / "one"
            folder.mkdir()
            end, said = fault(seed, form, folder, sound)
            shutil.rmtree(folder)
            ends[form, end] += 1
            if end not in FINE or wanted.only is not None:
                print(f"seed {seed} ({form}): {end}: {said[-500:]}", flush=True)
    shutil.rmtree(scratch)
    for form in forms:
        print(f"{form:<8}", ", ".join(f"{count} {end}" for (of, end), count in sorted(ends.items()) if of == form))
    total = Counter({end: sum(count for (_, of), count in ends.items() if of == end) for _, end in ends})
    print(
        f"{sum(ends.values())} inputs in {time.time() - began:.0f} s:",
        ", ".join(f"{n} {end}" for end, n in total.items()),
    )
    sys.exit(any(end not in FINE for end in total))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
