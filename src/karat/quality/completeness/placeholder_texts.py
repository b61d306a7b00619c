"""Texts that say nothing, where the column holds sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.finding import Dimension
from karat.quality.by_text import ByText
from karat.quality.by_value import Rule, ValueVerdict
from karat.quality.distinct import Distinct

FEWEST = 20  # flat from 10 to 40 (benchmarks/constants.md): distinct texts; fewer show no habit of sentences
LONGEST = 60  # bytes; flat from 30 to 120 (benchmarks/constants.md): longer texts say something
# Whole texts that a form, a test or a platform wrote in place of a person.
PLACEHOLDERS = (
    r"(?i)^[^\p{L}\p{N}]*(?:test(?:ing)?(?: ?\d+)*|test test|this is a test|asdf\w*|qwer\w*|qwertz?\w*|abc|"
    r"foo|bar|foobar|"
    r"lorem ipsum.*|your text here|(?:enter|insert|type|write)(?: your| the| some)? "
    r"(?:text|comment|review|message)(?: here)?|"
    r"(?:no|without) (?:comments?|text|content|review|description|message)"
    r"(?: (?:given|provided|left|available|entered))?|"
    r"nothing to (?:say|add)|(?:comment|review|post|message|content|text)? ?(?:was |has been )?(?:deleted|removed)"
    r"(?: by (?:the )?(?:user|author|moderator))?|empty (?:text|review|message)|default (?:text|review|comment)|"
    r"todo|to do|placeholder|image not (?:available|found)|(?:image|video|audio|media|sticker|gif)(?: omitted)|"
    r"测试(?:数据|内容|文本|一下)?\d*|此用户没有填写评[价论](?:内容)?|该?用户(?:没有|未)(?:填写|作出|及时)?(?:评[价论])?(?:内容)?|"
    r"(?:系统)?默认(?:好评|评[价论]|文本)|(?:暂)?(?:无|没有|未填写?)(?:内容|评[价论]|描述|简介|备注|文字)|内容为空|已(?:删除|撤回)|"
    r"(?:该)?(?:内容|评论|帖子|消息)已(?:被)?(?:作者)?(?:删除|撤回|屏蔽)|请(?:输入|填写)(?:内容|评[价论]|文字)?|图片|视频|表情)[^\p{L}\p{N}]*$"
)
SAYS_SOMETHING = r"[\p{L}\p{N}\p{So}\p{Sk}]|[:;=]['-]?[()\[\]|/\\*]|[()]['-]?[:;=]|<3|\^[_.]?\^"  # a face is an answer


@dataclass(frozen=True)
class PlaceholderTexts(ByText):
    """Texts in place of a text: signs alone ("......"), one letter again and again, "test", "[deleted]", "默认好评".

    The cell is filled, so that nobody counts it as a gap, but nobody wrote what a model would learn from it. Words
    that stand for a missing value ("N/A", "不详") are told by ``DisguisedMissing``. Where more than a twentieth of the
    column looks so, it is what the column is like, and the texts are only suspicious.

    Source: ISO/IEC 5259-2, value completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value completeness of texts"

    def text_rule(self, counts: ColumnCounts) -> Rule | None:
        """How usual such texts are in the column."""
        texts = counts.texts.cast(pa.large_string())
        if len(texts) < FEWEST:
            return None
        empty = sum(int(counts.counts[mask].sum()) for mask in _masks(texts))
        usual = empty > 0.05 * max(1, counts.records - counts.blank)
        return partial(_verdicts, usual=usual)


def _masks(texts: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(k,) bool each: signs alone, one letter again and again, a placeholder."""
    signs = ~np.asarray(pc.match_substring_regex(texts, SAYS_SOMETHING))
    mashed, placeholder = np.zeros(len(texts), bool), np.zeros(len(texts), bool)
    short = np.flatnonzero(~signs & np.asarray(pc.less_equal(pc.binary_length(texts), LONGEST)))
    some = texts.take(pa.array(short))
    placeholder[short] = np.asarray(pc.match_substring_regex(some, PLACEHOLDERS))
    first = pc.utf8_slice_codeunits(pc.utf8_lower(some), 0, 1)
    again = pc.binary_repeat(first, pc.utf8_length(some))
    letters = np.asarray(pc.match_substring_regex(some, r"^[\p{L}\p{N}]{4,}$")) & ~np.asarray(
        pc.match_substring_regex(some, r"\p{Han}")
    )
    mashed[short] = letters & np.asarray(pc.equal(again, pc.utf8_lower(some)))
    return signs, mashed & ~placeholder, placeholder


def _verdicts(seen: Distinct, usual: bool) -> Iterator[ValueVerdict]:
    signs, mashed, placeholder = _masks(seen.array)
    gaps = seen.gaps.strong
    for mask, sure, reason in (
        (signs, 0.6, "it has neither a letter nor a number"),
        (mashed, 0.6, "it repeats a single letter"),
        (placeholder, 0.75, "it is placeholder text"),
    ):
        for at in np.flatnonzero(mask & ~gaps).tolist():
            also = "; many of the column's texts are so" if usual else ""
            yield ValueVerdict(at, 0.35 if usual else sure, f"{reason}: {seen.texts[at][:40]!r}{also}")
