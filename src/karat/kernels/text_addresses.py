"""Web and mail addresses: what stands whole among the words of a text."""

from typing import Any

from karat.kernels.text_classes import DIGIT, HOST, LETTER, LOWER
from karat.kernels.text_compiled import compiled

DOT, DASH, COLON, SLASH, AT = 46, 45, 58, 47, 64


@compiled
def is_address(codes: Any, flags: Any, start: int, end: int) -> bool:
    """Is the whole stretch a web or mail address?"""
    dots, mails, colons = 0, 0, 0
    for at in range(start, end):
        code = codes[at]
        dots += code == DOT
        mails += code == AT
        colons += code == COLON
    if dots == 0:
        return False
    if is_host(codes, flags, start, end):
        return True
    if mails + colons == 0:
        return False
    at = start
    while at < end and (flags[at] & (LETTER | DIGIT) or codes[at] in (95, 43, DASH, DOT)):
        at += 1
    if at - start >= 2 and at + 2 < end and codes[at] == COLON and codes[at + 1] == SLASH and codes[at + 2] == SLASH:
        return is_host(codes, flags, at + 3, end) or has_mail_host(codes, flags, start, end)
    return mails > 0 and has_mail_host(codes, flags, start, end)


@compiled
def has_mail_host(codes: Any, flags: Any, start: int, end: int) -> bool:
    """A host behind an at sign, to the end."""
    for at in range(start + 1, end - 1):  # noqa: SIM110  machine code has no any()
        if codes[at] == AT and is_host(codes, flags, at + 1, end):
            return True
    return False


@compiled
def is_host(codes: Any, flags: Any, start: int, end: int) -> bool:
    """A host, then perhaps a port, then perhaps a path, to the end."""
    stop = start
    while stop < end and codes[stop] != SLASH and codes[stop] != 63 and codes[stop] != 35 and codes[stop] != COLON:
        stop += 1
    if stop < end and codes[stop] == COLON:
        at = stop + 1
        while at < end and flags[at] & DIGIT:
            at += 1
        if at - stop - 1 < 2 or at - stop - 1 > 5:
            return False
        if at < end and codes[at] != SLASH and codes[at] != 63 and codes[at] != 35:
            return False
    return is_domain(codes, flags, start, stop) or is_internet_number(codes, flags, start, stop)


@compiled
def is_domain(codes: Any, flags: Any, start: int, end: int) -> bool:
    """Names joined by full stops, the last of two or more small letters."""
    last = -1
    label = start
    for at in range(start, end):
        if codes[at] == DOT:
            size = at - label
            if size < 1 or size > 64 or not flags[label] & HOST or not flags[at - 1] & HOST:
                return False
            last = at
            label = at + 1
        elif not (flags[at] & HOST or codes[at] == 95 or codes[at] == DASH):
            return False
    if last < 0 or end - last - 1 < 2 or end - last - 1 > 63:
        return False
    for at in range(last + 1, end):  # noqa: SIM110  machine code has no all()
        if not flags[at] & LOWER:
            return False
    return True


@compiled
def is_internet_number(codes: Any, flags: Any, start: int, end: int) -> bool:
    """Four numbers of a public host."""
    count, width, value, packed = 0, 0, 0, 0
    for at in range(start, end + 1):
        if at == end or codes[at] == DOT:
            if width == 0 or count == 4 or value > 255:
                return False
            packed = packed * 256 + value
            count, width, value = count + 1, 0, 0
        elif flags[at] & DIGIT and width < 3:
            value = value * 10 + codes[at] - 48
            width += 1
        else:
            return False
    first, second, last = packed >> 24, packed >> 16, packed & 255
    private = first in (10, 127) or second in (0xA9FE, 0xC0A8) or 0xAC10 <= second <= 0xAC1F
    return count == 4 and not private and 1 <= first <= 223 and 1 <= last <= 254
