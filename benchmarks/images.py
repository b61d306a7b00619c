"""Faults planted in good pictures, found by Karat and by cleanvision 0.3.7 in one run; digits read in five folds.

    python benchmarks/images.py ARCHIVE.zip [--idx FOLDER] [--faults FOLDER] [--limit N]

ARCHIVE holds a folder of pictures per class. The rival is installed into a temporary environment.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from images_planted import planted

OURS = {
    "blur": "BlurredImages",
    "dark": "DarkImages",
    "bright": "BrightImages",
    "low contrast": "LowContrastImages",
    "low information": "LowInformationImages",
    "noise": "NoisyImages",
    "jpeg": "BlockyImages",
    "odd ratio": "OddShapeImages",
    "odd size": "OddSizeImages",
    "grey": "GreyImages",
    "exact copy": "DuplicateImages",
    "close copy": "NearDuplicateImages",
    "wrong label": "SuspectLabels",
}
THEIRS = {
    "blur": "blurry",
    "dark": "dark",
    "bright": "light",
    "low information": "low_information",
    "odd ratio": "odd_aspect_ratio",
    "odd size": "odd_size",
    "grey": "grayscale",
}
RIVAL = """
import json, sys, time
from cleanvision import Imagelab
begun = time.time()
lab = Imagelab(data_path=sys.argv[1])
lab.find_issues(n_jobs=2, verbose=False)
took = time.time() - begun
issues = lab.issues
named = {c[3:-6]: [str(p) for p in issues.index[issues[c]]] for c in issues.columns if c.endswith("_issue")}
sets = {k: [[str(p) for p in one] for one in lab.info[k]["sets"]] for k in ("exact_duplicates", "near_duplicates")}
json.dump({"seconds": took, "named": named, "sets": sets}, open(sys.argv[2], "w"))
"""


def rival(folder: Path, place: Path, python: Path | None) -> dict:
    if python is None:
        subprocess.run([sys.executable, "-m", "venv", str(place / "rival")], check=True)
        python = place / "rival" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "cleanvision==0.3.7"], check=True)
    (place / "rival.py").write_text(RIVAL)
    out = place / "rival.json"
    subprocess.run([python, place / "rival.py", folder, out], check=True, capture_output=True)
    return json.loads(out.read_text())


def assessed(folder: Path, out: Path, *options: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "karat", "assess", str(folder), "--out", str(out), *options], check=True)
    return time.perf_counter() - begun


def checks_alone(folder: Path, out: Path) -> float:
    """The same without a model for the labels: what the rival does too."""
    settings = out.with_suffix(".toml")
    settings.write_text(f'[collect]\ndata = "{folder}"\n[collect.columns.label]\nrole = "category"\n')
    return assessed(settings, out)


def found_by_us(out: Path, *, pairs_whole: bool = False) -> dict[str, set[str]]:
    """Paths by check; of copies the first one, which is named at an even chance, only with ``pairs_whole``."""
    found = pq.read_table(out / "findings.parquet").to_pylist()
    paths = dict(zip(*_paths(out), strict=True))
    named: dict[str, set[str]] = {}
    for one in found:
        even = one["check"].endswith("DuplicateImages") and one["confidence"] == 0.5 and not pairs_whole
        if one["row"] is not None and one["confidence"] >= 0.5 and not even:
            named.setdefault(one["check"], set()).add(paths[one["row"]])
    return named


def _paths(out: Path) -> tuple[list[int], list[str]]:
    import pyarrow as pa

    (raw,) = sorted(out.glob(".work/*/collect/raw.arrow"))[-1:]
    with pa.memory_map(str(raw)) as file:
        table = pa.ipc.open_file(file).read_all()
    return table["_row"].to_pylist(), table["path"].to_pylist()


def grey_already(folder: Path, names: list[str]) -> set[str]:
    """Pictures without colour whoever made them so: their channels differ by no more than 3 of 255 anywhere."""
    from PIL import Image

    out = set()
    for name in names:
        held = np.asarray(Image.open(folder / name).convert("RGB")).astype(int)
        if np.ptp(held, axis=2).max() <= 3 and held.max() - held.min() > 8:
            out.add(name)
    return out


def scored(found: set[str], true: set[str]) -> tuple[float, float, float]:
    hit = len(found & true)
    precision, recall = hit / max(1, len(found)), hit / max(1, len(true))
    return precision, recall, 2 * hit / max(1, len(found) + len(true))


def judged(
    archive: Path, place: Path, *, limit: int | None = None, seed: int = 0, python: Path | None = None
) -> Iterator[tuple[str, set[str], set[str] | None, set[str]]]:
    """Per fault the paths that Karat names, those that cleanvision names (None: it does not know it), and the truth."""
    folder = place / "pictures"
    key = planted(archive, folder, seed=seed, limit=limit)
    print(len(key), "pictures;", dict(Counter(row["fault"] for row in key)))
    seconds = {"checks": checks_alone(folder, place / "plain"), "with labels": assessed(folder, place / "run")}
    ours, theirs = found_by_us(place / "run"), rival(folder, place, python)
    base = str(folder) + "/"
    named = {fault: {p.removeprefix(base) for p in theirs["named"].get(name, [])} for fault, name in THEIRS.items()}
    copies = {row["path"]: row["of"] for row in key if row["of"]}
    for fault, kind in (("exact copy", "exact_duplicates"), ("close copy", "near_duplicates")):
        named[fault] = set()
        for one in theirs["sets"][kind]:
            held = sorted(p.removeprefix(base) for p in one)
            again = [p for p in held if copies.get(p) in held]  # of a set the copy counts, as with us
            named[fault] |= set(again or held[1:])
    for fault, check in OURS.items():
        true = {row["path"] for row in key if row["fault"] == fault}
        if fault == "grey":
            true |= grey_already(folder, [row["path"] for row in key])
        yield fault, ours.get(check, set()), named.get(fault), true
    print(f"seconds: {seconds}, cleanvision {theirs['seconds']:.1f}")


def compare(archive: Path, limit: int | None, place: Path, python: Path | None) -> None:
    for fault, mine, named, true in judged(archive, place, limit=limit, python=python):
        line = "  ".join(f"{one:.3f}" for one in scored(mine, true))
        rest = "-" if named is None else "  ".join(f"{one:.3f}" for one in scored(named, true))
        print(f"| {fault:<16} | {line} | {rest} |", flush=True)


def digits(folder: Path) -> None:
    from karat.flow.loading import load
    from karat.flow.out_of_fold import out_of_fold
    from karat.flow.settings import made_settings

    begun, cpu = time.perf_counter(), time.process_time()
    block = load(folder, made_settings({}, "the benchmark"))
    answers, target = out_of_fold(block, workers=2)
    right = float((answers.argmax(axis=1) == target.values).mean())
    took = time.perf_counter() - begun
    print(f"digits: accuracy {right:.4f} in five folds, {took:.1f} s, {time.process_time() - cpu:.1f} CPU-s")


def named_rightly(folder: Path, place: Path) -> None:
    assessed(folder / "images", place / "faults")
    ours = found_by_us(place / "faults", pairs_whole=True)
    with (folder / "truth.csv").open() as file:
        for row in csv.DictReader(file):
            name = Path(row["file"]).name
            print(name, row["fault"], sorted(check for check, paths in ours.items() if name in paths))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("archive", type=Path)
    parser.add_argument("--idx", type=Path)
    parser.add_argument("--faults", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--rival", type=Path, help="a Python that has cleanvision 0.3.7")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        compare(asked.archive, asked.limit, Path(held), asked.rival)
        if asked.idx:
            digits(asked.idx)
        if asked.faults:
            named_rightly(asked.faults, Path(held))
