"""Answers that refuse, or speak as a machine about itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.quality.by_exchange import ByExchange, JudgedExchange
from karat.quality.turns import Exchanges

MACHINE = (
    r"as an? (?:\w+ )?(?:ai|artificial intelligence)(?: (?:language )?(?:model|assistant))?\b|"
    r"\bas a (?:large )?language model\b|"
    r"\bi(?:'|’| a)m (?:just |only )?an? (?:ai|artificial intelligence|language model)\b|"
    r"my (?:knowledge cut-?off|training data (?:only )?(?:goes|ends|is current))|as of my last (?:knowledge )?update|"
    r"作为(?:一个|一名|一款)?(?:人工智能|ai|大?语言模型|智能助手)|我(?:只)?是(?:一个|一名|一款)?(?:人工智能|ai|大?语言模型)|"
    r"我的(?:知识|训练数据)(?:库)?(?:只)?(?:截止|更新)"
)
REFUSAL = (
    r"^[\s\"“]*(?:i(?:'|’| a)m (?:very |really |so )?sorry,? (?:but )?|(?:sorry|apologies|unfortunately),? (?:but )?|"
    r"i apologize,? (?:but )?)?(?:i|we)(?: can(?:'|’|no)t| can not|(?: a|'|’)m (?:unable|not able)|"
    r" won(?:'|’)t| will not| must decline| do(?:n(?:'|’)t| not) feel comfortable)(?: be able)?(?: to)? "
    r"(?:assist|help|answer|fulfil|provide|comply|complete|support|do th(?:at|is)|generate|create|write|discuss)|"
    r"^[\s“]*(?:(?:很|非常)?(?:抱歉|对不起|不好意思)[，,。 ]*(?:但是?|不过)?)?我?"
    r"(?:无法|不能|不便|没有办法|没办法|拒绝)"
    r"(?:回答|帮助|协助|提供|完成|满足|生成|执行|讨论|给出|参与|为[你您])"
)
PLACEHOLDER = (
    r"^[\s\[<(]*(?:todo|tbd|insert (?:your )?answer here|placeholder|lorem ipsum|your answer here|待补充|此处填写)"
)
ABOUT_MACHINES = r"(?i)\b(?:ai|artificial intelligence|chatgpt|language models?|robot|bot)\b|人工智能|语言模型|机器人"
# unproven: how sure each form is, judged
RULES = (
    (MACHINE, 0.85, "the answer speaks as a language model about itself"),
    (REFUSAL, 0.9, "the answer refuses"),
    (PLACEHOLDER, 0.9, "the answer is a placeholder"),
)


@dataclass(frozen=True)
class Refusals(ByExchange):
    """Answers that refuse, that say "as a language model", or that are a placeholder.

    A few hundred of them teach a model to refuse what is harmless. Where the question is about such machines itself,
    or an answer is the worse one of a pair, nothing is said.

    Source: ISO/IEC 5259-2, semantic accuracy; the filters that instruction sets published since 2023 apply.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy"

    def judged(self, state: Any, pairs: Exchanges, block: Block) -> Iterator[JudgedExchange]:
        answers = pairs.answer.fill_null("")
        machine = np.asarray(pc.match_substring_regex(pairs.asked.fill_null(""), ABOUT_MACHINES))
        worse = np.array([name.startswith("rejected") for name in pairs.names] or [False])[pairs.column]
        reported = np.zeros(len(pairs), bool)
        for pattern, sure, words in RULES:
            hit = np.asarray(pc.match_substring_regex(answers, pattern, ignore_case=True))
            for place in np.flatnonzero(hit & ~reported & ~worse).tolist():
                beginning = " ".join(answers[place].as_py().split())[:60]
                yield JudgedExchange(place, 0.3 if machine[place] else sure, f"{words}: {beginning!r}")
            reported |= hit
