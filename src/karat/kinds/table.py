"""Records whose columns hold numbers, categories, times and remarks."""

from typing import ClassVar

from karat.collect.read import Contents
from karat.core.schema import Column, Schema
from karat.kinds.kind import Kind, Sample
from karat.quality.by_value import judged_columns


class Table(Kind):
    """A table: everything that no other kind recognises."""

    name: ClassVar[str] = "table"
    rank: ClassVar[int] = 100
    contents: ClassVar[Contents] = Contents(turns=False, pictures=False)

    def recognised(self, sample: Sample) -> str:
        """Always: by its columns, and the one to predict."""
        names = sample.schema.names if sample.schema else tuple(sample.table.column_names)
        columns = f"records with {len(names)} column{'' if len(names) == 1 else 's'}"
        return f"{columns}, {sample.target!r} to predict" if sample.target else columns

    def cells(self, schema: Schema) -> list[Column]:
        """Those of every column that holds text."""
        return list(judged_columns(schema))
