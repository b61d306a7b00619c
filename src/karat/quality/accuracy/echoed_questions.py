"""Answers that say the question again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.quality.by_exchange import ByExchange, JudgedExchange
from karat.quality.turns import Exchanges, loose

# unproven: shorter ones recur by chance
MIN_SIZE = 12  # characters of a question that is worth looking for; Chinese says as much in fewer
REWRITING = (
    r"(?i)\b(?:rewrite|correct|edit|fix|repeat|copy|translat|paraphras|proofread|complete|continue|convert|format|"
    r"punctuat|capitali|extract|sort|remove|replace|insert|improve|revise|mask|fill)|"
    r"改写|修改|纠正|改正|翻译|重复|复述|润色|续写|补全|转换|提取|填空|排序|标点|校对"
)


@dataclass(frozen=True)
class EchoedQuestions(ByExchange):
    """Answers that are the question again, or little more than that.

    Such a record teaches a model to parrot. Where the question asks for a text to be rewritten, corrected or
    translated, an answer may well begin like it.

    Parameters
    ----------
    longer : float
        An answer that holds the whole question is an echo while it is at most so many times as long.

    Source: ISO/IEC 5259-2, semantic accuracy.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy"

    longer: float = 1.25

    def judged(self, state: Any, pairs: Exchanges, block: Block) -> Iterator[JudgedExchange]:
        asked, answer = loose(pairs.asked), loose(pairs.answer)
        sizes, length = pc.utf8_length(asked).to_numpy(), pc.utf8_length(answer).to_numpy()
        wide = pc.binary_length(asked).to_numpy()  # Chinese takes three bytes
        close = (wide >= MIN_SIZE) & (length >= 0.9 * sizes) & (length <= self.longer * sizes + 2)
        editing = np.asarray(pc.match_substring_regex(pairs.asked.fill_null(""), REWRITING))
        for place in np.flatnonzero(close).tolist():
            question, said = asked[place].as_py(), answer[place].as_py()
            if question == said:
                yield JudgedExchange(
                    place, 0.4 if editing[place] else 0.95, "the answer repeats the question word for word"
                )
            elif said.startswith(question):
                sure = 0.3 if editing[place] else 0.8
                yield JudgedExchange(
                    place, sure, f"the answer is the question again and {len(said) - len(question)} characters"
                )
