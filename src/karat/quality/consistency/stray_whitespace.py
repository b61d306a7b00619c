"""White space and invisible characters that do not belong."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import FORM, Dimension
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns, share
from karat.quality.distinct import Distinct

# Zero-width signs (not the joiners that scripts and emoji need), soft hyphen, byte order mark, directions, controls.
INVISIBLE = (
    r"[\x{00AD}\x{200B}\x{2060}\x{FEFF}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}"
    r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
)
ODD_SPACE = r"[\x{00A0}\x{2000}-\x{200A}\x{202F}\x{205F}]"
EDGE = r"^[\s\x{00A0}\x{3000}]|[\s\x{00A0}\x{3000}]$"
DOUBLED = r"[ \x{00A0}\x{3000}]{2,}"
SUSPECT = f"{INVISIBLE}|{ODD_SPACE}|{EDGE}|{DOUBLED}"
HABIT = 0.3  # of a column's cells: no slip any more; flat from 0.176 to 0.462 (benchmarks/constants.md)
# characters: prose, in which two blanks after a full stop are a style; 160 does as well,
# 40 worse (benchmarks/constants.md)
LONG = 80


@dataclass(frozen=True)
class StrayWhitespace(ByValue):
    """Blanks around a value, doubled blanks, no-break and invisible characters.

    Two values that look the same are not equal: joins lose records, categories split, duplicates hide. The value
    without them means the same, so they are taken off as a change of form.

    Source: ISO/IEC 5259-2 data format consistency; Unicode Standard Annex 14 and 44 for the characters.

    Parameters
    ----------
    habit : float
        Share of cells, in [0, 1], from which white space is the column's way of writing and only pointed out.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency of white space"
    of_plain_numbers: ClassVar[bool] = False
    writes: ClassVar[str] = FORM
    mark: ClassVar[str] = SUSPECT

    habit: float = HABIT

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule:
        """The same question for every column."""
        return partial(self._stray, tally=counts.columns[column.name])

    def _stray(self, seen: Distinct, tally: ColumnCounts) -> Iterable[ValueVerdict]:
        hits = np.flatnonzero(pc.match_substring_regex(seen.array, SUSPECT).to_numpy(zero_copy_only=False))
        if not len(hits):
            return
        cells, length = derived(tally, "stray", lambda: _strays(tally))
        usual = cells > self.habit * tally.records
        for at in hits.tolist():
            text = seen.texts[at]
            clean = tidied(text)
            if clean == text or not clean:  # nothing but white space is a gap
                continue
            edge = text.strip(" \t\r\n\u00a0\u3000") != text
            inner = tidied(text.strip(" \t\r\n\u00a0\u3000")) != text.strip(" \t\r\n\u00a0\u3000")
            sure = 0.3 if usual else 0.9 if edge and not inner else 0.35 if length > LONG else 0.75
            yield ValueVerdict(
                at, sure, f"{_named(text)}; {share(cells, tally.records)} of the column have such characters", clean
            )

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column that is full of stray white space."""
        rows = []
        for column in judged_columns(schema):
            tally = state.columns.get(column.name)
            looked_at = tally is not None and tally.shows(SUSPECT)
            cells = derived(tally, "stray", partial(_strays, tally))[0] if tally and looked_at else 0
            if tally and cells > self.habit * tally.records:
                rows.append(
                    (column.name, f"{share(cells, tally.records)} hold stray white space or invisible characters")
                )
        return self.found(
            len(rows), column=[name for name, _ in rows], confidence=0.9, message=[message for _, message in rows]
        )


def tidied(text: str) -> str:
    """The text without invisible characters and with single plain blanks; line breaks inside are kept."""
    kept = "".join(ch for ch in text if not _invisible(ch))
    lines = (
        " ".join(part for part in line.replace("\u00a0", " ").split(" ") if part)
        for line in _plain_spaces(kept).split("\n")
    )
    return "\n".join(lines).strip(" \t\r\n\u3000")


def _invisible(ch: str) -> bool:
    code = ord(ch)
    return (
        (code < 32 and ch not in "\t\n\r")
        or code in (0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F)
        or (0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069)
    )


def _plain_spaces(text: str) -> str:
    return "".join(" " if 0x2000 <= ord(ch) <= 0x200A or ord(ch) in (0xA0, 0x202F, 0x205F) else ch for ch in text)


def _named(text: str) -> str:
    if any(_invisible(ch) for ch in text):
        return (
            "an invisible character (" + ", ".join(sorted({f"U+{ord(ch):04X}" for ch in text if _invisible(ch)})) + ")"
        )
    if text != text.strip():
        return "white space before or behind the value"
    return "a no-break blank inside the value" if _plain_spaces(text) != text else "doubled blanks inside the value"


def _strays(tally: ColumnCounts) -> tuple[int, float]:
    """Cells with stray characters, and the mean length of a value."""
    array = pa.array(tally.values, pa.string())
    hit = pc.match_substring_regex(array, SUSPECT).to_numpy(zero_copy_only=False)
    length = (
        float(np.average(pc.utf8_length(array).to_numpy(zero_copy_only=False), weights=tally.counts))
        if len(array)
        else 0.0
    )
    return int(tally.counts[hit].sum()), length
