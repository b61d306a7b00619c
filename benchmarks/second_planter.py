"""A planter of errors that shares no code with any other and was written without sight of the checks.

``plant(head, rows, dose, seed)`` spoils, per mechanism, ``dose`` of the records (one cell each): typing errors as a
hand makes them (neighbouring keys, doubled, dropped and transposed letters) or as a scanner does, values exchanged
between two records of a column, amounts in another unit, numbers that were shifted (a digit dropped or doubled, a moved
decimal point, a lost sign), and values that contradict the column that decides them. A cell is spoiled once.
"""

import math
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

ROWS_OF_KEYS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
SCANNED = {
    "0": "O",
    "O": "0",
    "1": "l",
    "l": "1",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "m": "rn",
    "rn": "m",
    "e": "c",
}
FACTORS = (2.20462, 0.453592, 3.28084, 0.3048, 2.54, 1 / 2.54, 1.60934, 1000.0, 0.001, 60.0, 100.0)
KINDS = ("typo", "exchanged", "unit", "shifted", "contradiction")
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
CUT_FROM = 25  # characters of a column's width, at least, at which its longer texts are cut
MARKS = ("%", " %", " kg", " cm", " USD", " pcs", " mg", " h")
Cells = list[list[str]]
Kinds = dict[tuple[int, str], str]


def number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def neighbour(letter: str, chance: random.Random) -> str:
    for keys in ROWS_OF_KEYS:
        at = keys.find(letter.lower())
        if at >= 0:
            other = keys[max(0, at - 1) : at] + keys[at + 1 : at + 2]
            made = chance.choice(other)
            return made.upper() if letter.isupper() else made
    return letter


