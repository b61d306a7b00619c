"""What ``karat label`` prints."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from karat.flow.labelling import Labelled
from karat.label.aggregated import AggregatedLabels

MOST_VOTERS = 5  # display: of the summary
MOST_SHOWN = 6  # display: labels of the summary


def in_words(labelled: Labelled, home: Path) -> str:
    """A few lines: labels, method and why, what it could cost, ties, agreement, the voters."""
    labels, chosen = labelled.labels, labelled.labels.chosen
    total = labels.labels.num_rows
    mean = sum(labels.labels["confidence"].to_pylist()) / total
    votes, alpha = sum(labels.labels["votes"].to_pylist()), labels.agreement
    agreed = "no item has two votes" if math.isnan(alpha) else f"Krippendorff’s alpha {alpha:.2f}"
    lines = [
        f"label      {votes:,} votes of {labels.voters.num_rows:,} voters → {total:,} labels{_shown(labels)}",
        f"type       {labels.answers.name}: {labels.answers.reason}",
        f"method     {chosen.method}: {chosen.why}",
        f"cost       {chosen.cost}",
        *([f"ties       {labels.ties}"] if labels.ties is not None else []),
        f"agreement  {agreed}",
        f"confidence expected share of right labels {mean:.3f}; {labels.verified}",
        *(f"note       {note}" for note in labels.notes),
    ]
    if suspects := labels.suspects.num_rows:
        votes_are = f"{suspects:,} {'vote is' if suspects == 1 else 'votes are'}"
        lines.append(f"suspects   {votes_are} probably wrong: suspect_votes.parquet")
    if chosen.methods["known"].null_count < len(chosen.methods):
        lines += [_row(row) for row in chosen.methods.to_pylist()]
    voters = labels.voters.slice(0, MOST_VOTERS).to_pylist()
    lines += ["voters     " + " · ".join(f"{row['voter']} {row['quality']:.2f} ({row['votes']:,})" for row in voters)]
    if labelled.cost:
        cost = labelled.cost
        lines.append(
            f"model      {cost['asked']:,} questions, {cost['cached']:,} from the cache, {cost['outside']:,} answers "
            f"outside the classes, {cost['unanswered']:,} unanswered, {cost['refused']:,} refused, "
            f"{cost['unasked']:,} not asked for lack of money · "
            f"{cost['tokens_in']:,} + {cost['tokens_out']:,} tokens"
            + (f", {cost['money']:.4f} of money" if cost["money"] else "")
        )
    if labelled.columns:
        lines.insert(0, f"columns    {labelled.columns}")
    if labelled.ledger is not None:
        lines.insert(0, f"read       {labelled.ledger}")
    places = [home / "labels.parquet", *([home / labelled.written[0]] if labelled.written is not None else [])]
    return "\n".join([*lines, "", *map(str, places)])


def _shown(labels: AggregatedLabels) -> str:
    """The most frequent labels; the range of numbers."""
    if labels.answers.name == "number":
        values = [float(value) for value in labels.labels["label"].to_pylist()]
        return f" · {min(values):g} to {max(values):g}"
    if labels.answers.name not in ("class", "ordinal"):
        return ""
    shares = labels.labels["label"].value_counts().to_pylist()
    top = sorted(shares, key=lambda row: -row["counts"])[:MOST_SHOWN]
    return "".join(f" · {row['values']} {row['counts'] / labels.labels.num_rows:.1%}" for row in top)


def _row(method: dict[str, Any]) -> str:
    brier = "" if method["brier"] is None else f", Brier {method['brier']:.3f}"
    return (
        f"           {method['method']:<18} {method['right']} of {method['known']} known answers right{brier}, "
        f"{method['differs']:.1%} of labels otherwise"
    )


def as_json(labelled: Labelled, home: Path) -> str:
    """The same for programs."""
    labels, chosen = labelled.labels, labelled.labels.chosen
    value = {
        "items": labels.labels.num_rows,
        "voters": labels.voters.num_rows,
        "type": asdict(labels.answers),
        "classes": list(labels.classes),
        "method": chosen.method,
        "why": chosen.why,
        "cost": chosen.cost,
        "methods": chosen.methods.to_pylist(),
        "agreement": None if math.isnan(labels.agreement) else labels.agreement,
        "confidence": labels.verified,
        "notes": list(labels.notes),
        "suspects": labels.suspects.num_rows,
        "ties": None if labels.ties is None else asdict(labels.ties),
        "language_model": labelled.cost or None,
        "read": None if labelled.ledger is None else asdict(labelled.ledger),
        "columns": labelled.columns or None,
        "labels": str(home / "labels.parquet"),
        "written": None if labelled.written is None else str(home / labelled.written[0]),
    }
    return json.dumps(value, ensure_ascii=False)
