"""Findings: what is wrong, where, how sure, in words. One Arrow schema for all checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa

FINDINGS = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("check", pa.string()),
        ("dimension", pa.string()),
        ("value", pa.string()),
        ("suggestion", pa.string()),
        ("confidence", pa.float64()),
        ("message", pa.string()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("source", pa.string()),
        ("kind", pa.string()),
        ("keeper", pa.int64()),
    ]
)
FACT, FORM = "fact", "form"  # a claim that a value is false; another way to write the same value
SURE = 0.5  # definition: likelier wrong than right; at or above: counted; below: suspicious, written, not counted


class Dimension(StrEnum):
    """What good means. Confidentiality is reported, not scored."""

    ACCURACY = "accuracy"
    CONSISTENCY = "consistency"
    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"
    CONFIDENTIALITY = "confidentiality"


SCORED = (Dimension.ACCURACY, Dimension.CONSISTENCY, Dimension.COMPLETENESS, Dimension.TIMELINESS)


@dataclass(frozen=True)
class DoesNotApply:
    """The third outcome of a check: neither fine nor a finding."""

    reason: str


def as_facts(findings: pa.Table) -> pa.Table:
    """The findings, those of form too as facts: for measures of copies, which count whatever is known of them."""
    return findings.set_column(findings.schema.get_field_index("kind"), "kind", pa.repeat(FACT, findings.num_rows))


def no_findings() -> pa.Table:
    """An empty table of findings."""
    return FINDINGS.empty_table()


def findings(check: str, dimension: Dimension, size: int, **columns: Any) -> pa.Table:
    """A table of findings; scalars are repeated, absent columns are null.

    Parameters
    ----------
    check : str
        The unit's class name.
    dimension : Dimension
    size : int
        Number of findings.
    **columns
        Any of ``FINDINGS``' names: a scalar or a sequence of length ``size``.
        ``confidence`` and ``message`` are required; ``row`` null means about a whole column or data set,
        ``suggestion`` "" means blank, ``kind`` is "fact" unless given.
    """
    columns = {"kind": FACT} | columns | {"check": check, "dimension": str(dimension)}
    missing = {"confidence", "message"} - columns.keys()
    if missing or columns.keys() - set(FINDINGS.names):
        raise TypeError(f"findings need {missing or 'no'} more columns; known are {FINDINGS.names}")
    return pa.table([column_array(columns.get(f.name), size, f.type) for f in FINDINGS], schema=FINDINGS)


def column_array(value: Any, size: int, kind: pa.DataType) -> pa.Array:
    """A column of so many values from one value for all, a sequence, or None for blanks."""
    if value is None:
        return pa.nulls(size, kind)
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        value = value.combine_chunks() if isinstance(value, pa.ChunkedArray) else value
        return value.cast(kind)
    if isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, str):
        return pa.array(value, kind)
    return pa.repeat(pa.scalar(value, kind), size)
