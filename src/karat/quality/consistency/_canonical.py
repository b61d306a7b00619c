"""One key for all the ways the same value is written: times of day, numbers, and words but for case and punctuation."""

import re
import unicodedata
from collections.abc import Sequence

import pyarrow as pa

from karat.quality.consistency.code_patterns import MEANT
from karat.quality.null_words import gap_masks

_TIME = re.compile(
    r"(上午|下午|晚上|凌晨|中午)?\s*(?<!\d)(\d{1,2})\s*[:：]\s*(\d{2})(?::\d{2})?(?!\d)\s*([ap]\.?\s*m?\b\.?|[ap](?=[A-Z]))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)$")
_AFTERNOON = ("下午", "晚上")


def canonical(texts: Sequence[str]) -> list[str | None]:
    """Per text the key it shares with other ways of writing the same; None for what means missing.

    A date beside a time of day counts only where most of the texts that hold a time hold a date.

    Parameters
    ----------
    texts : sequence of str
        The distinct values of one column.
    """
    gaps = gap_masks(pa.array(texts, pa.string())).strong
    clocks = [_TIME.search(text) for text in texts]
    timed = [(text, match) for text, match in zip(texts, clocks, strict=True) if match]
    dated = sum(any(c.isdigit() for c in _rest(text, match)) for text, match in timed) > len(timed) / 2
    mostly_times = len(timed) > len(texts) / 3
    out: list[str | None] = []
    for text, match, gap in zip(texts, clocks, gaps, strict=True):
        if gap:
            out.append(None)
        elif match and mostly_times:
            out.append(_clock(match) + (" " + _plain(_rest(text, match)) if dated else ""))
        else:
            out.append(_plain(text))
    return out


def _rest(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " + text[match.end() :]


def _clock(match: re.Match[str]) -> str:
    hour, half = int(match[2]), (match[4] or "").lower()[:1]
    if half or match[1]:
        hour = hour % 12 + (12 if half == "p" or match[1] in _AFTERNOON else 0)
    return f"{hour:02d}:{match[3]}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if _NUMBER.match(folded):
        return repr(float(folded))
    return "".join(c for c in folded if c.isalnum() or c in MEANT) or folded
