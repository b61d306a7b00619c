"""Edits that were made while documents were read become ledger rows."""

import numpy as np
import pyarrow as pa

from karat.clean.edit_documents import EDITS, EditDocuments
from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.filtered_lines import FilteredLines

SCHEMA = Schema((Column("text", Role.TEXT),), kind="text")


def block(**extra):
    return Block(np.arange(2), pa.table({"text": ["as it is", "a line"]}), SCHEMA, extra)


def test_the_edits_of_a_part_are_proposed_as_they_are():
    edit = changes(1, row=1, column="text", action="edit", check=FilteredLines.code(), before="a line", after="")
    proposed = EditDocuments().propose(block(**{EDITS: edit}), no_findings())
    assert proposed.equals(edit)
    assert FilteredLines.code() in EditDocuments.mends


def test_where_nothing_was_edited_nothing_is_proposed():
    assert EditDocuments().propose(block(), no_findings()).num_rows == 0
