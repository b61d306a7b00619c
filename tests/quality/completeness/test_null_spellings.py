from karat.core.counts import ValueCounts
from karat.quality.completeness.null_spellings import gap_writings


def test_blanks_and_words_of_all_columns_are_counted_together(make_block):
    block = make_block({"a": ["N/A", " n/a", "x y", None], "b": [None, "未知", "3", "4"]})
    held = gap_writings(ValueCounts.of(block), block.schema)
    assert dict(held) == {"": 2, "n/a": 2, "未知": 1}
