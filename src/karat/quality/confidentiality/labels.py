"""What the words right before a number say it is: a telephone, an address, or the number of a thing."""

import re

NEAR = 48  # characters before a number in which a word can say that it is a telephone; unproven
LABEL = 40  # characters that a label of a thing can take; both chosen on sentences made up for the tests; unproven
URL = 256  # characters before a number in which the address of a page can begin; unproven
PHONE_WORDS = re.compile(
    r"(?i)phone|mobile|\bcell|\btel\b|\bcall|\bfax|contact|\btext me|whats ?app|\bnumber\b(?! of\b)|\breach|"
    r"\bdial|\bring|\banswering\b|电话|手机|联系|致电|热线|传真|微信|拨打"
)
PHONE_AFTER = re.compile(r"(?i)[ \-,;(]{0,2}(?:fax|mobile|cell|tel|phone)\b")
# Words that say it of digits in groups, which have half the form of a telephone already
GROUPS_AFTER = re.compile(r"(?i)[ \-,;(]{0,2}(?:office|home|work|fax|mobile|cell|tel|direct|ext)\b")
GROUPS_BEFORE = re.compile(r"(?i)\b(?:at|under|sms|messages? to|text to|registered)[ :]{1,2}$")
ADDRESS_WORDS = re.compile(
    r"(?i)\bips?\b|\bip ?v?4|\bhost|server|\baddr|\bdns\b|\bping|\bgateway|\brouter|\bsubnet|\bproxy|\bnode\b|"
    r"\bvpn\b|\bport\b|\bconnect|://|@|地址|来自|访问|服务器|主机|网关"
)
# Software, standards and trade number their things in the forms of telephones, cards and internet addresses
THINGS = (
    r"versions?|ver|v|releases?|builds?|rev|revision|firmware|patch|updated? to|upgraded? to|downgraded? to|oid|"
    r"sections?|sec|chapters?|clauses?|articles?|paragraphs?|annex|appendix|figures?|fig|tables?|steps?|requirements?|"
    r"orders?|invoices?|tracking|shipments?|parcels?|waybill|skus?|items?|parts?|products?|models?|serial|lots?|"
    r"batch(?:es)?|gtin|ean|upc|isbn|issn|asin|barcodes?|tickets?|issues?|pages?|transactions?|bookings?|"
    r"timestamps?|epoch|unix time|commit"
)
THING = re.compile(
    rf"(?i)(?:(?<![a-z])(?:{THINGS})(?:[ _\-]?(?:numbers?|num|nos?|nr|ids?|codes?|of))?"
    r"|§|订单号?|运单号?|快递单号?|发票号?|流水号|条码|版本号?|批号|序列号|型号|货号|款号|书号|物料号?|商品编[码号]|产品编[码号]|编码|校验码|哈希值?|固件|升级[到至]|更新[到至]|降级[到至]|工单号?|时间戳|第)"
    r"[\s:#=.：（(\[\"'\-]{0,3}(?:(?:is|was|为|是)\s{0,2}){0,1}$"
)
THING_AFTER = re.compile(r"(?i)\s?(?:版本?|固件|version\b|release\b|build\b)")
# A number that goes on behind a dash, and the path of a page
GOES_ON = re.compile(r"-[0-9A-Za-z]")
PATH = re.compile(r"://[^\s?#]*/$")
PRODUCT = re.compile(r"[A-Za-z]/$")
NUMBERED = (
    "bank card",
    "mobile phone (CN)",
    "landline (CN)",
    "phone (+)",
    "social security number (US)",
    "passport (CN)",
)
ASKS_FOR_WORDS = frozenset({"passport (CN)"})  # one letter and digits are also articles and parts
# lengths of cards in use that are taken for a card whatever the words say; ISO/IEC 7812-1 numbers, as American
# Express, Visa and Mastercard issue them
SOLID = {"bank card": (15, 16)}


def labels_a_phone(text: str, begin: int, end: int, near: int = NEAR) -> bool:
    """Does a word shortly before a stretch, or right behind it, speak of a telephone?"""
    return bool(PHONE_WORDS.search(text, max(0, begin - near), begin) or PHONE_AFTER.match(text, end))


def labels_groups(text: str, begin: int, end: int) -> bool:
    """Do the words on one of the sides speak of a way to reach somebody?"""
    return bool(GROUPS_AFTER.match(text, end) or GROUPS_BEFORE.search(text[max(0, begin - LABEL) : begin]))


def labels_a_thing(text: str, begin: int) -> bool:
    """Do the words that end at a place say that what follows is the number of a thing?"""
    return THING.search(text[max(0, begin - LABEL) : begin]) is not None


def column_of_things(name: str, entity: str) -> bool:
    """Does the name of a column say that numbers with the form of an entity are those of things?"""
    label = f"{name}: "
    return entity in (*NUMBERED, "IP address", "phone") and labels_a_thing(label, len(label))


def is_something_else(name: str, text: str, begin: int, end: int) -> bool:
    """Is a stretch that has the form of an entity by its surroundings the number of a thing?

    Parameters
    ----------
    name : str
        Name of the entity.
    begin, end : int
        The stretch, ``end`` exclusive.
    """
    digits = sum(map(str.isdecimal, text[begin:end]))
    if name == "IP address":
        if THING_AFTER.match(text, end) is None and ADDRESS_WORDS.search(text, max(0, begin - NEAR), begin):
            return labels_a_thing(text, begin)
        small = (
            digits == 4 or THING_AFTER.match(text, end) is not None
        )  # every part below ten: a section or a version far more often than an address
        return small or PRODUCT.search(text, max(0, begin - 2), begin) is not None or labels_a_thing(text, begin)
    if name in ("bank card", "mobile phone (CN)", "landline (CN)") and PATH.search(text[max(0, begin - URL) : begin]):
        return True
    if name == "social security number (US)" and (GOES_ON.match(text, end) or text[begin - 1 : begin] == "-"):
        return True
    if name in ASKS_FOR_WORDS and text[begin] != "E":
        return not re.search(r"(?i)passport|护照", text[max(0, begin - NEAR) : begin])
    return name in NUMBERED and digits not in SOLID.get(name, ()) and labels_a_thing(text, begin)
