"""Today's crawl beside those before it: what is like a text kept then goes, and what stays is added to the index."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from karat.clean.near_index import NearIndex
from karat.core.errors import OptionError
from karat.flow.document_verdicts import Verdicts
from karat.flow.known_documents import kept_documents
from karat.flow.part_store import Parts
from karat.quality.consistency.known_texts import KnownTexts

MARK = 16  # definition: letters of the input's hash in the name of a crawl; 64 bits


@dataclass(frozen=True)
class CrawlIndex:
    """An index of kept texts, crawl after crawl, and the crawl at hand.

    A crawl has a number, the order in which it was first kept, and its input's hash: cleaned once more, it is compared
    with those before it alone, and what it added stays. So yesterday's answer does not change with what came today.

    Parameters
    ----------
    folder : Path
        The index; made when it is not there.
    input_hash : str
        Tells the crawl at hand from others.
    threshold : float
        Least Jaccard of a document with the text beside which it goes.
    text : str
        The column that holds the documents.

    Raises
    ------
    OptionError
        Near-duplicates are not looked for, so that there are no signatures to compare.
    InputError
        The index was made with another threshold.
    """

    folder: Path
    input_hash: str
    threshold: float
    parts: Parts
    text: str

    def __post_init__(self) -> None:
        if self.threshold <= 0:
            do = "set it to 0.8, or leave the index off"
            raise OptionError("[clean] near_duplicates is 0, and an index of earlier texts needs it", do)

    @cached_property
    def _index(self) -> NearIndex:
        return NearIndex(self.folder, self.threshold)

    @cached_property
    def _name(self) -> str:
        """The number and the mark of the crawl."""
        mark, crawls = self.input_hash[:MARK], [name.split("-") for name in self._index.names()]
        own = [name[0] for name in crawls if name[1] == mark]
        number = own[0] if own else f"{1 + max((int(name[0]) for name in crawls), default=0):06d}"
        return f"{number}-{mark}"

    def drop_known(self, verdicts: Verdicts) -> None:
        """Drop the documents that are like a text kept from an earlier crawl."""
        for _, rows, signatures, texts in kept_documents(self.parts, self.text, verdicts):
            known = self._index.known(signatures, texts, self._name)
            verdicts.drop(
                (KnownTexts.code(), KnownTexts.limit_name),
                rows[known["row"].to_numpy()],
                known["jaccard"].to_numpy(),
                self.threshold,
            )

    def add(self, verdicts: Verdicts) -> None:
        """Keep what stays of this crawl, part by part."""
        for at, _, signatures, texts in kept_documents(self.parts, self.text, verdicts):
            self._index.keep(signatures, texts, f"{self._name}-{at:06d}")
