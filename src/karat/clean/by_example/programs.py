"""Programs: what is done to a record's cells to write one of them, with the bits it takes to say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

from karat.clean.by_example import operations

OPERATION_BITS = 4.0  # unproven: one of sixteen
SIGN_BITS = 6.0  # unproven: one printable sign
NUMBER_BITS = 3.0  # unproven: a small number
KNOWN_BITS = {  # arguments out of short lists: pairs of formats, places in a text, kinds of runs and cases
    "redated": 8.0, "renumbered": 8.0, "part": 10.0, "run_of": 4.0, "cased": 2.0,
}  # fmt: skip
FORMS = frozenset({"redated", "padded", "unpadded", "cased", "trimmed", "with_ends", "without_ends", "renumbered"})
CELL, JOIN = "cell", "joined"


@dataclass(frozen=True)
class Program:
    """An operation on cells of a record.

    Parameters
    ----------
    operation : str
        "cell", or a function of ``operations``.
    inputs : tuple of Program
        None for "cell", several for "joined", else one.
    arguments : tuple
        The column for "cell", else what the function takes beside the text.
    """

    operation: str
    inputs: tuple["Program", ...] = ()
    arguments: tuple[Any, ...] = ()

    def run(self, record: Mapping[str, str]) -> str | None:
        """The text it writes; None where it does not apply."""
        if self.operation == CELL:
            return record[self.arguments[0]]
        texts = [program.run(record) for program in self.inputs]
        if self.operation == JOIN:
            return operations.joined(texts, self.arguments)
        if texts[0] is None:
            return None
        done: str | None = getattr(operations, self.operation)(texts[0], *self.arguments)
        return done

    def columns(self) -> frozenset[str]:
        """The columns it reads."""
        if self.operation == CELL:
            return frozenset(self.arguments)
        return frozenset().union(*(program.columns() for program in self.inputs))

    def bits(self, column: str, columns: int) -> float:
        """How long it takes to say the program, as one that writes ``column`` in a table of so many columns."""
        if self.operation == CELL:
            return 1.0 if self.arguments[0] == column else 2.0 + log2(columns)
        if self.operation in KNOWN_BITS:
            said = KNOWN_BITS[self.operation] - (self.operation == "redated" and self.arguments[2])
        else:
            said = sum(map(_bits, self.arguments))
        return OPERATION_BITS + said + sum(program.bits(column, columns) for program in self.inputs)

    def keeps_meaning(self, column: str) -> bool:
        """Does it only write the cell's own value in another way?"""
        if self.operation == CELL:
            return self.arguments[0] == column
        return self.operation in FORMS and all(program.keeps_meaning(column) for program in self.inputs)

    def code(self) -> str:
        """As a Python expression over ``record`` and the functions of ``operations``."""
        if self.operation == CELL:
            return f"record[{self.arguments[0]!r}]"
        if self.operation == JOIN:
            return f"joined([{', '.join(program.code() for program in self.inputs)}], {self.arguments!r})"
        return f"{self.operation}({', '.join([self.inputs[0].code(), *map(repr, self.arguments)])})"

    def words(self, column: str) -> str:
        """In plain words, as one that writes ``column``."""
        if self.operation == CELL:
            return "the value" if self.arguments[0] == column else f"the value of {self.arguments[0]}"
        if self.operation == JOIN:
            return _joined_words(self, column)
        inner = self.inputs[0].words(column)
        return _WORDS[self.operation](inner, *self.arguments)


def _bits(argument: Any) -> float:
    if isinstance(argument, str):
        return 1.0 + SIGN_BITS * len(argument)
    return NUMBER_BITS if isinstance(argument, int) else 12.0


def _joined_words(program: Program, column: str) -> str:
    first, *between, last = program.arguments
    parts = [first] if first else []
    for at, step in enumerate(program.inputs):
        parts.append(step.words(column))
        after = [*between, last][at]
        parts += [repr(after)] if after else []
    return "joined: " + ", ".join(repr(part) if part == first and first else part for part in parts)


def _place(at: int) -> str:
    return f"number {at + 1}" if at >= 0 else "the last" if at == -1 else f"number {-at} from the end"


_WORDS: dict[str, Any] = {
    "redated": lambda inner, read, write, _: f"{inner}, a date written {read}, is written {write}",
    "padded": lambda inner, width, fill: f"{inner} is padded on the left with {fill!r} to {width} characters",
    "unpadded": lambda inner, fill: f"{inner} loses the {fill!r} on its left",
    "cased": lambda inner, how: f"{inner} is written in {how}",
    "trimmed": lambda inner: f"{inner} loses superfluous blanks",
    "with_ends": lambda inner, before, after: f"{inner} gets " + _ends(before, after),
    "without_ends": lambda inner, before, after: f"{inner} loses " + _ends(before, after),
    "replaced": lambda inner, old, new: f"in {inner}, {old!r} is replaced by {new!r}",
    "piece": lambda inner, separator, at: f"piece {_place(at)} of {inner} when split at {separator!r}",
    "part": lambda inner, start, end: f"characters {start} to {end or 'the end'} of {inner}",
    "run_of": lambda inner, kind, at: f"run {_place(at)} of {kind} in {inner}",
    "scaled": lambda inner, factor, _: f"{inner} is multiplied by {factor:g}",
    "renumbered": lambda inner, *_: f"{inner} is written with other number marks",
    "exactly": lambda _, before, value: f"{before!r} is replaced by {value!r}" if value else f"{before!r} is blanked",
}


def _ends(before: str, after: str) -> str:
    return " and ".join([f"{before!r} at its start"] * bool(before) + [f"{after!r} at its end"] * bool(after))
