"""What in a text has the form of a mark that somebody put there: key and value, a tag, stars."""

import re
from collections.abc import Iterator

SAID = re.compile(r"[:：=]\s{0,2}[\"']?([^\s,;，。；|\])）】>}\"']{1,30})")
KEY = re.compile(r"(?:^|[\n|;；,，。.!！?？\[(（【<{\s])[\"']?([A-Za-z][\w-]{0,20}|[\u4e00-\u9fff]{1,6})[\"']?\s{0,2}$")
TAG = re.compile(
    r"[\[【<{(（]\s*([^\[\]【】<>{}()（）\n]{1,30}?)\s*[\]】>})）]|__label__(\S{1,30})|[#＃]([\w\u4e00-\u9fff-]{2,30})|"
    r"\A([^\s:：]{1,30})\s{1,2}[-–—|]\s"
)
STARS = re.compile(r"([★☆⭐]{1,10})|(?<![\d.])(\d(?:\.\d)?\s?/\s?(?:5|10))(?![\d/])|(?<!\d)([1-5])\s?(?:星|stars?\b)")


def marks(text: str) -> Iterator[tuple[str, str]]:
    """What in a text has the form of a mark, with its form."""
    for said in SAID.finditer(text):
        key = KEY.search(text, max(0, said.start() - 26), said.start())
        if key:
            yield "pair", f"{folded(key[1])}: {folded(said[1])}"
    for parts in TAG.findall(text):
        yield "tag", folded(next(filter(None, parts), ""))
    for parts in STARS.findall(text):
        yield "stars", "".join(next(filter(None, parts), "").split())


def folded(text: str) -> str:
    """Without case, white space as one blank."""
    return " ".join(text.casefold().split())
