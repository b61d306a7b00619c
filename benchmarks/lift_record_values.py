"""Record values by the OpenDataVal protocol: 1,000 records, 20 % of the labels wrong, two clusters by k-means, F1.

    python benchmarks/lift_record_values.py [FILE.csv TARGET] [--seeds 20] [--bags 1000]

Beside ours stands plain Data-OOB, bagging of whole trees, on the same records in the same run; then the difference with
its 95 % interval over seeds. Without a FILE, scikit-learn's breast cancer and digits sets are used.
"""

import argparse
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from lift_nulls import load

from karat.evaluate.intervals import corrected_resampled_t
from karat.lift.data_values import out_of_bag_values
from karat.prepare.features import Preparation
from karat.prepare.target import read_target

RECORDS, NOISE = 1_000, 0.2


def sets(path: str, target: str) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Name, features, class codes."""
    if path:
        block = load(path, target)
        features = Preparation(block.schema, "linear").fit(block).apply(block)
        read = read_target(block)
        yield Path(path).name, np.asarray(features)[~read.missing], read.values[~read.missing]
        return
    from sklearn.datasets import load_breast_cancer, load_digits

    for name, held in (("breast cancer", load_breast_cancer()), ("digits", load_digits())):
        yield name, held.data, held.target


def plain_data_oob(features: np.ndarray, target: np.ndarray, seed: int, bags: int) -> np.ndarray:
    """How often whole trees whose bag lacks a record agree with its label."""
    from sklearn.tree import DecisionTreeClassifier

    rng, n = np.random.default_rng(seed), len(target)
    right, asked = np.zeros(n), np.zeros(n)
    for bag in range(bags):
        drawn = rng.integers(0, n, n)
        out = np.ones(n, bool)
        out[drawn] = False
        tree = DecisionTreeClassifier(random_state=bag).fit(features[drawn], target[drawn])
        right[out] += tree.predict(features[out]) == target[out]
        asked[out] += 1
    return right / np.maximum(asked, 1)


def two_clusters_f1(values: np.ndarray, bad: np.ndarray) -> float:
    """F1 of the lower of two k-means clusters."""
    from sklearn.cluster import KMeans

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = KMeans(2, n_init=5, random_state=0).fit(values[:, None])
    lower = made.labels_ == int(made.cluster_centers_[:, 0].argmin())
    return float(2 * (lower & bad).sum() / (lower.sum() + bad.sum()))


def main() -> None:
    """Run and print a line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default="")
    parser.add_argument("target", nargs="?", default="")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--bags", type=int, default=1_000)
    args = parser.parse_args()
    for name, features, target in sets(args.file, args.target):
        ours, theirs, seconds = [], [], [0.0, 0.0]
        for seed in range(args.seeds):
            rng = np.random.default_rng(seed)
            at = rng.choice(len(target), min(RECORDS, len(target)), replace=False)
            labels, bad = target[at].copy(), rng.random(len(at)) < NOISE
            classes = int(target.max()) + 1
            labels[bad] = (labels[bad] + rng.integers(1, classes, bad.sum())) % classes
            for which, (kept, values) in enumerate(
                (
                    (ours, lambda x, y, s=seed: out_of_bag_values(x, y, s)[0]),
                    (theirs, lambda x, y, s=seed: plain_data_oob(x, y, s, args.bags)),
                )
            ):
                start = time.process_time()
                kept.append(two_clusters_f1(values(features[at], labels), bad))
                seconds[which] += (time.process_time() - start) / args.seeds
        gain = corrected_resampled_t(np.array(ours) - np.array(theirs), 1e-9)
        print(
            f"{name}: F1 ours {np.mean(ours):.3f} in {seconds[0]:.1f} CPU-s · "
            f"plain Data-OOB of {args.bags} bags {np.mean(theirs):.3f} in {seconds[1]:.1f} CPU-s · "
            f"difference {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}] over {args.seeds} seeds"
        )


if __name__ == "__main__":
    main()
