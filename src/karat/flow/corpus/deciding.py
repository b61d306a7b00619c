"""Decides over every document from what was measured; nothing is read again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.flow.corpus import rules
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.steps import FLAGGED, FOREIGN, MIXED, POOR, STRANGE, TESTS
from karat.flow.corpus.strangeness import BITS, LIMIT
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
    max_flagged : float
        Share of flagged words above which a document is dropped.
    max_bits : float
        Bits per byte to the model of usual texts above which one is; 0: as its own texts say.
    max_mixed : float
        Share in a second language above which one is.
    """

    profile: str
    limits: Mapping[str, float]
    languages: tuple[str, ...] = ()
    min_quality: float = 0.5
    max_flagged: float = 1.0
    max_bits: float = 0.0
    max_mixed: float = 1.0


def by_content(parts: Parts, wishes: Wishes, tick: Callable[[int, int], None]) -> Verdicts:
    """What each document deserves for what stands in it, whatever the others are."""
    verdicts = Verdicts.all_kept(parts.documents)
    for at in range(len(parts)):
        first, facts = int(parts.first_rows[at]), parts.facts(at)
        for code, rows, measure, limit in rules.failing(facts, wishes.profile, wishes.limits):
            verdicts.drop(code, rows + first, measure, limit)
        for code, mask, values, limit in _own(facts, wishes):
            rows = np.flatnonzero(mask)
            verdicts.drop(code, rows + first, values[rows], limit[rows] if isinstance(limit, np.ndarray) else limit)
        tick(at + 1, len(parts))
    return verdicts


def _own(facts: pa.Table, wishes: Wishes) -> Sequence[tuple[str, np.ndarray, np.ndarray, Any]]:
    made: list[tuple[str, Any, Any, Any]] = []
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
    if wishes.max_flagged < 1:
        share = facts["flagged"].to_numpy()
        made.append((FLAGGED, share > wishes.max_flagged, share, wishes.max_flagged))
    if "second_language" in facts.column_names:
        second = facts["second_language"].to_numpy()
        made.append((MIXED, second > wishes.max_mixed, second, wishes.max_mixed))
    if BITS in facts.column_names:
        bits = facts[BITS].to_numpy()
        most = np.full(len(bits), wishes.max_bits) if wishes.max_bits else facts[LIMIT].to_numpy()
        made.append((STRANGE, bits > most, bits, most))
    return made
