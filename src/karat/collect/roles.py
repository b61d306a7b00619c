"""Infers what each column is for and how its text is read, tolerant of dirt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.keys import is_id, is_key_name, source_and_entity
from karat.collect.meanings import with_meanings
from karat.collect.nulls import code_shaped, date_codes, null_codes, null_words
from karat.collect.shapes import CJK, TIME_OF_DAY, DistinctTexts, Numbers, decimal_mark, distinct_texts, numbers_of
from karat.collect.time_shapes import Times, common_order, first_of_century, format_of, times_of
from karat.core.block import WEIGHT
from karat.core.counts import RecordSample, ValueCounts
from karat.core.degrees import MANY_LEVELS
from karat.core.errors import InputError, OptionError
from karat.core.schema import TYPES, Column, Meaning, Role, Schema
from karat.core.state import derived
from karat.quality.null_words import in_keeping

CHECKED, MIN_CHECKED = 200, 20  # numbers tried for check digits; by chance one in ten has one
LONG_TEXT = 200  # unproven: characters on average; shorter ones are cells of a table, not documents
DOCUMENTS = ("text", "content", "document", "raw_content", "body", "article", "正文", "内容", "文本")  # column names
CODE_NAMES = re.compile(
    r"(?i)(^|[_\W])(zip|zipcode|postcode|postal|phone|tel|telephone|mobile|fax|code|ssn|isbn|ean|upc|iban|plz|fips|icd)"
    r"($|[_\W\d])|邮编|邮政编码|电话|手机|代码|编码|身份证"
)


def infer_schema(
    counts: ValueCounts,
    sample: RecordSample,
    *,
    names: tuple[str, ...] = (),
    target: str | None = None,
    overrides: Mapping[str, Mapping[str, object]] | None = None,
    types: Mapping[str, str] | None = None,
    decimal: str = "",
    date_order: str = "",
    year: int | None = None,
) -> Schema:
    """The schema of a data set.

    Parameters
    ----------
    counts : ValueCounts
        Distinct values of every text column.
    sample : RecordSample
        Whole records.
    names : tuple of str, optional
        The columns in the order of the source; by default in that of the sample.
    target : str, optional
        The column to predict.
    overrides : mapping, optional
        Per column what the user sets: any field of ``Column`` but its name.
    types : mapping, optional
        Types that the source declares; believed.
    decimal, date_order : str
        The decimal mark and the order of day and month ("dmy", "mdy") that the user states; "" asks the source.
    year : int, optional
        This year, from which the century of two-digit years follows; by default the clock's.

    Raises
    ------
    OptionError
        An unknown target, column, role, type or setting.
    InputError
        The target has one value, or none.
    """
    names = names or tuple(sample.table.column_names)
    for name in (*([target] if target is not None else ()), *(overrides or {})):
        if name not in names:
            raise OptionError.unknown("column", name, names, "target" if name == target else "columns")
    declared = dict(types or {})
    texts = derived(counts, "distinct texts", lambda: distinct_texts(counts.columns))
    numbers: dict[str, Numbers] = {}
    source = _Source.of(texts, declared, decimal, date_order, year)
    columns = [
        _column(name, texts.get(name), declared.get(name, ""), numbers, at, source) for at, name in enumerate(names)
    ]
    columns = _with_codes(columns, texts, numbers)
    columns = _with_sources(columns, sample)
    columns = with_meanings(columns, texts)
    columns = [_overruled(column, (overrides or {}).get(column.name, {})) for column in columns]
    schema = Schema(tuple(columns))
    return schema if target is None else _with_target(schema, target, texts[target])


@dataclass(frozen=True)
class _Source:
    """What the columns of a source show together.

    Parameters
    ----------
    decimal, order : str
        Decimal mark, order of day and month; "" where nothing shows them.
    year : int
        This year.
    times : dict of str to Times
        Columns that may hold times.
    """

    decimal: str
    order: str
    year: int
    times: dict[str, Times]

    @classmethod
    def of(
        cls, texts: Mapping[str, DistinctTexts], declared: Mapping[str, str], decimal: str, order: str, year: int | None
    ) -> "_Source":
        free = {name: column for name, column in texts.items() if declared.get(name, "") in ("", "string", "timestamp")}
        times = {name: read for name, column in free.items() if (read := times_of(column))}
        decimal = decimal or decimal_mark(column for name, column in free.items() if name not in times)
        if not decimal and any(column.formats[0].startswith("%d.%m.") for column in times.values()):
            decimal = ","  # who writes days with dots writes thousands with dots
        return cls(decimal, order or common_order(times.values()), year or datetime.now(UTC).year, times)


def _column(
    name: str,
    texts: DistinctTexts | None,
    declared: str,
    numbers: dict[str, Numbers],
    at: int,
    source: _Source,
) -> Column:
    """One column, judged alone; its numbers are left in ``numbers``."""
    if texts is None or declared == "binary":
        return Column(name, Role.IMAGE, "binary")
    if declared == "bytes" or name == WEIGHT:  # the first is shown as hexadecimal digits, of which nothing can be told
        return Column(name, Role.IGNORE, "float64" if name == WEIGHT else "string")
    words = tuple(sorted(texts.counts.met.filter(pa.array(texts.words)).to_pylist())) if texts.words.any() else ()
    if not texts.total:
        return Column(name, Role.IGNORE, "string", words)
    read = numbers_of(texts, source.decimal) if declared not in ("string", "timestamp", "bool") else None
    if read and not _is_code(name, texts, read, declared):
        numbers[name] = read
        return _number(name, texts, read, declared, words, at)
    times = source.times.get(name)
    fmt = format_of(times, source.order) if times else None
    if times and fmt is not None:
        century = first_of_century(times.values, source.year) if "%y" in fmt else 0
        values = texts.times(fmt, century)
        codes = date_codes(values.astype("datetime64[D]"), texts.weight)
        also = tuple(texts.text[i].as_py() for i in codes)
        return Column(name, Role.TIME, "timestamp", tuple(sorted({*words, *also})), fmt, century=century)
    return _wording(name, texts, declared, words, at)


def _is_code(name: str, texts: DistinctTexts, numbers: Numbers, declared: str) -> bool:
    """Digits that are a code: leading zeros, check digits, more digits than a number keeps, or a name that says so."""
    if declared in ("int64", "float64"):
        return False
    if texts.cells(texts.matches(r"^0\d+$")) > 0.01 or texts.cells(texts.matches(r"^\d+[eE]\d+$")) > 0.5:
        return True
    digits = texts.matches(r"^\d+$")
    if texts.share(digits) < 0.9:
        return False
    length = texts.sizes[digits]
    weight = texts.weight[digits]
    common = int(np.bincount(length, weights=weight).argmax())
    fixed = weight[length == common].sum() >= 0.97 * weight.sum() and len(length) > 1
    if (
        fixed
        and common == 8
        and texts.share(texts.matches(r"^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")) > 0.95
    ):
        return True  # a date without marks; its format says the rest
    if texts.cells(numbers.values > 2**53) > 0.5:
        return True  # nobody counts so far, and a float64 could not
    return bool(fixed and common >= 3 and (CODE_NAMES.search(name) or _checked(texts.text.filter(pa.array(digits)))))


def _checked(digits: pa.Array) -> bool:
    """Do nearly all end in a check digit: those of bank cards (ISO 7812) or of articles and books (GS1)?"""
    some = digits.slice(0, CHECKED).to_pylist()
    if len(some) < MIN_CHECKED or len(some[0]) < 8:
        return False

    def sums(weights: tuple[int, int], parted: bool) -> float:
        hits = 0
        for text in some:
            terms = [int(digit) * weights[at % 2] for at, digit in enumerate(reversed(text))]
            hits += sum(term // 10 + term % 10 if parted else term for term in terms) % 10 == 0
        return hits / len(some)

    return max(sums((1, 2), True), sums((1, 3), False)) >= 0.95


def _number(
    name: str,
    texts: DistinctTexts,
    numbers: Numbers,
    declared: str,
    words: tuple[str, ...],
    at: int,
) -> Column:
    kind = declared if declared in ("int64", "float64") else "int64" if numbers.integral else "float64"
    role = Role.NUMBER
    if kind == "int64" and is_id(name, texts, numbers.values, at):
        role = Role.ID
    elif kind == "int64" and is_key_name(name) and len(texts.text) > MANY_LEVELS and texts.distinct_share < 0.9:
        role = Role.GROUP
    return Column(name, role, kind, words, "", numbers.decimal, numbers.thousands)


def _wording(name: str, texts: DistinctTexts, declared: str, words: tuple[str, ...], at: int) -> Column:
    """A column of words: category, text, id or group."""
    truth = len(texts.text) > 1 and set(pc.utf8_lower(texts.text).to_pylist()) == {"true", "false"}
    kind = "bool" if declared == "bool" or truth else "string"
    strong = _strong(words) if words else []
    like = in_keeping(strong, texts.text.to_pylist()) if strong else set()  # a surname Null is no gap
    role = _wording_role(name, texts, at)
    gaps = words if role in (Role.ID, Role.GROUP) else strong
    return Column(name, role, kind, tuple(word for word in gaps if word not in like))


def _strong(words: tuple[str, ...]) -> list[str]:
    texts = pa.array(words, pa.string())
    out: list[str] = texts.filter(pa.array(null_words(texts, strong_only=True))).to_pylist()
    return out


def _wording_role(name: str, texts: DistinctTexts, at: int) -> Role:
    distinct = len(texts.text)
    mean_words, mean_size = float((texts.weight * (texts.blanks + 1)).sum()) / texts.total, texts.mean_size
    some = "".join(texts.text.slice(0, 500).to_pylist())
    han = len(CJK.findall(some)) / max(1, len(some))
    if texts.cells(texts.matches(TIME_OF_DAY)) > 0.5:
        return Role.CATEGORY
    if is_id(name, texts, None, at):
        return Role.ID
    if is_key_name(name) and mean_words < 1.5 and distinct > MANY_LEVELS:
        return Role.GROUP
    long = mean_size >= (8 if han > 0.3 else 25) or mean_words >= 4
    wordy = mean_words >= 1.5 or mean_size >= 20 or han > 0.3
    if distinct > MANY_LEVELS and ((wordy and texts.distinct_share > 0.7) or (long and texts.distinct_share > 0.3)):
        return Role.TEXT
    if distinct > MANY_LEVELS and mean_size >= (40 if han > 0.3 else 120) and texts.distinct_share > 0.1:
        return Role.TEXT
    return Role.CATEGORY


def _with_codes(columns: list[Column], texts: dict[str, DistinctTexts], numbers: dict[str, Numbers]) -> list[Column]:
    """Number columns with the codes that mean missing among their nulls."""
    columns_of_numbers = {}
    for column in columns:
        if column.role is Role.NUMBER and column.name in numbers:
            values = numbers[column.name].values
            real = ~np.isnan(values)
            distinct, place = np.unique(values[real], return_inverse=True)
            columns_of_numbers[column.name] = (
                distinct,
                np.bincount(place, texts[column.name].weight[real], len(distinct)).astype(np.int64),
            )
    codes = null_codes(columns_of_numbers)
    out = []
    for column in columns:
        if column.name in codes:
            hit = np.isin(numbers[column.name].values, codes[column.name])
            also = texts[column.name].text.filter(hit).to_pylist()
            column = replace(column, nulls=tuple(sorted({*column.nulls, *also})))  # noqa: PLW2901
        out.append(column)
    return out


def _with_sources(columns: list[Column], sample: RecordSample) -> list[Column]:
    named = source_and_entity(columns, sample)
    if not named:
        return columns
    roles = {named[0]: Role.SOURCE, named[1]: Role.GROUP}
    return [replace(column, role=roles.get(column.name, column.role)) for column in columns]


def _overruled(column: Column, settings: Mapping[str, object]) -> Column:
    known = [f.name for f in fields(Column) if f.name != "name"]
    values: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in known:
            raise OptionError.unknown("column setting", key, known, column.name)
        if key == "role" and value not in list(Role):
            raise OptionError.unknown("role", str(value), list(Role), column.name)
        if key == "type" and value not in TYPES:
            raise OptionError.unknown("type", str(value), TYPES, column.name)
        if key == "meanings":
            values[key] = _known_meanings(value, column)
            continue
        values[key] = (
            Role(str(value))
            if key == "role"
            else tuple(map(str, value))
            if isinstance(value, (list, tuple))
            else str(value)
        )
    return replace(column, **values)


def _known_meanings(value: object, column: Column) -> tuple[str, ...]:
    meanings = tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)
    for meaning in meanings:
        if meaning not in list(Meaning):
            raise OptionError.unknown("meaning", meaning, list(Meaning), column.name)
    return meanings


def _with_target(schema: Schema, target: str, texts: DistinctTexts) -> Schema:
    """The schema with its target and its task; a target that teaches nothing is an error."""
    column = schema[target]
    values = [v for v in texts.text.to_pylist() if v not in column.nulls]
    if not values:
        raise InputError(f"target {target!r} has no values, only missing ones", "Name another target")
    if len(values) == 1:
        raise InputError(f"target {target!r} has only one value, {values[0]!r}", "Name another target")
    few = len(values) <= MANY_LEVELS
    classes = not column.numeric or (few and (column.type == "int64" or len(values) == 2))
    if classes and column.role is Role.NUMBER and column.type == "int64":
        column = replace(column, nulls=tuple(v for v in column.nulls if not _is_number_code(v)))
    column = replace(column, role=Role.TARGET)
    return replace(schema.replacing(column), task="classification" if classes else "regression")


def _is_number_code(text: str) -> bool:
    try:
        return code_shaped(float(text))
    except ValueError:
        return False
