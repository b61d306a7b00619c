"""Takes out lines that belong to a page and not to its text, and what is left of HTML."""

import html
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_CHARACTERS = 120  # unproven: a longer line says more than "accept all cookies"
# Whole lines only: consent, sharing, sign-in, rights and navigation, as pages in English and Chinese word them
LINES = (
    r"(?:we|this (?:web ?)?site|our (?:web ?)?site)\b.{0,40}\buses? cookies\b.*|"
    r"(?:accept|allow|reject|manage) (?:all )?cookies.*|"
    r"(?:cookie|privacy) (?:policy|notice|settings|preferences)(?: ?[|·/&] ?.{0,40})?|"
    r"terms (?:of|and) (?:use|service|conditions).{0,60}|"
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\)|copyright|by)?\s*\d{4}.{0,80}|copyright (?:© |\(c\) |by ).{0,80}|"
    r".{0,40}all rights reserved.{0,40}|"
    r"(?:share|tweet|pin|print|e-?mail)(?: this)?(?: (?:on|via|to|article|page|post|story))?"
    r"(?: (?:facebook|twitter|x|linkedin|whatsapp|e-?mail|pinterest|reddit))?|"
    r"(?:sign|log) ?(?:in|up|out)(?: ?(?:or|/|\|) ?(?:register|sign ?up|log ?in))?|"
    r"subscribe(?: (?:now|to our newsletter.{0,40}))?|"
    r"(?:click here|read more|continue reading|learn more|show more|load more|see also)(?: ?[.…»>→]{0,3})?|"
    r"(?:skip|jump) to (?:main )?(?:content|navigation)|back to top|(?:home|menu|search|next|previous|prev|close)|"
    r"(?:please )?enable javascript.{0,80}|.{0,40}javascript (?:is|must be|to be) (?:disabled|enabled).{0,60}|"
    r"advertisement|sponsored|(?:leave|post|write|add) a (?:comment|reply)|\d+ (?:comments?|likes?|shares?|views?)|"
    r"版权所有.{0,60}|(?:分享到|分享至|转发到|扫一扫|扫码).{0,30}|(?:登录|注册|登录\s?[/|]\s?注册|免费注册|立即注册)|"
    r"(?:上一篇|下一篇|上一页|下一页|返回顶部|返回首页|首页|网站地图|联系我们|关于我们|设为首页|加入收藏)[:：]?.{0,40}|"
    r"(?:点击|查看|阅读)(?:更多|全文|原文|详情).{0,10}|(?:责任编辑|编辑|来源|作者)[:：].{0,30}|"
    r".{0,20}ICP备\d+号.{0,20}|.{0,10}公网安备.{0,30}"
)
LINE = rf"(?im)^[ \t\p{{P}}\p{{S}}]*(?:{LINES})[ \t]*$"
# What a text must hold before its lines are looked at one by one; it has no counts in it, so that it is found fast
HINTS = (
    r"(?im)^[ \t\p{P}\p{S}]*(?:we|this|our|accept|allow|reject|manage|cookie|privacy|terms|©|\(c\)|copyright|share|"
    r"tweet|pin|print|e-?mail|sign|log|subscribe|click here|read more|continue|learn|show|load|see also|skip|jump|"
    r"back to|home|menu|search|next|prev|previous|close|please|enable|advertisement|sponsored|leave|post|write|add|"
    r"\d+ (?:comment|like|share|view)|"
    r"版权|分享|转发|扫|登录|注册|免费|立即|上一|下一|返回|首页|网站|联系|关于|设为|加入|点击|查看|阅读|责任|编辑|来源|作者)|"
    r"rights reserved|javascript|ICP备|公网安备"
)
TAG = (
    r"(?s)<(?:script|style)\b[^>]{0,300}>.*?</(?:script|style)>|"
    r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,500})?/?>|<!--.*?-->"
)
BREAK = r"(?i)</(?:p|div|li|tr|h[1-6])>|<br ?/?>"
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
HINT = r"</[a-zA-Z]|<br|<p>|&(?:nbsp|amp|lt|gt|quot|#\d+);"


def without_html(texts: Any) -> pa.Array:
    """Texts without tags and with their entities resolved, where there are signs of HTML; the others as they are.

    A text about HTML that quotes a tag or two stays: three tags or entities are needed.
    """
    column = _column(texts)
    here = np.asarray(pc.fill_null(pc.greater_equal(pc.count_substring_regex(column, HINT), 3), False))
    if not here.any():
        return column
    some = pc.replace_substring_regex(column.filter(pa.array(here)), BREAK, "\n")
    some = pc.replace_substring_regex(some, TAG, "")
    plain = pa.array([ENTITY.sub(_resolved, text) for text in some.to_pylist()], column.type)
    return pc.replace_with_mask(column, pa.array(here), plain)


def without_boilerplate(texts: Any) -> pa.Array:
    """Texts without lines of consent, sharing, navigation and rights; a text of nothing else becomes "".

    Such lines are on every page of a site: a model learns them better than anything else.

    Source: Raffel et al. (2020), C4, which drops some of them by word; whole short lines only are dropped here.
    """
    column = _column(texts)
    here = np.flatnonzero(pc.fill_null(pc.match_substring_regex(column, HINTS), False))
    if not len(here):
        return column
    lines = pc.split_pattern(column.take(pa.array(here)).cast(pa.string()), "\n")
    flat, parents = pc.list_flatten(lines), pc.list_parent_indices(lines)
    near = pc.and_(pc.match_substring_regex(flat, HINTS), pc.less_equal(pc.utf8_length(flat), MOST_CHARACTERS))
    gone = np.asarray(near).copy()
    gone[gone] = np.asarray(pc.match_substring_regex(flat.filter(near), LINE))
    changed = np.unique(parents.to_numpy()[gone])
    if not len(changed):
        return column
    sizes = np.bincount(parents.to_numpy()[~gone], minlength=len(here))
    kept = pa.ListArray.from_arrays(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32), flat.filter(pa.array(~gone))
    )
    plain = pc.binary_join(kept.take(pa.array(changed)), "\n").cast(column.type)
    mask = np.zeros(len(column), bool)
    mask[here[changed]] = True
    return pc.replace_with_mask(column, pa.array(mask), plain)


def _resolved(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")


def _column(texts: Any) -> pa.Array:
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
