"""Names of people and postal addresses in Chinese texts, by family names, signs of given names and the words around."""

import re
from collections.abc import Iterator

from karat.quality.name_words import name_words

Found = tuple[int, int, float]
LISTS = name_words()["chinese"]
FAMILIES, DOUBLE, TITLES = (str(LISTS[name]) for name in ("families", "double_families", "titles"))
BEFORE, AFTER, PROVINCES = (str(LISTS[name]) for name in ("before", "after", "provinces"))
GIVEN, COMMON = frozenset(LISTS["given"]), frozenset(LISTS["common"])  # signs; and those that other words have too
WORDS = frozenset(str(LISTS["words"]).split("|"))  # words that begin like a family's name
CUE_GAP = r"(?:姓名)?[\s:：为是叫,，、]{0,3}"
FAMILY = rf"(?:{DOUBLE}|[{FAMILIES}])"
HAN = "[一-鿿]"
CUED = re.compile(rf"(?:{BEFORE}){CUE_GAP}(?P<name>{FAMILY}{HAN}{{1,2}})")
TITLED = re.compile(rf"(?P<name>(?:{DOUBLE}){HAN}{{0,2}}|[{FAMILIES}]{HAN}{{0,2}})(?=(?:{TITLES})(?!经))")
FREE = re.compile(rf"(?P<name>{FAMILY}{HAN}{{1,2}})")
EDGE = re.compile(r"[\s，,。、；;：:！!？?（(《“\"的和与跟由为给请向找对被把是叫让天日晨户告人有同]$|^$")
ENDS = re.compile(AFTER)
TITLE = re.compile(TITLES)
# what only people have or do
PERSONAL = re.compile(
    "的(?:身份|电话|手机|微信|邮箱|地址|护照|银行|账|丈夫|妻子|儿子|女儿|父亲|母亲|家|病历|住址)|告诉|表示|签字|主持|说"
)
SURE, LIKELY = 0.8, 0.6  # how often each errs is measured: benchmarks/personal_data.md


def chinese_people(text: str) -> Iterator[Found]:
    """Where names of people stand: after or before words that speak of a person, or made of a name's signs alone."""
    spans: list[Found] = []
    for pattern, judged in ((CUED, _cued), (TITLED, _titled), (FREE, _free)):
        at = 0
        while match := pattern.search(text, at):
            begin = match.start("name")
            size = 0 if _is_word(match["name"]) else judged(text, begin, match["name"])
            if size and not any(begin < last and first < begin + size for first, last, _ in spans):
                spans.append((begin, begin + size, LIKELY if judged is _free else SURE))
            at = max(begin + max(size, 1), at + 1)
    yield from sorted(spans)


def _family(name: str) -> int:
    return 2 if re.match(DOUBLE, name) else 1


def _cued(text: str, begin: int, name: str) -> int:
    """Length of a name behind a word that speaks of a person; 0 for none."""
    own = _family(name)
    for size in (own + 2, own + 1):
        if len(name) >= size and _given(name[:size]) and not _title_at(text, begin + size - 1, size - own):
            return size
    for size in (own + 1, own + 2):
        if len(name) >= size and ENDS.match(text, begin + size):
            return size
    return 0


def _titled(text: str, begin: int, name: str) -> int:
    plain = len(name) == 1 and EDGE.search(text[:begin]) is not None
    return len(name) if plain or (len(name) > 1 and _given(name)) else 0


def _free(text: str, begin: int, name: str) -> int:
    """Length of a name that only its signs speak for."""
    own = _family(name)
    if len(name) >= own + 2:
        given = name[own : own + 2]
        alone = EDGE.search(text[:begin]) is not None and ENDS.match(text, begin + own + 2) is not None
        if _given(name[: own + 2]) and (not set(given) & COMMON or (alone and not set(given) <= COMMON)):
            return own + 2
    single = name[own : own + 1]
    fits = single in GIVEN and single not in COMMON and EDGE.search(text[:begin]) is not None
    if single in GIVEN and EDGE.search(text[:begin]) and PERSONAL.match(text, begin + own + 1):
        return own + 1
    return own + 1 if fits and ENDS.match(text, begin + own + 1) else 0


def _title_at(text: str, at: int, given: int) -> bool:
    """Does a title begin with the second sign of a given name?"""
    return given == 2 and TITLE.match(text, at) is not None


def _is_word(name: str) -> bool:
    return name[:2] in WORDS or name[:3] in WORDS


def _given(name: str) -> bool:
    """Are all signs behind the family's name those of given names?"""
    return all(sign in GIVEN for sign in name[_family(name) :])


AREA = rf"(?:(?:{PROVINCES})(?:省|市|自治区|特别行政区|壮族自治区|回族自治区|维吾尔自治区)?)"
PLACE = r"[一-鿿]{1,7}?(?:市|区|县|州|盟|旗|镇|乡|村|街道|开发区|新区|园区)"
ROAD = r"[一-鿿0-9]{1,8}?(?:路|街|巷|道|胡同|弄|大街|大道|里|段|环)"
NUMBERED = (
    r"(?:[0-9一二三四五六七八九十百零〇A-Za-z]{1,6}(?:-[0-9]{1,5})*(?:号院|号楼|号|弄|栋|幢|座|楼|层|单元|室|组|户|区|期)"
    r"(?:[0-9]{1,5}(?:-[0-9]{1,5})?(?![0-9号楼弄栋幢座层单元室组户区期-]))?)"
)
ESTATE = r"[一-鿿A-Za-z0-9]{2,12}?(?:小区|花园|公寓|大厦|广场|中心|家园|新村|苑|城|府|庭|院|园|宿舍|校区)"
ADDRESS = re.compile(
    rf"(?:{AREA}(?:{PLACE}){{1,4}}|{AREA}|(?:{PLACE}){{1,4}})(?:{ROAD})?(?:{ESTATE})?{NUMBERED}{{1,6}}(?:[一-鿿]{{2,6}}?(?:小区|公寓|大厦){NUMBERED}{{0,4}})?|"
    rf"(?:{AREA}(?:{PLACE}){{1,4}}|(?:{PLACE}){{2,4}})(?:{ROAD}|{ESTATE})(?:{NUMBERED}{{0,4}})|"
    rf"{ROAD}(?:{ESTATE})?{NUMBERED}{{1,6}}|{ESTATE}{NUMBERED}{{2,6}}"
)
# words before an address that it does not begin with
LEADS = re.compile(
    r"^(?:.{0,12}?(?:地址|住址|住在|家住|位于|住|寄到|送到|寄往|邮寄到|搬到|搬去|来自|到达|在|到|去|为|是|于|至)[:：是为在]{0,2})(?=[一-鿿])"
)


def chinese_addresses(text: str) -> Iterator[Found]:
    """Where postal addresses stand: province, town, road, number, building and room, as far as they are written."""
    for match in ADDRESS.finditer(text):
        begin, end = match.span()
        lead = LEADS.match(match.group())
        if lead and end - begin - lead.end() >= 4:
            begin += lead.end()
        own = text[begin:end]
        places = len(re.findall(r"省|市|区|县|镇|乡|村|路|街|巷|道|弄|号|栋|幢|座|单元|室|楼|小区|花园|公寓", own))
        if places >= 2 and len(own) >= 5:
            yield begin, end, SURE if places >= 3 else LIKELY
