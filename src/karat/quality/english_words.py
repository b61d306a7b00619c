"""A list of English words, to tell a word from the beginning of one."""

import lzma
import re
from bisect import bisect_left
from functools import cache
from importlib.resources import files

PACKED = "english_words.xz"
FIRST = ord("a")
SHORT = 2  # definition: letters of the words that ``SHORT_WORDS`` lists
SHORT_WORDS = re.compile(
    "a|i|ad|ah|am|an|as|at|be|by|dr|eg|er|ex|go|ha|he|hi|hm|id|ie|if|in|is|it|ma|me|mr|ms|my|no|of|oh|ok|on|or|ox|pa|"
    "pi|re|so|to|uk|um|up|us|vs|we|do|la|el|de|km|cm|mm|kg|mg|ml|pm|tv|pc|ai"
)


@cache
def english_words() -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """76,000 words, American and British, with common names: in lower case, sorted; as a set; those that are no names.

    Source: SCOWL, size 60 (Atkinson 2020), without possessives. Each line of the file is a letter for how many
    characters it shares with the line before, then the rest.
    """
    words, last = [], ""
    for line in lzma.decompress(files("karat.quality").joinpath(PACKED).read_bytes()).decode().split("\n"):
        last = last[: ord(line[0]) - FIRST] + line[1:]
        words.append(last)
    lower = sorted({word.lower() for word in words})
    return tuple(lower), frozenset(lower), frozenset(word for word in words if word[0].islower())


def is_english(word: str) -> bool:
    """Is it a word of the list, as written or in lower case? Of two letters, one that texts are full of."""
    low = word.lower()
    if len(word) <= SHORT:
        return bool(SHORT_WORDS.fullmatch(low))
    return low in english_words()[1] and (word[0].isupper() or low in english_words()[2])


def begins_english(word: str) -> bool:
    """Is it the beginning of a longer word of the list, case aside?"""
    words, start = english_words()[0], word.lower()
    at = bisect_left(words, start + "\0")
    return at < len(words) and words[at].startswith(start)
