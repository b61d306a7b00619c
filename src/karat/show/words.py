"""Numbers and names in words that a person reads."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup, escape

from karat.show.spoken import language

MAX_SHOWN = 160  # display: characters
SMALL = 0.001  # display: below, a fourth digit still says something
MAX_COMPARED = 400  # display: characters; longer texts are shown without marks of what differs
LARGE = 1000  # display: from here on decimals say little
INVISIBLE = {" ": "␣", "\u3000": "□", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽"}


def count(value: float | None) -> str:
    """12,345."""
    return "–" if value is None else f"{int(value):,}"


def share(value: float | None) -> str:
    """A share as 12.3 %; small ones keep a digit that says something."""
    if value is None:
        return "–"
    percent = value * 100
    return f"{percent:.0f} %" if percent in (0, 100) else f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def score(value: float | None) -> str:
    """0.943."""
    return "–" if value is None else f"{value:.3f}"


def plain(value: float) -> str:
    """A number of the data as a person writes it: 178,482; 2.35; 1.2e-07."""
    return f"{value:,.0f}" if abs(value) >= LARGE or value == round(value) else f"{value:.4g}"


def signed(value: float | None) -> str:
    """+0.019, −0.004, with a real minus."""
    if value is None:
        return "–"
    digits = 3 if abs(value) >= SMALL else 4
    return f"{value:+.{digits}f}".replace("-", "−") if round(value, digits) else "0.000"


def interval(estimate: Mapping[str, Any], *, sign: bool = False) -> str:
    """[low, high]."""
    low, high = estimate.get("low"), estimate.get("high")
    if low is None or high is None:
        return ""
    return f"[{signed(low)}, {signed(high)}]" if sign else f"[{score(low)}, {score(high)}]"


def title(code: str) -> str:
    """``MissingValues`` as "Missing values"."""
    code = code.replace("_", " ").replace("Html", "HTML ")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", code).split()
    return (
        " ".join([words[0][:1].upper() + words[0][1:]] + [w if w.isupper() else w.lower() for w in words[1:]])
        if words
        else ""
    )


def short(text: str, limit: int = MAX_SHOWN) -> str:
    """Text cut in its middle when it is long."""
    if len(text) <= limit:
        return text
    return f"{text[: limit * 2 // 3]} … {text[-limit // 4 :]}"


def value(text: str | None, limit: int = MAX_SHOWN) -> Markup:
    """A cell as HTML; a blank says so."""
    if text is None or text == "":
        return Markup('<span class="blank">{}</span>').format("空" if language() == "zh" else "blank")
    if not text.strip():
        return Markup('<span class="v">{}</span>').format("".join(INVISIBLE.get(c, "␣") for c in text[:limit]))
    return Markup('<span class="v">{}</span>').format(short(text, limit))


def compared(before: str | None, after: str | None) -> tuple[Markup, Markup]:
    """Two cells as HTML, what differs marked, white space in it made visible."""
    if not before or not after or max(len(before), len(after)) > MAX_COMPARED:
        return value(before), value(after)
    match = SequenceMatcher(None, before, after, autojunk=False)
    if match.ratio() < 0.5:  # quite another text: marking letters would only confuse
        return value(before), value(after)
    left, right = [], []
    for kind, a, b, c, d in match.get_opcodes():
        if kind == "equal":
            left.append(escape(before[a:b]))
            right.append(escape(after[c:d]))
        else:
            left.append(_marked("del", before[a:b]))
            right.append(_marked("ins", after[c:d]))
    wrapped = Markup('<span class="v">{}</span>')
    return wrapped.format(Markup("").join(left)), wrapped.format(Markup("").join(right))


def _marked(tag: str, text: str) -> Markup:
    if not text:
        return Markup("")
    seen = "".join(INVISIBLE.get(c, c if c.isprintable() else f"U+{ord(c):04X}") for c in text)
    return Markup("<ins>{}</ins>" if tag == "ins" else "<del>{}</del>").format(seen)  # noqa: S704 - two constants
