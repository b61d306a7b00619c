"""CutLines: the spans of the lines that a profile's rules cut, with what stood there."""

import numpy as np
import pyarrow as pa

from karat.clean.cut_lines import CutLines
from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.schema import Column, Role, Schema
from karat.quality.text_profiles import LINE_RULES, profile_of

TEXT = "A plain sentence stands here.\nPlease enable javascript in your browser.\nAnd one more of them."
RULES = tuple(LINE_RULES[at] for at in profile_of("zh").lines)


def test_a_notice_is_cut_and_the_ledger_says_where():
    schema = Schema((Column("text", Role.TEXT),), kind="text")
    block = Block(np.array([3, 4]), pa.table({"text": ["Nothing to cut here.", TEXT]}), schema)
    (entry,) = CutLines(RULES).propose(block, no_findings()).to_pylist()
    assert (entry["row"], entry["column"], entry["action"], entry["check"]) == (4, "text", "edit", "FilteredLines")
    assert "javascript" in entry["before"]
    assert TEXT[entry["span_start"] : entry["span_end"]] == entry["before"]
    texts, _ = CutLines(RULES).cut(block.text("text"), "text")
    assert "javascript" not in texts[1].as_py()
    assert "And one more" in texts[1].as_py()


def test_without_rules_nothing_is_cut():
    texts, edits = CutLines().cut(pa.array([TEXT]), "text")
    assert texts.to_pylist() == [TEXT]
    assert edits.num_rows == 0
