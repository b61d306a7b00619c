"""Numbers written in another way than the column's: separators, decimal commas, full width, other digits, brackets."""

import re
import unicodedata

from karat.core.short_texts import remembered

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
THREES, INDIAN = r"\d{3}((?P=mark)\d{3})*", r"\d{2}((?P=mark)\d{2})*(?P=mark)\d{3}"
GROUPED = re.compile(rf"[+-]?\d{{1,3}}(?P<mark>[,.'\u2009\u00a0 ])({THREES}|{INDIAN})(?P<rest>[.,]\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@remembered(65_536)
def as_plain_number(text: str, decimal: str = ".") -> str | None:
    """The number with the column's decimal mark alone; None where the text is no number or is written so already.

    Parameters
    ----------
    decimal : str
        The column's decimal mark.
    """
    if len(text) > 40 or not any(ch.isdigit() for ch in text):
        return None
    digits = "".join(str(unicodedata.digit(ch)) if ch.isdigit() and not ch.isascii() else ch for ch in text)
    half = (
        unicodedata.normalize("NFKC", digits)
        .strip()
        .replace("\u2212", "-")
        .replace("\u066b", ".")
        .replace("\u066c", ",")
    )
    if half.startswith("(") and half.endswith(")"):  # how accountants write a loss
        half = "-" + half[1:-1].strip()
    elif half.endswith("-") and half[:-1].replace(".", "").replace(",", "").isdigit():
        half = "-" + half[:-1]
    number = _ungrouped(half, decimal)
    if number is None:
        return None
    number = number.replace(".", decimal)
    return number if number != text.strip() else None


def _ungrouped(text: str, decimal: str) -> str | None:
    if PLAIN.fullmatch(text) and decimal == ".":
        return text
    if grouped := GROUPED.fullmatch(text):
        mark, rest = grouped["mark"], grouped["rest"] or ""
        if rest[:1] != mark and (mark != decimal or text.count(mark) > 1 or rest):
            whole = text[: len(text) - len(rest)].replace(mark, "")
            return whole + rest.replace(",", ".")
    return text.replace(",", ".") if DECIMAL_COMMA.fullmatch(text) else None
