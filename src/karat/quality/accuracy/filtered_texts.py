"""Documents that the user's own filters keep out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection

UNITS = ("characters", "words", "tokens")
WORDS = "spaced_words"  # the statistic that words are counted by
LISTED, UNWANTED, UNMATCHED = "listed_address", "unwanted_pattern", "wanted_pattern_missing"


@dataclass(frozen=True)
class FilteredTexts(DocumentCheck):
    """Documents that filters of your own keep out: lists of addresses, expressions, lengths.

    Asked only where such a filter is set. What it removes is what the settings ask for, so that the guard does not
    stop it, unless hardly a document would be left.

    Source: the filters that Penedo et al. (2023), RefinedWeb, arXiv 2306.01116, section 3.1 and appendix G.1, and the
    pipelines after it begin with.

    Parameters
    ----------
    drop_urls : tuple of str
        Files of domains and addresses, one a line, ``#`` for remarks: a domain stands for those below it, an address
        for all that begin with it.
    drop_matching, keep_matching : tuple of str
        Regular expressions (RE2): a document that one of the first matches goes, and one that none of the second does.
    min_characters, max_characters, min_words, max_words, min_tokens, max_tokens : int
        Lengths of a document; 0 for no limit. Words stand between blanks. Tokens are those of ``[prepare] tokenizer``
        where one is named, else words, and characters of scripts without spaces.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents that pass the filters set"
    confidence: ClassVar[float] = 0.95
    length_bound: ClassVar[bool] = True

    drop_urls: tuple[str, ...] = ()
    drop_matching: tuple[str, ...] = ()
    keep_matching: tuple[str, ...] = ()
    min_characters: int = 0
    max_characters: int = 0
    min_words: int = 0
    max_words: int = 0
    min_tokens: int = 0
    max_tokens: int = 0

    @property
    def wanted(self) -> bool:
        return True

    @property
    def counts_tokens(self) -> bool:
        """Is there a limit on tokens?"""
        return bool(self.min_tokens or self.max_tokens)

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        for parameter, name in (("drop_urls", LISTED), ("drop_matching", UNWANTED), ("keep_matching", UNMATCHED)):
            broken = facts.numbers(name)
            if broken is not None:
                yield from objection(parameter, broken, broken > 0, 0.0)
        for unit in UNITS:
            least, most = getattr(self, f"min_{unit}"), getattr(self, f"max_{unit}")
            size = self._sizes(facts, unit) if least or most else None
            if size is not None and least:
                yield from objection(f"min_{unit}", size, size < least, least)
            if size is not None and most:
                yield from objection(f"max_{unit}", size, size > most, most)

    @staticmethod
    def _sizes(facts: DocumentFacts, unit: str) -> np.ndarray | None:
        if unit == "words":
            counted = facts.statistics.get(WORDS)
            return None if counted is None else counted.astype(np.float64)
        return facts.numbers(unit)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        if parameter == "drop_urls":
            return "its address is on a list of addresses to drop"
        if parameter == "drop_matching":
            return f"it matches {self.drop_matching[int(value) - 1]!r}"
        if parameter == "keep_matching":
            return "it matches none of the expressions to keep"
        side = "fewer" if parameter.startswith("min") else "more"
        return f"{value:,.0f} {parameter.partition('_')[2]}, {side} than {limit:,.0f}"
