"""Tells interactions (who did what with which item, and when) from other tables, and names their columns."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.shapes import distinct_texts
from karat.core.counts import ValueCounts
from karat.core.degrees import MANY_LEVELS, SAMPLE
from karat.core.parsing import EPOCH_FORMAT, parse_times
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.quality.interaction_columns import (
    EVENT_HAN,
    EVENT_WORDS,
    ITEM_HAN,
    ITEM_WORDS,
    RATING_HAN,
    RATING_WORDS,
    TIME_HAN,
    TIME_WORDS,
    USER_HAN,
    USER_WORDS,
    is_named,
)

MAX_COLUMNS = 8  # unproven: wider tables are more than who did what when
MAX_PLAIN_COLUMNS = 5  # unproven: of a file whose names say nothing
MIN_EVENTS = 3.0  # unproven: and events for each of them
MIN_APART = 0.97  # unproven: share of its records that are the only ones of their pair; lower takes logs for ratings
FIRST, LAST = np.datetime64("1980-01-01", "us"), np.datetime64("2100-01-01", "us")
KEYS = (Role.GROUP, Role.CATEGORY, Role.NUMBER, Role.TEXT, Role.ID)

is_user = partial(is_named, words=USER_WORDS, han=USER_HAN)
is_item = partial(is_named, words=ITEM_WORDS, han=ITEM_HAN)
is_rating = partial(is_named, words=RATING_WORDS, han=RATING_HAN)
is_event = partial(is_named, words=EVENT_WORDS, han=EVENT_HAN)
is_time = partial(is_named, words=TIME_WORDS, han=TIME_HAN)


class Interactions:
    """A table looked at for users and items.

    Parameters
    ----------
    schema : Schema
        As inferred.
    table : pyarrow.Table
        A sample of the records.
    chosen : tuple of str
        Columns whose role the user has set: they stay.
    """

    def __init__(self, schema: Schema, counts: ValueCounts, table: pa.Table, chosen: tuple[str, ...] = ()) -> None:
        self.schema, self.counts, self.table, self.chosen = schema, counts, table, chosen
        texts = derived(counts, "distinct texts", lambda: distinct_texts(counts.columns))
        self.texts = {name: column_texts for name, column_texts in texts.items() if column_texts.total}
        self.epochs = {name for name in self.texts if self._epoch(name)}
        times = {c.name for c in schema.with_role(Role.TIME) if _dated(c)}
        known = [name for name in schema.names if name in self.epochs or name in times]
        self.times = sorted(known, key=lambda name: (name not in times, not is_time(name)))
        free = self.texts.keys() - set(self.times)
        self.keys = [c.name for c in schema if c.role in KEYS and c.name in free and c.type in ("int64", "string")]

    def _epoch(self, name: str) -> bool:
        """Seconds since 1970, or thousandths of them and finer?"""
        texts = self.texts[name]
        if texts.cells(texts.matches(r"^\d{9,10}(\.\d+)?$|^\d{12,13}$|^\d{15,16}$|^\d{18,19}$")) < 0.9:
            return False
        times = parse_times(texts.text, Column(name, Role.TIME, "timestamp", (), EPOCH_FORMAT))
        inside = texts.cells((times >= FIRST) & (times <= LAST)) >= 0.9
        return inside and (is_time(name) or not (is_user(name) or is_item(name)))

    def pair(self) -> tuple[str, str] | None:
        """Users and items, by their names and little else beside them, else by how they recur."""
        pair = self.named_pair()
        return pair if pair and self.little_else(pair) else self.plain_pair()

    def named_pair(self) -> tuple[str, str] | None:
        """Two columns whose names say users and items."""
        users = [name for name in self.keys if is_user(name)]
        items = [name for name in self.keys if is_item(name) and name not in users]
        if not users or not items:
            return None
        ids = [[name for name in names if re.search(r"(?i)id\d*$|编号", name)] or names for names in (users, items)]
        return ids[0][0], ids[1][0]

    def little_else(self, pair: tuple[str, str]) -> bool:
        """Are the rest a time, a scale or kind of act, and few columns more?"""
        if len(self.schema) > MAX_COLUMNS:
            return False
        rest = [c for c in self.schema if c.name not in pair and c.name not in self.times]
        numbers = [c for c in rest if c.numeric and c.role is Role.NUMBER and not is_rating(c.name)]
        telling = self.times or any(is_rating(c.name) or is_event(c.name) for c in rest) or not rest
        both_ids = all(self.schema[name].role is Role.ID for name in pair)
        return bool(telling) and len(numbers) <= 1 and not both_ids

    def plain_pair(self) -> tuple[str, str] | None:
        """Two columns that look like users and items whatever their names, where nothing else fits; else None."""
        if not 4 <= len(self.schema) <= MAX_PLAIN_COLUMNS or not self.times:
            return None
        keys = [name for name in self.keys if self._recurs(name)]
        rest = [c.name for c in self.schema if c.name not in self.times and c.name not in keys]
        scales = (
            [name for name in rest if 2 <= len(self.texts[name].text) <= MANY_LEVELS] if self._all_known(rest) else []
        )
        if len(keys) != 2 or not scales or self._apart(*keys) < MIN_APART:
            return None
        return (keys[1], keys[0]) if is_user(keys[1]) or is_item(keys[0]) else (keys[0], keys[1])

    def best_pair(self) -> tuple[str, str] | None:
        """The likeliest pair where the user says that there is one."""
        users = [name for name in self.keys if is_user(name)]
        items = [name for name in self.keys if is_item(name) and name not in users]
        several = [name for name in self.keys if len(self.texts[name].text) > 1]
        order = sorted(several, key=lambda name: -len(self.texts[name].text))
        rest = [name for name in order if name not in (*users[:1], *items[:1]) and not is_rating(name)]
        if users and (items or rest):
            return users[0], (items or rest)[0]
        if items and rest:
            return rest[0], items[0]
        few = sorted(rest[:2], key=self.schema.names.index)
        return (few[0], few[1]) if len(few) == 2 else None

    def _all_known(self, names: list[str]) -> bool:
        return all(name in self.texts for name in names)

    def _recurs(self, name: str) -> bool:
        counts = self.counts.columns[name]
        return len(counts.texts) > SAMPLE and float(counts.counts.mean()) >= MIN_EVENTS

    def _apart(self, first: str, second: str) -> float:
        """Share of the sample's records that are the only ones of their pair, 0 where one column decides the other."""
        codes = [
            pc.dictionary_encode(self.table.column(name).combine_chunks().cast(pa.string())).indices
            for name in (first, second)
        ]
        left, right = (pc.fill_null(code, 0).to_numpy().astype(np.int64) for code in codes)
        pairs = left * (int(right.max(initial=0)) + 1) + right
        distinct = len(np.unique(pairs))
        sides = max(len(np.unique(left)), len(np.unique(right)))
        return distinct / max(1, len(pairs)) if distinct > 1.5 * sides else 0.0

    def as_interactions(self, user: str, item: str) -> Schema:
        """The schema of these interactions."""
        time = next((name for name in self.times if name not in (user, item)), None)
        columns = []
        for column in self.schema:
            if column.name in (user, item):
                role = Role.USER if column.name == user else Role.ITEM
                words = self.texts[column.name].words if column.name in self.texts else None
                texts = self.counts.columns[column.name].met
                nulls = tuple(sorted(texts.filter(pa.array(words)).to_pylist())) if words is not None else ()
                columns.append(column if column.name in self.chosen else replace(column, role=role, nulls=nulls))
            elif column.name == time and column.name in self.epochs and column.name not in self.chosen:
                columns.append(Column(column.name, Role.TIME, "timestamp", (), EPOCH_FORMAT))
            elif column.role is Role.ID and column.name not in self.chosen and is_rating(column.name):
                columns.append(replace(column, role=Role.NUMBER))
            else:
                columns.append(column)
        return replace(self.schema, columns=tuple(columns), task="")


def _dated(column: Column) -> bool:
    return not column.format or any(mark in column.format for mark in ("%Y", "%y", EPOCH_FORMAT))