def mistyped(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    how = chance.choice(("neighbour", "drop", "double", "swap", "scan"))
    if how == "neighbour":
        return text[:at] + neighbour(text[at], chance) + text[at + 1 :]
    if how == "drop":
        return text[:at] + text[at + 1 :]
    if how == "double":
        return text[: at + 1] + text[at:]
    if how == "swap":
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    for seen, taken in SCANNED.items():
        if seen in text:
            return text.replace(seen, taken, 1)
    return text


def shifted(text: str, chance: random.Random) -> str:
    value = number(text) or 0.0
    how = chance.choice(("digit", "point", "sign"))
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    if how == "digit" and len(digits) > 1:
        at = chance.choice(digits)
        return text[:at] + text[at + 1 :] if chance.random() < 0.5 else text[: at + 1] + text[at:]
    if how == "sign" and value:
        return text[1:] if text.startswith("-") else "-" + text
    return f"{value * chance.choice((0.1, 10.0, 100.0)):.10g}"


def decided(columns: list[list[str]], numeric: set[int]) -> list[tuple[int, int]]:
    """Pairs of columns of which the first decides the second in at least 99 of 100 records of repeated groups."""
    out = []
    for left, keys in enumerate(columns):
        if left in numeric or not 3 <= len(set(keys)) <= len(keys) / 3:
            continue
        for right, cells in enumerate(columns):
            if right == left or len(set(cells)) < 3:
                continue
            groups: dict[str, Counter[str]] = defaultdict(Counter)
            for key, cell in zip(keys, cells, strict=True):
                if key and cell:
                    groups[key][cell] += 1
            total = sum(sum(group.values()) for group in groups.values())
            if total and sum(max(group.values()) for group in groups.values()) >= 0.99 * total:
                out.append((left, right))
    return out


def plant_forms(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[Cells, Kinds]:
    """The rows with a unit or per cent sign stuck to some bare numbers, and with gaps written as words."""
    chance = random.Random(seed * 104729 + 7)
    dirty, kinds = [row.copy() for row in rows], {}
    wanted = round(dose * len(rows))
    for at, name in enumerate(head):
        cells = [row for row in range(len(rows)) if number(rows[row][at]) is not None]
        mark = chance.choice(MARKS)
        for row in chance.sample(cells, min(len(cells), wanted)):
            dirty[row][at], kinds[row, name] = rows[row][at] + mark, "mark"
    return dirty, kinds


def tagged(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    at = chance.randrange(len(words))
    how = chance.choice(("<b>{}</b>", "{}<br>", "<p>{}</p>", '<span class="x">{}</span>', "<i>{}</i>"))
    words[at] = how.format(words[at])
    return " ".join(words)


def escaped(text: str, chance: random.Random) -> str:
    for sign, entity in (("&", "&amp;"), ("'", "&#39;"), ('"', "&quot;"), ("<", "&lt;")):
        if sign in text:
            return text.replace(sign, entity)
    blanks = [at for at, sign in enumerate(text) if sign == " "]
    at = chance.choice(blanks) if blanks else 0
    return text[:at] + "&nbsp;" + text[at + 1 :] if at else text


def misread(text: str) -> str:
    """UTF-8 read as Windows-1252, or as GBK where that has no such signs."""
    for wrong in ("cp1252", "gb18030"):
        try:
            return text.encode().decode(wrong)
        except UnicodeDecodeError:
            continue
    return text


def plant_texts(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[Cells, Cells, Kinds]:
    """True rows, rows with damaged texts, and kinds: tags and entities of web pages, UTF-8 read in another encoding
    (a vowel gets an accent first, in the true rows too), and columns whose longest texts are cut at one width."""
    chance = random.Random(seed * 86028121 + 11)
    clean, dirty, kinds = [row.copy() for row in rows], [row.copy() for row in rows], {}
    wanted = round(dose * len(rows))
    for at, name in enumerate(head):
        cells = [row for row in range(len(rows)) if sum(letter.isalpha() for letter in rows[row][at]) >= 3]
        if len(cells) < 0.9 * sum(bool(row[at]) for row in rows):
            continue
        picked = chance.sample(cells, min(len(cells), 3 * wanted))
        for row in picked:
            text, kind = rows[row][at], chance.choice(("tag", "entity", "misread"))
            if kind == "misread":
                place = next((p for p, letter in enumerate(text) if letter in "aeiouAEIOU"), None)
                if text.isascii() and place is not None:
                    text = text[:place] + text[place].translate(ACCENTS) + text[place + 1 :]
                clean[row][at] = text
            dirty[row][at] = (
                tagged(text, chance) if kind == "tag" else escaped(text, chance) if kind == "entity" else misread(text)
            )
            if dirty[row][at] != text:
                kinds[row, name] = kind
        lengths = sorted(len(row[at]) for row in rows)
        width = lengths[max(0, len(lengths) - 1 - wanted)]
        if width >= CUT_FROM:
            for row in set(range(len(rows))) - set(picked):
                if len(rows[row][at]) > width:
                    dirty[row][at], kinds[row, name] = rows[row][at][:width], "cut"
    return clean, dirty, kinds


def plant_gaps(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[Cells, Kinds]:
    """The rows with blanks: ``dose`` of the records lose one cell, at least one in the table."""
    chance = random.Random(seed * 49979687 + 5)
    dirty, kinds = [row.copy() for row in rows], {}
    for row in chance.sample(range(len(rows)), max(1, round(dose * len(rows)))):
        at = chance.randrange(len(head))
        if rows[row][at]:
            dirty[row][at], kinds[row, head[at]] = "", "gap"
    return dirty, kinds


def plant_times(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[list[str], Cells, Cells, Kinds]:
    """Names, true rows, rows with wrong times, and kinds: a clock of its own per table, of which some times are years
    off, and some belong to another record."""
    chance = random.Random(seed * 32452843 + 1)
    step = chance.choice((60, 900, 3600, 86400, 604800))
    start = datetime(2023, 6, 1, tzinfo=UTC) - timedelta(seconds=step * len(rows))
    stamps = [start + timedelta(seconds=step * at) for at in range(len(rows))]
    told, kinds = stamps.copy(), {}
    for row in chance.sample(range(len(rows)), round(dose * len(rows))):
        if chance.random() < 0.5:
            told[row] = stamps[row].replace(year=stamps[row].year + chance.choice((-12, -9, 3, 11)), day=1)
        else:
            told[row] = stamps[(row + chance.randrange(len(rows) // 4, 3 * len(rows) // 4)) % len(rows)]
        kinds[row, "logged"] = "time"
    text = "%Y-%m-%d" if step >= 86400 else "%Y-%m-%d %H:%M:%S"
    clean = [[*row, f"{stamp:{text}}"] for row, stamp in zip(rows, stamps, strict=True)]
    return [*head, "logged"], clean, [[*row, f"{stamp:{text}}"] for row, stamp in zip(rows, told, strict=True)], kinds


def plant_sources(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[list[str], Cells, Cells, Kinds]:
    """Names, true rows, rows as told, and kinds: the first records as things that ten sources report, each source with
    an error rate of its own around ``dose``; what is wrong is the value of another thing, or an earlier error."""
    chance = random.Random(seed * 15485863 + 3)
    things = rows[:: max(1, len(rows) // 60)][:60]
    rates = [min(0.6, dose * 2 * chance.random() ** 2 * 1.5) for _ in range(10)]
    names = ["told_by", "thing", *head]
    clean, dirty, kinds = [], [], {}
    wrong: dict[tuple[int, int], str] = {}
    for source, rate in enumerate(rates):
        for thing, row in enumerate(things):
            true = [f"source {source}", f"T{1000 + thing}", *row]
            seen = true.copy()
            for at, name in enumerate(head):
                if row[at] and chance.random() < rate:
                    other = wrong.get((thing, at)) if chance.random() < 0.3 else None
                    seen[at + 2] = wrong[thing, at] = other or chance.choice(things)[at] or row[at]
                    if seen[at + 2] != row[at]:
                        kinds[len(clean), name] = "source"
            clean.append(true)
            dirty.append(seen)
    return names, clean, dirty, kinds


def plant(head: list[str], rows: Cells, dose: float, seed: int) -> tuple[Cells, Kinds]:
    """The rows with errors, and which cell (record, column) got which."""
    chance = random.Random(seed * 7919 + 13)
    dirty, kinds = [row.copy() for row in rows], {}
    columns = [list(column) for column in zip(*rows, strict=True)]
    filled = [[cell for cell in column if cell] for column in columns]
    numeric = {
        at for at, cells in enumerate(filled) if cells and sum(number(c) is not None for c in cells) > 0.95 * len(cells)
    }
    amounts = [at for at in numeric if len(set(filled[at])) >= 20]
    words = [
        at for at, cells in enumerate(filled) if at not in numeric and cells and sum(map(len, cells)) >= 3 * len(cells)
    ]
    pairs = decided(columns, numeric)
    wanted = round(dose * len(rows))

    def put(row: int, at: int, value: str, kind: str) -> bool:
        key = (row, head[at])
        if key in kinds or value == rows[row][at] or not rows[row][at]:
            return False
        dirty[row][at], kinds[key] = value, kind
        return True

    def exchange(row: int) -> bool:
        at, other = chance.choice(range(len(head))), chance.randrange(len(rows))
        one, two = rows[row][at], rows[other][at]
        if not one or not two or (other, head[at]) in kinds or (row, head[at]) in kinds or one == two:
            return False
        return put(row, at, two, "exchanged") and put(other, at, one, "exchanged")

    def contradict(row: int) -> bool:
        at = chance.choice(pairs)[1]
        return put(row, at, chance.choice(sorted(set(filled[at]))), "contradiction")

    def spoil(row: int, kind: str) -> bool:
        if kind == "typo":
            at = chance.choice(words)
            return len(rows[row][at]) >= 3 and put(row, at, mistyped(rows[row][at], chance), kind)
        at = chance.choice(amounts)
        value = number(rows[row][at])
        if value is None or value == 0:
            return False
        return put(
            row, at, f"{value * chance.choice(FACTORS):.6g}" if kind == "unit" else shifted(rows[row][at], chance), kind
        )

    for kind in KINDS:
        possible = {"typo": words, "unit": amounts, "shifted": amounts, "contradiction": pairs}.get(kind, head)
        done = tries = 0
        while possible and done < wanted and tries < 30 * wanted:
            row, tries = chance.randrange(len(rows)), tries + 1
            done += (
                exchange(row)
                if kind == "exchanged"
                else contradict(row)
                if kind == "contradiction"
                else spoil(row, kind)
            )
    return dirty, kinds
