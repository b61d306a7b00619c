"""Values that belong to another column of their record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.degrees import REPEATEDLY
from karat.core.finding import Dimension, DoesNotApply
from karat.core.record_cells import Doubts
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy._stranger_look import StrangerLook, strangers_or_blanks
from karat.quality.accuracy.column_fit import Cells, ColumnValues, Homes, homes_of
from karat.quality.accuracy.joined_cells import Joined, joined_cells, may_be_joined
from karat.quality.by_value import judged_columns
from karat.quality.distinct import Distinct
from karat.quality.value_lists import Lists, of_a_list, value_lists

MAX_STRANGERS = 0.02  # of a column's cells: beyond, the column is not understood; unproven: higher names more


@dataclass(frozen=True)
class Misplaced:
    """One cell's case: where it stands, how sure, what should stand there, and why."""

    at: int
    column: str
    confidence: float
    suggestion: str | None
    message: str


@dataclass(frozen=True)
class ValuesInWrongColumn(Check):
    """Two values of a record exchanged, cells moved one column on, one column's value joined to another's.

    Each value is legal somewhere, so a look at one column alone calls it rare at most; that it is at home in the column
    beside it, whose own value would fit here, explains both at once and says what to write.

    Source: Abedjan et al. (2016), Detecting data errors: where are we and what needs to be done?, VLDB 9(12).

    Parameters
    ----------
    max_strangers : float
        Share of a column's cells, in [0, 1], that may be strangers before the column is left alone.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "semantic data accuracy of places"

    max_strangers: float = MAX_STRANGERS

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Two columns at least."""
        return None if len(judged_columns(schema)) > 1 else DoesNotApply("one column alone has no other")

    def learn(self, block: Block) -> ValueCounts:
        """How often each value occurs in each column."""
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: ValueCounts | None = None) -> pa.Table | DoesNotApply:
        """Records with values that are strangers in their column and at home in another."""
        columns = [c for c in judged_columns(block.schema) if c.name in state.columns]
        homes = self._homes(state, columns, block.schema)
        known = derived(state, f"known {block.schema.key}", lambda: Homes(homes))
        lists = value_lists(state, columns)
        cases = [
            case
            for row, strange in self._strangers(block, columns, homes)
            for case in _explained(block, row, strange, known, lists)
        ]
        cases += [
            Misplaced(at, name, sure, wanted, message)
            for at, name, sure, wanted, message in self._joined(state, block, columns)
        ]
        best: dict[tuple[int, str], Misplaced] = {}
        for case in cases:
            previous = best.get((case.at, case.column))
            if previous is None or case.confidence > previous.confidence:
                best[case.at, case.column] = case
        chosen = [best[key] for key in sorted(best)]
        return self.found(
            len(chosen),
            row=block.rows[[case.at for case in chosen]] if chosen else None,
            column=[case.column for case in chosen],
            value=[block.text(case.column)[case.at].as_py() for case in chosen],
            suggestion=pa.array([case.suggestion for case in chosen], pa.string()),
            confidence=[case.confidence for case in chosen],
            message=[case.message for case in chosen],
        )

    def doubts(self, state: ValueCounts, schema: Schema) -> Doubts:
        """Records with a stranger, or with a blank whose value may be joined to another column's."""
        columns = [c for c in judged_columns(schema) if c.name in state.columns]
        homes = self._homes(state, columns, schema)
        looks = [StrangerLook(home) for home in homes.values() if home.strange_share <= self.max_strangers]
        emptied = [c.name for c in columns if state.columns[c.name].blank and may_be_joined(state, c, columns)]
        return strangers_or_blanks(looks, emptied)

    def _homes(self, state: ValueCounts, columns: list[Column], schema: Schema) -> dict[str, ColumnValues]:
        """What is at home in each column; none where no column has so many cells that one of them may be a stranger."""
        fullest = max((state.columns[c.name].records - state.columns[c.name].blank for c in columns), default=0)
        if fullest * self.max_strangers < 1:
            return {}
        return derived(state, f"homes {schema.key}", lambda: homes_of(state, columns))

    def _strangers(
        self, block: Block, columns: list[Column], homes: dict[str, ColumnValues]
    ) -> Iterator[tuple[int, list[str]]]:
        """Positions of records, and the columns in which they hold a stranger."""
        by_record: dict[int, list[str]] = {}
        for column in (c for c in columns if c.name in homes):
            home = homes[column.name]
            if home.strange_share > self.max_strangers:
                continue
            codes, _ = block.encoded(column.name)
            strange = np.append(home.strange(Distinct.of(block, column)), False)  # the last place is for blanks
            for at in np.flatnonzero(strange[codes]).tolist():
                by_record.setdefault(at, []).append(column.name)
        yield from sorted(by_record.items())

    def _joined(self, state: ValueCounts, block: Block, columns: list[Column]) -> Iterator[Joined]:
        for column in columns:
            if state.columns[column.name].blank:
                yield from joined_cells(state, block, column, columns)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a value."""
        counted = (state.columns[column.name] for column in judged_columns(schema) if column.name in state.columns)
        return sum(counts.records - counts.blank for counts in counted)


def _explained(block: Block, at: int, strange: list[str], known: Homes, lists: Lists) -> Iterator[Misplaced]:
    """What can be said about one record's strangers."""
    cell, homes = Cells(block, at), known.homes
    moved = _moved(at, strange, cell, known)
    if moved:
        yield from moved
        return
    for name in strange:
        value = cell[name]
        partners = [other for other in known.welcoming(value) if other != name and homes[name].welcomes(cell[other])]
        both = [other for other in partners if other in strange]
        if len(both) == 1:
            other = both[0]
            message = f"{value!r} is at home in {other!r}, whose value {cell[other]!r} is at home here: exchanged"
            yield Misplaced(at, name, 0.3 if of_a_list(value, cell[other], lists) else 0.96, cell[other], message)
        elif len(partners) == 1 and _foreign(value, cell[partners[0]], homes[name], homes[partners[0]]):
            other = partners[0]
            message = f"{value!r} is no value of {name!r} but one of {other!r}, whose value would fit here"
            yield Misplaced(at, name, 0.92, cell[other], message)
            yield Misplaced(
                at, other, 0.85, value, f"{cell[other]!r} would fit {name!r}, whose value {value!r} is one of {other!r}"
            )
        else:
            # a number seen elsewhere proves nothing; a word does
            others = (
                other
                for other in known.knowing(value)
                if other != name and not homes[other].members & homes[name].members
            )
            if any(sign.isalpha() for sign in value) and (other := next(others, "")):
                yield Misplaced(at, name, 0.85, None, f"{value!r} is no value of {name!r}, but one of {other!r}")


def _foreign(value: str, other: str | None, here: ColumnValues, there: ColumnValues) -> bool:
    """Is one of two exchanged values at home in the other column alone? Columns of the same values prove nothing."""
    if here.members & there.members:
        return False
    return (there.knows(value) and not there.knows(other)) or (here.knows(other) and not here.knows(value))


def _moved(at: int, strange: list[str], cell: dict[str, str | None], known: Homes) -> list[Misplaced]:
    """A run of cells that all fit one column further on or back; empty when there is none."""
    names, place, homes = known.names, known.places, known.homes
    for step in (1, -1):
        fits = [
            name
            for name in strange
            if 0 <= place[name] + step < len(names) and homes[names[place[name] + step]].welcomes(cell[name])
        ]
        places = sorted(place[name] for name in fits)
        if len(places) >= REPEATEDLY and places[-1] - places[0] == len(places) - 1:
            message = (
                f"{len(places)} cells of the record fit the column {'after' if step > 0 else 'before'} theirs: moved"
            )
            first = places[0] if step > 0 else places[-1]
            return [
                Misplaced(at, names[p], 0.92, None if p == first else cell[names[p - step]], message) for p in places
            ]
    return []
