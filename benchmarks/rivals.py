"""Detection of wrong cells beside simple and published methods, in one run: F1 pooled over a set's tables.

    python benchmarks/rivals.py [SET ...] [--raha PYTHON] [--minutes 10]

SET as in ``foreign_tables.py``: typo, no, fd, facilities, known, adult. Beside Karat: the majority of a group (a column
that another decides in nine records of ten, groups of three or more, whoever deviates is wrong), Tukey's fences at three
interquartile ranges, an isolation forest a column, and Raha where ``--raha`` names a Python that has it. Raha is told the
truth of 20 rows of every table, as published; a table on which it fails or takes longer is named and left out of its sum.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

from foreign_tables import Pair, cells, f1, outcome, pairs
from outliers import flagged

DECIDED, SMALLEST = 0.9, 3  # definition: of the rival's rule
RAHA = """
import contextlib, io, json, shutil, sys, tempfile
import pandas
if not hasattr(pandas.DataFrame, "applymap"):
    pandas.DataFrame.applymap = pandas.DataFrame.map
import raha
with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
    paths = [shutil.copy(p, f"{place}/{n}.csv") for p, n in zip(sys.argv[1:], ("dirty", "clean"))]
    found = raha.Detection()
    found.SAVE_RESULTS = False
    cells = found.run({"name": "set", "path": paths[0], "clean_path": paths[1]})
json.dump([[int(r), int(c)] for r, c in cells], sys.stdout)
"""


def group_majority(rows: list[list[str]], columns: int) -> set[tuple[int, int]]:
    """Cells that deviate from what their group mostly holds."""
    out: set[tuple[int, int]] = set()
    for key in range(columns):
        groups = defaultdict(list)
        for at, row in enumerate(rows):
            groups[row[key]].append(at)
        large = [places for value, places in groups.items() if value and len(places) >= SMALLEST]
        for column in range(columns):
            if column == key or not large:
                continue
            most = [Counter(rows[at][column] for at in places).most_common(1)[0] for places in large]
            if sum(count for _, count in most) >= DECIDED * sum(map(len, large)):
                for (value, _), places in zip(most, large, strict=True):
                    out |= {(at, column) for at in places if rows[at][column] != value}
    return out


def raha(python: str, pair: Pair, seconds: float) -> set[tuple[int, int]] | None:
    """What Raha says, in a process and an environment of its own; None where it fails or takes too long."""
    with tempfile.TemporaryDirectory() as place:
        command = [python, "-c", RAHA, str(pair.dirty), str(pair.clean)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, cwd=place, timeout=seconds, check=True)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            print(
                f"Raha on {pair.set} {pair.base}: {str(getattr(error, 'stderr', '') or error)[-200:]}", file=sys.stderr
            )
            return None
    return {(r, c) for r, c in json.loads(done.stdout)}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sets", nargs="*", default=["typo", "no", "fd", "facilities", "known", "adult"])
    arguments.add_argument("--raha", default="", help="a Python that has Raha")
    arguments.add_argument("--minutes", type=float, default=10.0, help="that Raha may take for a table")
    wanted = arguments.parse_args()
    for name in wanted.sets:
        sums: dict[str, Counter] = defaultdict(Counter)
        for pair in pairs([name]):
            head, dirty = cells(pair.dirty)
            clean = cells(pair.clean)[1]
            wrong = {(r, c) for r, row in enumerate(dirty) for c, cell in enumerate(row) if cell != clean[r][c]}
            said = {"group majority": group_majority(dirty, len(head)), **flagged(dirty, len(head), forest=True)}
            if wanted.raha:
                theirs = raha(wanted.raha, pair, 60 * wanted.minutes)
                said |= {} if theirs is None else {"Raha, 20 rows told": theirs}
            for method, cells_said in said.items():
                sums[method].update(hits=len(cells_said & wrong), said=len(cells_said), wrong=len(wrong))
            ours = outcome(pair)
            sums["Karat"].update(hits=ours.hits, said=ours.flagged, wrong=ours.wrong)
            print(f"{name} {pair.base}", file=sys.stderr, flush=True)
            if name == "known":
                report(f"{name} {pair.base}", sums)
                sums.clear()
        if sums:
            report(name, sums)


def report(title: str, sums: dict[str, Counter]) -> None:
    print(title)
    for method, n in sums.items():
        print(f"  {method:20s} said {n['said']:7,}  {f1(n['hits'], n['said'], n['wrong'])}", flush=True)


if __name__ == "__main__":
    main()
