"""What ``karat label`` prints."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from karat.flow.labelling import Labelled

MOST_VOTERS = 5  # display: of the summary


def in_words(labelled: Labelled, home: Path) -> str:
    """A few lines: labels, method and why, what it could cost, ties, agreement, the voters."""
    labels, chosen = labelled.labels, labelled.labels.chosen
    shares = labels.labels["label"].value_counts().to_pylist()
    total = labels.labels.num_rows
    top_labels = " · ".join(
        f"{row['values']} {row['counts'] / total:.1%}" for row in sorted(shares, key=lambda row: -row["counts"])[:6]
    )
    mean = sum(labels.labels["confidence"].to_pylist()) / total
    votes, alpha = sum(labels.labels["votes"].to_pylist()), labels.agreement
    agreed = "no item has two votes" if math.isnan(alpha) else f"Krippendorff’s alpha {alpha:.2f}"
    lines = [
        f"label      {votes:,} votes of {labels.voters.num_rows:,} voters → {total:,} labels · {top_labels}",
        f"method     {chosen.method}: {chosen.why}",
        f"cost       {chosen.cost}",
        f"ties       {labels.ties}",
        f"agreement  {agreed} · expected share of right labels {mean:.3f}",
    ]
    if chosen.methods["known"].null_count < len(chosen.methods):
        lines += [_row(row) for row in chosen.methods.to_pylist()]
    voters = labels.voters.slice(0, MOST_VOTERS).to_pylist()
    lines += ["voters     " + " · ".join(f"{row['voter']} {row['quality']:.2f} ({row['votes']:,})" for row in voters)]
    if labelled.cost:
        cost = labelled.cost
        lines.append(
            f"model      {cost['asked']:,} questions, {cost['cached']:,} from the cache, {cost['outside']:,} answers "
            f"outside the classes, {cost['unanswered']:,} unanswered · "
            f"{cost['tokens_in']:,} + {cost['tokens_out']:,} tokens"
        )
    return "\n".join([*lines, f"\n{home / 'labels.parquet'}"])


def _row(method: dict[str, Any]) -> str:
    return (
        f"           {method['method']:<18} {method['right']} of {method['known']} known answers right, "
        f"Brier {method['brier']:.3f}, {method['differs']:.1%} of labels otherwise"
    )


def as_json(labelled: Labelled, home: Path) -> str:
    """The same for programs."""
    labels, chosen = labelled.labels, labelled.labels.chosen
    value = {
        "items": labels.labels.num_rows,
        "voters": labels.voters.num_rows,
        "classes": list(labels.classes),
        "method": chosen.method,
        "why": chosen.why,
        "cost": chosen.cost,
        "methods": chosen.methods.to_pylist(),
        "agreement": None if math.isnan(labels.agreement) else labels.agreement,
        "ties": asdict(labels.ties),
        "language_model": labelled.cost or None,
        "labels": str(home / "labels.parquet"),
    }
    return json.dumps(value, ensure_ascii=False)
