"""The four dimensions of a corpus, before and after, each measure with what is bad of how many."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.finding import SCORED, Dimension
from karat.core.measure import Measure
from karat.core.unit import ISO_5259_2
from karat.flow.corpus import rules
from karat.flow.corpus.deciding import Wishes
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.steps import EXACT, NEAR, Step
from karat.flow.corpus.verdicts import Verdicts
from karat.flow.scores import dimension_score

DOCUMENTS = "documents"
NAMES = {
    Dimension.ACCURACY: "documents that are text worth learning from",
    Dimension.CONSISTENCY: "documents that do not repeat themselves",
    Dimension.COMPLETENESS: "documents that are whole",
}
DAY_US = 86_400_000_000


def scores(parts: Parts, verdicts: Verdicts, steps: dict[str, Step], wishes: Wishes, *, after: bool) -> dict[str, Any]:
    """``scores.json``: over all documents, and with ``after`` over those that stay."""
    before = {str(name): dimension_score(m) for name, m in _measures(parts, verdicts, steps, wishes).items()}
    said: dict[str, Any] = {"before": {"dimensions": before}}
    if after:
        kept = {
            str(name): dimension_score(m)
            for name, m in _measures(parts, verdicts, steps, wishes, kept=verdicts.kept).items()
        }
        said["after"] = {"dimensions": kept}
    return said


def _measures(
    parts: Parts, verdicts: Verdicts, steps: dict[str, Step], wishes: Wishes, kept: np.ndarray | None = None
) -> dict[Dimension, list[Measure]]:
    """Measures by dimension; over the kept documents alone where ``kept`` says which."""
    chosen = np.ones(parts.documents, bool) if kept is None else kept
    total = int(chosen.sum())
    bad = dict.fromkeys(NAMES, 0)
    repaired = empty = 0
    times: list[np.ndarray] = []
    for at in range(len(parts)):
        span = slice(int(parts.first_rows[at]), int(parts.first_rows[at + 1]))
        facts, mine = parts.facts(at), chosen[span]
        failed = {name: np.zeros(len(mine), bool) for name in NAMES}
        for code, rows, _, _ in rules.failing(facts, wishes.profile, wishes.limits):
            if steps[code].dimension in failed:
                failed[steps[code].dimension][rows] = True
        for name, mask in failed.items():
            bad[name] += int((mask & mine).sum())
        empty += int(((facts["characters"].to_numpy() == 0) & mine).sum())
        repaired += int((facts["repaired"].to_numpy(zero_copy_only=False) & mine).sum()) if kept is None else 0
        times.append(facts["time"].combine_chunks().filter(pa.array(mine)).cast(pa.int64()).fill_null(-1).to_numpy())
    made = {name: [_measure(NAMES[name], bad[name], total)] for name in NAMES}
    made[Dimension.ACCURACY].append(_measure("documents without broken characters", repaired, total))
    made[Dimension.COMPLETENESS].append(_measure("documents that hold text", empty, total))
    made[Dimension.CONSISTENCY] += _twins(verdicts, total, kept)
    made[Dimension.TIMELINESS] = _timeliness(np.concatenate(times), total)
    return {name: [m for m in made[name] if m.total] for name in SCORED}


def _measure(name: str, bad: int, total: int) -> Measure:
    return Measure(name, ISO_5259_2, min(bad, total), total, DOCUMENTS)


def _twins(verdicts: Verdicts, total: int, kept: np.ndarray | None) -> list[Measure]:
    counts = verdicts.counts() if kept is None else {}
    exact, near = counts.get(EXACT, 0), counts.get(NEAR, 0)
    return [_measure("documents that stand there once", exact, total), _measure("documents unlike others", near, total)]


def _timeliness(times: np.ndarray, total: int) -> list[Measure]:
    """Dates that can be read and are not ahead of the corpus's own clock; nothing without a column of dates."""
    known = times[times >= 0]
    if not len(known):
        return []
    newest = float(np.median(known)) + 20 * 365 * DAY_US
    return [
        _measure("documents with a date", total - len(known), total),
        Measure("dates that can be", ISO_5259_2, int((known > newest).sum()), len(known), DOCUMENTS),
    ]
