"""Which columns identify the records: in a column that does, only copies of one record can agree."""

import re
from math import inf, log10

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import SAMPLE
from karat.core.parsing import parse_times
from karat.core.schema import Column, Meaning, Role, Schema

TEXTS = ("text", "chat")  # kinds of data in which a record is what it says: its text identifies it
IDENTIFYING = frozenset({Meaning.IDENTIFIER, Meaning.GUID, Meaning.CONTACT})
# Chosen so that dirty_table.py's default dirt passes (1 % exact and 1 % altered copies agree in the identifier) while a
# foreign key, which repeats without its record being a copy, does not.
MAX_SHARED = 0.02  # share of the records that may repeat a value without being a copy; benchmarks/duplicates.md
MAX_SHARED_TIMES = 0.005  # unproven: times meet by chance sooner than codes
BY_DESIGN = 5.0  # definition: so many repeats were to be expected of random values (Poisson: none, once in 150 tables)
NEGLIGIBLE = 0.01  # coincidences expected per copy seen; unproven
MIN_VALUES = 20  # flat from 10 to 40 (benchmarks/constants.md): fewer differ by chance
# signs; a shorter code that is not called an identifier is one of a class; flat from 3
# to 12 (benchmarks/constants.md)
LONG_CODE = 6
SECONDS = 60  # definition: of a minute


def candidates(schema: Schema) -> tuple[Column, ...]:
    """The columns that may identify records: identifiers, times, codes."""
    return tuple(
        column
        for column in schema
        if column.role in (Role.ID, Role.TIME)
        or (column.role is not Role.TARGET and IDENTIFYING & set(column.meanings[:1]))
        or (column.role in (Role.CATEGORY, Role.GROUP) and column.type == "string")
    )


def counts_of(schema: Schema, counts: ValueCounts) -> ValueCounts:
    """Of all values those of the columns that may identify records."""
    names = {column.name for column in candidates(schema)}
    return ValueCounts({name: tally for name, tally in counts.columns.items() if name in names})


def identifying(schema: Schema, counts: ValueCounts, copies: int, rest_equal: float) -> tuple[str, ...]:
    """The columns in which two records agree only if one is a copy of the other.

    A column identifies when hardly a record repeats a value without repeating the whole record, and when that is no
    accident: random values of its kind would have repeated, or are too long to agree by chance.

    Parameters
    ----------
    counts : ValueCounts
        Of the columns in ``candidates``.
    copies : int
        Records that repeat an earlier one in every column.
    rest_equal : float
        Share of the pairs of records that are expected to agree in every other column.
    """
    return tuple(
        column.name
        for column in candidates(schema)
        if column.name in counts.columns and _identifies(column, counts.columns[column.name], copies, rest_equal)
    )


def _identifies(column: Column, tally: ColumnCounts, copies: int, rest_equal: float) -> bool:
    sampled, records = int(tally.counts.sum()), tally.records - tally.blank
    if len(tally.texts) < MIN_VALUES or not copies or tally.blank > MAX_SHARED * tally.records:
        return False
    scale = records / max(1, sampled)
    repeats = float((tally.counts - 1).sum()) * scale
    shared = max(0.0, repeats - copies)
    times = column.role is Role.TIME
    limit = (MAX_SHARED_TIMES if times else MAX_SHARED) * records
    if shared > limit + 2 * np.sqrt(shared * (scale - 1)) or shared > (1 if times else 2) * copies:
        return False
    if times:
        return _fine(column, tally)
    named = column.role is Role.ID or bool(IDENTIFYING & set(column.meanings[:1]))
    if not named and not _long(tally):
        return False
    expected = coincidences(tally, records)
    return (named and expected >= max(BY_DESIGN, 5 * shared)) or expected * rest_equal <= NEGLIGIBLE * copies


def _long(tally: ColumnCounts) -> bool:
    """Are they long codes: signs without a blank, a digit among them?"""
    code = pc.match_substring_regex(tally.texts, rf"^[!-~]{{{LONG_CODE},64}}$")
    return bool(pc.all(pc.and_(code, pc.match_substring_regex(tally.texts, r"\d"))).as_py())


def _fine(column: Column, tally: ColumnCounts) -> bool:
    """Are the times written to the second or finer, and not on a grid?"""
    times = parse_times(tally.texts.cast(pa.string()), column)
    times = times[~np.isnat(times)].astype(np.int64)
    if len(times) < MIN_VALUES:
        return False
    seconds = np.bincount((times // 1_000_000) % SECONDS, minlength=SECONDS)
    return int((seconds > 0).sum()) >= SAMPLE and int(seconds.max()) < len(times) / 4


def coincidences(tally: ColumnCounts, records: int) -> float:
    """Pairs of records expected to agree in a column if its values were drawn at random.

    Whole numbers are drawn from their range, other texts character by character from what occurs at each place.
    """
    pairs = records * (records - 1) / 2
    texts = tally.texts
    if bool(pc.all(pc.match_substring_regex(texts, r"^\d{1,18}$")).as_py()):
        low, high = pc.min_max(texts.cast(pa.int64())).as_py().values()
        return pairs / (high - low + 1)
    return pairs * 10 ** _log_agreement(texts.to_pylist()[:4096])


def _log_agreement(texts: list[str]) -> float:
    """Logarithm (base 10) of the chance that two texts agree at every place; numbers in them count as numbers."""
    parts = [re.findall(r"\d{1,15}|\D", text) for text in texts]
    shapes: dict[tuple[bool, ...], list[list[str]]] = {}
    for part in parts:
        shapes.setdefault(tuple(piece.isdigit() for piece in part), []).append(part)
    total = 0.0
    for shape, alike in shapes.items():
        places = zip(*alike, strict=True)
        agree = sum(_place(list(place), number=number) for place, number in zip(places, shape, strict=True))
        total += (len(alike) / len(texts)) ** 2 * 10**agree
    return log10(total) if total > 0 else -inf


def _place(pieces: list[str], *, number: bool) -> float:
    if number:
        values = [int(piece) for piece in pieces]
        return -log10(max(values) - min(values) + 1)
    shares = np.unique(np.array(pieces), return_counts=True)[1] / len(pieces)
    return log10(float((shares**2).sum()))
