"""Which programs write one answered cell: the version space of one example, bounded."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from karat.clean.by_example.operations import RUNS, cased, date_of, redated, renumbered, trimmed
from karat.clean.by_example.programs import CELL, JOIN, Program

DATE_MARKS = ("-", "/", ".", " ")
DATE_ORDERS = ("{Y}{s}{m}{s}{d}", "{d}{s}{m}{s}{Y}", "{m}{s}{d}{s}{Y}", "{m} {d}, {Y}")
CASES = ("capitals", "small letters", "capitalised words")
MARKS = re.compile(r"[^\w]+")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
NUMBER_MARKS = (("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("'", "."))
MOST_PIECES = 4  # cost: joined in one program
MOST_ATOMS = 6  # cost: ways to write one piece that are looked at
SHORTEST_SHARED = 2  # unproven: characters of another column's value that make it worth a look
LONGEST = 200  # cost: characters of a text that is looked at


def explanations(record: Mapping[str, str], column: str, value: str) -> set[Program]:
    """Programs that write ``value`` into a cell of the record.

    Parameters
    ----------
    record : mapping of column to text
        As the file has it, "" for a blank.
    column : str
        The cell's column.
    value : str
        What a person says should stand there.
    """
    own = record[column]
    if len(value) > LONGEST or len(own) > LONGEST:
        return {_exactly(column, own, value)}
    out = {_exactly(column, own, value)}
    if own:
        out |= set(_rewritten(_cell(column), own, value))
    inputs = {column: own} if own else {}
    inputs |= {name: text for name, text in record.items() if name != column and _shares(text, value)}
    for name, text in inputs.items():
        out |= {program for program in _steps(_cell(name), text, value) if program.operation != CELL or name != column}
    out |= set(_joins(inputs, value))
    return out


def _cell(column: str) -> Program:
    return Program(CELL, (), (column,))


def _exactly(column: str, before: str, value: str) -> Program:
    return Program("exactly", (_cell(column),), (before, value))


def _shares(text: str, value: str) -> bool:
    """Is a part of the value, or the same date in another order, in the text?"""
    if not text or not value or len(text) > LONGEST:
        return False
    words, wanted = set(RUNS["signs"].findall(text.lower())), set(RUNS["signs"].findall(value.lower()))
    return any(len(word) >= SHORTEST_SHARED for word in words & wanted) or value.lower() in text.lower()


def _steps(base: Program, text: str, value: str) -> Iterator[Program]:
    """One or two operations on one text."""
    yield from _single_steps(base, text, value)
    for first, between in _simple(base, text):
        if between and between not in (text, value):
            yield from _single_steps(first, between, value)


def _single_steps(base: Program, text: str, value: str) -> Iterator[Program]:
    if text == value:
        yield base
        return
    yield from (program for program, written in _simple(base, text) if written == value)
    yield from _dates(base, text, value)
    for start, _ in (m.span() for m in re.finditer(re.escape(value), text)) if value else ():
        end = start + len(value)
        yield Program("part", (base,), (start, end if end < len(text) else 0))
        yield Program("part", (base,), (start - len(text), end - len(text)))
    if value and text in value:
        at = value.index(text)
        yield Program("with_ends", (base,), (value[:at], value[at + len(text) :]))
    if value and value in text:
        at = text.index(value)
        yield Program("without_ends", (base,), (text[:at], text[at + len(value) :]))


def _simple(base: Program, text: str) -> Iterator[tuple[Program, str]]:
    """Operations whose arguments need no knowledge of the value wanted, and what they write."""
    yield Program("trimmed", (base,)), trimmed(text)
    for how in CASES:
        yield Program("cased", (base,), (how,)), cased(text, how)
    if text.startswith("0") and len(text) > 1:
        yield Program("unpadded", (base,), ("0",)), text.lstrip("0") or "0"
    for mark in dict.fromkeys(MARKS.findall(text)):
        pieces = text.split(mark)
        for at, piece in enumerate(pieces):
            yield Program("piece", (base,), (mark, at)), piece.strip()
            yield Program("piece", (base,), (mark, at - len(pieces))), piece.strip()
    for kind, runs in RUNS.items():
        matches = runs.findall(text)
        for at, piece in enumerate(matches if len(matches) <= MOST_PIECES else ()):
            if piece != text:
                yield Program("run_of", (base,), (kind, at)), piece
                yield Program("run_of", (base,), (kind, at - len(matches))), piece


def _rewritten(base: Program, text: str, value: str) -> Iterator[Program]:
    """What only makes sense on the cell's own text: padding, marks of numbers, factors, a string replaced."""
    fill = value[: len(value) - len(text)]
    if fill and value.endswith(text) and len(set(fill)) == 1:
        yield Program("padded", (base,), (len(value), fill[0]))
    for old, new in product(NUMBER_MARKS, NUMBER_MARKS):
        if old != new and renumbered(text, *old, *new) == value:
            yield Program("renumbered", (base,), (*old, *new))
    if NUMBER.fullmatch(text) and NUMBER.fullmatch(value) and float(text) and float(value):
        decimals = len(value.partition(".")[2])
        for power in range(-6, 7):
            if power and f"{float(text) * 10.0**power:.{decimals}f}" == value:
                yield Program("scaled", (base,), (10.0**power, decimals))
    start = next((at for at, (a, b) in enumerate(zip(text, value, strict=False)) if a != b), min(len(text), len(value)))
    end = 0
    while end < min(len(text), len(value)) - start and text[-1 - end] == value[-1 - end]:
        end += 1
    for more in (0, 1):
        left, right = max(start - more, 0), max(end - more, 0)
        here, there = text[left : len(text) - right], value[left : len(value) - right]
        if here and text.replace(here, there) == value:
            yield Program("replaced", (base,), (here, there))


