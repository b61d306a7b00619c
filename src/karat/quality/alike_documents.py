"""What the checks share that look at documents in the company of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from karat.quality.documents import DocumentCheck, DocumentFacts, Objection


@dataclass(frozen=True)
class AlikeDocuments(DocumentCheck):
    """A check of likeness: which documents are alike is measured over the whole corpus and handed over."""

    confidence: ClassVar[float] = 0.95
    whole: ClassVar[bool] = True
    limit_name: ClassVar[str] = "min_jaccard"

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        """The documents that are like an earlier one."""
        alike = facts.alike.get(self.code())
        if alike is not None and len(alike.places):
            yield Objection(self.limit_name, alike.places, alike.measure, alike.limit, alike.keeper)
