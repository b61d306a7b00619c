"""Words and shapes that tell semantic types apart, in English and Chinese."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from karat.collect.keys import name_words

# What a column name says, by whole words; Chinese by any part of the name. A hint only: the values decide.
_NAMES = json.loads(files("karat.collect").joinpath("meaning_names.json").read_text("utf-8"))
NAME_WORDS: dict[str, str] = _NAMES["words"]
NAME_HAN: dict[str, str] = _NAMES["han"]
# Parts of names that are written as one word.
PARTS = {
    r"^(pct|perc|per(?=[bpc]))|(pct|percent|rate)$": "share",
    r"^(pop|num|tot|n(?=[A-Z_]))|(count|pop)$": "count",
    r"(price|wage|wag|salary|income|inc|cost|tax)": "amount",
    r"(date|dt)$": "date",
    r"year$": "year",
    r"name$|name\d$": "person",
    r"^(is|has)_|flag$": "boolean",
    r"id$": "identifier",
    r"(code|cd)$": "code",
}
STREETS = (
    r"(?i)\b(st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|plaza|hwy|highway|pkwy|parkway|"
    r"sq|"
    r"square|ter|terrace|way|tpke|cir|circle|loop|suite|apt|rue|via|calle|strasse|weg)\b\.?|(?i)stra(ß|ss)e|platz"
)  # USPS Publication 28, suffixes
ORGANISATIONS = (
    r"(?i)\b(inc|ltd|llc|plc|corp|corporation|co|company|gmbh|ag|sa|bv|university|college|school|academy|hospital|"
    r"clinic|"
    r"bank|group|association|assn|institute|center|centre|department|dept|agency|club|church|press|news|foundation|"
    r"society|brewing|brewery|services|systems|holdings|sons|partners|council|office|bureau|union|museum|library|"
    r"medical|"
    r"health|laborator(y|ies)|airlines|airport)\b|(公司|集团|大学|学院|医院|银行|中心|局|厂|学校|协会|研究所|小学|中学|店)$"
)
PLACES = (
    r"(?i)\b(county|city|park|lake|river|island|islands|north|south|east|west|mount|san|santa|saint|new|village|town|"
    r"fort|"
    r"port|point|beach|valley|creek|heights|republic|field|playground|trail|district)\b|(?i)(ville|burg|bury|ton|ford|"
    r"stan|land|shire)$|[省市区县镇乡村州旗盟]$"
)
ORDERS = (
    r"(?i)^(very |fairly |much |extremely |strongly |somewhat |non?-?)?(low|medium|mid|high|small|large|big|poor|fair|"
    r"good|"
    r"excellent|bad|better|worse|average|normal|mild|moderate|severe|never|rarely|seldom|sometimes|often|usually|"
    r"always|"
    r"agree|disagree|neutral|satisfied|dissatisfied|unlikely|likely|none|some|first|second|third|fourth|fifth|junior|"
    r"senior|freshman|sophomore|rare|well|short|long|young|old|\d+(st|nd|rd|th)|[ivx]{1,4}|primary|secondary|tertiary|"
    r"bachelor'?s?|master'?s?|doctora(te|l)|ph\.?d|high school|graduate|undergraduate|college|degree)\b|"
    r"^([特很非]?[高中低优良差大小好]|一般|(非常|很)?(不)?满意|[初高]中|小学|大专|本科|硕士|博士|[一二三四五]级|及格|不及格)"
)
PERIODS = (
    r"(?i)^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?$|^(星期|周)[一二三四五六日天]$|"
    r"^(1[0-2]|[1-9])月$|^[Qq][1-4]$|^(spring|summer|autumn|fall|winter)$"
)
BANDS = r"^[<>≤≥]\s*=?\s*[$€£¥]?\d[\d,.]*|^[$€£¥]?\d[\d,.]*\s*(-|–|to)\s*[$€£¥]?\d[\d,.]*|^\d[\d,.]*\s*\+"
FUNCTION_WORDS = (
    r"(?i)\b(the|of|and|for|with|that|this|was|were|are|is|not|from|have|you|but|on|in|to|a)\b|[的了在是和]"
)


@cache
def lexicon() -> dict[str, Any]:
    """Places, given names and surnames; ``source`` says where they are from."""
    words: dict[str, Any] = json.loads(files("karat.collect").joinpath("meaning_words.json").read_text("utf-8"))
    return words


@cache
def _by_word() -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for meaning, words in NAME_WORDS.items():
        for word in words.split():
            out.setdefault(word, []).append(meaning)
    return out


def hinted(name: str) -> dict[str, float]:
    """The meanings a column name points to: 1 by its last word or by Chinese, 0.5 by another word or a part of one."""
    words = [plain for word in name_words(name) if (plain := re.sub(r"\d+$", "", word))]
    said = {meaning: 0.5 for part, meaning in PARTS.items() if re.search(part, name.casefold())}
    said |= {meaning: 0.5 for word in words[:-1] for meaning in _by_word().get(word, ())}
    if not name.isascii() or "ID" in name:
        said |= {meaning: 1.0 for meaning, pattern in NAME_HAN.items() if re.search(pattern, name)}
    return said | dict.fromkeys(_by_word().get(words[-1], ()) if words else (), 1.0)