def _dates(base: Program, text: str, value: str) -> Iterator[Program]:
    if not (any(ch.isdigit() for ch in text) and any(ch.isdigit() for ch in value)):
        return
    for read in _date_forms(text):
        if "DD" not in read or (date := date_of(text, read)) is None:
            continue  # one digit or two are read alike
        for write in _date_forms(value):
            if write != read and redated(text, read, write, False) == value and date_of(value, write) == date:
                yield Program("redated", (base,), (read, write, False))
                if date_of(text, write) is None:
                    yield Program("redated", (base,), (read, write, True))


def _date_forms(text: str) -> Iterator[str]:
    """Ways to read a text as a date."""
    year = "YYYY" if re.search(r"\d{4}", text) else "YY"
    months = ("Mon",) if re.search("[A-Za-z]{3}", text) else ("MM", "M")
    mark = next((mark for mark in DATE_MARKS if mark in text.strip()), None)
    for order, month, day in product(DATE_ORDERS, months, ("DD", "D")):
        if mark is not None and (month == "Mon" or len(month) == len(day)):
            yield order.format(Y=year, m=month, d=day, s=mark)


def _joins(inputs: Mapping[str, str], value: str) -> Iterator[Program]:
    """Pieces of several cells, or of one in another order, put together."""
    words = list(RUNS["signs"].finditer(value))
    if not 2 <= len(words) <= MOST_PIECES:
        return
    ends = [0, *(at for word in words for at in word.span()), len(value)]
    between = tuple(value[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True))
    ways = [_atoms(inputs, word[0]) for word in words]
    if all(ways):
        yield from (Program(JOIN, steps, between) for steps in product(*ways))
    for cut in range(1, len(words)):
        left, right = value[: words[cut - 1].end()], value[words[cut].start() :]
        middle = value[words[cut - 1].end() : words[cut].start()]
        for steps in product(_atoms(inputs, left), _atoms(inputs, right)):
            yield Program(JOIN, steps, ("", middle, ""))


def _atoms(inputs: Mapping[str, str], word: str) -> list[Program]:
    """The simplest ways to write one piece."""
    out = []
    for name, text in inputs.items():
        base = _cell(name)
        if text == word:
            out.append(base)
        out += [program for program, written in _simple(base, text) if written == word]
    return sorted(set(out), key=lambda program: program.bits("", len(inputs) + 1))[:MOST_ATOMS]
