"""Limits and weights of the signs against documents, chosen with languages left out.

    python benchmarks/text_signs.py GOOD.parquet [--show]

GOOD has the columns ``lang``, ``genre`` and ``text``. Rubbish is made of its texts (``made_rubbish.py``). Languages are
dealt to ``FOLDS``; for each fold limits and weights come from the others, and the fold is judged with them. ``--show``
judges with those that Karat has. Prints what is kept of each genre, in how many languages 95 in 100 are, what is found
of each kind of rubbish, and the constants that all languages together give.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from made_rubbish import rubbish
from scipy.optimize import minimize

from karat.quality import text_signs
from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.languages import languages
from karat.quality.text_family import text_scores
from karat.quality.text_form import form_scores
from karat.quality.text_rules import numbers_of
from karat.quality.text_signs import SIGNS

FOLDS, EACH = 8, 6  # parts of the languages; rubbish of each kind for a language
UNDER = 0.997  # of the good documents stay under a sign's lower limit
# where hardly a good document has a sign at all its limit stays above what one might have
LEAST = {
    "broken_characters": 0.004, "few_common_words": 0.85, "no_language": 0.5, "repeated_lines": 0.25,
    "repeated_words": 0.25, "lost_letters": 0.4, "two_scripts": 0.06, "many_symbols": 12.5, "cut_lines": 0.2, "short_lines": 0.5, "notices": 0.08, "short_words": 1.3, "long_words": 1.3,
}  # fmt: skip
CHECK = WorthlessTexts()
SHOWN = (SIGNS, text_signs.PRIOR)


def values_of(texts: list[str]) -> np.ndarray:
    """(n, len(SIGNS)): the value of each sign; far below every limit where it is not asked."""
    array = pa.array(texts)
    told = languages(array)
    scores = (text_scores(array, 1), form_scores(array, told["language"], told["probability"]))
    values = text_signs.sign_values({name: column for part in scores for name, column in numbers_of(part).items()})
    return np.nan_to_num(np.stack([values[sign.code] for sign in SIGNS], axis=1), nan=-1e9)


def judged(values: np.ndarray, signs: tuple[text_signs.TextSign, ...], prior: float) -> np.ndarray:
    """(n,) 2 where a document is dropped, 1 where it needs review, else 0."""
    strength = strengths(values, signs)
    probability = 1 / (1 + np.exp(-(prior + strength @ [sign.weight for sign in signs])))
    groups = np.array(
        [len({sign.group for sign, says in zip(signs, row, strict=True) if says > 0}) for row in strength]
    )
    evidence = text_signs.Evidence(values, strength, probability, groups)
    return np.where(CHECK.removed(evidence), 2, (probability >= 0.5).astype(int))


def strengths(values: np.ndarray, signs: tuple[text_signs.TextSign, ...]) -> np.ndarray:
    low, high = (np.array([getattr(sign, name) for sign in signs]) for name in ("low", "high"))
    return np.clip((values - low) / (high - low), 0, 1)


def fitted(good: np.ndarray, bad: np.ndarray, kinds: np.ndarray) -> tuple[tuple[text_signs.TextSign, ...], float]:
    """Signs with limits and weights from good documents and rubbish, whose kinds count alike; and the prior."""
    signs = []
    for at, sign in enumerate(SIGNS):
        low = max(float(np.quantile(good[:, at], UNDER)), LEAST.get(sign.code, 0.0))
        beyond = bad[bad[:, at] > low, at]
        signs.append(
            replace(sign, low=low, high=max(float(np.median(beyond)) if len(beyond) else low + 1, 1.05 * low + 1e-6))
        )
    x = strengths(np.concatenate([good, bad]), tuple(signs))
    y = np.repeat([0.0, 1.0], [len(good), len(bad)])
    _, place, sizes = np.unique(kinds, return_inverse=True, return_counts=True)
    weight = np.concatenate([np.full(len(good), 1 / len(good)), 1 / (len(sizes) * sizes[place])])

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        logit = x @ t[1:] + t[0]
        miss = weight * (1 / (1 + np.exp(-logit)) - y)
        value = (weight * np.logaddexp(0, np.where(y == 1, -logit, logit))).sum() + 1e-3 * (t[1:] ** 2).sum()
        return float(value), np.concatenate([[miss.sum()], x.T @ miss + 2e-3 * t[1:]])

    bounds = [(None, None), *[(0, 6)] * len(signs)]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 60}).x
    return tuple(replace(sign, weight=float(w)) for sign, w in zip(signs, found[1:], strict=True)), float(found[0])


def main() -> None:
    table = pq.read_table(Path(sys.argv[1]))
    names = np.array([name.replace("_", "-").split("-")[0] for name in table["lang"].to_pylist()], object)
    genres, texts = np.array(table["genre"].to_pylist(), object), table["text"].to_pylist()
    chance, own = random.Random(11), defaultdict(list)
    for name, text in zip(names, texts, strict=True):
        own[name].append(text)
    made = [
        (name, kind, text)
        for name, some in sorted(own.items())
        for _ in range(EACH)
        for kind, text in rubbish(some, chance).items()
    ]
    bad_names, kinds = (np.array(column, object) for column in zip(*[row[:2] for row in made], strict=True))
    good, bad = values_of(texts), values_of([row[2] for row in made])
    fold = {name: at % FOLDS for at, name in enumerate(chance.sample(sorted(own), len(own)))}
    good_fold, bad_fold = (np.array([fold[name] for name in some]) for some in (names, bad_names))
    says, says_bad = np.zeros(len(good), int), np.zeros(len(bad), int)
    for at in range(FOLDS):
        rest, rest_bad = good_fold != at, bad_fold != at
        chosen = SHOWN if "--show" in sys.argv else fitted(good[rest], bad[rest_bad], kinds[rest_bad])
        says[~rest], says_bad[~rest_bad] = judged(good[~rest], *chosen), judged(bad[~rest_bad], *chosen)
    for genre in sorted(set(genres)):
        some = says[genres == genre]
        print(
            f"good {genre:<26}{len(some):7} kept {(some < 2).mean():7.2%} of them to review {(some == 1).mean():6.2%}"
        )
    kept = [np.mean(says[names == name] < 2) >= 0.95 for name in sorted(own)]
    print(f"languages of which 95 in 100 are kept: {sum(kept)} of {len(kept)}")
    for kind in sorted(set(kinds)):
        some = says_bad[kinds == kind]
        print(f"rubbish {kind:<26}{len(some):7} dropped {(some == 2).mean():6.1%} found {(some > 0).mean():6.1%}")
    if "--show" not in sys.argv:
        signs, prior = fitted(good, bad, kinds)
        print(f"prior {prior:.1f}", *(f"{s.code:<20}{s.low:8.3f}{s.high:8.3f}{s.weight:6.1f}" for s in signs), sep="\n")


if __name__ == "__main__":
    main()
