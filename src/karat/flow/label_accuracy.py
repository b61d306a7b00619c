"""How many labels are right: a measure of its own beside that of the cells."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from karat.core.schema import Schema
from karat.core.words import many
from karat.flow.engine import Learned
from karat.quality.accuracy.expectations import Expectations
from karat.quality.accuracy.suspect_labels import SuspectLabels


def label_accuracy(
    learned: Learned, schema: Schema, findings: pa.Table | None, ledger: pa.Table | None = None
) -> dict[str, Any] | None:
    """The accuracy of labels, as in ``scores.json`` under ``labels``; None where no model can tell.

    Parameters
    ----------
    findings : pyarrow.Table or None
        Those of ``SuspectLabels``.
    ledger : pyarrow.Table or None
        What was done since: only that changes the score.
    """
    check = learned.checks.get(SuspectLabels.code())
    if not isinstance(check, SuspectLabels) or findings is None:
        return None
    state: Expectations = learned.states[SuspectLabels.code()]
    noise = check.noise(state, schema)
    if noise is None:
        return None
    measured = check.measures(state, schema, findings)
    left = measured if ledger is None else check.measures_after(state, schema, findings, ledger)
    done, total = measured[0].bad - left[0].bad, noise.labels
    return {
        "score": 1 - left[0].bad / total,
        "low": max(0.0, 1 - (noise.high - done) / total),
        "high": min(1.0, 1 - (noise.low - done) / total),
        "wrong": noise.wrong,
        "wrong_low": noise.low,
        "wrong_high": noise.high,
        "labels": total,
        "flagged": noise.flagged,
        "proven": noise.proven,
        "reason": noise.reason,
    }


def in_words(before: Mapping[str, Any], after: Mapping[str, Any] | None = None) -> str:
    """One line about the labels."""
    if before["reason"]:
        return f"no label is suspected: {before['reason']}"
    text = f"{before['score']:.3f} [{before['low']:.3f}, {before['high']:.3f}]"
    if after and after["score"] != before["score"]:
        text += f" → {after['score']:.3f} [{after['low']:.3f}, {after['high']:.3f}]"
    many_flagged = many(before["flagged"], "label")
    if not before["proven"]:
        return f"{text}: {many_flagged} may be wrong, or the model is (estimated, not verified)"
    return f"{text}: {many_flagged} flagged (estimated, not verified)"
