"""What an answer comes down to: a number, a yes or no, a choice, a word or two."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.turns import Exchanges, loose

MARKED, BOOLEAN, CHOICE, SHORT, COUNT, FREE = range(6)
SHORT_BYTES = 60  # unproven: an answer so short is the final answer; longer ones are searched for it
MARKS = (
    r"(?s)^.*\n?\s*####\s*(?P<final>[^\n]{1,80}?)\s*$",
    r"(?s)^.*\\boxed\{(?P<final>[^{}]{1,60})\}",
    r"(?is)^.*\b(?:the |my )?(?:final |correct |right )?answer(?: is|:| =)\s*:?\s*(?P<final>[^\n]{1,60}?)[.。]?\s*$",
    r"(?s)^.*(?:最终|正确|所以)?(?:答案|答)(?:是|为|应该是|：|:)\s*(?P<final>[^\n]{1,60}?)[.。]?\s*$",
)
STARTS_BOOLEAN = (
    r"(?i)^\s*(?P<final>yes|no|true|false|correct|incorrect|是的|不是|是|否|对|不对|正确|错误|可以|不可以|能|不能)"
    r"(?:[\s,.;:!，。；：！、].*)?$"
)
STARTS_CHOICE = r"(?s)^\s*(?:[Oo]ption |[Cc]hoice |选项?)?[\(（\[]?(?P<final>[A-Ea-e])[\)）\].:、，](?:[^\w].*)?$"
LAST_NUMBER = r"(?s)^.*?(?P<final>[-−]?\d[\d,]*(?:\.\d+)?)[^\d]*$"
COUNTING = (
    r"(?i)\bhow (?:many|much|old|long|far|tall|high|often|fast)\b|"
    r"\bwhat (?:percentage|percent|number|is the (?:total|sum))|"
    r"\bcalculate\b|\bcompute\b|多少|几[个只条年天岁次元人本张小分公]|计算|求"
)
CLOSED = (
    r"(?i)\b(?:who|whose|whom|when|where|which|what (?:is|was|are|were|year|day|color|country|city))\b|"
    r"\b(?:classify|true or false|yes or no|is (?:it|this|that|the)|does|did|are|choose|select|identify|answer)\b|"
    r"谁|哪|什么时候|何时|几|是否|是不是|多少|判断|选择|属于|首都|分类"
)
YES = frozenset({"yes", "true", "correct", "是的", "是", "对", "正确", "可以", "能"})
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?|[-−]?\.\d+")


@dataclass(frozen=True)
class Finals:
    """The final answers of some exchanges.

    Parameters
    ----------
    texts : pyarrow.Array of large string
        The final answer as written, the loose text of a long one that has none.
    kinds : ndarray of int8
        ``MARKED`` (said to be the answer), ``BOOLEAN``, ``CHOICE``, ``SHORT`` (the whole answer is short), ``COUNT``
        (the last number, where the question counts) or ``FREE``.
    closed : ndarray of bool
        Does the question have one right answer, by its words?
    borne_out : ndarray of bool
        Does the final answer stand in what leads to it, too?
    """

    texts: pa.Array
    kinds: np.ndarray
    closed: np.ndarray
    borne_out: np.ndarray


def final_answers(pairs: Exchanges) -> Finals:
    """What the answers come down to."""
    answer, asked = pairs.answer.fill_null(""), pairs.asked.fill_null("")
    texts = pa.nulls(len(pairs), pa.large_string())
    kinds = np.full(len(pairs), FREE, np.int8)
    short = pc.if_else(pc.less_equal(pc.binary_length(answer), SHORT_BYTES), answer, None)
    counting = np.asarray(pc.match_substring_regex(asked, COUNTING))
    numbers = pc.if_else(pa.array(counting), _extracted(answer, LAST_NUMBER), None)
    ways = [(MARKED, _extracted(answer, pattern)) for pattern in MARKS]
    ways += [(BOOLEAN, _extracted(answer, STARTS_BOOLEAN)), (CHOICE, _extracted(answer, STARTS_CHOICE))]
    for kind, extracted in (*ways, (COUNT, numbers), (SHORT, short)):
        fresh = np.asarray(pc.is_valid(extracted)) & np.asarray(pc.is_null(texts))
        kinds[fresh] = kind
        texts = pc.coalesce(texts, extracted)
    closed = (kinds <= CHOICE) | counting | np.asarray(pc.match_substring_regex(asked, CLOSED))
    return Finals(pc.coalesce(texts, loose(answer)), kinds, closed, _borne_out(answer, texts, kinds))


def _extracted(texts: pa.Array, pattern: str) -> pa.Array:
    groups = pc.extract_regex(texts, pattern)
    return pc.cast(pc.struct_field(groups, "final"), pa.large_string())


def _borne_out(answer: pa.Array, texts: pa.Array, kinds: np.ndarray) -> np.ndarray:
    out = np.zeros(len(kinds), bool)
    for at in np.flatnonzero(kinds == MARKED).tolist():
        number = NUMBER.search(texts[at].as_py())
        if number:
            said = [_plain(figure) for figure in NUMBER.findall(answer[at].as_py())]
            out[at] = said.count(_plain(number[0])) > 1
    return out


def _plain(number: str) -> str:
    text = number.replace(",", "").replace("−", "-")
    return text.rstrip("0").rstrip(".") if "." in text else text


def comparable(text: str, kind: int) -> tuple[str, str]:
    """A final answer in the form in which two of them are compared, and of what sort it is.

    A number is ``("number", "72")`` however it is written; yes and no are ``("truth", …)``; a choice is its letter.
    """
    if kind == FREE:
        return "free", text
    plain = " ".join(text.strip(" \t\n.。!！$*\"'“”").casefold().split())
    if kind == CHOICE or re.fullmatch("[a-e]", plain):
        return "choice", plain
    word = re.split(r"[\s,，。.;；:：]", plain)[0]
    if kind == BOOLEAN or plain in YES or plain in ("no", "false", "否", "不是", "错误", "不对"):
        return "truth", "yes" if word in YES else "no"
    figures = NUMBER.findall(plain)
    if len(figures) == 1 and (kind in (COUNT, MARKED) or len(plain) <= len(figures[0]) + 12):
        return "number", _plain(figures[0])
    return "words", plain
