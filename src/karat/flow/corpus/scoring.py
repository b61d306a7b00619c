"""The four dimensions of a corpus, before and after, each measure with what is bad of how many."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.finding import SCORED, Dimension
from karat.core.measure import Measure
from karat.core.unit import ISO_5259_2
from karat.flow.corpus import rules
from karat.flow.corpus.deciding import objections
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.verdicts import Verdicts
from karat.flow.scores import dimension_score
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.documents import DocumentCheck

DOCUMENTS = "documents"
DAY_US = 86_400_000_000


def scores(parts: Parts, verdicts: Verdicts, checks: Sequence[DocumentCheck], *, after: bool) -> dict[str, Any]:
    """``scores.json``: over all documents, and with ``after`` over those that stay."""
    everything = np.ones(parts.documents, bool)
    made = {"before": _scored(parts, verdicts, checks, everything, after=False)}
    return made | ({"after": _scored(parts, verdicts, checks, verdicts.kept, after=True)} if after else {})


def _scored(
    parts: Parts, verdicts: Verdicts, checks: Sequence[DocumentCheck], chosen: np.ndarray, *, after: bool
) -> dict[str, Any]:
    total = int(chosen.sum())
    bad = {check.code(): 0 for check in checks}
    times: list[np.ndarray] = []
    for at in range(len(parts)):
        measured, mine = parts.facts(at), chosen[int(parts.first_rows[at]) : int(parts.first_rows[at + 1])]
        for check, made in objections(rules.facts_of(measured), checks):
            bad[check.code()] += int(mine[np.unique(np.concatenate([one.places for one in made]))].sum())
        repaired = measured["repaired"].to_numpy(zero_copy_only=False)
        bad[BrokenCharacters.code()] = bad.get(BrokenCharacters.code(), 0) + (
            0 if after else int((repaired & mine).sum())
        )
        times.append(measured["time"].combine_chunks().filter(pa.array(mine)).cast(pa.int64()).fill_null(-1).to_numpy())
    for check in rules.by_likeness(checks):
        code = check.code()
        bad[code] = verdicts.stopped_count(code) if after else len(verdicts.of_check(code).rows)
    measures: dict[Dimension, list[Measure]] = {name: [] for name in SCORED}
    for check in checks:
        looked_at = check.removes or check.code() == BrokenCharacters.code()
        if looked_at and check.dimension in measures:
            measures[check.dimension].append(_measure(check.measure_name, bad[check.code()], total))
    measures[Dimension.TIMELINESS] += _timeliness(np.concatenate(times), total)
    return {"dimensions": {str(name): dimension_score([m for m in measures[name] if m.total]) for name in SCORED}}


def _measure(name: str, bad: int, total: int) -> Measure:
    return Measure(name, ISO_5259_2, min(bad, total), total, DOCUMENTS)


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
