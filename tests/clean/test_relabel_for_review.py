import numpy as np
import pyarrow as pa

from karat.clean.relabel_for_review import RelabelForReview
from karat.core.block import Block
from karat.core.finding import Dimension, findings
from karat.core.schema import Column, Role, Schema


def test_the_surest_suggestion_for_a_label_waits_for_review():
    table = pa.table({"x": ["a", "b", "c"], "y": ["0", "1", "0"]})
    block = Block(np.arange(3), table, Schema((Column("x", Role.CATEGORY), Column("y", Role.TARGET))))
    first = findings(
        "SuspectLabels",
        Dimension.ACCURACY,
        2,
        row=[0, 2],
        column="y",
        value=["0", "0"],
        suggestion=["1", "1"],
        confidence=[0.7, 0.3],
        message="m",
    )
    second = findings(
        "ConflictingLabels",
        Dimension.CONSISTENCY,
        2,
        row=[0, 1],
        column=["y", "x"],
        value=["0", "b"],
        suggestion=["2", "a"],
        confidence=[0.9, 0.9],
        message="m",
    )
    patch = RelabelForReview().propose(block, pa.concat_tables([first, second]))
    assert patch.select(["row", "column", "before", "after", "check"]).to_pylist() == [
        {"row": 0, "column": "y", "before": "0", "after": "2", "check": "ConflictingLabels"}
    ]
    assert not RelabelForReview.safe
