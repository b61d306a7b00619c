"""How likely an option is right: what was seen on foreign tables, moved by what a person has answered on this one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from karat.clean.by_example.options import FEATURES, NEIGHBOURS, SPELLING, CellOptions

# Standard deviations, in log odds, of what is particular to a table, chosen by leaving tables out
# (benchmarks/twenty_answers.md): all options; those of one speaker; of one column; of one speaker in one column; and
# those of one speaker that write one text in the place of another.
SPREADS = (1.0, 1.0, 1.0, 1.5, 1.5)
WRONG_ANSWERS = 0.02  # unproven: of the answers; no answer is believed more than that
PROVEN, PROVEN_WEIGHT = 0.95, 10.0  # unproven: what a check that fixes unasked has shown on foreign tables, in answers
KEPT = 0.9  # unproven: the least confidence of what would be fixed unasked and is not spoken against
STANDS = 0.8  # below, answers speak against such a check (benchmarks/twenty_answers.md, set on its own tables)
ENOUGH = 5  # answered cells of a column, for which a speaker was right, license it there (benchmarks/twenty_answers.md)
# of them were right, where no check speaks: .85 broke 122 of 1,330 cells in the lakes (benchmarks/twenty_answers.md)
WITHOUT_A_CHECK = 0.95
# Where no answer of the column speaks for them, one in six of what they would write at .85 is wrong (lakes)
UNPROVEN = frozenset({NEIGHBOURS, SPELLING})
EVEN, NOT_SURE = 0.5, 0.49  # definition: as likely as not, and just under it
# so unlikely, and at most that share of records, are answers left out (benchmarks/twenty_answers.md)
OVERLOOKED, MOST_OVERLOOKED = 0.05, 0.2
STEPS = 30  # cost: of Newton's method
Effect = tuple[str, ...]


@dataclass(frozen=True)
class Belief:
    """What is believed of options in one table.

    Parameters
    ----------
    effects : dict of tuple of str to int
        Place of each effect particular to the table.
    mean : ndarray, shape (k,)
    covariance : ndarray, shape (k, k)
    standing : dict of (speaker, column) to float
        The share right of what would be fixed unasked, as answers have it; column "" for columns without answers.
    licences : dict of (speaker, column) to (float, float)
        Where a speaker was right about enough answered cells: how sure it was of them at least, and the share right.
    shown : frozenset of (speaker, column)
        Where a speaker that is no check was right about an answered cell, and would have broken none.
    """

    effects: dict[Effect, int]
    mean: np.ndarray
    covariance: np.ndarray
    standing: dict[tuple[str, str], float]
    licences: dict[tuple[str, str], tuple[float, float]]
    shown: frozenset[tuple[str, str]] = frozenset()

    def right(self, those: CellOptions) -> np.ndarray:
        """(m,) probability that each option is what should stand there, its uncertainty taken in.

        What would be fixed unasked stays so, unless answers about such fixes speak
        against them; what answers have licensed is at least as likely as they were right.
        """
        start = _start(those)
        if not len(self.mean):
            return _moderated(start, np.full(len(start), sum(s**2 for s in SPREADS)))
        places, fresh = _design(those, self.effects)
        moved = np.where(places >= 0, self.mean[places], 0.0).sum(axis=1)
        part = self.covariance[places[:, :, None], places[:, None, :]]
        both = (places >= 0)[:, :, None] & (places >= 0)[:, None, :]
        likely = _moderated(start + moved, np.where(both, part, 0.0).sum(axis=(1, 2)) + fresh)
        named = list(zip(those.speaker, those.column, strict=True))
        worth = np.array([self.standing.get((who, name), self.standing.get((who, ""), PROVEN)) for who, name in named])
        kept = np.maximum(np.maximum(likely, those.said), KEPT)
        likely = np.where((those.features[:, -1] > 0) & (worth >= STANDS) & (likely >= EVEN), kept, likely)
        floors = [self.licences.get(key, (1.1, 0.0)) for key in named]
        licensed = np.array([said >= least for said, (least, _) in zip(_said(those), floors, strict=True)], bool)
        likely = np.where(licensed, np.maximum(likely, [floor for _, floor in floors]), likely)
        unshown = np.array([key[0] in UNPROVEN and key not in self.shown for key in named], bool)
        return np.where(unshown, np.minimum(likely, NOT_SURE), likely)


NOTHING = Belief({}, np.zeros(0), np.zeros((0, 0)), {}, {})


def _standing(those: CellOptions, right: np.ndarray, stood: np.ndarray) -> dict[tuple[str, str], float]:
    """Per speaker, and speaker and column, how often fixes that would be made unasked are right rather than harm."""
    shown: dict[str, dict[str, list[bool]]] = {}
    for at in np.flatnonzero((those.features[:, -1] > 0) & (right | stood)).tolist():
        shown.setdefault(those.speaker[at], {}).setdefault(those.column[at], []).append(bool(right[at]))
    out = {}
    for speaker, columns in shown.items():
        every = [fits for said in columns.values() for fits in said]
        out[speaker, ""] = (PROVEN * PROVEN_WEIGHT + sum(every)) / (PROVEN_WEIGHT + len(every))
        for column, said in columns.items():
            out[speaker, column] = (out[speaker, ""] * PROVEN_WEIGHT + sum(said)) / (PROVEN_WEIGHT + len(said))
    return out


def _licences(those: CellOptions, right: np.ndarray) -> dict[tuple[str, str], tuple[float, float]]:
    """Speakers that were right about at least ``ENOUGH`` cells of a column (Jeffreys' estimate of the share)."""
    answered: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for who, column, said, fits in zip(those.speaker, those.column, _said(those), right.tolist(), strict=True):
        if said > 0:
            answered.setdefault((who, column), []).append((float(said), fits))
    out = {}
    for key, cells in answered.items():
        for least in sorted({said for said, _ in cells}):
            fitting = [fits for said, fits in cells if said >= least]
            share = (sum(fitting) + 0.5) / (len(fitting) + 1)
            if sum(fitting) >= ENOUGH and (key[0] not in UNPROVEN or share >= WITHOUT_A_CHECK):
                out[key] = least, share
                break
    return out


def _said(those: CellOptions) -> np.ndarray:
    """(m,) how sure a speaker is by itself: a check says so, other columns are as likely right as in other tables."""
    alone = np.array([who in UNPROVEN for who in those.speaker], bool)
    sure: np.ndarray = np.where(alone, _sigmoid(_start(those)), those.said)
    return sure


def _shown(belief: Belief, those: CellOptions, right: np.ndarray, stood: np.ndarray) -> frozenset[tuple[str, str]]:
    """Speakers and columns with an answered cell they were right about, and none that they would have broken."""
    keys = list(zip(those.speaker, those.column, strict=True))
    harmful = stood & (belief.right(those) > EVEN)
    good = {key for key, fits in zip(keys, right.tolist(), strict=True) if fits}
    return frozenset(good - {key for key, harms in zip(keys, harmful.tolist(), strict=True) if harms})


@cache
def prior() -> np.ndarray:
    """(len(FEATURES),) weights fitted on foreign tables by ``benchmarks/twenty_answers.py --fit``."""
    fitted: dict[str, Any] = json.loads(files("karat.clean.by_example").joinpath("prior.json").read_text("utf-8"))
    return np.array([fitted["weights"][name] for name in FEATURES])


def learn_belief(those: CellOptions, right: np.ndarray, stood: np.ndarray) -> Belief:
    """What answered options teach: the likeliest effects particular to this table, and how sure they are.

    Parameters
    ----------
    those : Options
        Of records that were checked, those that were overlooked left out.
    right : ndarray of bool, shape (m,)
        Whether each is what the person says should stand there.
    stood : ndarray of bool, shape (m,)
        Whether the person left the cell as it was, so that any other value breaks it.
    """
    names = [effects for place in range(len(right)) for effects in _effects(those, place)]
    effects = {name: place for place, name in enumerate(sorted(set(names)))}
    if not effects:
        return NOTHING
    mean, covariance = _posterior(_start(those), _present(those, effects), right, effects)
    standing, licences = _standing(those, right, stood), _licences(those, right)
    every = frozenset(zip(those.speaker, those.column, strict=True))
    belief = Belief(effects, mean, covariance, standing, licences, every)
    return replace(belief, shown=_shown(belief, those, right, stood))


def overlooked(those: CellOptions, right: np.ndarray, stood: np.ndarray, rows: np.ndarray, checked: int) -> np.ndarray:
    """Records that were left as they are, though that is most unlikely by the answers to all others.

    A person may overlook what is wrong in a record. Each record without a correction is judged by what the other
    records teach; the least likely one is left out, and the rest is judged again, up to ``MOST_OVERLOOKED`` of them.

    Parameters
    ----------
    those, right, stood
        As in ``learn_belief``, of all records that were checked.
    rows : ndarray of int64, shape (m,)
        Their records.
    checked : int
        How many records were checked, with those without options.
    """
    found = list[int]()
    keep, untouched = np.ones(len(rows), bool), np.setdiff1d(rows, rows[~stood]).tolist()
    effects = {name: at for at, name in enumerate(sorted({n for at in range(len(rows)) for n in _common(those, at)}))}
    start, present = _start(those), _present(those, effects)
    while untouched and len(found) < int(MOST_OVERLOOKED * checked):
        chances = []
        for row in untouched:
            others = keep & (rows != row)
            mean, _ = _posterior(start[others], present[others], right[others], effects)
            here = rows == row
            likely = _sigmoid(start[here] + present[here] @ mean)
            chances.append(float(np.log1p(-np.minimum(likely, 0.999)).sum()))
        worst = int(np.argmin(chances))
        if chances[worst] >= np.log(OVERLOOKED):
            break
        keep &= rows != untouched[worst]
        found.append(untouched.pop(worst))
    return np.array(sorted(found), np.int64)


def _posterior(
    start: np.ndarray, present: np.ndarray, right: np.ndarray, effects: Mapping[Effect, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest effects (k,) and their covariance (k, k), by Newton's method."""
    spread = np.array([SPREADS[_level(name)] for name in effects])
    y = np.where(right, 1 - WRONG_ANSWERS, WRONG_ANSWERS)
    mean, precision = np.zeros(len(effects)), np.diag(spread**-2.0)
    curved = precision
    for _ in range(STEPS):
        p = _sigmoid(start + present @ mean)
        curved = present.T @ (present * (p * (1 - p))[:, None]) + precision
        step = np.linalg.solve(curved, present.T @ (y - p) - mean * spread**-2.0)
        mean = mean + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-6:
            break
    return mean, np.linalg.inv(curved)


def _present(those: CellOptions, effects: Mapping[Effect, int]) -> np.ndarray:
    """(m, k) which effects each option has, 1 or 0."""
    out = np.zeros((len(those.at), len(effects)))
    for at in range(len(those.at)):
        out[at, [effects[name] for name in _effects(those, at) if name in effects]] = 1.0
    return out


def _start(those: CellOptions) -> np.ndarray:
    """(m,) log odds in a table like the foreign ones on average: what is particular to a table spreads around them.

    The weights were fitted across tables, so that their probabilities are means over that spread; within one table the
    odds lie further from even (Zeger, Liang and Albert 1988).
    """
    out: np.ndarray = those.features @ prior() * np.sqrt(1 + np.pi * sum(s**2 for s in SPREADS) / 8)
    return out


def _level(name: Effect) -> int:
    return ("all", "speaker", "column", "both", "text").index(name[0])


def _effects(those: CellOptions, at: int) -> tuple[Effect, ...]:
    speaker, column = those.speaker[at], those.column[at]
    text = ("text", speaker, column, those.before[at], those.after[at])
    return ("all",), ("speaker", speaker), ("column", column), ("both", speaker, column), text


def _common(those: CellOptions, at: int) -> tuple[Effect, ...]:
    """Effects that options of other texts have too."""
    return _effects(those, at)[:-1]


def _design(those: CellOptions, effects: Mapping[Effect, int]) -> tuple[np.ndarray, np.ndarray]:
    """(m, 5) places of the effects, -1 where nothing is known, and (m,) the variance of those."""
    places = np.array(
        [[effects.get(name, -1) for name in _effects(those, at)] for at in range(len(those.at))], np.int64
    )
    places = places.reshape(len(those.at), len(SPREADS))
    return places, ((places < 0) * np.square(SPREADS)).sum(axis=1)


def _moderated(odds: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The mean of the logistic curve over a normal spread (MacKay 1992)."""
    return _sigmoid(odds / np.sqrt(1 + np.pi * variance / 8))


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    out: np.ndarray = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return out


def fit_prior(tables: Sequence[tuple[np.ndarray, np.ndarray]], ridge: float = 1.0) -> np.ndarray:
    """Weights for all tables, each weighing the same.

    Parameters
    ----------
    tables : sequence of (features (m, f), right (m,))
    ridge : float
        Penalty on the weights; the features are of the order of one.
    """
    x = np.concatenate([features for features, _ in tables])
    y = np.concatenate([right for _, right in tables]).astype(float)
    weight = np.concatenate([np.full(len(right), TABLE_WEIGHT / max(len(right), 1)) for _, right in tables])
    out = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = _sigmoid(x @ out)
        curved = x.T @ (x * (weight * p * (1 - p))[:, None]) + ridge * np.eye(x.shape[1])
        out = out + np.clip(np.linalg.solve(curved, x.T @ (weight * (y - p)) - ridge * out), -2.0, 2.0)
    return out


TABLE_WEIGHT = 30.0  # unproven: options that one table is worth, however many it has
