"""Signs that a document is not worth training on, in any language, and how probable they make that together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# definition: below these sizes a share says nothing
LEAST_LETTERS, LEAST_WORDS, LEAST_LINES, LEAST_CELLS, LEAST_CHARACTERS = 150, 20, 6, 3, 200
LEAST_NOTICES = 4  # definition: different words of notices; one of them may be what a text is about
LEAST_TALLIED = 60  # benchmark: text_signs.md: words; in shorter texts three may fill a fifth by chance
BARE = (
    100  # benchmark: text_signs.md: characters for each closing bracket, from which on it is neither program nor data
)
CODE = 0.02  # benchmark: text_signs.md: signs of programs for each character, from which a text is code or a formula
UNMATCHED = 0.3  # benchmark: text_signs.md: of the brackets that close nothing: more are noise, not code
CHINESE = 0.3  # definition: as in ``karat.quality.text_rules.scripts``
COMMON = 0.15  # benchmark: text_signs.md: of a language's words; where the commonest are rarer they may well be missing
USUAL_LETTERS = (
    6.5  # benchmark: text_signs.md: of a word where the language is unknown; nine in ten known ones have fewer
)
ALPHABETIC = 2.0  # definition: mean letters of a word; below, each character is one
Numbers = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class TextSign:
    """One thing that speaks against a document.

    Parameters
    ----------
    group : str
        Signs of one group look at the same thing; only those of different groups bear each other out.
    low, high : float
        Up to ``low`` it says nothing, from ``high`` on all it can.
    weight : float
        Nats it then adds to the log-odds that the document is not worth training on.
    says : str
        What is wrong with such a document, in words.
    """

    code: str
    group: str
    low: float
    high: float
    weight: float
    says: str


# benchmark: text_signs.md: limits that 99.7 in 100 good documents stay under, and weights, fitted on good documents of
# 75 languages and rubbish of 20 kinds, languages left out
SIGNS = (
    TextSign("broken_characters", "characters", 0.017, 0.022, 3.3, "many characters are broken"),
    TextSign("signs_in_words", "characters", 0.056, 0.147, 2.8, "signs stand inside its words"),
    TextSign("lost_letters", "characters", 0.4, 0.7, 3.3, "question marks stand where letters were lost"),
    TextSign("two_scripts", "characters", 0.06, 0.12, 3.3, "its words mix two scripts"),
    TextSign("many_symbols", "characters", 12.5, 16.0, 3.3, "it holds almost every sign there is"),
    TextSign("odd_words", "words", 0.11, 0.88, 1.8, "its words mix scripts, capitals or digits"),
    TextSign("unspeakable_words", "words", 0.02, 0.23, 0.4, "its words cannot be spoken"),
    TextSign("long_words", "words", 1.6, 5.0, 2.2, "its words are too long for the language"),
    TextSign("short_words", "words", 1.5, 1.7, 1.8, "its words are too short for the language"),
    TextSign("few_common_words", "language", 0.9, 1.0, 1.7, "the commonest words of its language are missing"),
    TextSign("no_language", "language", 0.5, 1.0, 2.8, "it is in no language"),
    TextSign("short_lines", "lines", 0.67, 0.9, 4.3, "its lines are as short as those of a menu"),
    TextSign("menu_signs", "menu signs", 0.058, 0.39, 2.8, "signs of menus stand between its words"),
    TextSign("cut_lines", "cut lines", 0.2, 0.67, 3.6, "its lines are cut"),
    TextSign("repeated_lines", "repeated lines", 0.25, 0.65, 2.0, "its lines are repeated"),
    TextSign("repeated_words", "repeated words", 0.25, 0.63, 4.1, "stretches of its words are repeated"),
    TextSign("top_words", "repeated words", 0.157, 0.24, 0.6, "one pair of words takes too much of it"),
    TextSign("stuffed_words", "repeated words", 0.21, 0.3, 2.8, "three of its words fill it"),
    TextSign("clock_lines", "clock lines", 0.3, 0.9, 2.8, "its lines are those of a log"),
    TextSign("no_blanks", "words", 25.0, 60.0, 2.8, "hardly a blank stands in it"),
    TextSign("sentence_order", "order", 0.33, 0.8, 3.3, "sentences go on in small letters, as shuffled words do"),
    TextSign("no_sentences", "sentences", 24.6, 60.0, 4.1, "it has no sentences"),
    TextSign("notices", "notices", 0.08, 0.31, 3.4, "its words are those of notices, menus and adverts"),
    TextSign("links", "links", 0.05, 0.244, 1.6, "it is full of addresses"),
    TextSign("shouting", "emphasis", 0.086, 0.147, 0.6, "it has too many exclamation marks"),
    TextSign("signs", "signs", 0.333, 1.0, 2.0, "it is mostly signs and numbers"),
    TextSign("placeholder", "placeholder", 0.0, 1.0, 2.7, "it holds placeholder text"),
)
PRIOR = -1.6  # benchmark: text_signs.md: log-odds of a document against which no sign speaks


def sign_values(numbers: Numbers) -> dict[str, np.ndarray]:
    """By the code of the sign its value (n,) float64; NaN where it does not fit the kind of the text.

    Parameters
    ----------
    numbers : mapping of str to ndarray, each of shape (n,)
        The columns of ``TextStatistics`` and of ``karat.quality.text_form.form_scores``.
    """
    at = {name: np.asarray(column, np.float64) for name, column in numbers.items()}
    words, letters, lines, size = at["form_words"], at["form_letters"], at["form_lines"], at["characters"]
    chinese, prose, running = _kinds(at)
    several, long, many_lines = words >= LEAST_WORDS, letters >= LEAST_LETTERS, lines >= LEAST_LINES
    common, inside = at["form_usual_share"] / 1000, at["form_questions_inside"]
    signs = at["form_signs"] + at["form_digits"]
    again = np.where(chinese, at["sign_repeated_10_characters"], at["word_repeated_10_characters"])
    pair = _share(np.where(at["word_top_2_count"] > 2, at["word_top_2_characters"], 0), size)
    return {
        "broken_characters": _share(at["form_broken"], np.maximum(size, LEAST_CHARACTERS)),
        "signs_in_words": _where(prose & several, _share(at["form_inside"], words)),
        "lost_letters": _where(inside >= LEAST_NOTICES, _share(inside, at["form_questions"])),
        "two_scripts": _where(prose & several, _share(at["form_two_scripts"], words)),
        "many_symbols": _where(
            prose & (size >= LEAST_CHARACTERS) & (at["form_code"] >= CODE * size), at["form_symbols"]
        ),
        "odd_words": _where(prose & several, _share(at["form_mixed"], words)),
        "unspeakable_words": _where(prose & several, _share(at["form_unspeakable"], words)),
        **_lengths(at, long, chinese),
        **_stuffing(at, prose, chinese),
        "few_common_words": _where(
            prose & long & (common >= COMMON), 1 - _share(_share(at["form_common"], words), common)
        ),
        "no_language": _where(long, at["form_no_language"]),
        "short_lines": _where(many_lines & running, _share(at["form_short"], lines)),
        "menu_signs": _where(running & several, _share(at["form_separators"], words)),
        "cut_lines": _where(many_lines, _share(at["ellipsis_lines"], at["lines"])),
        "repeated_lines": _where(many_lines & prose, _share(at["repeated_run_characters"], size)),
        "repeated_words": _where(prose, _share(again, size)),
        "top_words": _where(prose & ~chinese, pair),
        "sentence_order": _where(
            (at["form_ends"] >= LEAST_LINES) & prose, _share(at["form_ends_small"], at["form_ends"])
        ),
        "no_sentences": _where(running & ~chinese, words / (at["form_stops"] + lines + 1)),
        "notices": _where(at["form_notice_kinds"] >= LEAST_NOTICES, _share(at["form_notices"], words)),
        "links": _where(several, _share(at["form_links"], words)),
        "shouting": _where(several & prose & ~chinese, _share(at["form_shouts"], words)),
        "signs": _where(running & (size >= LEAST_CHARACTERS), _share(signs, signs + letters)),
        "placeholder": np.minimum(at["c4_lorem"], 1),
    }


def _kinds(at: Numbers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) bool each: Chinese or Japanese; no code; neither code nor a table."""
    chinese = (at["han"] + at["kana"] >= CHINESE * at["letters"]) & (at["letters"] > 0)
    code = (at["form_code"] >= CODE * at["characters"]) & (at["form_unmatched"] <= UNMATCHED * at["form_brackets"])
    table = (2 * at["form_cells"] >= at["form_lines"]) & (at["form_lines"] >= LEAST_CELLS)
    return chinese, ~code, ~code & ~table


