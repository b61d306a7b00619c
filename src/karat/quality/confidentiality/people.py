"""Names of people in English texts, by capitals, a list of words that are no names, and the words around."""

import re
from collections.abc import Iterator

from karat.quality.english_words import english_words
from karat.quality.name_words import name_words

Found = tuple[int, int, float]  # where it begins and ends, and how sure it is
LETTERS = r"[^\W\d_]"
TOKEN = re.compile(rf"{LETTERS}+(?:['’\-]{LETTERS}+)*\.?")
TITLES = re.compile(r"(?i)\b(?:mr|mrs|ms|miss|dr|prof|professor|sir|madam|mx)\.?\s+$")
# words right before a name, whatever its capitals
CUES = re.compile(
    r"(?i)(?:\bname(?:'s)?(?: is|:|\?| on (?:the|my) account(?: is)?\??)?|\bnamed|\bcalled?(?: me)?|\bcall me|"
    r"\bthis is|\bi am|\bi'm|\b(?:dear|hi|hello|hey|thanks|regards),?|\bsigned,?|\bsincerely,?|"
    r"\b(?:under|correct(?: it)? to|change it to|named after)|\buser:|"
    r"\b(?:patient|customer|client|employee|contact|recipient|beneficiary|guardian)(?: name)?(?: is|:)|"
    r"\b(?:brother|sister|son|daughter|kid|child|wife|husband|partner|boss|manager|colleague|friend|mother|father|"
    r"mom|dad|uncle|aunt|cousin)(?: is|,)?)\s+$"
)
LOWER_CUE = re.compile(
    r"(?i)(?:\bmy name is|\bname is|\bname's|\bcall me|\bcalls? me|\buser:|\bms\.|\bmr\.|\bdr\.|\bmrs\.)\s+$"
)
AFTER = re.compile(
    r"(?i)(?:['’]s\b|,? (?:is|was|were|has|had|will|would|can|said|says|told|asked|wrote|lives?|works?|and|who|from)\b|"
    r"[,!?]? ?$|[.!?]\s|\n)"
)
PLACE_BEFORE = re.compile(
    r"(?i)\b(?:in|to|from|at|near|of|visit|through|across|around|toward|southern|northern|eastern|western|the)\s+$"
)
GROUP_BEFORE = re.compile(r"(?i)\b(?:work(?:s|ed)? (?:for|at)|the|at|by the|company|firm|joined)\s+$")
GROUP_AFTER = re.compile(
    r",? ?(?i:inc|llc|ltd|corp|co|plc|gmbh|group|company|and sons|orchestra|university|college|bank|institute|"
    r"association|foundation|agency|website|government|street|road|avenue|st|rd|ave|square|hospital|school|airport|"
    r"river|county)\b"
)
KIN = re.compile(r"(?:ish|ese|ian|ean|ic|ans?|er)$")
LISTS = name_words()["english"]
PARTICLES, NOT_NAMES = frozenset(LISTS["particles"]), frozenset(LISTS["not_names"])
COUNTRIES = frozenset(LISTS["countries"])  # ISO 3166, as English writes them
STUCK = re.compile(r"[@/#_0-9.]")
FOLLOWED = re.compile(r"[@/_0-9]")
INSIDE = re.compile(r"[a-z]{2}[A-Z]|com$|Inc$")  # capitals inside of a word: a product or a company
SAID = re.compile(
    r"(?i)(?:\b(?:mr|mrs|ms|miss|dr|prof|professor)\.?|\b(?:my|her|his|the|last|first|maiden|full) name(?: is|:)|"
    r"\bwhat's your (?:last |first |full )?name\?|\bcalls? me)\s+$"
)
NEAR = 40  # cost: characters before a name that are looked at
MOST_WORDS = 4  # definition: of a name in English: given, middle, family and a particle
SURE, LIKELY = 0.8, 0.6  # how often each errs is measured: benchmarks/personal_data.md


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return TOKEN.finditer(text)


def _capital(token: str) -> bool:
    token = token.rstrip(".")
    return token[0].isupper() and (len(token) == 1 or not token.isupper() or len(token) > 3)


def _initial(token: str) -> bool:
    return len(token.rstrip(".")) == 1 and token[0].isupper()


