"""Columns that name records, entities and sources."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from karat.collect.shapes import CJK, DistinctTexts
from karat.core.counts import RecordSample
from karat.core.schema import Column, Role

KEY_WORDS = frozenset(
    {"id", "ids", "uid", "uuid", "guid", "key", "identifier", "index", "idx", "rowid", "pk", "no", "nr"}
)
ENTITY_WORDS = frozenset(
    {
        "customer",
        "user",
        "client",
        "patient",
        "account",
        "member",
        "household",
        "person",
        "employee",
        "student",
        "provider",
        "supplier",
        "vendor",
        "driver",
        "device",
        "sensor",
        "subject",
        "session",
        "card",
    }
)
KEY_HAN = re.compile("编号|序号|学号|工号|账号|户号|卡号|单号|标识|主键|客户号|用户名")
MIN_COPIES = 3.0  # unproven: records per entity that a source structure needs; fewer hardly outvote one
MOST_TRIED = 10_000  # pairs of columns; a table of thousands has millions of them


def name_words(name: str) -> list[str]:
    """The words of a column name, lower case: ``CustomerID`` and ``customer_id`` give the same."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word.casefold() for word in re.split(r"[\W_]+", apart) if word]


def is_key_name(name: str) -> bool:
    """Does the name say that the column identifies something?"""
    words = name_words(name)
    if KEY_HAN.search(name):
        return True
    number = bool(words) and words[-1] in ("number", "num", "code") and bool(ENTITY_WORDS & set(words[:-1]))
    return bool(words) and (
        words[-1] in KEY_WORDS or words[0] in ("id", "uuid") or number or (len(words) == 1 and words[0] in ENTITY_WORDS)
    )


def is_id(name: str, texts: DistinctTexts, values: np.ndarray | None, at: int) -> bool:
    """Does the column number or name the records themselves?

    Parameters
    ----------
    values : ndarray of float64, shape (k,), optional
        Its distinct numbers, when it holds integers.
    at : int
        Position of the column; a running number usually stands first, in whatever order the records are.
    """
    if texts.total < 2 or texts.distinct_share < 0.9:
        return False
    named = is_key_name(name) or re.fullmatch(r"column_\d+|Unnamed.*", name) is not None
    if values is None:
        token = texts.cells(texts.matches(r"^\S*\d\S*$|^[0-9a-fA-F-]{8,}$")) > 0.9
        plain = texts.cells(texts.matches(r"^[!-~]{1,64}$")) > 0.9
        unique = texts.distinct_share > 0.97
        han = any(CJK.search(value) for value in texts.text.slice(0, 50).to_pylist())
        return not han and plain and ((named and unique) or (token and unique and texts.total > 20))
    real = values[~np.isnan(values)]
    if named and texts.distinct_share > 0.97:
        return True
    low, high = np.min(real), np.max(real)
    dense = high - low + 1 <= 1.02 * max(len(real), texts.counts.records)
    return bool(at == 0 and low in (0, 1) and dense and texts.distinct_share > 0.97)


def source_and_entity(columns: Sequence[Column], sample: RecordSample) -> tuple[str, str] | None:
    """A column of sources that report the same entities, and the column of the entities; None when there is none.

    It takes much: every entity occurs at most once per source, has several reports, most other columns agree within an
    entity, and none is decided by the source. Two sensors or two visits do not look like that.
    """
    words = [c for c in columns if c.role in (Role.CATEGORY, Role.GROUP, Role.TEXT) and c.type == "string"]
    records = len(sample.rows)
    if records < 60:
        return None
    coded = {c.name: _codes(sample, c.name) for c in columns if c.role is not Role.IMAGE}
    kinds = {name: int(codes.max(initial=-1)) + 1 for name, codes in coded.items()}
    others = [c.name for c in columns if c.role not in (Role.ID, Role.IMAGE, Role.IGNORE) and kinds[c.name] > 1]
    tried = 0
    for source in sorted(words, key=lambda c: kinds[c.name]):
        if not 3 <= kinds[source.name] <= max(50, records // 50):
            continue
        for entity in words:
            few = kinds[entity.name] < 10 or records / max(1, kinds[entity.name]) < MIN_COPIES
            if entity is source or few or kinds[entity.name] <= kinds[source.name]:
                continue
            tried += 1
            if tried > MOST_TRIED:
                return None
            if _reports(coded, source.name, entity.name, others):
                return source.name, entity.name
    return None


def _codes(sample: RecordSample, name: str) -> np.ndarray:
    coded = pc.dictionary_encode(sample.table.column(name).combine_chunks())
    codes: np.ndarray = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _reports(coded: dict[str, np.ndarray], source: str, entity: str, others: list[str]) -> bool:
    left, right = coded[source], coded[entity]
    both = (left >= 0) & (right >= 0)
    pairs = left[both] * (right.max() + 1) + right[both]
    if not len(pairs) or len(np.unique(pairs)) < 0.97 * len(pairs):
        return False
    rest = [coded[name] for name in others if name not in (source, entity)]
    return len(rest) >= 2 and all(_reported(values, left, right) for values in rest)


def _reported(values: np.ndarray, source: np.ndarray, entity: np.ndarray) -> bool:
    """Do the values agree within an entity, and are not decided by the source?"""
    alone, agree = _agreement(values, np.zeros_like(source)), _agreement(values, entity)
    return agree >= 0.4 and agree > alone + 0.2 and _agreement(values, source) < max(0.5, alone + 0.3)


def _agreement(values: np.ndarray, by: np.ndarray) -> float:
    """Share of cells that hold the most frequent value of their group; blanks left out."""
    both = (values >= 0) & (by >= 0)
    if not both.any():
        return 0.0
    pairs, times = np.unique(by[both] * (values.max() + 1) + values[both], return_counts=True)
    top = np.zeros(int(by.max()) + 1, np.int64)
    np.maximum.at(top, pairs // (values.max() + 1), times)
    return float(top.sum() / both.sum())
