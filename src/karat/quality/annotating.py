"""Annotations of a block: which ones checks need, and what they measure of its records."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.registry import units
from karat.core.schema import Schema
from karat.core.unit import Annotation, Check

Annotations = Mapping[str, Annotation]


def needed(checks: Iterable[Check], schema: Schema) -> dict[str, Annotation]:
    """The annotations that checks need and that can measure such columns, by code."""
    wanted = {name for check in checks for name in check.needs}
    if not wanted:
        return {}
    every: list[Annotation] = [unit() for code, unit in units("annotation").items() if code in wanted]  # type: ignore[misc]
    return {unit.code(): unit for unit in every if schema.suits(unit.kinds) and columns_of(unit, schema)}


def columns_of(annotation: Annotation, schema: Schema) -> tuple[str, ...]:
    """The columns it measures; ``("",)`` for an annotation of whole records."""
    if not annotation.reads:
        return ("",)
    return tuple(column.name for column in schema if annotation.suits(column))


def annotated(block: Block, annotations: Annotations) -> Block:
    """The block with the measurements of annotations that it lacks."""
    lacking = {code: unit for code, unit in annotations.items() if code not in block.extra}
    if not lacking:
        return block
    return block.with_extra({**block.extra, **{code: measured(block, unit) for code, unit in lacking.items()}})


def measured(block: Block, annotation: Annotation) -> dict[str, pa.Table]:
    """What an annotation measures of a block, a table by column.

    Raises
    ------
    InputError
        When the measurements are not what the annotation declares.
    """
    return {name: _table(annotation, block, name) for name in columns_of(annotation, block.schema)}


def _table(annotation: Annotation, block: Block, column: str) -> pa.Table:
    arrays = annotation.annotate(block, column)
    sizes = {name: len(values) for name, values in arrays.items()}
    if sizes != dict.fromkeys(annotation.columns, len(block)):
        lengths = ", ".join(f"{size} values for {name}" for name, size in sizes.items()) or "no values"
        raise InputError(
            f"annotation {annotation.code()} gave {lengths}, and there are {len(block)} records",
            "return one value a record from annotate",
        )
    return pa.table({name: pa.array(arrays[name]).cast(kind) for name, kind in annotation.columns.items()})
