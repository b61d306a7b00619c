"""How people get on: who did how much, and how far they agree."""

from collections import Counter, defaultdict
from typing import Any

from karat.show.review.assignment import ReviewDesk


def workers(desk: ReviewDesk) -> list[dict[str, Any]]:
    """By person: cases decided, skipped, seconds a case, what is before him now; the busiest first."""
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for words in desk._words.values():
        for who, said in words.items():
            verdicts[who][said[-1][1]] += 1
    now = desk.clock()
    busy = {lease.who: lease for lease in desk.decisions.leases(now)}
    people = [
        {
            "name": who,
            "decided": sum(n for verdict, n in verdicts[who].items() if verdict != "skip"),
            "skipped": verdicts[who]["skip"],
            "share_rejected": _share(verdicts[who]),
            "working": who in busy,
        }
        for who in sorted(verdicts.keys() | busy.keys())
    ]
    return sorted(people, key=lambda person: (-int(person["decided"]), str(person["name"])))


def _share(verdicts: Counter[str]) -> float | None:
    decided = sum(n for verdict, n in verdicts.items() if verdict != "skip")
    return verdicts["reject"] / decided if decided else None


def agreement(desk: ReviewDesk) -> dict[str, Any]:
    """How far people agree on what two or more have decided.

    Returns
    -------
    dict
        ``cases``, ``agree`` (cases without two opinions), ``alpha``: Krippendorff's alpha, nominal, over
        accept / reject / edit with its answer; None where it is not defined.

    Notes
    -----
    Source: K. Krippendorff, Content Analysis, 4th edition, 2018, chapter 12.
    """
    units = [list(answers.values()) for at in desk._words if len(answers := _opinions(desk, at)) > 1]
    same = sum(len(set(unit)) == 1 for unit in units)
    return {"cases": len(units), "agree": same, "alpha": alpha(units)}


def _opinions(desk: ReviewDesk, at: int) -> dict[str, str]:
    """What people held: that it stands, goes as proposed, or what they wrote instead."""
    verdicts = desk.verdicts(at)
    answers = desk.answers(at)
    return {who: verdicts[who] if verdicts[who] != "edit" else f"edit {answers[who]}" for who in answers}


def alpha(units: list[list[str]]) -> float | None:
    """Krippendorff's alpha of nominal judgements, units with one judgement left out."""
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in units for value in unit)
    n = sum(totals.values())
    by_chance = n * n - sum(count * count for count in totals.values())
    if not by_chance:
        return None
    differing = 0.0
    for unit in units:
        counts = Counter(unit)
        differing += (len(unit) ** 2 - sum(c * c for c in counts.values())) / (len(unit) - 1)
    return 1 - (n - 1) * differing / by_chance
