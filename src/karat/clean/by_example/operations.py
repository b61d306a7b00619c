"""The operations of learned rules: text in, text out, None where an operation does not apply.

The standard library alone: ``--emit-code`` writes this file, as it stands, into the script that runs without Karat.
"""

import re

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # definition: of the months of a leap year
FIELDS = {"YYYY": r"(\d{4})", "YY": r"(\d{2})", "Mon": r"([A-Za-z]{3})"}
FIELD = re.compile("YYYY|YY|Mon|MM|M|DD|D")
WORD = re.compile(r"[0-9]+|[^\W\d_]+|.", re.DOTALL)
RUNS = {"digits": re.compile("[0-9]+"), "letters": re.compile(r"[^\W\d_]+"), "signs": re.compile(r"\w+")}


AGREED = 0.95  # unproven: of the say must be for one value, or the cell is a question
SPEAK = 0.3  # unproven: programs with that share of the say must apply to a cell, or it is left alone


def signs_of(text: str) -> str:
    """The classes of characters in a text: digits, letters small and capital, others, each mark for itself."""
    kinds = {
        "9" if c.isdigit() else "a" if c.islower() else "A" if c.isupper() else "w" if c.isalpha() else c for c in text
    }
    return "".join(sorted(kinds))


def shape_of(text: str) -> str:
    """How a text is built: numbers, words by their capitals, marks; what repeats ("a b c", "1,234,567") counts once."""
    shape: list[str] = []
    for part in WORD.findall(text):
        if part.isdigit():
            kind = "9"
        elif part.isalpha():
            kind = "A" if part.isupper() else "a" if part.islower() else "Aa" if part.istitle() else "w"
        else:
            kind = part
        shape.append(kind)
        if (len(shape) >= 4 and shape[-2:] == shape[-4:-2]) or shape[-3:] == [kind, " ", kind]:
            del shape[-2:]
    return "".join(shape)


def agreed(own: str, shapes: tuple[str, ...], outcomes: list[tuple[float, str | None]]) -> tuple[str, float] | None:
    """What programs say should stand in a cell, and their say; None where that is what stands there.

    ``outcomes`` pairs a say with a text, None where a program does not apply: then it has no say. A cell of
    another shape than ``shapes`` is left alone.
    """
    if shape_of(own) not in shapes:
        return None
    applies = sum(share for share, text in outcomes if text is not None)
    if applies < SPEAK:
        return None
    say: dict[str, float] = {}
    for share, text in outcomes:
        if text is not None:
            say[text] = say.get(text, 0.0) + share / applies
    best = max(say, key=lambda text: (say[text], text))
    return None if best == own else (best, say[best])


def date_of(text: str, written: str) -> tuple[int, int, int, str] | None:
    """Year, month, day and what follows, of a text written like "DD/MM/YYYY"; None where it is not."""
    pattern, end = "", 0
    names: list[str] = []
    for field in FIELD.finditer(written):
        pattern += re.escape(written[end : field.start()]) + FIELDS.get(field[0], r"(\d{1,2})")
        names.append(field[0][0] if field[0] != "Mon" else "N")
        end = field.end()
    match = re.fullmatch(pattern + re.escape(written[end:]) + r"([T ].*)?", text)
    if match is None:
        return None
    parts = dict(zip(names, match.groups(), strict=False))
    if "N" in parts and parts["N"].title() not in MONTHS:
        return None
    month = MONTHS.index(parts["N"].title()) + 1 if "N" in parts else int(parts["M"])
    year = int(parts["Y"])
    if "YYYY" not in written:
        year += 1900 if year >= 69 else 2000
    day = int(parts["D"])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= DAYS[month - 1] or (month == 2 and day == 29 and not leap):
        return None
    return year, month, day, match.groups()[-1] or ""


def redated(text: str, read: str, write: str, clear: bool) -> str | None:
    """A date written in another way; with ``clear``, texts that are already dates in that way are left alone."""
    date = date_of(text, read)
    if date is None or (clear and date_of(text, write) is not None):
        return None
    year, month, day, rest = date
    words = {
        "YYYY": f"{year:04d}",
        "YY": f"{year % 100:02d}",
        "Mon": MONTHS[month - 1],
        "MM": f"{month:02d}",
        "M": str(month),
        "DD": f"{day:02d}",
        "D": str(day),
    }
    return FIELD.sub(lambda field: words[field[0]], write) + rest


def padded(text: str, width: int, fill: str) -> str | None:
    """A text filled up on the left."""
    return text.rjust(width, fill) if text else None


def unpadded(text: str, fill: str) -> str | None:
    """A text without the filling on its left."""
    return (text.lstrip(fill) or fill) if text.startswith(fill) else None


def cased(text: str, how: str) -> str:
    """A text in capitals, in small letters, or each word with a capital."""
    return {"capitals": text.upper(), "small letters": text.lower(), "capitalised words": text.title()}[how]


def trimmed(text: str) -> str:
    """A text without blanks at its ends and without double blanks."""
    return " ".join(text.split())


def with_ends(text: str, before: str, after: str) -> str | None:
    """A text with something before and after it, where it is not there yet."""
    return before + text + after if text and not (text.startswith(before) and text.endswith(after)) else None


def without_ends(text: str, before: str, after: str) -> str | None:
    """A text without what stands before and after it."""
    fits = text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after)
    return text[len(before) : len(text) - len(after)] if fits else None


def replaced(text: str, old: str, new: str) -> str | None:
    """A text in which one string takes the place of another, wherever it occurs."""
    return text.replace(old, new) if old in text else None


def piece(text: str, separator: str, at: int) -> str | None:
    """One of the pieces between separators; negative numbers count from the end."""
    pieces = text.split(separator)
    return pieces[at].strip() if len(pieces) > 1 and -len(pieces) <= at < len(pieces) else None


def part(text: str, start: int, end: int) -> str | None:
    """The signs from one place to another; an end of 0 is the end of the text."""
    return text[start : end or None] if len(text) >= max(start, end, -start, -end) else None


def run_of(text: str, kind: str, at: int) -> str | None:
    """One of the unbroken runs of digits, letters or signs; negative numbers count from the end."""
    runs = RUNS[kind].findall(text)
    return runs[at] if -len(runs) <= at < len(runs) else None


def scaled(text: str, factor: float, decimals: int) -> str | None:
    """A number times a factor, written with so many decimals."""
    try:
        return f"{float(text) * factor:.{decimals}f}"
    except ValueError:
        return None


def renumbered(text: str, thousands: str, decimal: str, to_thousands: str, to_decimal: str) -> str | None:
    """A number with other marks."""
    sign, body = (text[0], text[1:]) if text[:1] in "+-" and text else ("", text)
    whole, _, rest = body.partition(decimal) if decimal else (body, "", "")
    groups = whole.split(thousands) if thousands else [whole]
    if not all(group.isdigit() for group in groups) or (rest and not rest.isdigit()):
        return None
    if len(groups) > 1 and (len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    digits = "".join(groups)
    if to_thousands:
        digits = f"{int(digits):,}".replace(",", to_thousands)
    return sign + digits + (to_decimal + rest if rest else "")


def exactly(text: str, before: str, value: str) -> str | None:
    """One text in the place of another."""
    return value if text == before else None


def joined(texts: list[str | None], separators: tuple[str, ...]) -> str | None:
    """Pieces put together, with what stands between and around them: one more separator than pieces."""
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        return None
    return separators[0] + "".join(text + after for text, after in zip(known, separators[1:], strict=True))
