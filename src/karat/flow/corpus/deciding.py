"""Decides over every document from what was measured; nothing is read again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.flow.corpus import rules
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.steps import FOREIGN, POOR, TESTS
from karat.flow.corpus.verdicts import Verdicts

LEAST_OVERLAP = 0.0


@dataclass(frozen=True)
class Wishes:
    """What the settings ask of a document.

    Parameters
    ----------
    profile : str
    limits : mapping of str to float
        Other limits for rules of the profile.
    languages : tuple of str
        Languages to keep, all when empty.
    min_quality : float
        Below it the quality classifier drops a document.
    """

    profile: str
    limits: Mapping[str, float]
    languages: tuple[str, ...] = ()
    min_quality: float = 0.5


def by_content(parts: Parts, wishes: Wishes, tick: Callable[[int, int], None]) -> Verdicts:
    """What each document deserves for what stands in it, whatever the others are."""
    verdicts = Verdicts.all_kept(parts.documents)
    for at in range(len(parts)):
        first, facts = int(parts.first_rows[at]), parts.facts(at)
        for code, rows, measure, limit in rules.failing(facts, wishes.profile, wishes.limits):
            verdicts.drop(code, rows + first, measure, limit)
        for code, mask, values, limit in _own(facts, wishes):
            rows = np.flatnonzero(mask)
            verdicts.drop(code, rows + first, values[rows], limit)
        tick(at + 1, len(parts))
    return verdicts


def _own(facts: pa.Table, wishes: Wishes) -> Sequence[tuple[str, np.ndarray, np.ndarray, float]]:
    made: list[tuple[str, Any, Any, float]] = []
    if wishes.languages:
        wanted = pc.is_in(facts["language"], pa.array(wishes.languages))
        sure = facts["language_probability"].to_numpy()
        made.append((FOREIGN, ~np.asarray(wanted.combine_chunks()), sure, np.nan))
    if "test_overlap" in facts.column_names:
        share = facts["test_overlap"].to_numpy()
        made.append((TESTS, share > LEAST_OVERLAP, share, LEAST_OVERLAP))
    if "quality" in facts.column_names:
        quality = facts["quality"].to_numpy()
        made.append((POOR, quality < wishes.min_quality, quality, wishes.min_quality))
    return made
