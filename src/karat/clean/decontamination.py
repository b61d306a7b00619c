"""Finds the texts of a test set in texts to train on."""

from collections.abc import Sequence

import pyarrow as pa

from karat.core.errors import OptionError
from karat.quality.contamination import WORDS, TestSet


def decontaminate(
    texts: Sequence[str | None] | pa.Array | pa.ChunkedArray,
    test_texts: Sequence[str | None] | pa.Array | pa.ChunkedArray | TestSet,
    n: int = WORDS,
) -> pa.Table:
    """Where a text holds a text of a test set, or a part of it.

    A model that has read its test is praised for its memory. A text is told when it shares a run of 13 words with a
    test text, or when both are equal word for word; case, punctuation, white space and full-width forms are passed
    over.

    Parameters
    ----------
    texts : sequence of str or Arrow string array
        What is to be trained on.
    test_texts : the same, or a TestSet
        What is to be tested on; a ``TestSet`` is built once and asked many times.
    n : int
        Words in a run, 2 to 40; where a test text is Chinese, Japanese or Korean 1.6 times as many characters.

    Returns
    -------
    pyarrow.Table
        ``row`` and ``test_row``, 0-based positions; ``overlap``, the share in [0, 1] of the test text's runs that
        stand in the text; ``matched``, the longest stretch both share. Sorted by row and test row.

    Raises
    ------
    OptionError
        ``n`` is out of its range.

    Source: Brown et al. (2020), Language Models are Few-Shot Learners, appendix C (runs of 13 words).

    Examples
    --------
    >>> test = ["How many of the 48 clips did she sell to her friends in April and May together?"]
    >>> decontaminate(["Fine weather.", "Q: " + test[0].upper()], test).select(["row", "overlap"]).to_pylist()
    [{'row': 1, 'overlap': 1.0}]
    """
    if not 2 <= n <= 40:
        raise OptionError(f"n is {n}, and must be 2 to 40 words", "Use 13, the usual value")
    tests = test_texts if isinstance(test_texts, TestSet) else TestSet.of(test_texts, n)
    return tests.find(texts)
