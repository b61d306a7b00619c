"""What the columns of a folder of pictures are for."""

from dataclasses import replace

from karat.core.counts import ValueCounts
from karat.core.schema import Role, Schema

PATH, LABEL = "path", "label"


def picture_schema(schema: Schema, counts: ValueCounts, chosen: tuple[str, ...] = ()) -> Schema:
    """The schema with ``path`` as a name that nothing is learned from, and ``label`` as the target where none is given.

    Parameters
    ----------
    schema : Schema
        As inferred.
    counts : ValueCounts
        A label of fewer than two values, or of none but single ones, is no target.
    chosen : tuple of str
        Columns whose role the user has set: they stay.
    """
    if PATH in schema and PATH not in chosen and schema[PATH].role is not Role.TARGET:
        schema = schema.replacing(replace(schema[PATH], role=Role.IGNORE, type="string", nulls=()))
    if schema.target is None and LABEL in schema and LABEL not in chosen:
        seen = counts.columns[LABEL].counts
        if len(seen) >= 2 and int(seen.sum()) >= 2 * len(seen):
            target = replace(schema[LABEL], role=Role.TARGET, type="string")
            schema = replace(schema.replacing(target), task="classification")
    return schema
