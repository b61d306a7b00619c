"""Tables with a known answer: a clean one made from nothing, a spoiled one, and which cell was spoiled how."""

from dataclasses import dataclass

import numpy as np
from made_tables import CONSONANTS, GAPS, HAN, STRUCTURES, VOWELS, Columns, Plan


def struck(rng: np.random.Generator, text: str) -> str:
    """One or two letters replaced, doubled, dropped or exchanged."""
    letters = list(text)
    for _ in range(1 + (len(text) > 12 and rng.random() < 0.3)):
        at = int(rng.integers(len(letters)))
        kind = rng.integers(4)
        strange = str(rng.choice(HAN)) if ord(letters[at]) > 0x2000 else str(rng.choice([*CONSONANTS, *VOWELS, "x"]))
        if kind == 0 or len(letters) < 3:
            letters[at] = strange
        elif kind == 1:
            letters.insert(at, strange)
        elif kind == 2:
            del letters[at]
        else:
            at = min(at, len(letters) - 2)
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


@dataclass
class Made:
    """A clean table, its spoiled copy, and the kind of each spoiled cell by (row, column)."""

    clean: Columns
    dirty: Columns
    truth: dict[tuple[int, str], str]


def spoil(plan: Plan, rng: np.random.Generator, rate: float = 0.03) -> Made:
    """Spoil that share of the cells of each column that a kind of defect touches."""
    clean, dirty = plan.clean, {name: list(cells) for name, cells in plan.clean.items()}
    truth: dict[tuple[int, str], str] = {}
    records = len(next(iter(clean.values())))

    def put(row: int, name: str, value: str, kind: str) -> None:
        if value != clean[name][row] and (row, name) not in truth and clean[name][row]:
            dirty[name][row] = value
            truth[row, name] = kind

    def some(share: float = 1.0) -> list[int]:
        return rng.choice(records, max(1, round(records * rate * share)), replace=False).tolist()

    for name in plan.typo:
        for row in some():
            put(row, name, struck(rng, clean[name][row]), "typo")
    for name in plan.fd:
        for row in some(0.7):
            put(row, name, clean[name][rng.integers(records)], "fd")
    for name, write in plan.formats.items():
        for row in some():
            put(row, name, write(clean[name][row]), "format")
    for name in plan.missing:
        for row in some(0.5):
            put(row, name, "", "missing")
    for name in plan.disguise:
        for row in some(0.5):
            put(row, name, str(rng.choice(GAPS)), "disguised")
    for one, two in plan.swaps:
        for row in some(0.3):
            if (row, one) not in truth and (row, two) not in truth and clean[one][row] != clean[two][row]:
                put(row, one, clean[two][row], "swap")
                put(row, two, clean[one][row], "swap")
    return Made(clean, dirty, truth)


def made(structure: str, seed: int, records: int | None = None) -> Made:
    """One spoiled table of a structure."""
    rng = np.random.default_rng([seed, *structure.encode()])
    build, usual = STRUCTURES[structure]
    return spoil(build(rng, records or usual), rng)
