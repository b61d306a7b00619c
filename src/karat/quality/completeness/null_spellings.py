"""How a whole table writes its gaps: blank, or by which words."""

from collections import Counter
from collections.abc import Iterable

from karat.core.counts import ValueCounts
from karat.core.schema import Column
from karat.quality.column_kind import kind_of


def gap_writings(counts: ValueCounts, columns: Iterable[Column]) -> Counter[str]:
    """How often each way of writing a gap stands in the whole table, blank as "".

    Parameters
    ----------
    columns : iterable of Column
        Those whose words are looked at.
    """
    out: Counter[str] = Counter({"": sum(column_counts.blank for column_counts in counts.columns.values())})
    for column in columns:
        if column.name in counts.columns:
            for text, n in kind_of(counts.columns[column.name], column).gap_words.items():
                out[plain_writing(text)] += n
    return out


def gap_marks(counts: ValueCounts, columns: Iterable[Column]) -> frozenset[str]:
    """Words in the columns of numbers and times, letter for letter: there they can only be gaps."""
    kinds = (kind_of(counts.columns[column.name], column) for column in columns if column.name in counts.columns)
    return frozenset(text for kind in kinds if kind.name != "text" for text in kind.gap_words)


def plain_writing(text: str) -> str:
    """The word without case and outer blanks; never ""."""
    return text.strip().lower() or " "
