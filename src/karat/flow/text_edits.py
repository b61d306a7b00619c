"""What is changed inside documents as they are read: characters, residue of pages, personal data; with ledger rows."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.core.patch import LEDGER, changes
from karat.quality.accuracy.boilerplate_lines import BoilerplateLines
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.confidentiality.entities import NAMES
from karat.quality.confidentiality.names_and_addresses import PEOPLE
from karat.quality.confidentiality.personal_data import PersonalData
from karat.quality.consistency.html_in_texts import HtmlInTexts
from karat.quality.consistency.replaced_patterns import ReplacedPatterns
from karat.quality.edited_documents import EditedDocuments
from karat.store.vault import ORIGINALS

Place = tuple[int | None, int | None, str, str]  # where it begins and ends, what stood there, and what stands now
Spans = Callable[[str, str], Iterator[Place]]
KEY = "KARAT_HASH_KEY"
MOST_LINES = 20  # display: of a document that are shown one by one
# in other columns than the text only what cannot be mistaken: a long number there is an identifier
BESIDE = ("e-mail", "secret key", "password in a URL", "resident ID (CN)")


def places_of(before: str, after: str) -> Iterator[Place]:
    """Where two texts differ: spans of the first, and what stands there in both."""
    if "\r" in before:
        yield None, None, "\r\n" if "\r\n" in before else "\r", "\n"
        before = before.replace("\r\n", "\n").replace("\r", "\n")
    old, new = before.split("\n"), after.split("\n")
    differ = [at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other]
    if len(old) != len(new) or len(differ) > MOST_LINES:
        yield from _difference(before, after, 0)
        return
    begin = np.cumsum([0, *(len(line) + 1 for line in old)])
    for at in differ:
        yield from _difference(old[at], new[at], int(begin[at]))


def _difference(before: str, after: str, begin: int) -> Iterator[tuple[int, int, str, str]]:
    old, new = (np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4") for text in (before, after))
    size = min(len(old), len(new))
    head = old[:size] != new[:size]
    first = int(np.argmax(head)) if head.any() else size
    tail = old[len(old) - size :][::-1] != new[len(new) - size :][::-1]
    last = min(int(np.argmax(tail)) if tail.any() else size, size - first)
    if first < max(len(old), len(new)) - last:
        yield begin + first, begin + len(old) - last, before[first : len(old) - last], after[first : len(new) - last]


@dataclass(frozen=True)
class Cleared:
    """Documents without personal data.

    Parameters
    ----------
    table : pyarrow.Table
        The columns as they came but for personal data.
    texts : pyarrow.Array
        The texts as mended, without it.
    edits : pyarrow.Table
        Ledger rows; what stood there is not in them.
    originals : pyarrow.Table
        ``row``, ``column``, ``original``: for the vault alone.
    """

    table: pa.Table
    texts: pa.Array
    edits: pa.Table
    originals: pa.Table


def cleared(table: pa.Table, texts: pa.Array, column: str, how: str, *, names: bool = False) -> Cleared:
    """Take personal data out of every column: masked, hashed or dropped; names and addresses from the text alone."""
    from karat.clean.mask_personal_data import mask

    key = hash_key() if how == "hash" else b""
    kinds = (*NAMES, *PEOPLE) if names else ()
    masks = mask(texts, how, key=key, entities=kinds)
    edits = [_edits(masks, column)]
    raw = table.column(column).combine_chunks()
    same = np.asarray(pc.fill_null(pc.equal(raw, texts), False))
    others = np.flatnonzero(~same)
    plain = masks.texts
    hidden = masks.changed & same
    if len(others):
        again = mask(raw.take(pa.array(others)), how, key=key, entities=kinds)
        plain = pc.replace_with_mask(plain, pa.array(~same), again.texts)
        hidden[others] = again.changed
    whole = table.set_column(table.schema.get_field_index(column), column, pc.if_else(pc.is_null(raw), None, plain))
    originals = [_originals(raw, hidden, column)]
    for name in table.column_names:
        if name != column:
            cells = table.column(name).combine_chunks()
            beside = mask(cells, how, key=key, entities=BESIDE)
            if beside.changed.any():
                whole = whole.set_column(whole.schema.get_field_index(name), name, beside.texts)
                originals.append(_originals(cells, beside.changed, name))
                edits.append(_edits(beside, name))
    return Cleared(whole, masks.texts, pa.concat_tables(edits), pa.concat_tables(originals))


def _edits(masks: Any, column: str) -> pa.Table:
    from karat.clean.mask_personal_data import SIGNS

    spans = masks.spans
    signs = [f"<{SIGNS.get(name, name.upper())}>" for name in spans["entity"].to_pylist()]
    places = {"row": spans["row"], "span_start": spans["start"], "span_end": spans["end"], "after": signs}
    about = {"column": column, "action": "edit", "check": PersonalData.code(), "confidence": spans["confidence"]}
    return changes(spans.num_rows, **places, **about)


def _originals(cells: pa.Array, hidden: np.ndarray, column: str) -> pa.Table:
    rows = np.flatnonzero(hidden)
    values = [pa.array(rows, pa.int64()), pa.repeat(pa.scalar(column), len(rows)), cells.take(pa.array(rows))]
    return pa.table([value.cast(kind) for value, kind in zip(values, ORIGINALS.types, strict=True)], schema=ORIGINALS)


def without_contents(edits: pa.Table, rows: np.ndarray) -> pa.Table:
    """Ledger rows that say where, but in some documents not what: personal data may stand in it."""
    if not edits.num_rows or not len(rows):
        return edits
    hide = pc.is_in(edits["row"], pa.array(rows))
    for name in ("before", "after"):
        at = edits.schema.get_field_index(name)
        edits = edits.set_column(at, name, pc.if_else(hide, None, edits[name]))
    return edits


def hash_key() -> bytes:
    """The key of ``personal_data = "hash"``, from the environment: it belongs into no file of a run.

    Raises
    ------
    OptionError
        There is none, or one of fewer than 16 bytes.
    """
    key = os.environ.get(KEY, "").encode()
    if len(key) < 16:
        raise OptionError(
            f"the key for hashing has {len(key)} bytes, and must have at least 16",
            f"Set the environment variable {KEY}",
        )
    return key


def edited(texts: pa.Array, column: str, how: Mapping[str, Any]) -> tuple[pa.Array, list[pa.Table]]:
    """Texts repaired and without what the settings want out, and ledger rows.

    Spans are in characters of the text before each step.

    Parameters
    ----------
    how : mapping
        ``repair_unicode``, ``html``, ``boilerplate``: bool; ``replace``: expressions and what takes their place.
    """
    from karat.clean.boilerplate_lines import without_boilerplate, without_html
    from karat.clean.document_filters import replaced
    from karat.clean.repair_unicode import repair

    ledgers = []
    for wanted, step, check, spans in (
        ("repair_unicode", repair, BrokenCharacters, places_of),
        ("html", without_html, HtmlInTexts, places_of),
        ("boilerplate", without_boilerplate, BoilerplateLines, _lines_gone),
        ("replace", lambda some: replaced(some, how["replace"]), ReplacedPatterns, places_of),
    ):
        if how[wanted]:
            changed = step(texts)
            ledgers.append(_rows(texts, changed, column, check, spans))
            texts = changed
    return texts, ledgers


def _rows(before: pa.Array, after: pa.Array, column: str, check: type[EditedDocuments], spans: Spans) -> pa.Table:
    """Ledger rows of the places where texts differ."""
    at = pa.array(np.flatnonzero(pc.not_equal(before, after)))
    pairs = zip(at.to_pylist(), before.take(at).to_pylist(), after.take(at).to_pylist(), strict=True)
    rows = [(row, *place) for row, old, new in pairs for place in spans(old, new)]
    if not rows:
        return LEDGER.empty_table()
    row, start, end, was, is_now = (list(values) for values in zip(*rows, strict=True))
    places = {"row": row, "span_start": start, "span_end": end, "before": was, "after": is_now}
    about = {"column": column, "action": "edit", "check": check.code(), "confidence": check.confidence}
    return changes(len(rows), **places, **about)


def _lines_gone(before: str, after: str) -> Iterator[Place]:
    """The whole lines that a text lost; a line that stays never looks like one that goes."""
    left, begin = after.split("\n"), 0
    at = 0
    for line in before.split("\n"):
        if at < len(left) and line == left[at]:
            at += 1
        else:
            yield begin, begin + len(line), line, ""
        begin += len(line) + 1
