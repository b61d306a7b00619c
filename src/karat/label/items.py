"""What a record is called in a vote."""

import pyarrow as pa

from karat.core.block import Block

NAMES = ("item", "id")
COST = b"karat.cost"  # of a table of votes: what they cost, as JSON


def item_column(columns: list[str]) -> str | None:
    """The column that names the items, None when they are numbered."""
    return next((name for name in NAMES if name in columns), None)


def item_names(block: Block) -> list[str]:
    """One name a record: its ``item`` or ``id``, else its row number."""
    column = item_column(list(block.schema.names))
    if column is None:
        return [str(row) for row in block.rows.tolist()]
    return [
        str(row) if name is None else name for row, name in zip(block.rows, block.text(column).to_pylist(), strict=True)
    ]


def votes_table(items: list[str], voters: list[str], labels: list[str]) -> pa.Table:
    """Votes as every voter gives them."""
    columns = {"item": items, "voter": voters, "label": labels}
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
