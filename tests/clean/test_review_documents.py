"""A doubtful document waits for a person."""

import numpy as np
import pyarrow as pa

from karat.clean.drop_documents import OPEN, REMOVED
from karat.clean.review_documents import ReviewDocuments
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.consistency.duplicate_texts import DuplicateTexts


def test_what_is_neither_removed_nor_stopped_is_proposed():
    rows = np.array([5, 6, 7, 8])
    schema = Schema((Column("text", Role.TEXT),), kind="text")
    extra = {REMOVED: pa.table({"row": [6]}), OPEN: {"WorthlessTexts": np.array([7]), "Other": np.array([5])}}
    block = Block(rows, pa.table({"text": list("abcd")}), schema, extra)
    about = {"row": [5, 6, 7], "column": "text", "confidence": [0.6, 0.97, 0.99], "message": "it shouts"}
    other = DuplicateTexts().found(1, row=[8], column="text", confidence=0.9, message="a copy")
    findings = pa.concat_tables([WorthlessTexts().found(3, **about), other])
    (proposal,) = ReviewDocuments().propose(block, findings).to_pylist()
    assert (proposal["row"], proposal["action"], proposal["check"]) == (5, "drop", "WorthlessTexts")
    assert proposal["confidence"] == 0.6
    assert not ReviewDocuments.safe
    assert ReviewDocuments().propose(block, other).num_rows == 0
    assert ReviewDocuments().propose(Block(rows, block.table, schema, {}), findings).num_rows == 0
