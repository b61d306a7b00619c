"""How much of a corpus a rule would keep at other limits: told from what was measured, without reading it again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.errors import OptionError
from karat.flow import document_checks
from karat.flow.document_verdicts import objections
from karat.flow.part_store import Parts
from karat.quality.documents import DocumentCheck
from karat.quality.text_family import TextFamily
from karat.quality.text_rules import TextRule

POINTS = 12  # display: limits tried of a rule


@dataclass(frozen=True)
class Point:
    """One limit.

    Parameters
    ----------
    documents, tokens : int
        What the profile would keep with it.
    quality : float
        Share of the tokens this rule lets pass that no other rule objects to.
    now : bool
        It is the limit in force.
    """

    limit: float
    documents: int
    tokens: int
    quality: float
    now: bool


def swept(parts: Parts, checks: Sequence[DocumentCheck], name: str) -> list[Point]:
    """A limit of a check, such as ``GopherQuality.min_words``, at values spread over what it measures.

    Raises
    ------
    OptionError
        None of the checks of published rules has such a limit.
    """
    families = [check for check in checks if isinstance(check, TextFamily)]
    known = {f"{check.code()}.{rule.parameter}": rule for check in families for rule in check.rules()}
    if name not in known:
        raise OptionError.unknown("limit of the profile", name, known, "--sweep")
    rule = known[name]
    values, others, size = _measured(parts, checks, name, rule)
    points = []
    for at in _limits(values, rule.limit):
        passed = ~rule.with_limit(at).breaks(values)
        kept = passed & others
        weight = int(size[passed].sum())
        share = float(size[kept].sum() / weight) if weight else 1.0
        points.append(Point(float(at), int(kept.sum()), int(size[kept].sum()), share, bool(at == rule.limit)))
    return points


def _measured(
    parts: Parts, checks: Sequence[DocumentCheck], name: str, rule: TextRule
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rule's value of each document, whether all other rules let it pass, and its tokens."""
    values, others, size = [], [], []
    for at in range(len(parts)):
        measured = parts.facts(at)
        facts = document_checks.facts_of(measured)
        passed = measured["characters"].to_numpy() > 0
        for check, objections_made in objections(facts, [check for check in checks if isinstance(check, TextFamily)]):
            for objection in objections_made:
                if f"{check.code()}.{objection.parameter}" != name:
                    passed[objection.places] = False
        values.append(rule.measure(dict(facts.statistics)))
        others.append(passed)
        size.append(document_checks.tokens(measured))
    return np.concatenate(values), np.concatenate(others), np.concatenate(size)


def _limits(values: np.ndarray, now: float) -> list[float]:
    known = values[~np.isnan(values)]
    spread = np.quantile(known, np.linspace(0, 1, POINTS)) if len(known) else np.array([])
    near = now * np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0])
    return sorted({float(f"{at:.4g}") for at in [*spread, *near]} | {now})
