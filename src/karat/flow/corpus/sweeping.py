"""How much of a corpus a rule would keep at other limits: told from what was measured, without reading it again."""

from dataclasses import dataclass

import numpy as np

from karat.core.errors import OptionError
from karat.flow.corpus import rules
from karat.flow.corpus.deciding import Wishes
from karat.flow.corpus.shelf import Parts

POINTS = 12


@dataclass(frozen=True)
class Point:
    """One limit.

    Parameters
    ----------
    limit : float
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


def swept(parts: Parts, wishes: Wishes, code: str) -> list[Point]:
    """The rule at limits spread over what it measures.

    Raises
    ------
    OptionError
        The profile has no such rule.
    """
    known = {rule.code: rule for rule in rules.rules_of(wishes.profile)}
    if code not in known:
        raise OptionError.unknown(f"rule of profile {wishes.profile}", code, known, "--sweep")
    values, others, size = _measured(parts, wishes, code)
    limit = wishes.limits.get(code, known[code].limit)
    made = []
    for at in _limits(values, limit):
        broken = known[code].with_limit(at).breaks(values)
        passed = ~broken
        kept = passed & others
        weight = int(size[passed].sum())
        share = float(size[kept].sum() / weight) if weight else 1.0
        made.append(Point(float(at), int(kept.sum()), int(size[kept].sum()), share, bool(at == limit)))
    return made


def _measured(parts: Parts, wishes: Wishes, code: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rule's value of each document, whether all other rules let it pass, and its tokens."""
    values, others, size = [], [], []
    for at in range(len(parts)):
        facts = parts.facts(at)
        passed = facts["characters"].to_numpy() > 0
        for name, rows, _, _ in rules.failing(facts, wishes.profile, wishes.limits):
            if name != code:
                passed[rows] = False
        values.append(rules.values(facts, wishes.profile, code))
        others.append(passed)
        size.append(rules.tokens(facts))
    return np.concatenate(values), np.concatenate(others), np.concatenate(size)


def _limits(values: np.ndarray, now: float) -> list[float]:
    known = values[~np.isnan(values)]
    spread = np.quantile(known, np.linspace(0, 1, POINTS)) if len(known) else np.array([])
    near = now * np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0])
    return sorted({float(f"{at:.4g}") for at in [*spread, *near]} | {now})
