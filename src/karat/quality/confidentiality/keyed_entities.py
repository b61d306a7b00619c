"""Personal data that a word beside it names: numbers whose form says little, and malformed ones of known forms.

A number that its checksum does not fit, or with a digit too few, is still somebody's where the text says what it is.
"""

import re
from collections.abc import Callable

from karat.quality.confidentiality.entity import VALUE, Entity, always

# between the word and the number: brackets, a colon, and words that only connect
GAP = (
    r"[\s:：=#（(\[【\"'“,，]{0,4}"
    r"(?:(?:numbers?|num|no\.?|nr\.?|id|is|was|号码?|编号|账号|帐号|卡号|证号|证件|为|是|的)[\s:：=#（(\[【\"'“]{0,4}){0,3}"
)
FEWEST_DIGITS = 5  # definition: of a number that a word names; the shortest QQ numbers have five


def _digits(least: int = FEWEST_DIGITS) -> Callable[[str], bool]:
    return lambda text: sum(map(str.isdecimal, text)) >= least


def _keyed(name: str, words: str, value: str, certain: float = 0.8, least: int = FEWEST_DIGITS) -> Entity:
    """An entity that words before it name; the words are also what a text must hold to be looked at."""
    # an English word is not the end of another, such as card in postcard
    before = rf"(?i:(?<![A-Za-z])(?:{words}))(?i:{GAP})"
    pattern = re.compile(rf"{before}(?P<{VALUE}>{value})(?![0-9A-Za-z])")
    return Entity(name, pattern, _digits(least) if least else always, certain, f"(?i:{words})", keyed=True)


SPACED = r"[0-9](?:[ \-]?[0-9]){%d,%d}"
# how often each errs is measured: benchmarks/personal_data.md
KEYED = (
    _keyed("resident ID (CN)", "身份证|公民身份号码|身份号码|身份编号", r"[0-9](?:[ \-]?[0-9]){6,18}[Xx]?"),
    _keyed(
        "bank card",
        r"银行卡|信用卡|储蓄卡|借记卡|工资卡|卡号|(?:credit |debit |bank )card|card (?:number|no)",
        SPACED % (9, 20),
    ),
    _keyed(
        "bank account",
        r"账号|账户|帐号|帐户|account (?:number|no)\b\.?|acct",
        SPACED % (7, 26),
    ),
    _keyed("IBAN", "iban", r"[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[0-9]{1,3})?", 0.9),
    _keyed(
        "social security number (US)",
        r"ssn|social security (?:number|no)\b\.?",
        r"[0-9](?:[ \-.]?[0-9]){6,10}",
    ),
    _keyed("passport (CN)", "护照|passport", r"[A-Za-z]{0,2}[0-9]{6,9}"),
    _keyed(
        "phone",
        r"手机|电话|固话|座机|phone (?:number|no)\b\.?|mobile (?:number|no)\b\.?",
        SPACED % (6, 13),
        0.7,
    ),
    _keyed("QQ number", r"QQ(?:群|邮箱)?|扣扣|企鹅号", r"[1-9][0-9]{4,10}(?![@0-9A-Za-z])"),
    _keyed(
        "medical insurance number (CN)",
        "医保(?:卡|证|凭证)?|医疗保险(?:卡|证)?|社保(?:卡|证)?|社会保障(?:卡)?",
        r"[A-Za-z]{0,4}[0-9](?:[ \-]?[0-9A-Za-z]){5,20}",
    ),
    _keyed(
        "travel permit (CN)",
        "通行证|回乡证|台胞证|台湾居民居住证|港澳居民居住证",
        r"[A-Za-z]{0,2}[0-9]{6,18}(?:[(（][0-9A-Za-z]{1,2}[)）])?",
    ),
    _keyed(
        "officer ID (CN)",
        "军官证|士兵证|士官证|文职干部证|警官证|军人证|军人保障卡",
        r"(?:[一-鿿]{1,4}字?第?)?[0-9]{5,10}号?",
    ),
    _keyed(
        "social credit code (CN)",
        "社会信用代码|信用代码|纳税人识别号|税号|组织机构代码",
        r"[0-9A-Za-z](?:-?[0-9A-Za-z]){7,19}",
    ),
    _keyed(
        "driver's licence",
        r"驾驶证|驾照|驾驶员档案|档案编号|(?:driver'?s?|driving)'? licen[cs]e",
        r"[A-Za-z]{0,3}[0-9](?:[ \-]?[0-9A-Za-z]){4,18}",
    ),
    _keyed(
        "vehicle identification number", r"车架号|车辆识别代[码号]|发动机号|\bvin\b", r"[A-HJ-NPR-Za-hj-npr-z0-9]{6,17}"
    ),
    _keyed("licence plate (CN)", "车牌|号牌", r"[一-鿿][A-Za-z][·•. ]?[0-9A-Za-z]{4,6}", 0.85, 1),
)
WECHAT = Entity(
    "WeChat ID",
    re.compile(
        r"(?i:微信|薇信|(?<![A-Za-z])(?:wechat|weixin|vx|wx))"
        rf"(?:(?i:\s?(?:号|id|账号|帐号)|[:：]|[为是])(?i:{GAP})(?P<{VALUE}>[A-Za-z][A-Za-z0-9_\-]{{5,19}}|1[3-9][0-9]{{9}})"
        r"(?![0-9A-Za-z@.]))"
    ),
    always,
    0.8,
    r"(?i:微信|薇信|wechat|weixin|vx|wx)",
    keyed=True,
)
WECHAT_CLOSE = Entity(  # nothing but a blank between: then it has a digit or a line in it, as no word has
    "WeChat ID",
    re.compile(
        rf"(?i:微信|薇信)\s?(?P<{VALUE}>[A-Za-z][A-Za-z_\-]{{0,18}}[0-9_\-][A-Za-z0-9_\-]{{3,18}})(?![0-9A-Za-z@.])"
    ),
    always,
    0.8,
    "(?i:微信|薇信)",
    keyed=True,
)
