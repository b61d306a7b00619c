"""A table of plain cells as the kinds see it once all records are read."""

import numpy as np
import pyarrow as pa

from karat import kinds
from karat.collect.roles import infer_schema
from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.schema import Column, Role, Schema


def sample_of(columns, target="", overrides=None, types=None):
    """The sample of columns by name."""
    cells = {
        name: pa.array([None if c is None else str(c) for c in held], pa.string()) for name, held in columns.items()
    }
    table = pa.table(cells)
    block = Block(np.arange(table.num_rows), table, Schema(tuple(Column(name, Role.TEXT) for name in columns)))
    counts, records = ValueCounts.of(block), RecordSample.of(block)
    schema = infer_schema(counts, records, target=target or None, overrides=overrides, types=types)
    return kinds.Sample(records.table, types or {}, "", target, schema, counts, table, tuple(overrides or ()))


def beginning_of(columns, target=""):
    """The sample of columns by name before all records are read."""
    return kinds.Sample(sample_of(columns).table, target=target)


def kind_of(sample):
    """The name of the kind that recognises a sample."""
    return kinds.recognised(sample).kind.name


def facts_of(columns, kind, **options):
    """What a kind says of records with such columns, by name."""
    sample = sample_of(columns, **options)
    schema = kinds.of(kind).roles(sample)
    return dict(kinds.of(kind).facts(Block(np.arange(sample.first.num_rows), sample.first, schema)))
