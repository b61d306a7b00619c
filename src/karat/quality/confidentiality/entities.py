"""Personal data by its form: expressions, and the checksums that tell it from mere digits."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from karat.core.errors import OptionError
from karat.quality.confidentiality.entity import Entity, always
from karat.quality.confidentiality.keyed_entities import KEYED, WECHAT, WECHAT_CLOSE
from karat.quality.confidentiality.labels import is_something_else

BOUND = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999 (ISO 7064, MOD 11-2)
ID_DIGITS = "10X98765432"


PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = (
    f"[{PROVINCES}][A-HJ-NP-Z][·•. ]?"
    "(?:[DF][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])"
)


# countries and the length of their account numbers: SWIFT, IBAN Registry (ISO 13616)
ACCOUNT_SIZES = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
ACCOUNTS = frozenset(ACCOUNT_SIZES.split())
SIZE_OF = {entry[:2]: int(entry[2:]) for entry in ACCOUNTS}


def account_size(text: str) -> int:
    """How much of a text that begins as an account number does is one, by its country; all where it ends before."""
    signs = SIZE_OF.get(text[:2].upper(), len(text))
    for at, sign in enumerate(text):
        signs -= sign != " "
        if not signs:
            return at + 1 if not text[at + 1 : at + 2].isalnum() else len(text)
    return len(text)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{BOUND[0]}(?:{pattern}){BOUND[1]}")


def luhn(text: str) -> bool:
    """Does a card number's last digit fit the others (ISO/IEC 7812-1)?"""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if not 12 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


# Beginnings of card numbers and the lengths given out under them (ISO/IEC 7812 issuer numbers, as issuers publish them)
ISSUERS = (
    (re.compile("4"), (13, 16, 19)),
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile("3[47]"), (15,)),
    (re.compile("30[0-5]|3095|3[689]"), (14, 15, 16, 17, 18, 19)),
    (re.compile("35"), (16, 17, 18, 19)),
    (re.compile("2131|1800"), (15,)),
    (re.compile("62|81"), (16, 17, 18, 19)),
    (re.compile("6011|64[4-9]|65"), (16, 17, 18, 19)),
    (re.compile("50|5[6-8]|6"), (12, 13, 14, 15, 16, 17, 18, 19)),
)


def card(text: str) -> bool:
    """Could it be a card: digits of a length its issuer gives out, with a check digit that fits?"""
    digits = re.sub(r"\D", "", text)
    return any(form.match(digits) and len(digits) in sizes for form, sizes in ISSUERS) and luhn(digits)


