"""Votes that are numbers, levels, several labels, spans and boxes, beside what anybody would do; made sets, truth known.

    python benchmarks/typed_votes.py [--seeds 10]

Errors: mean absolute error of numbers and levels; F1 of labels, of spans (edges and label exact) and of boxes
(intersection over union at least 0.75, label exact). ``told`` is the share of sets whose type was recognised; ``said`` and
``true`` are the stated and the true share of right labels (numbers: truth in the interval).
"""

import argparse
import json
from collections import Counter, defaultdict

import numpy as np
from made_votes import MAKERS

import karat
from karat.label.boxes import Boxes
from karat.label.parts import LabelPart
from karat.label.spans import Spans


def by_item(votes) -> dict[int, list]:
    groups = defaultdict(list)
    for line in votes.to_pylist():
        groups[int(line["item"][1:])].append(line["label"])
    return groups


def f1(right: int, said: int, true: int) -> float:
    return 2 * right / max(said + true, 1)


def spans_of(text: str) -> set:
    return {(one["start"], one["end"], one["label"]) for one in json.loads(text)}


def alike(said: set, true: set) -> bool:
    """The same labels; spans of the same labels that overlap by half."""
    if len(said) != len(true) or said == true or isinstance(next(iter(said)), str):
        return said == true
    parts = [[LabelPart(one[2], one[:2]) for one in sorted(group)] for group in (said, true)]
    near = [Spans().overlap([a, b])[0, 1] >= 0.5 and a.label == b.label for a, b in zip(*parts, strict=True)]
    return all(near)


def set_f1(said: list[set], truth: list[set]) -> float:
    return f1(sum(len(a & b) for a, b in zip(said, truth, strict=True)), sum(map(len, said)), sum(map(len, truth)))


def boxes_right(said: list[dict], truth: list[tuple], least: float = 0.75) -> int:
    rest, right = list(truth), 0
    for one in said:
        part = LabelPart(one["label"], tuple(one[name] for name in ("x", "y", "width", "height")))
        for other in rest:
            near = Boxes().overlap([part, LabelPart(other[4], tuple(other[:4]))])[0, 1]
            if near >= least and other[4] == one["label"]:
                rest.remove(other)
                right += 1
                break
    return right


def half(groups: list[list[set]]) -> list[set]:
    """What at least half of the voters gave, exactly."""
    out = []
    for answers in groups:
        counts = Counter(part for answer in answers for part in answer)
        out.append({part for part, count in counts.items() if 2 * count >= len(answers)})
    return out


def score(name: str, votes, truth) -> dict[str, float]:
    found = karat.label.aggregate(votes)
    groups = by_item(votes)
    label = found.labels["label"].to_pylist()
    said = float(np.mean(found.labels["confidence"].to_numpy()))
    out = {"told": float(found.answers.name == name), "said": said}
    if name == "number":
        low, high = (found.labels[side].to_numpy() for side in ("low", "high"))
        true = np.array(truth)
        values = [np.array(groups[at], float) for at in range(len(truth))]
        out["true"] = float(((low <= true) & (true <= high)).mean())
        out["karat"] = float(np.abs(np.array(label, float) - true).mean())
        out["mean"] = float(np.abs([v.mean() for v in values] - true).mean())
        out["median"] = float(np.abs([np.median(v) for v in values] - true).mean())
        out["majority"] = float(
            np.abs([float(Counter(groups[at]).most_common(1)[0][0]) for at in groups] - true).mean()
        )
    elif name == "ordinal":
        true = np.array(truth)
        values = [np.array(groups[at], float) for at in range(len(truth))]
        out["karat"] = float(np.abs(np.array(label, float) - true).mean())
        out["true"] = float((np.array(label, float) == true).mean())
        out["mean"] = float(np.abs(np.round([v.mean() for v in values]) - true).mean())
        out["median"] = float(np.abs([np.median(v) for v in values] - true).mean())
        out["majority"] = float(
            np.abs([float(Counter(groups[at]).most_common(1)[0][0]) for at in groups] - true).mean()
        )
        ds = karat.label.aggregate(votes, method="dawid_skene", answers="class").labels["label"].to_pylist()
        out["dawid_skene"] = float(np.abs(np.array(ds, float) - true).mean())
    elif name in ("labels", "span"):
        read = (lambda text: set(json.loads(text))) if name == "labels" else spans_of
        answers = [read(text) for text in label]
        out["karat"], out["true"] = (
            set_f1(answers, truth),
            float(np.mean([alike(a, b) for a, b in zip(answers, truth, strict=True)])),
        )
        out["majority"] = set_f1(half([[read(text) for text in groups[at]] for at in groups]), truth)
    else:
        answers = [json.loads(text) for text in label]
        right = [boxes_right(a, b) for a, b in zip(answers, truth, strict=True)]
        out["karat"] = f1(sum(right), sum(map(len, answers)), sum(map(len, truth)))
        out["true"] = float(
            np.mean([boxes_right(a, b, 0.5) == len(a) == len(b) for a, b in zip(answers, truth, strict=True)])
        )
        single = [json.loads(groups[at][0]) for at in groups]
        out["one voter"] = f1(
            sum(boxes_right(a, b) for a, b in zip(single, truth, strict=True)),
            sum(map(len, single)),
            sum(map(len, truth)),
        )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    for name, make in MAKERS.items():
        rows = [score(name, *make(seed)) for seed in range(args.seeds)]
        print(
            f"| {name} | " + " · ".join(f"{key} {np.mean([row[key] for row in rows]):.3f}" for key in rows[0]) + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
