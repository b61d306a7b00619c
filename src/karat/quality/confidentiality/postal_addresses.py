"""Postal addresses in English texts: a number and a street, a box, a corner, and what follows on the lines after."""

import re
from collections.abc import Iterator

Found = tuple[int, int, float]
WORD = r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]+)*\.?"
CAPITAL = r"(?:[A-ZÀ-ÞΆ-ΩА-ЯĀ-Ž][^\W\d_]*(?:['’.\-/][^\W\d_]+)*\.?)"
KIND = (
    r"(?i:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|square|sq|place|pl|terrace|crescent|"
    r"close|row|alley|parkway|pkwy|highway|hwy|gardens|hill|hills|views?|fields?|crossroad|radial|points?|greens?|plaza|trail|"
    r"crossing|loop|path|walk|mews|grove|circle|cir|route|bridge|mill|park|spur|spring|summit|station|manor|meadows?|mission|"
    r"mount|neck|orchard|oval|pass|pike|pine|plain|port|prairie|ramp|ranch|rapids?|rest|ridge|river|run|shoals?|shore|stream|"
    r"track|throughway|tunnel|turnpike|union|unions|valley|via|viaduct|village|villages|vista|wall|walks|ways|well|wells)"
)
# how streets end where their kind is part of the word: Germanic, Nordic, Finnish
GROWN = (
    r"(?:[^\W\d_]+(?:str(?:aße|asse|aat|\.)?|gata|gatan|gate|gade|vej|vei|veien|vegen|väg|vägen|weg|laan|katu|tie|gasse|"
    r"allee|platz|plein|kade|dijk|stien|vangur|braut|stígur|utca))"
)
PREFIXED = (
    r"(?:(?i:rue|via|calle|c/|avenida|av\.|ul\.|ulica|rua|rúa|plaza|praça|piazza|boulevard|λεωφόρος|postbox|"
    r"p\.?o\.? box|box)\s+\S[^\n,;.!?]{1,40})"
)
UNIT = r"(?i:apt|apartment|suite|unit|flat|floor|room|building|bldg|house|block)\.?\s*#?[0-9A-Za-z\-]{1,6}"
NUMBER = r"[0-9]{1,5}[A-Za-z]?(?:[\-/][0-9]{1,4})?"
CAPITALS = rf"{CAPITAL}(?: (?:{CAPITAL}|z|de|del|la|le|of|and|[0-9]{{1,4}}))*"
STREET = re.compile(
    rf"(?<![\w.])(?:{NUMBER}[, ]+{PREFIXED}|"
    rf"{NUMBER} (?:{NUMBER} )?{CAPITALS}(?: {NUMBER})?(?=\s*(?:[,\n]|$|{UNIT}| {KIND}\b))|"
    rf"{NUMBER} (?:[\w'’.\-]+ ){{1,4}}{KIND}\b\.?|{PREFIXED}|(?i:the corner of) [^\n.!?;]{{5,60}}|{GROWN} {NUMBER}|"
    rf"(?:{CAPITAL} ){{0,3}}{CAPITAL} (?:and {CAPITAL} )?{NUMBER}(?=\s*(?:[,\n?.]|$|street\b|{UNIT}))|"
    rf"(?:{CAPITAL} ){{1,3}}{KIND}\b|(?i:unit|psc|cmr) [0-9]{{2,5}},? (?i:box) [0-9]{{2,5}}|{UNIT})",
)
FLEET = re.compile(
    r"\b(?:[DAF]PO|[dfa]po) (?:A[APE]|a[ape]) [0-9]{5}\b|\bUS(?:NS|NV|CGC|S) [A-Z][a-z]+\b|\buscgc \w+|\busns \w+"
)
REST = re.compile(
    rf"(?:[\s,?]+(?:{UNIT}|{CAPITAL}(?: {CAPITAL}){{0,3}}|[A-Z]{{2}}|nan|[0-9][0-9A-Z\- ]{{2,8}}|\([A-Z][a-z]+\))"
    rf"(?![\w]))+"
)
WORDS_BEFORE = re.compile(
    r"(?i)(?:address|lives? (?:at|on|in)|located at|moved to|sent to|send (?:it|them)? ?to|meet (?:you|me) at|taxi to|"
    r"linked to|deliver(?:ed)? to|ship(?:ped)? to|it is|it's in|following\?|same:|account to)\W{0,4}"
    r"(?:my |is |new |the )*$"
)
SURE, LIKELY = 0.8, 0.6  # how often each errs is measured: benchmarks/personal_data.md
STRONG = re.compile(rf"\b{KIND}\b|{GROWN}|{UNIT}|{PREFIXED}|(?i:corner of|[daf]po )|[0-9]\D+[0-9]")
EDGE = " \t\n,."


def postal_addresses(text: str) -> Iterator[Found]:
    """Where postal addresses stand: a street with a number, a box or a corner, and the lines that go on from it."""
    at = 0
    for match in sorted(
        [*STREET.finditer(text), *FLEET.finditer(text)], key=lambda match: (match.start(), -match.end())
    ):
        if match.start() < at:
            continue
        own = match.group()
        words = WORDS_BEFORE.search(text, max(0, match.start() - 60), match.start()) is not None
        strong = STRONG.search(own) is not None and any(map(str.isdigit, own))
        rest = REST.match(text, match.end()) if strong or words else None
        follows = rest is not None and any(map(str.isdigit, rest.group()))
        if not (strong or words or follows):
            continue
        end = rest.end() if rest and (follows or words) else match.end()
        begin = match.start()
        while end > begin and text[end - 1] in EDGE:
            end -= 1
        yield begin, end, SURE if strong and words else LIKELY
        at = end
