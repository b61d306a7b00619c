"""What the checks share that look at places in documents, which are changed while the documents are read."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.documents import DocumentCheck, DocumentFacts, Objection


@dataclass(frozen=True)
class EditedDocuments(DocumentCheck):
    """A check of places: the ledger has each of them with what stood there; a finding says how many there are."""

    confidence: ClassVar[float] = 0.9
    removes: ClassVar[bool] = False

    @abstractmethod
    def done(self) -> str:
        """What was done in those places, in words."""

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        """The documents that were changed for this check."""
        if self.code() in facts.edited:
            places, counts = facts.edited[self.code()]
            yield Objection("", places, counts.astype(np.float64), np.zeros(len(places)))

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"{self.done()} in {value:.0f} place{'s' if value != 1 else ''}"