def _stuffing(at: Numbers, prose: np.ndarray, chinese: np.ndarray) -> dict[str, np.ndarray]:
    """How much a few words, times of day and what is no blank take of a text."""
    size, lines, tallied = at["characters"], at["form_lines"], at["form_tallied"]
    return {
        "stuffed_words": _where(prose & (tallied >= LEAST_TALLIED), _share(at["form_commonest"], tallied)),
        "no_blanks": _where(
            _blanks(at, chinese) & (size >= LEAST_CHARACTERS) & (size > BARE * at["form_brackets"]),
            size / np.maximum(at["spaced_words"], 1),
        ),
        "clock_lines": _where(lines >= LEAST_LINES, _share(at["form_clocks"], lines)),
    }


def _blanks(at: Numbers, chinese: np.ndarray) -> np.ndarray:
    """(n,) bool: in a script that parts words by blanks."""
    blanks: np.ndarray = (at["form_unspaced"] < CHINESE * at["form_letters"]) & ~chinese
    return blanks


def _lengths(at: Numbers, long: np.ndarray, chinese: np.ndarray) -> dict[str, np.ndarray]:
    """How much longer, and how much shorter, words are than is usual in the language of a text that is long enough."""
    usual = at["form_usual_length"] / 100
    per_word = _share(at["form_word_letters"], at["form_words"])
    longer = _where(long & (usual >= ALPHABETIC), _share(per_word, usual))
    unknown = _where(long & (usual == 0) & _blanks(at, chinese), per_word / USUAL_LETTERS)
    shorter = 1 / np.where(longer > 0, longer, np.nan)
    return {"long_words": np.where(usual == 0, unknown, longer), "short_words": shorter}


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the signs say of n documents.

    Parameters
    ----------
    values, strength : ndarray of float64, shape (n, len(SIGNS))
        The value of each sign, NaN where it is not asked, and how much of its weight it speaks with, in [0, 1].
    probability : ndarray of float64, shape (n,)
        That the document is not worth training on.
    groups : ndarray of int64, shape (n,)
        How many independent groups of signs speak.
    """

    values: np.ndarray
    strength: np.ndarray
    probability: np.ndarray
    groups: np.ndarray

    @property
    def strongest(self) -> np.ndarray:
        """(n,) int64: the place in ``SIGNS`` of the sign that says most."""
        strongest: np.ndarray = (self.strength * [sign.weight for sign in SIGNS]).argmax(axis=1)
        return strongest


def evidence(numbers: Numbers) -> Evidence:
    """What the signs say; ``numbers`` as for ``sign_values``."""
    by_code = sign_values(numbers)
    values = np.stack([by_code[sign.code] for sign in SIGNS], axis=1)
    low, high, weight = (np.array([getattr(sign, name) for sign in SIGNS]) for name in ("low", "high", "weight"))
    strength = np.nan_to_num(np.clip((values - low) / (high - low), 0, 1))
    speaking: dict[str, list[int]] = {group: [] for group in dict.fromkeys(sign.group for sign in SIGNS)}
    for at, sign in enumerate(SIGNS):
        speaking[sign.group].append(at)
    groups = np.sum([(strength[:, places] > 0).any(axis=1) for places in speaking.values()], axis=0)
    return Evidence(values, strength, 1 / (1 + np.exp(-(PRIOR + strength @ weight))), groups)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """(n,) float64: NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _where(asked: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(asked, values, np.nan)
