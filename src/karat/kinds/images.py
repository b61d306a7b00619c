"""Pictures, with or without the class of each."""

from dataclasses import replace
from typing import ClassVar

import pyarrow.compute as pc

from karat.collect.images_roles import picture_schema
from karat.collect.read import Contents
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Role, Schema
from karat.kinds.kind import Kind, Sample

LABEL = "label"  # definition: the column of sub-folders
MOST_CLASSES = 10  # display: classes that are named


class Images(Kind):
    """Pictures: files in a folder or archive, or a column of bytes that pictures begin with."""

    name: ClassVar[str] = "image"
    rank: ClassVar[int] = 10
    contents: ClassVar[Contents] = Contents(folder="pictures", turns=False)

    def recognised(self, sample: Sample) -> str:
        """By the files it is made of, or a column of pictures."""
        if sample.files == "pictures":
            return "files of pictures"
        shown = sample.schema.with_role(Role.IMAGE) if sample.schema else ()
        return f"column {shown[0].name!r} holds pictures" if shown else ""

    def roles(self, sample: Sample) -> Schema:
        """The folder of a picture is its class, its path is not learned from. Raises InputError without pictures."""
        assert sample.schema is not None
        assert sample.counts is not None
        if not sample.schema.with_role(Role.IMAGE):
            raise InputError(
                f"no pictures in columns {', '.join(map(repr, sample.schema.names))}",
                "Leave --kind image out, or give a folder, an archive or a column of pictures",
            )
        return replace(picture_schema(sample.schema, sample.counts, tuple(sample.chosen)), kind=self.name)

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """The classes with their counts, the most frequent first."""
        column = next((c for c in block.schema if c.role is Role.TARGET or c.name == LABEL), None)
        if column is None or column.type == "binary":
            return []
        counts = pc.value_counts(block.text(column.name).drop_null()).to_pylist()
        ranked = sorted(counts, key=lambda entry: (-entry["counts"], entry["values"]))
        shown = ", ".join(f"{entry['values']} {entry['counts']:,}" for entry in ranked[:MOST_CLASSES])
        more = f" and {len(ranked) - MOST_CLASSES} more" if len(ranked) > MOST_CLASSES else ""
        return [("classes", f"{len(ranked):,}: {shown}{more}")] if ranked else []
