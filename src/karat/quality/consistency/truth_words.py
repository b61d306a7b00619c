"""Yes and no in several spellings: which spelling a column prefers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# the booleans of PostgreSQL (8.6, Boolean Type) and YAML 1.1 without on and off, which say more than yes and no
PAIRS = (("yes", "no"), ("true", "false"), ("y", "n"), ("t", "f"), ("1", "0"), ("是", "否"))
MEANS = {word: (pair, truth) for pair in PAIRS for word, truth in zip(pair, (True, False), strict=True)}
PLAIN = (PAIRS[0], PAIRS[1], PAIRS[5])  # a letter or a digit alone may be a code for anything; unproven
CASES = (str.lower, str.title, str.upper)
FEWEST = 3  # cells of each of a pair's two words; flat from 1 to 6 (benchmarks/constants.md)


@dataclass(frozen=True)
class Truths:
    """A column of yes and no.

    Parameters
    ----------
    yes, no : str
        The spelling that most cells have.
    spellings : tuple of str
        All that occur, the commonest first.
    sure : bool
        Do two pairs of words occur whole, so that each word has its opposite?
    """

    yes: str
    no: str
    spellings: tuple[str, ...]
    sure: bool

    def rewrite(self, text: str) -> str | None:
        """The preferred spelling of a text; None where it is none of the words."""
        means = MEANS.get(text.strip().lower())
        return None if means is None else self.yes if means[1] else self.no


def truths(texts: Sequence[str], counts: Iterable[int]) -> Truths | None:
    """What a column of yes and no prefers; None where another value occurs, or only one spelling of each.

    Parameters
    ----------
    texts, counts : sequences, length k
        The distinct values, gaps left out, and how often each occurs.
    """
    cells = Counter[str]()
    for text, n in zip(texts, counts, strict=True):
        if text.strip().lower() not in MEANS:
            return None
        cells[text.strip()] += int(n)
    if len(cells) < 3:
        return None
    words = Counter[str]()
    for text, n in cells.items():
        words[text.lower()] += n
    whole = [pair for pair in PAIRS if min(words[word] for word in pair) >= FEWEST]
    if not set(whole) & set(PLAIN):
        return None
    best = max(whole, key=lambda pair: words[pair[0]] + words[pair[1]])
    yes, no = max(([case(word) for word in best] for case in CASES), key=lambda pair: cells[pair[0]] + cells[pair[1]])
    spellings = tuple(sorted(cells, key=lambda text: (-cells[text], text)))
    return Truths(yes, no, spellings, all(MEANS[word][0] in whole for word in words))
