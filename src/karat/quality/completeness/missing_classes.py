"""Classes with too few records to learn from."""

import re
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.unit import Check

MAX_CLASSES = 1_000  # unproven: more are identifiers, not classes


@dataclass(frozen=True)
class RareClasses(Check):
    """Classes of the target with almost no records, and numbered classes with none.

    A class needs records in training and in every fold of the test; with a handful, its score is noise, and with none
    the model cannot answer it at all.

    Parameters
    ----------
    min_records : int
        Fewer than this make a class rare: two for each of five folds.
    min_share : float
        So does less than this share of what each class would have if all were equal.

    Source: ISO/IEC 5259-2, label richness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "label richness"
    unit: ClassVar[str] = "classes"
    at_the_door: ClassVar[bool] = False

    min_records: int = 10
    min_share: float = 0.02

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None or schema.task == "regression":
            return DoesNotApply("no target with classes")
        return None

    def learn(self, block: Block) -> ValueCounts:
        return ValueCounts.of(block)

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        classes = _classes(state, schema)
        rare = self._rare(classes)
        parts = [self.found(0, confidence=[], message=[])]
        name = schema.target.name if schema.target else None
        total = sum(classes.values())
        for value in rare:
            parts.append(
                self.found(
                    1,
                    column=name,
                    value=value,
                    confidence=0.8,
                    message=f"class {value!r} has {classes[value]} of {total} records; {len(classes)} classes have "
                    f"{total / len(classes):.0f} on average",
                )
            )
        few = self._few(classes)
        if few:
            parts.append(
                self.found(
                    1,
                    column=name,
                    confidence=0.8,
                    message=f"{few:,} of {len(classes):,} classes have fewer than {self.min_records} records: too few "
                    "to learn from and to test on",
                )
            )
        for value in _skipped(classes):
            parts.append(
                self.found(
                    1,
                    column=name,
                    value=value,
                    confidence=0.6,
                    message=f"no record of class {value!r}, though the classes are numbered "
                    f"{min(map(int, classes))} to {max(map(int, classes))}",
                )
            )
        return pa.concat_tables(parts)

    def measures(self, state: ValueCounts, schema: Schema, findings: pa.Table) -> list[Measure]:
        classes = _classes(state, schema)
        skipped = len(_skipped(classes))
        total = len(classes) + skipped
        bad = max(len(self._rare(classes)), self._few(classes)) + skipped
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []

    def _few(self, classes: dict[str, int]) -> int:
        """Classes with too few records where that is the rule and no exception."""
        few = sum(count < self.min_records for count in classes.values())
        return few if 2 * few > len(classes) > 2 else 0

    def _rare(self, classes: dict[str, int]) -> list[str]:
        if len(classes) > MAX_CLASSES or not classes:
            return []
        even = sum(classes.values()) / len(classes)
        limit = max(min(self.min_records, even / 2), self.min_share * even)
        return sorted(value for value, count in classes.items() if count < limit)


def _classes(state: ValueCounts, schema: Schema) -> dict[str, int]:
    """The classes of the target and their counts, missing ones left out."""
    target = schema.target
    if target is None:
        return {}
    counts = state.columns[target.name]
    pairs = zip(counts.values, counts.counts.tolist(), strict=True)
    return {value: count for value, count in pairs if value not in target.nulls}


def _skipped(classes: dict[str, int]) -> list[str]:
    """Numbers left out of an otherwise full row of numbered classes."""
    if not 4 <= len(classes) <= MAX_CLASSES or not all(re.fullmatch(r"\d{1,6}", value) for value in classes):
        return []
    numbers = {int(value) for value in classes}
    absent = sorted(set(range(min(numbers), max(numbers) + 1)) - numbers)
    return [str(number) for number in absent] if len(absent) <= 0.2 * len(numbers) else []
