"""What the rules of a profile say of documents: measured once, decided as often as limits change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.core.finding import Dimension
from karat.flow.corpus.steps import Step
from karat.quality.text_profiles import LINE_RULES, profile_of
from karat.quality.text_rules import TextRule, numbers_of

STAT = "stat."
SURE = 0.7  # a rule of thumb: what it drops can be looked at, and brought back
CUT = "{value:.0f} lines or parts of lines were cut"


@dataclass(frozen=True)
class Judged:
    """What one look at some documents gave.

    Parameters
    ----------
    stats : pyarrow.Table
        A row a document, a column a statistic, named with ``STAT`` before it.
    edits : pyarrow.Table
        Lines cut: ``row`` counted from 0, ``span_start`` and ``span_end`` in characters of the text before, ``before``,
        ``after``, ``check``.
    texts : pyarrow.Array
        The documents with the edits made.
    """

    stats: pa.Table
    edits: pa.Table
    texts: pa.Array


def judged(texts: pa.Array, profile: str) -> Judged:
    """Every statistic of the documents, and the lines the profile cuts."""
    from karat.clean.judging_text import line_edits
    from karat.quality.text_family import text_scores

    scores = text_scores(texts, 1, profile_of(profile).rules)
    edits, edited = line_edits(texts, profile)
    stats = scores.rename_columns([STAT + name for name in scores.column_names])
    return Judged(stats, edits, edited.cast(pa.string()))


def rules_of(profile: str, limits: Mapping[str, float] | None = None) -> list[TextRule]:
    """The rules of a profile in their order, with other limits where some are wished for."""
    limits = limits or {}
    return [rule.with_limit(limits[rule.code]) if rule.code in limits else rule for rule in profile_of(profile).rules]


def known(profile: str, limits: Mapping[str, float]) -> None:
    """Raise OptionError for a profile or a rule that is not known."""
    codes = [rule.code for rule in rules_of(profile)]
    for name in sorted(set(limits) - set(codes)):
        raise OptionError.unknown(f"rule of profile {profile}", name, codes, "[clean] limits")


def steps(profile: str) -> dict[str, Step]:
    """What each rule of a profile is about, and each rule that cuts lines."""
    made = {
        rule.code: Step(rule.code, rule.dimension, rule.says, SURE, source=rule.source, rule=True)
        for rule in rules_of(profile)
    }
    return made | {code: Step(code, Dimension.ACCURACY, CUT, SURE, rule=True) for code in LINE_RULES}


def failing(
    facts: pa.Table, profile: str, limits: Mapping[str, float]
) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
    """Each rule that some documents break, in the profile's order: its code, their positions, measures, the limit."""
    numbers = _numbers(facts)
    for rule in rules_of(profile, limits):
        value = rule.measure(numbers)
        rows = np.flatnonzero(rule.breaks(value))
        if len(rows):
            yield rule.code, rows, value[rows], rule.limit


def values(facts: pa.Table, profile: str, code: str) -> np.ndarray:
    """(n,) float64: what one rule measures of each document; NaN where it is not asked."""
    rule = next(rule for rule in rules_of(profile) if rule.code == code)
    return rule.measure(_numbers(facts))


def kept_by_rules(facts: pa.Table, profile: str, limits: Mapping[str, float]) -> np.ndarray:
    """(n,) bool: documents that break no rule."""
    kept = np.ones(facts.num_rows, bool)
    for _, rows, _, _ in failing(facts, profile, limits):
        kept[rows] = False
    return kept


def tokens(facts: pa.Table) -> np.ndarray:
    """(n,) int64: about how many tokens a document has: words, and characters of scripts without spaces."""
    counts = np.stack([facts[STAT + name].to_numpy() for name in ("spaced_words", "han", "kana")])
    total: np.ndarray = counts.sum(axis=0, dtype=np.int64)
    return total


def _numbers(facts: pa.Table) -> dict[str, np.ndarray]:
    stats = facts.select([name for name in facts.column_names if name.startswith(STAT)])
    return numbers_of(stats.rename_columns([name.removeprefix(STAT) for name in stats.column_names]))
