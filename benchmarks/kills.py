"""Kills ``clean`` and ``store append`` at random moments and at every write, and asks whether anything was lost.

    python benchmarks/kills.py [KILLS] [SEED]

Half of the kills (default 40 in all) fall at a random moment of the run, half just before or after a numbered fsync,
rename or write of the commit (the process counts them and kills itself: an audit hook and wrapped calls). After each the
same command is run again and ``karat verify`` must be content; the data must be the bits of a run that was not disturbed.
An append whose commit was decided before the kill is finished, not repeated.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

DYING = """
import os, signal, sys, pathlib, shutil
left = int(sys.argv[1])
def dying(function):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **options)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return call
os.fsync = dying(os.fsync)
pathlib.Path.replace = dying(pathlib.Path.replace)
pathlib.Path.write_text = dying(pathlib.Path.write_text)
shutil.rmtree = dying(shutil.rmtree)
sys.argv = ["karat", *sys.argv[2:]]
from karat.cli.main import main
import atexit
atexit.register(lambda: print("STEPS LEFT", left, file=sys.stderr))
main()
"""


def table(path: Path, first: int, records: int) -> Path:
    """A small table with misspellings, numbered from ``first``."""
    chance = random.Random(first)
    cities = [("Rome", "00100"), ("Oslo", "01500"), ("Bern", "03000"), ("Lima", "15001")]
    lines = ["id,city,zip,amount"]
    for at in range(first, first + records):
        city, code = chance.choice(cities)
        lines.append(f"{at},{city}{'x' if at % 37 == 0 else ''},{code},{chance.gauss(100, 10):.2f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def karat(*arguments: object, steps: int = 0, seconds: float = 0.0, how: int = signal.SIGKILL) -> int:
    """Run a command; kill it at a step or after a time if asked to."""
    command = [sys.executable, "-c", DYING, str(steps or 10**9), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if seconds:
            time.sleep(seconds)
            process.send_signal(how)
        return process.wait()


def steps_of(*arguments: object) -> int:
    """How many steps a command has."""
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(10**9), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    line = next(line for line in done.stderr.splitlines() if line.startswith("STEPS LEFT"))
    return 10**9 - int(line.split()[-1])


def main() -> None:
    kills, seed = (int(value) for value in [*sys.argv[1:3], *(40, 0)[len(sys.argv[1:3]) :]])
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        first, more = table(home / "first.csv", 0, 400), table(home / "more.csv", 400, 60)
        began = time.perf_counter()
        steps = {"clean": steps_of("clean", first, "--out", home / "whole", "--quiet")}
        span = time.perf_counter() - began
        cleaned = pq.read_table(home / "whole" / "data.parquet")
        steps["append"] = steps_of("store", "append", home / "whole", more)
        grown = pq.read_table(home / "whole" / "data.parquet")
        assert grown.num_rows == cleaned.num_rows + 60
        bad = 0
        for number in range(kills):
            run, what = home / f"run{number}", ("clean", "append")[number % 2]
            command: list[object] = ["clean", first, "--out", run, "--quiet"]
            if what == "append":
                karat(*command)
                command = ["store", "append", run, more]
            if number % 4 < 2:
                karat(*command, steps=chance.randint(1, steps[what]))
            else:
                how = chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
                karat(*command, seconds=chance.uniform(0.2, span), how=how)
            decided = what == "append" and pq.read_table(run / "data.parquet").num_rows == grown.num_rows
            finished = decided or karat(*command) in (0, 1)
            wanted = cleaned if what == "clean" else grown
            same = finished and pq.read_table(run / "data.parquet").equals(wanted)
            verified = karat("verify", run) == 0
            rows = pq.read_table(run / "data.parquet").num_rows
            if not (same and verified):
                bad += 1
                print(f"kill {number} of {what}: same {same}, verified {verified}, {rows} records", flush=True)
        print(f"{kills} kills: {kills - bad} end in the same bits and verify; steps {steps}, seed {seed}")


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    main()
