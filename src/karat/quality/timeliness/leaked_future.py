"""Training events that lie after test events, and items met before they were there."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply, no_findings
from karat.core.schema import Role, Schema
from karat.core.unit import Check
from karat.quality.events import needs_interactions
from karat.quality.interaction_columns import KIND, InteractionColumns, is_named
from karat.quality.sampled import Sampled
from karat.quality.timeliness.timeline import NAT, spoken

TRAIN = frozenset({"train", "training", "训练", "训练集"})
TEST = frozenset({"test", "testing", "holdout", "测试", "测试集"})
RELEASE_WORDS = frozenset({"release", "released", "launch", "launched", "published", "publish", "premiere", "year"})
RELEASE_HAN = re.compile("上映|发布|上架|出版|首发|年份")
YEARS = (1000, 2200)  # unproven: other whole numbers are no years
SHARE = 0.02  # unproven: of the training events; fewer may be wrong times


@dataclass(frozen=True)
class LeakedFuture(Check):
    """A column of splits whose training events come after test events; and events before their item was released.

    A model that has seen what people did later foretells what they did before: a random split of events flatters every
    recommender. An event before its item was there has a wrong time, or a wrong item.

    Parameters
    ----------
    mixed : float
        Confidence that the split mixes times.
    early : float
        Of an event before its item's release.

    Source: Ji et al. (2023), A critical study on data leakage in recommender system offline evaluation.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})
    measure_name: ClassVar[str] = "timeliness of data items"
    unit: ClassVar[str] = "cells"

    mixed: float = 0.9
    early: float = 0.8

    def applies(self, schema: Schema) -> DoesNotApply | None:
        lacking = needs_interactions(schema, times=True)
        if lacking:
            return lacking
        there = schema.with_role(Role.CATEGORY) or _release(schema)
        return None if there else DoesNotApply("no column of splits and no date of release")

    def learn(self, block: Block) -> Sampled:
        return Sampled.of(block)

    def judge(self, state: Sampled, block: Block, before: Any = None) -> pa.Table:
        named, release = InteractionColumns.of(block.schema), _release(block.schema)
        if named is None or named.time is None or release is None:
            return no_findings()
        times, known = block.times(named.time), released(block, release)
        at = np.flatnonzero(~np.isnat(times) & ~np.isnat(known) & (times < known))
        pairs = zip(times[at].astype(np.int64).tolist(), known[at].astype(np.int64).tolist(), strict=True)
        return self.found(
            len(at),
            row=block.rows[at],
            column=named.time,
            value=block.text(named.time).take(pa.array(at)),
            confidence=self.early,
            message=[
                f"{spoken(time)} is before {spoken(day)}, when its item came, by {release!r}" for time, day in pairs
            ],
        )

    def conclude(self, state: Sampled, schema: Schema) -> pa.Table:
        named, block = InteractionColumns.of(schema), state.block
        parts = [no_findings()]
        for column in schema.with_role(Role.CATEGORY):
            codes, texts = block.encoded(column.name)
            plain = [text.strip().casefold() for text in texts]
            train = np.isin(codes, [at for at, text in enumerate(plain) if text in TRAIN])
            test = np.isin(codes, [at for at, text in enumerate(plain) if text in TEST])
            if named is None or named.time is None or not (train.any() and test.any()):
                continue
            times = block.times(named.time).astype("datetime64[us]").view(np.int64)
            ahead = times[test & (times != NAT)]
            known = times[train & (times != NAT)]
            share = float((known > np.quantile(ahead, 0.05)).mean()) if len(ahead) and len(known) else 0.0
            if share > SHARE:
                parts.append(
                    self.found(
                        1,
                        column=column.name,
                        confidence=self.mixed,
                        message=f"{share:.0%} of the training events come after the first test events: what people did "
                        "later teaches what they did before; split by time",
                    )
                )
        return pa.concat_tables(parts)

    def total(self, state: Sampled, schema: Schema) -> int:
        return state.sample.records if _release(schema) else 0


def _release(schema: Schema) -> str | None:
    """The column that says when an item came: a date, or a year."""
    named = InteractionColumns.of(schema)
    for column in schema.with_role(Role.TIME, Role.NUMBER):
        other = named is None or column.name not in (named.time, named.rating)
        if other and is_named(column.name, RELEASE_WORDS, RELEASE_HAN):
            return column.name
    return None


def released(block: Block, column: str) -> np.ndarray:
    """(n,) datetime64[us]: the first moment at which each record's item can have been met."""
    if block.schema[column].role is Role.TIME:
        return block.times(column)
    years = block.numbers(column)
    fits = (years >= YEARS[0]) & (years <= YEARS[1]) & (years == np.floor(years))
    months = np.where(fits, (years - 1970) * 12, 0).astype(np.int64).astype("datetime64[M]").astype("datetime64[us]")
    months[~fits] = np.datetime64("NaT")
    return months
