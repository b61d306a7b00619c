"""Writes constants.md from the measured rows: what was tried, what came out, and which constants stay unproven."""

from collections import Counter
from pathlib import Path
from typing import Any

from constants import HERE, MOVED, ROWS, constants

INTRO = """# Constants that were set by judgement

`python benchmarks/constants.py` halves and doubles every constant of `src/karat` whose comment says `unproven` or names this
page, one at a time, and runs again the first probe that executes a line which reads it and whose answers it changes:

- a check on the tables of `constants_cases.py` (the name of a check stands below): F1 of what it says at confidence 0.5 and
  above, among the planted places that it finds at any of the values;
- a part of Karat on small made data or data of scikit-learn (`constants_work.py`, `constants_models.py`): the mean of the
  parts that move;
- else the mirrored test (`--kinds tests`; slow, so hardly run yet): the share of its known answers that come out. They were
  written with the value in view, so such a row shows how much hangs on the constant, not that another value would be
  worse elsewhere.

The rows were measured on the source of 30 November 2026, before that day's changes to labels and misspellings. Shares stay
inside (0, 1): their odds are halved and doubled. A score moves when it changes by {moved} or more. The tables are
small, so a move is often one or two cells.

- **flat**: both neighbours do as well; **best**: both do worse; **edge**: one does worse, the other as well;
- **slope**: a neighbour does better: such a constant stays unproven until it is tried on whole tables;
- **no effect**: a line that reads it is executed, but not even an absurd value (a thousandth, a thousand times) changes an
  answer: the probes cannot judge it; **not reached**: no probe executes a line that reads it.

"""


def cell(value: Any) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def write(rows: list[dict[str, Any]], out: Path = HERE / "constants.md") -> None:
    """The page: counts, the unproven ones, then every row."""
    now = {constant.key: constant for constant in constants()}
    rows = sorted(
        (row for row in rows if f"{row['file']}:{row['name']}" in now), key=lambda row: (row["file"], row["name"])
    )
    by_key = {f"{row['file']}:{row['name']}": row for row in rows}
    open_ones = [constant for constant in now.values() if "unproven" in constant.text]
    counts = Counter(row["verdict"] for row in rows)
    tests = sum(any(name.startswith("tests/") for name in row["probes"]) for row in rows)
    text = INTRO.format(moved=MOVED)
    text += f"Rows: {len(rows)}, of which {tests} by a mirrored test. " + ", ".join(
        f"{name} {n}" for name, n in counts.most_common()
    )
    text += f". Unproven: {len(open_ones)}.\n\n## Unproven\n\n| constant | why |\n|---|---|\n"
    for constant in open_ones:
        row = by_key.get(constant.key)
        text += f"| `{constant.key}` | {reason(row)} |\n"
    text += "\n## Rows\n\n| constant | half | value | double | probe | score at half / value / double | verdict |\n|---|---|---|---|---|---|---|\n"
    for row in rows:
        probe, scores = next(iter(row["probes"].items()), ("", []))
        shown = " / ".join("fails" if score is None else f"{score:.3f}" for score in scores)
        text += f"| `{row['file']}:{row['name']}` | {cell(row['half'])} | {cell(row['value'])} | {cell(row['double'])} | {probe} | {shown} | {row['verdict']} |\n"
    out.write_text(text, encoding="utf-8")
    print(f"{out.name}: {len(rows)} rows from {ROWS.name}, {len(open_ones)} unproven")


def reason(row: dict[str, Any] | None) -> str:
    if row is None:
        return "not measured"
    if row["verdict"] == "slope":
        probe, scores = next(iter(row["probes"].items()))
        at = max((0, 2), key=lambda k: -1.0 if scores[k] is None else scores[k])
        return f"{('half', '', 'double')[at]} does better on {probe}: {scores[at]:.3f} instead of {scores[1]:.3f}"
    return row["verdict"]
