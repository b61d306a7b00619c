"""Personal data is masked wherever Karat shows data: in the report, the log and on the console.

What is shown is less than what is stored, so a false alarm here costs little and a miss costs much.
"""

import re
from functools import lru_cache

KEPT = 1  # characters that stay, so that a reader can tell two values apart
PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail
    re.compile(
        r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
    ),
    re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"),  # mobile, mainland China
    re.compile(r"(?<![0-9A-Za-z])\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{2,4}){2,3}(?![0-9A-Za-z])"),
    re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?(?![0-9A-Za-z])"),  # IBAN
)
CARD = re.compile(r"(?<![0-9A-Za-z.])\d(?:[ -]?\d){12,18}(?![0-9A-Za-z.])")


@lru_cache(maxsize=4096)
def masked(text: str | None) -> str | None:
    """The text with what looks like personal data covered by asterisks.

    Parameters
    ----------
    text : str or None
    """
    if not text or not (any(c.isdigit() for c in text) or "@" in text):
        return text
    for pattern in PATTERNS:
        text = pattern.sub(_covered, text)
    return CARD.sub(lambda found: _covered(found) if _luhn(found[0]) else found[0], text)


def _covered(found: re.Match[str]) -> str:
    held = found[0]
    return held[:KEPT] + "".join("*" if c.isalnum() else c for c in held[KEPT:])


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()][::-1]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