def resident(text: str) -> bool:
    """Do date of birth and check digit of a Chinese resident identity number fit (GB 11643-1999)?"""
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    if not (1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(weight * int(sign) for weight, sign in zip(ID_WEIGHTS, text[:17], strict=True))
    return ID_DIGITS[total % 11] == text[17].upper()


def address(text: str) -> bool:
    """Is it an internet address that is not a version number or a wildcard?"""
    try:
        ip = ip_address(text)
    except ValueError:
        return False
    return not (ip.is_unspecified or ip.is_multicast)


def address_six(text: str) -> bool:
    """Is it an internet address of version 6, with enough of it written to be one machine's?"""
    groups = [group for group in text.split(":") if group]
    local = text[:2].casefold() in ("fe", "fd", "fc")
    return (len(groups) >= 3 or local) and address(text)


def social(text: str) -> bool:
    """Could it be a number the United States give out (no area 000, 666 or 9xx)?"""
    area, group, serial = text.split("-")
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"


def account(text: str) -> bool:
    """Do country, length and check digits of an international bank account number fit (ISO 13616)?"""
    plain = text.replace(" ", "").upper()
    if f"{plain[:2]}{len(plain)}" not in ACCOUNTS:  # hexadecimal names fit the check digits once in 97
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


# definition: the 31 signs of a social credit code and the weights of its places (GB 32100-2015)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FORCES = "军兵士文职广海空北沈兰济南成参政后装武警水炮"  # definition: services and regions in officers' numbers
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(text: str) -> bool:
    """Does the last sign of a unified social credit code fit the others (GB 32100-2015)?"""
    total = sum(weight * CREDIT_SIGNS.index(sign) for weight, sign in zip(CREDIT_WEIGHTS, text[:17], strict=True))
    return CREDIT_SIGNS[-total % 31] == text[17]


ENTITIES: dict[str, Entity] = {  # how sure each form is: unproven; how often it errs: benchmarks/personal_data.md
    entity.name: entity
    for entity in (
        Entity(
            "e-mail",
            _whole(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}"),
            always,
            0.98,
        ),
        Entity("resident ID (CN)", _whole(r"[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[0-9Xx]"), resident, 0.98),
        Entity(
            "bank card",
            _whole(
                r"[1-68]\d{3}(?:[ \-]?\d{4}){2}(?:[ \-]\d{4}[ \-]\d{1,3}|[ \-]?\d{1,7})?|3\d{3}[ \-]\d{6}[ \-]\d{4,5}"
            ),
            card,
            0.8,
        ),
        Entity(
            "IBAN",
            _whole(r"[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,4})?"),
            account,
            0.98,
            size=account_size,
        ),
        Entity("mobile phone (CN)", _whole(r"(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}"), always, 0.85),
        Entity("phone", _whole(r"(?:\+\d{1,3}[ .\-]?)?\(?\d{2,4}\)?[ .\-]\d{3,4}[ .\-]\d{3,4}"), always, 0.7),
        Entity("landline (CN)", _whole(r"0\d{2,3}[ \-]\d{7,8}"), always, 0.8),
        Entity("phone (+)", re.compile(r"(?<![0-9A-Za-z+])\+[1-9]\d{9,14}(?![0-9A-Za-z])"), always, 0.8),
        Entity("social security number (US)", _whole(r"\d{3}-\d{2}-\d{4}"), social, 0.8),
        Entity("licence plate (CN)", _whole(PLATE), always, 0.9),
        Entity("passport (CN)", _whole(r"(?:E[A-HJ-NP-Z0-9]|[DGPS])\d{7,8}"), always, 0.6),
        Entity(
            "IP address",
            _whole(r"(?<![.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"),
            address,
            0.8,
        ),
        Entity(
            "IP address (v6)",
            re.compile(
                r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{1,4}:(?:[0-9A-Fa-f]{0,4}:){1,6}"
                r"(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{1,4})?(?![0-9A-Za-z:])"
            ),
            address_six,
            0.9,
        ),
        Entity(
            "password in a URL", re.compile(r"[a-z][a-z0-9+.\-]{1,15}://[^\s/:@]{1,64}:[^\s/@]{1,128}@"), always, 0.95
        ),
        Entity(
            "secret key",
            re.compile(
                r"(?<![0-9A-Za-z])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36,}|"
                r"github_pat_[0-9A-Za-z_]{40,}|glpat-[0-9A-Za-z_\-]{20,}|npm_[0-9A-Za-z]{36}|hf_[0-9A-Za-z]{30,}|"
                r"[srp]k_(?:live|test)_[0-9A-Za-z]{16,}|pypi-[0-9A-Za-z_\-]{50,}|SG\.[0-9A-Za-z_\-]{16,}\.[0-9A-Za-z_\-]{16,}|"
                r"sk-[0-9A-Za-z_\-]{20,}|xox[abprs]-[0-9A-Za-z\-]{10,}|AIza[0-9A-Za-z_\-]{35}|"
                r"eyJ[0-9A-Za-z_\-]{10,}\.eyJ[0-9A-Za-z_\-]{10,}\.[0-9A-Za-z_\-]{10,}|"
                r"-----BEGIN [A-Z ]*PRIVATE KEY-----)"
            ),
            always,
            0.98,
        ),
        Entity("officer ID (CN)", re.compile(rf"(?<![一-鿿])[{FORCES}]{{1,2}}字第[0-9]{{6,8}}号?"), always, 0.9),
        Entity("social credit code (CN)", _whole(f"[159Y][1239][0-9]{{6}}[{CREDIT_SIGNS}]{{10}}"), credit_code, 0.95),
    )
}
BY_WORDS = (*KEYED, WECHAT, WECHAT_CLOSE)
NAMES = tuple(dict.fromkeys([*ENTITIES, *(entity.name for entity in BY_WORDS)]))


def chosen(names: Iterable[str]) -> tuple[Entity, ...]:
    """The entities of some names, all when there are none.

    Raises
    ------
    OptionError
        An entity that is not known, with the nearest that is.
    """
    names = tuple(names)
    for name in names:
        if name not in NAMES:
            raise OptionError.unknown("kind of personal data", name, NAMES)
    every = (*ENTITIES.values(), *BY_WORDS)
    return tuple(entity for entity in every if entity.name in names) if names else every


def first(entity: Entity, text: str) -> str | None:
    """The first stretch of a text that is such an entity, or None; the words before it may say that it is not."""
    for match in entity.pattern.finditer(text):
        begin, end = entity.span(match)
        if entity.proves(text[begin:end]) and (entity.keyed or not is_something_else(entity.name, text, begin, end)):
            return text[begin:end]
    return None


def masked(text: str) -> str:
    """A value that can be shown: the first two letters or digits stand, the others are stars."""
    kept, out = 0, []
    for sign in text:
        if sign.isalnum():
            kept += 1
            out.append(sign if kept <= 2 else "*")
        else:
            out.append(sign)
    return "".join(out)