def _unlisted(token: str) -> bool:
    """Is it in no list of words that are no names?"""
    plain = token.rstrip(".").replace("’", "'").removesuffix("'s")
    low = plain.lower()
    stem = low.removesuffix("s")
    words = english_words()[2]
    return len(plain) > 1 and low not in words and stem not in words and plain not in NOT_NAMES


def people(text: str) -> Iterator[Found]:
    """Where names of people stand.

    A run of capitalised words of which one is on no list of other words, said to be a person by the words around it or
    by its own length; after words such as "my name is" small letters are names too.
    """
    tokens = list(_tokens(text))
    at = 0
    while at < len(tokens):
        size = _run(tokens, at)
        if size:
            found = _judged(text, tokens[at : at + size])
            if found:
                yield found
            at += size
            continue
        if LOWER_CUE.search(text, max(0, tokens[at].start() - 40), tokens[at].start()) and _unlisted(
            tokens[at].group()
        ):
            last = at
            while (
                last + 1 < len(tokens)
                and text[tokens[last].end() : tokens[last + 1].start()] == " "
                and (_unlisted(tokens[last + 1].group()) or len(tokens[last + 1].group().rstrip(".")) == 1)
            ):
                last += 1
            yield tokens[at].start(), tokens[last].end(), SURE
            at = last
        at += 1


def _run(tokens: list[re.Match[str]], at: int) -> int:
    """How many capitalised words follow each other on one line, particles between them included; 0 for none."""
    if not _capital(tokens[at].group()):
        return 0
    size, text = 1, tokens[at].string
    while at + size < len(tokens):
        gap = text[tokens[at + size - 1].end() : tokens[at + size].start()]
        before, token = tokens[at + size - 1].group(), tokens[at + size].group()
        if gap != " " or (before.endswith(".") and not _initial(before)):
            break
        if token in PARTICLES:
            after = at + size + 1
            if (
                after >= len(tokens)
                or not _capital(tokens[after].group())
                or text[tokens[at + size].end() : tokens[after].start()] != " "
            ):
                break
        elif not _capital(token):
            break
        size += 1
    return size


def _judged(text: str, run: list[re.Match[str]]) -> Found | None:
    """Is a run of capitalised words a name, and which part of it?"""
    first = max(0, run[0].start() - NEAR)
    if len(run) <= MOST_WORDS and SAID.search(text, first, run[0].start()):
        return run[0].start(), run[-1].end() - run[-1].group().endswith("."), SURE
    while run and not _initial(run[0].group()) and not _unlisted(run[0].group()):
        run = run[1:]
    while run and not _initial(run[-1].group()) and not _unlisted(run[-1].group()):
        run = run[:-1]
    if not run or all(_initial(token.group()) for token in run) or len(run) > MOST_WORDS + 1:
        return None
    begin, end = run[0].start(), run[-1].end()
    end -= text[begin:end].endswith(".")
    end -= 2 if text[begin:end].endswith(("'s", "’s")) else 0
    if _part_of_more(text, begin, end):
        return None
    if CUES.search(text, max(0, begin - NEAR), begin):
        return begin, end, SURE
    return (begin, end, LIKELY) if _by_itself(text, begin, end, len(run)) else None


def _part_of_more(text: str, begin: int, end: int) -> bool:
    """Is it the name of a group, a country, or a piece of an address?"""
    if GROUP_AFTER.match(text, end) or text[begin:end] in COUNTRIES or INSIDE.search(text[begin:end]):
        return True
    return STUCK.match(text[max(0, begin - 1) : begin]) is not None or FOLLOWED.match(text[end : end + 1]) is not None


def _by_itself(text: str, begin: int, end: int, words: int) -> bool:
    """Does no word before it say that it is a place or a group, and is a single word not one for a people?"""
    before = max(0, begin - NEAR)
    if GROUP_BEFORE.search(text, before, begin):
        return False
    if words > 1:
        return True
    people = KIN.search(text[begin:end]) and re.match(r" [a-z]", text[end : end + 2]) and not AFTER.match(text, end)
    return not people and PLACE_BEFORE.search(text, before, begin) is None
