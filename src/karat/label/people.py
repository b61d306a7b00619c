"""People: votes that were cast before, read from the records they stand in."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.unit import Voter


@dataclass(frozen=True)
class People(Voter):
    """Votes in a table, one a record: who said what about which item.

    People tire, click through and misread; where several look at an item their votes say how far each may be
    believed. A blank label is an abstention. Source: the triple of task, worker and label that crowd platforms export.

    Parameters
    ----------
    item, voter, label : str
        The columns that hold them.
    """

    item: str = "item"
    voter: str = "voter"
    label: str = "label"

    def vote(self, block: Block) -> pa.Table:
        """The votes of the block, abstentions left out."""
        for name in (self.item, self.voter, self.label):
            if name not in block.schema:
                raise OptionError.unknown("column", name, block.schema.names, "votes")
        columns = {"item": self.item, "voter": self.voter, "label": self.label}
        table = pa.table({name: block.text(column) for name, column in columns.items()})
        return table.filter(pc.is_valid(table["label"]))
