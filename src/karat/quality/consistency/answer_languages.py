"""Answers in another language than their question."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.degrees import MOST, NEARLY_ALL, SELDOM
from karat.core.errors import InputError
from karat.core.finding import Dimension
from karat.quality.by_exchange import ByExchange, JudgedExchange
from karat.quality.turns import Exchanges

SCRIPTS = {
    "Latin": r"\p{Latin}",
    "Chinese": r"\p{Han}",
    "Japanese": r"[\p{Hiragana}\p{Katakana}]",
    "Korean": r"\p{Hangul}",
    "Cyrillic": r"\p{Cyrillic}",
    "Arabic": r"\p{Arabic}",
    "Devanagari": r"\p{Devanagari}",
    "Greek": r"\p{Greek}",
    "Thai": r"\p{Thai}",
    "Hebrew": r"\p{Hebrew}",
}
CHINESE, JAPANESE = 1, 2  # definition: places among the scripts
MIN_LETTERS = (20, 8)  # of an answer in Latin letters, and in others: a name or a formula is no language; unproven
LONG = 80  # characters from which on two languages of one script are told apart; unproven
ABOUT_LANGUAGES = (
    r"(?i)translat|\blanguages?\b|dialect|transliterat|pinyin|romaji|localiz|\bin (?:english|chinese|mandarin|french|"
    r"german|spanish|italian|portuguese|russian|japanese|korean|arabic|hindi|latin|dutch|polish|turkish|vietnamese|thai)\b|"
    r"\b(?:english|chinese|mandarin|french|german|spanish|italian|portuguese|russian|japanese|korean|arabic|hindi|latin)\b|"
    r"翻译|译成|译为|用(?:英|中|法|德|日|韩|俄|西班牙|汉)[语文]|(?:英|中|法|德|日|韩|俄|汉|外|双)[语文]|拼音|语言|代码|编程|程序|正则|命令|公式"
)
CODE = r"```|[{};]\s*\n|\bdef \w+\(|\bimport \w+|\bSELECT\b|</\w+>|https?://|=>|\bclass \w+"
NEARLY_ALIKE = frozenset({"und", "zxx"})


@dataclass(frozen=True)
class AnswerLanguages(ByExchange):
    """Answers that are written in another language than what they answer.

    A model that learns from them changes its language in the middle of a talk. Nothing is said where the question is
    about languages, holds words of the other one, or is answered with code or a name. Scripts are told apart always;
    languages of one script where both texts are long, and only with the extra ``text``.

    Source: ISO/IEC 5259-2, data consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data consistency"

    def judged(self, state: Any, pairs: Exchanges, block: Block) -> Iterator[JudgedExchange]:
        asked, answer = pairs.asked.fill_null(""), pairs.answer.fill_null("")
        about = np.asarray(pc.match_substring_regex(asked, ABOUT_LANGUAGES))
        code = np.asarray(pc.match_substring_regex(answer, CODE))
        open_to_it = ~about & ~code
        first, shares = _scripts(asked)
        second, said = _scripts(answer)
        there = np.arange(len(pairs))
        letters = said.sum(axis=1)
        enough = letters >= np.where(second == 0, *MIN_LETTERS)
        clear = said[there, second] >= MOST * np.maximum(letters, 1)
        known = shares[there, second] >= SELDOM * np.maximum(shares.sum(axis=1), 1)
        names = list(SCRIPTS)
        kin = (np.minimum(first, second) == CHINESE) & (np.maximum(first, second) == JAPANESE)
        other = open_to_it & enough & clear & ~known & (first != second) & ~kin & (shares.sum(axis=1) >= 4)
        for place in np.flatnonzero(other).tolist():
            yield JudgedExchange(
                place, 0.85, f"the question is written in {names[first[place]]}, the answer in {names[second[place]]}"
            )
        same = open_to_it & (first == second) & clear
        yield from self._of_one_script(asked, answer, same)

    def _of_one_script(self, asked: pa.Array, answer: pa.Array, same: np.ndarray) -> Iterator[JudgedExchange]:
        long = np.minimum(pc.utf8_length(asked).to_numpy(), pc.utf8_length(answer).to_numpy()) >= LONG
        at = np.flatnonzero(same & long)
        if not len(at):
            return
        from karat.quality.languages import languages

        try:
            question, reply = (languages(texts.take(pa.array(at))).to_pydict() for texts in (asked, answer))
        except InputError:  # without the extra, scripts alone are told apart
            return
        for place, left, p, right, q in zip(
            at.tolist(),
            question["language"],
            question["probability"],
            reply["language"],
            reply["probability"],
            strict=True,
        ):
            if left != right and min(p, q) >= NEARLY_ALL and not NEARLY_ALIKE & {left, right}:
                sure = 0.75 if min(p, q) > 0.999 else 0.4
                yield JudgedExchange(place, sure, f"the question is in language {left!r}, the answer in {right!r}")


def _scripts(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(n,) the main script of each text as a place in ``SCRIPTS``, and (n, scripts) how many letters of each it has."""
    counts = np.stack([pc.count_substring_regex(texts, pattern).to_numpy() for pattern in SCRIPTS.values()], axis=1)
    japanese = (counts[:, JAPANESE] > 0) & (counts[:, JAPANESE] * 10 > counts[:, CHINESE])
    counts[:, JAPANESE] += np.where(japanese, counts[:, CHINESE], 0)
    counts[:, CHINESE] = np.where(japanese, 0, counts[:, CHINESE])
    return counts.argmax(axis=1), counts
