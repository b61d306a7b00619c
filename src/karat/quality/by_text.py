"""What the checks on text columns of tables share: one rule per column, asked once per distinct text."""

from abc import abstractmethod
from typing import ClassVar

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.quality.by_value import ByValue, Rule


class ByText(ByValue):
    """A check of columns of running text. The documents of a corpus and the turns of a chat have rules of their own."""

    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Only where a table has a column of texts."""
        if not schema.with_role(Role.TEXT):
            return DoesNotApply("it judges the text columns of a table")
        return None

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """The rule of a text column, none for others."""
        return self.text_rule(counts.columns[column.name]) if column.role is Role.TEXT else None

    @abstractmethod
    def text_rule(self, counts: ColumnCounts) -> Rule | None:
        """What to ask of each distinct text of a column; None when there is nothing to ask."""

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Texts that could be judged."""
        tallies = [state.columns[c.name] for c in schema.with_role(Role.TEXT) if c.name in state.columns]
        return sum(counts.records - counts.blank for counts in tallies)
