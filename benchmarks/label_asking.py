"""`karat label RUN --ask`: how many of the labels asked about are wrong, and whether the estimates of the rest cover.

python benchmarks/label_asking.py DATA [--draws 40] [--arrays FOLDER]

DATA has adult-errors: the dirty table is answered out of fold once, then labels are asked about and answered from the
clean one, ten times 30. FOLDER has the arrays of benchmarks/label_judge.py: 300 questions of each case.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from karat.flow import label_questions as asking
from karat.flow.label_audit import FLAGGED, AuditPlan
from karat.flow.label_orders import BOTH, JUDGE, LINEAR, doubtful_orders, in_turn
from karat.flow.loading import load, plain_settings
from karat.flow.out_of_fold import out_of_fold
from karat.quality.accuracy.label_judge import fitted_on_sample


def loop(
    doubt: np.ndarray,
    orders: dict[str, np.ndarray],
    wrong: np.ndarray,
    flags: np.ndarray,
    batches: int,
    size: int,
    seed: int,
) -> dict:
    """What is said after so many batches, beside what is true; `doubt` is the judge's."""
    rows = np.random.default_rng(seed).permutation(len(doubt))  # another order of chance for every seed
    line = np.argsort(rows)
    plan, log = AuditPlan.of(rows, doubt, flags), asking.SCHEMA.empty_table()
    known, by_chance = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for batch in range(1, batches + 1):
        turned = set(rows[wrong].tolist()) & set(known.tolist())
        turns = in_turn(asking.seen_by(log, orders, set(known.tolist()), turned), size, batch)
        plan, asked, by = asking.chosen(plan, rows, orders, turns, known, by_chance, batch)
        drawn = np.array([not order for order in by], bool)
        columns = [asked, [""] * len(asked), np.full(len(asked), batch), drawn, doubt[line[asked]], by]
        log = pa.concat_tables([log, pa.table(dict(zip(log.schema.names, columns, strict=True)), schema=log.schema)])
        known, by_chance = np.concatenate([known, asked]), np.concatenate([by_chance, asked[drawn]])
    answered = np.isin(rows, known)
    so_far = asking.answered(log, plan, set(known.tolist()), set(rows[answered & wrong].tolist()))
    left, precision = int((wrong & ~answered).sum()), float(wrong[flags].mean()) if flags.any() else np.nan
    audited = int((plan.stratum[plan.among(by_chance)] == FLAGGED).sum())
    return {
        "hits": float(wrong[answered].mean()),
        "audited": audited,
        "all": len(by_chance),
        "left covered": so_far.left.low <= left <= so_far.left.high,
        "left width": (so_far.left.high - so_far.left.low) / len(wrong),
        "left bias": (so_far.left.mean - left) / len(wrong),
        "covered": so_far.precision.low <= precision <= so_far.precision.high,
        "width": so_far.precision.high - so_far.precision.low,
        "off": abs(so_far.precision.mean - precision),
    }


def said(name: str, table: pd.DataFrame) -> None:
    """One line about many cases."""
    mean = table.mean(numeric_only=True)
    print(
        f"{name}, {len(table)} cases: {mean.hits:.1%} of those asked about are wrong; {mean['all']:.0f} drawn by chance, "
        f"{mean.audited:.0f} of them flagged\n"
        f"  wrong labels left: covered {table['left covered'].mean():.1%}, width {mean['left width']:.3f} of all, "
        f"bias {mean['left bias']:+.4f}\n"
        f"  share of the flagged that is wrong: within .10 in {(table.off <= 0.1).mean():.1%}, off by {mean.off:.3f}, "
        f"covered {table.covered.mean():.1%}, width {mean.width:.3f}, at most .25 in {(table.width <= 0.25).mean():.1%}",
        flush=True,
    )


def on_adult(data: Path, draws: int) -> None:
    home = data / "adult-errors"
    block = load(home / "dirty.csv", plain_settings("income"))
    expected, target = out_of_fold(block)
    clean, dirty = (pd.read_csv(home / name, dtype=str).income.to_numpy() for name in ("clean.csv", "dirty.csv"))
    wrong, labels = clean != dirty, target.values.astype(np.int64)
    judge = fitted_on_sample(expected, labels)
    beliefs = judge.beliefs(expected, labels)
    own = expected[np.arange(len(labels)), labels]
    print(f"{wrong.sum():,} of {len(wrong):,} labels wrong; a plain ranking by the probability of the label: ", end="")
    print(f"{wrong[np.argsort(own, kind='stable')[:300]].mean():.1%} of the first 300")
    flags = judge.flags(beliefs, labels)
    print(f"{flags.sum():,} flagged, {wrong[flags].mean():.1%} of them wrong")
    orders = doubtful_orders(block, np.arange(len(labels)), labels, expected, beliefs.wrong)
    cases = [loop(beliefs.wrong, orders, wrong, flags, 10, 30, k) for k in range(draws)]
    said("adult-errors 10 x 30", pd.DataFrame(cases))


def on_arrays(folder: Path, questions: int) -> None:
    lines = []
    for path in sorted(folder.glob("*~*.npz")):
        name, model, noise, rate = path.name.removesuffix(".npz").split("~")
        if path.name.endswith(".rival.npz") or float(rate) == 0:
            continue
        arrays = np.load(path)
        expected, labels = arrays["expected"], arrays["given"].astype(np.int64)
        judge = fitted_on_sample(expected, labels)
        if judge.skill.reason:
            continue
        beliefs = judge.beliefs(expected, labels)
        flags = judge.flags(beliefs, labels)
        orders = {JUDGE: beliefs.wrong}
        if model == "trees":  # of a table: the linear model's answers rank, too
            linear, own = np.load(folder / path.name.replace("~trees~", "~linear~"))["expected"], np.arange(len(labels))
            orders = {LINEAR: 1 - linear[own, labels], BOTH: 1 - (linear + expected)[own, labels] / 2}
        case = loop(beliefs.wrong, orders, arrays["wrong"], flags, questions // 30, 30, len(lines))
        lines.append({"set": name, "model": model, "noise": noise, "rate": float(rate), "flagged": flags.sum()} | case)
    table = pd.DataFrame(lines)
    said(f"all, {questions} questions", table)
    said("60 flagged ones or all of them audited or asked", table[(table.audited >= 60) | (table.flagged < 100)])
    print(table.groupby("rate")[["off", "covered", "width", "left covered", "left width"]].mean().round(3).to_string())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--arrays", type=Path)
    asked = parser.parse_args()
    if asked.arrays:
        for questions in (90, 180, 300):
            on_arrays(asked.arrays, questions)
    else:
        on_adult(asked.data, asked.draws)


if __name__ == "__main__":
    main()
