"""Which method ``auto`` takes on made crowds of seven kinds, how far it is from the best, and what its confidence is worth.

    python benchmarks/vote_choice.py [--seeds 20] [--gold]

Kinds of crowd: one accuracy a voter; two in five spam; a confusion matrix a voter; items of all difficulties; a quarter
of the items fool everybody; all miss the rare class; a quarter answer backwards. Sizes, classes and skills are drawn.
"""

import argparse

import numpy as np

import karat
from karat.label.deciding import MADE_FOR, METHODS

KINDS = ("coin", "spam", "matrix", "hard", "fooled", "rare", "backwards")


def crowd(kind: str, seed: int):
    chance = np.random.default_rng((KINDS.index(kind), seed))
    items, voters = int(chance.choice([150, 400, 1000])), int(chance.choice([10, 30, 80]))
    per_item, k = min(int(chance.choice([3, 5, 8])), voters), int(chance.choice([2, 2, 3, 5]))
    k = 2 if kind == "rare" else k
    truth = chance.choice(k, items, p=chance.dirichlet(np.full(k, chance.choice([1.0, 5.0]))) * 0.9 + 0.1 / k)
    busy = chance.pareto(1.0, voters) + 0.2
    share = busy / busy.sum() * 0.9 + 0.1 / voters
    item = np.repeat(np.arange(items), per_item)
    voter = np.concatenate([chance.choice(voters, per_item, replace=False, p=share) for _ in range(items)])
    skill = chance.beta(6, 2, voters) * (1 - 1 / k) + 1 / k
    dice, other = chance.random(len(item)), (truth[item] + chance.integers(1, k, len(item))) % k
    said = np.where(dice > skill[voter], other, truth[item])
    if kind == "spam":
        blind, fixed = chance.random(voters) < 0.4, chance.random(voters) < 0.5
        habit = np.where(fixed[voter], chance.integers(0, k, voters)[voter], chance.integers(0, k, len(item)))
        said = np.where(blind[voter], habit, said)
    elif kind == "matrix":
        tables = [
            [chance.dirichlet(np.eye(k)[c] * chance.choice([2, 6]) + 0.4) for c in range(k)] for _ in range(voters)
        ]
        said = np.array([chance.choice(k, p=tables[w][truth[at]]) for at, w in zip(item, voter, strict=True)])
    elif kind == "hard":
        ease, able = np.exp(chance.normal(0, 1, items)), chance.normal(1.2, 1, voters)
        right = np.maximum(1 / (1 + np.exp(-able[voter] * ease[item])), 1 / k)
        said = np.where(dice > right, other, truth[item])
    elif kind == "fooled":
        looks = (truth + chance.integers(1, k, items)) % k
        trap = (chance.random(items) < 0.25)[item] & (chance.random(len(item)) < chance.uniform(0.3, 0.9))
        said = np.where(trap, looks[item], said)
    elif kind == "rare":
        truth = (chance.random(items) < chance.choice([0.1, 0.3])).astype(int)
        sees, spares = chance.beta(5, 3, voters)[voter], chance.beta(20, 2, voters)[voter]
        said = np.where(truth[item] == 1, dice < sees, dice > spares).astype(int)
    elif kind == "backwards":
        said = np.where((chance.random(voters) < 0.25)[voter], k - 1 - truth[item], said)
    return {"item": item.astype(str), "voter": voter.astype(str), "label": [f"c{c}" for c in said]}, truth


def right(found, truth, left_out=()) -> float:
    pairs = zip(found.labels["item"].to_pylist(), found.labels["label"].to_pylist(), strict=True)
    return float(np.mean([label == f"c{truth[int(item)]}" for item, label in pairs if item not in left_out]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--kinds", nargs="*", choices=KINDS)
    parser.add_argument("--gold", action="store_true", help="give thirty known answers")
    args = parser.parse_args()
    names = [name for name in METHODS if name not in MADE_FOR and name != "label_model"]
    print(
        "| crowd | auto right | said | verified | regret | over .05 | method by regret |\n|---|---|---|---|---|---|---|"
    )
    for kind in KINDS if not args.kinds else args.kinds:
        rows = []
        for seed in range(args.seeds):
            votes, truth = crowd(kind, seed)
            known = (
                [str(at) for at in np.random.default_rng(seed).choice(len(truth), 30, replace=False)]
                if args.gold
                else []
            )
            gold = {"item": known, "label": [f"c{truth[int(at)]}" for at in known]} if known else None
            found = karat.label.aggregate(votes, gold=gold, answers="class")
            left = set(known)
            each = {
                name: right(karat.label.aggregate(votes, gold=gold, answers="class", method=name), truth, left)
                for name in names
            }
            stands = np.array([item not in left for item in found.labels["item"].to_pylist()])
            said = float(found.labels["confidence"].to_numpy()[stands].mean())
            auto = right(found, truth, left)
            rows.append((auto, said, found.verified[:3] == "ver", max(each.values()) - auto, each))
        auto, said, verified, regret = (np.array([row[at] for row in rows], float) for at in range(4))
        sure = verified > 0
        wrong = float((np.abs(auto - said)[sure] > 0.1).mean()) if sure.any() else 0.0
        others = {name: float(np.mean([max(row[4].values()) - row[4][name] for row in rows])) for name in names}
        listed = ", ".join(f"{name} {value:.3f}" for name, value in sorted(others.items(), key=lambda pair: pair[1]))
        print(
            f"| {kind} | {auto.mean():.3f} | {said.mean():.3f}, off by {np.abs(auto - said).mean():.3f} | "
            f"{sure.mean():.2f}, of these off by > .1 {wrong:.2f} | {regret.mean():.3f} | {(regret > 0.05).mean():.2f} | {listed} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
