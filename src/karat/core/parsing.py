"""Texts of cells as numbers and times."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.schema import Column

EPOCH_FORMAT = "%s"  # the time format of seconds since 1970
YEAR_ONE = -62_135_596_800_000_000  # definition: 0001-01-01 in microseconds; nothing before it can be spoken of
# definition: the numbers that every reader reads alike, exactly and finite
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?").fullmatch
ISO = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$"  # ISO 8601
PLAIN_BYTES = np.isin(np.arange(256), list(b"-.0123456789"))  # definition: of a number without plus and exponent
# what may stand before the day of the month in a format
DIRECTIVES = {"%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%b": r"[^\W\d]+", "\\ ": r"\s*"}
NUMBER_PATTERN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def _blanked(text: pa.Array, column: Column) -> pa.Array:
    return pc.if_else(pc.is_in(text, pa.array(column.nulls, text.type)), None, text) if column.nulls else text


def parse_numbers(text: pa.Array, column: Column) -> np.ndarray:
    """Texts as float64, NaN where missing or not a number.

    Parameters
    ----------
    text : pyarrow.Array of string, length n
    column : Column
        Its ``nulls``, ``decimal`` and ``thousands`` are used.
    """
    text = _blanked(text, column)
    if column.decimal == "." and (plain := _plain_numbers(text)) is not None:
        return plain
    text = pc.utf8_trim_whitespace(text)
    if column.thousands:
        text = pc.replace_substring(text, column.thousands, "")
    if column.decimal != ".":
        text = pc.replace_substring(text, column.decimal, ".")
    fits = pc.match_substring_regex(text, NUMBER_PATTERN)
    text = pc.if_else(fits, text, None)
    text = pc.if_else(pc.starts_with(text, "+"), pc.utf8_slice_codeunits(text, 1), text)
    values = pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(values), values, np.nan)


def _plain_numbers(text: pa.Array) -> np.ndarray | None:
    """The numbers of texts of digits, points and minus signs alone, where all are numbers: five times as fast."""
    texts = text.cast(pa.large_string()) if isinstance(text, pa.Array) else None
    if texts is None or not texts.nbytes or texts.buffers()[2] is None:
        return None
    begin, end = np.frombuffer(texts.buffers()[1], np.int64)[[texts.offset, texts.offset + len(texts)]]
    if not PLAIN_BYTES[np.frombuffer(texts.buffers()[2], np.uint8)[begin:end]].all():
        return None
    try:
        values = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return np.where(np.isfinite(values), values, np.nan)


def parse_times(text: pa.Array, column: Column) -> np.ndarray:
    """Texts as datetime64[us] in UTC, NaT where missing or not in the column's format.

    Parameters
    ----------
    text : pyarrow.Array of string, length n
    column : Column
        ``format`` is a ``strptime`` format; "" reads ISO 8601 with or without a time of day, "%s" seconds since 1970
        (or milli-, micro- or nanoseconds: told by the size of each). ``century`` places two-digit years.
    """
    text = pc.utf8_trim_whitespace(_blanked(text, column))
    if column.format == EPOCH_FORMAT:
        return _parse_epoch(text)
    if column.format:
        parsed = _real_days(text, pc.strptime(text, format=column.format, unit="us", error_is_null=True), column.format)
    else:
        text = pc.if_else(pc.match_substring_regex(text, ISO), text, None)
        parsed = _parse_iso(pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1"))
    times = parsed.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    return _in_century(times, column.century) if column.century and "%y" in column.format else times


def _real_days(text: pa.Array, parsed: pa.Array, form: str) -> pa.Array:
    """Null for a day that is not in its month, which ``strptime`` reads as one of the next: 31 February as 2 March."""
    before, day, _ = form.partition("%d")
    near = pc.less_equal(pc.day(parsed), 3) if day else None  # definition: February lacks three days at most
    at = np.flatnonzero(near.fill_null(False).to_numpy(zero_copy_only=False)) if near is not None else ()
    if not len(at):
        return parsed
    pattern = re.escape(before)
    for directive, digits in DIRECTIVES.items():
        pattern = pattern.replace(directive, digits)
    written = pc.extract_regex(text.take(at), rf"^\s*{pattern}(?P<day>\d{{1,2}})")
    days = pc.cast(pc.struct_field(written, "day"), pa.int64())
    rolled = pc.not_equal(days, pc.day(parsed.take(at))).fill_null(False).to_numpy(zero_copy_only=False)
    unreal = np.zeros(len(text), bool)
    unreal[at[rolled]] = True
    return pc.if_else(pa.array(unreal), None, parsed)


def is_no_day(text: str, column: Column) -> bool:
    """Is a text that gave no time written as the column's times are, with a day that its month has not?"""
    if column.format:
        return bool(pc.strptime(pa.array([text.strip()]), column.format, "us", error_is_null=True)[0].is_valid)
    shaped = re.match(r"\s*\d{4}-(0[1-9]|1[0-2])-(29|3[01])", text)
    return bool(shaped and re.match(ISO, text.strip()))


def _in_century(times: np.ndarray, first: int) -> np.ndarray:
    """Times moved by whole centuries into the hundred years from ``first`` on; NaT for a day that is not there."""
    months = times.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    moved = months + np.where(np.isnat(times), 0, 1200 * ((first + 99 - year) // 100)).astype("timedelta64[M]")
    out = moved.astype(times.dtype) + (times - months.astype(times.dtype))
    return np.where(out.astype("datetime64[M]") == moved, out, np.datetime64("NaT")).astype(times.dtype)


def _parse_epoch(text: pa.Array) -> np.ndarray:
    fits = pc.match_substring_regex(text, r"^-?\d{1,19}(\.\d+)?$")
    values = pc.cast(pc.if_else(fits, text, None), pa.float64()).to_numpy(zero_copy_only=False)
    size = np.abs(values)
    micros = np.select([size < 1e11, size < 1e14, size < 1e17], [values * 1e6, values * 1e3, values], values / 1e3)
    known = np.isfinite(micros) & (micros > YEAR_ONE)
    out = np.where(known, micros, 0).astype(np.int64).astype("datetime64[us]")
    out[~known] = np.datetime64("NaT")
    return out


def _parse_iso(text: pa.Array) -> pa.Array:
    try:
        return pc.cast(text, pa.timestamp("us"))
    except pa.ArrowInvalid:  # a zone in some cells, or a day that does not exist: cell by distinct cell
        from datetime import UTC, datetime

        coded = pc.dictionary_encode(text)
        values: list[datetime | None] = []
        for value in coded.dictionary.to_pylist():
            try:
                read = datetime.fromisoformat(value)
                values.append(read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read)
            except ValueError:
                values.append(None)
        return pa.array(values, pa.timestamp("us")).take(coded.indices)
