"""`karat label RUN --ask`: how many of the labels asked about are wrong, and whether the estimate of the rest covers.

python benchmarks/label_asking.py DATA [--draws 40]

DATA has adult-errors: the dirty table is answered out of fold once, then labels are asked about and answered from the
clean one, 300 at once or ten times 30.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from karat.flow import label_questions as asking
from karat.flow.loading import load, plain_settings
from karat.flow.out_of_fold import out_of_fold
from karat.quality.accuracy.label_judge import fitted_on_sample


def loop(doubt: np.ndarray, wrong: np.ndarray, flags: np.ndarray, batches: int, size: int, seed: int) -> tuple:
    known, parts = np.zeros(len(doubt), bool), []
    for batch in range(1, batches + 1):
        left = np.flatnonzero(~known)
        chosen, chance = asking._chosen(doubt[left], size, seed + batch)
        here = left[chosen]
        totals = np.full(len(here), len(left)), np.full(len(here), int(flags[left].sum()))
        words, number = [""] * len(here), np.full(len(here), batch)
        columns = [here, words, number, np.isfinite(chance), chance, doubt[here], flags[here], *totals]
        parts.append(pa.table(dict(zip(asking.SCHEMA.names, columns, strict=True)), schema=asking.SCHEMA))
        known[here] = True
    answers = asking.answered(
        pa.concat_tables(parts), set(np.flatnonzero(known).tolist()), set(np.flatnonzero(known & wrong).tolist())
    )
    return known, answers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--draws", type=int, default=40)
    asked = parser.parse_args()
    home = asked.data / "adult-errors"
    block = load(home / "dirty.csv", plain_settings("income"))
    expected, target = out_of_fold(block)
    clean, dirty = (pd.read_csv(home / name, dtype=str).income.to_numpy() for name in ("clean.csv", "dirty.csv"))
    wrong, labels = clean != dirty, target.values.astype(np.int64)
    beliefs = fitted_on_sample(expected, labels).beliefs(expected, labels)
    own = expected[np.arange(len(labels)), labels]
    print(f"{wrong.sum():,} of {len(wrong):,} labels wrong; a plain ranking by the probability of the label: ", end="")
    print(f"{wrong[np.argsort(own, kind='stable')[:300]].mean():.1%} of the first 300")
    flags = np.zeros(len(labels), bool)
    flags[np.argsort(-beliefs.wrong, kind="stable")[:500]] = True
    for batches, size in ((1, 300), (10, 30)):
        shares, cover, width, gap = [], [], [], []
        for draw in range(asked.draws):
            known, so_far = loop(beliefs.wrong, wrong, flags, batches, size, 1000 * draw)
            left, precision = int((wrong & ~known).sum()), float(wrong[flags].mean())
            shares.append(wrong[known].mean())
            cover.append((so_far.low <= left <= so_far.high, so_far.precision[1] <= precision <= so_far.precision[2]))
            width.append((so_far.high - so_far.low, so_far.precision[2] - so_far.precision[1]))
            gap.append((so_far.left - left, abs(so_far.precision[0] - precision)))
        print(
            f"{batches} x {size}: {np.mean(shares):.1%} of those asked about are wrong; wrong labels left: interval covers "
            f"{np.mean(cover, axis=0)[0]:.0%}, width {np.mean(width, axis=0)[0]:,.0f}, bias {np.mean(gap, axis=0)[0]:+.0f}; "
            f"share of 500 flagged that is wrong: covers {np.mean(cover, axis=0)[1]:.0%}, width "
            f"{np.mean(width, axis=0)[1]:.2f}, off by {np.mean(gap, axis=0)[1]:.2f}"
        )


if __name__ == "__main__":
    main()
