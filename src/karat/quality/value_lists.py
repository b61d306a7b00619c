"""Short lists of values that several columns of a table choose from: +, - and 0 of a matrix of features."""

from collections.abc import Sequence

from karat.core.counts import ValueCounts
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.null_words import MARKS, NULL_WORDS, word_shape

LONGEST = 12  # distinct values of a column that is a list; unproven: longer lists hold a value by chance
OFTEN = 0.002  # of a list's cells, from which a value is its own, as in ``column_fit``; unproven
Lists = tuple[frozenset[str], ...]


def value_lists(counts: ValueCounts, columns: Sequence[Column]) -> Lists:
    """The values that occur again and again in each column of a few; computed once per state."""
    return derived(counts, "value lists", lambda: _lists(counts, columns))


def of_a_list(text: str | None, other: str | None, lists: Lists) -> bool:
    """Do two values stand again and again in one and the same column, so that neither is foreign beside the other?"""
    return any(text in values and other in values for values in lists)


def is_a_sign(text: str, lists: Lists) -> bool:
    """Does a mark stand again and again beside another mark that is no gap, as - does beside +?"""
    return text in MARKS and any(
        text in values and any(word_shape(value) == "marks" and value not in NULL_WORDS for value in values)
        for values in lists
    )


def _lists(counts: ValueCounts, columns: Sequence[Column]) -> Lists:
    lists = set()
    for column in columns:
        own = counts.columns.get(column.name)
        if own is not None and 2 <= len(own.values) <= LONGEST:
            least = max(3.0, OFTEN * int(own.counts.sum()))
            lists.add(frozenset(v for v, n in zip(own.values, own.counts.tolist(), strict=True) if n >= least))
    return tuple(sorted(lists, key=sorted))
