"""What ``karat label`` prints."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from karat.flow.labelling import Labelled

MOST_VOTERS = 5


def in_words(found: Labelled, home: Path) -> str:
    """A few lines: labels, method and why, what it could cost, ties, agreement, the voters."""
    labels, chosen = found.labels, found.labels.chosen
    shares = labels.labels["label"].value_counts().to_pylist()
    total = labels.labels.num_rows
    told = " · ".join(
        f"{one['values']} {one['counts'] / total:.1%}" for one in sorted(shares, key=lambda one: -one["counts"])[:6]
    )
    mean = sum(labels.labels["confidence"].to_pylist()) / total
    votes, alpha = sum(labels.labels["votes"].to_pylist()), labels.agreement
    agreed = "no item has two votes" if math.isnan(alpha) else f"Krippendorff’s alpha {alpha:.2f}"
    lines = [
        f"label      {votes:,} votes of {labels.voters.num_rows:,} voters → {total:,} labels · {told}",
        f"method     {chosen.method}: {chosen.why}",
        f"cost       {chosen.cost}",
        f"ties       {labels.ties}",
        f"agreement  {agreed} · expected share of right labels {mean:.3f}",
    ]
    if chosen.methods["known"].null_count < len(chosen.methods):
        lines += [_row(one) for one in chosen.methods.to_pylist()]
    voters = labels.voters.slice(0, MOST_VOTERS).to_pylist()
    lines += ["voters     " + " · ".join(f"{one['voter']} {one['quality']:.2f} ({one['votes']:,})" for one in voters)]
    if found.cost:
        cost = found.cost
        lines.append(
            f"model      {cost['asked']:,} questions, {cost['cached']:,} from the cache, {cost['outside']:,} answers "
            f"outside the classes, {cost['unanswered']:,} unanswered · "
            f"{cost['tokens_in']:,} + {cost['tokens_out']:,} tokens"
        )
    return "\n".join([*lines, f"\n{home / 'labels.parquet'}"])


def _row(one: dict[str, Any]) -> str:
    return (
        f"           {one['method']:<18} {one['right']} of {one['known']} known answers right, "
        f"Brier {one['brier']:.3f}, {one['differs']:.1%} of labels otherwise"
    )


def as_json(found: Labelled, home: Path) -> str:
    """The same for programs."""
    labels, chosen = found.labels, found.labels.chosen
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
        "language_model": found.cost or None,
        "labels": str(home / "labels.parquet"),
    }
    return json.dumps(value, ensure_ascii=False)
