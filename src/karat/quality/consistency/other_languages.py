"""Documents in another language than those wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class OtherLanguages(DocumentCheck):
    """Documents in another language than those that are wanted.

    A model for some languages learns nothing from the others. Asked only where languages are named; which language a
    document is in is measured once.

    Source: Wenzek et al. (2020), CCNet, LREC, section 3.

    Parameters
    ----------
    languages : tuple of str
        ISO 639-1 codes of those to keep; none asks of no document.
    identify : bool
        Whether the language of each document is measured where none is named too.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "documents in a language that is wanted"
    confidence: ClassVar[float] = 0.8

    languages: tuple[str, ...] = ()
    identify: bool = True

    @property
    def wanted(self) -> bool:
        return bool(self.languages)

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        said = facts.measured.get("language")
        sure = facts.numbers("language_probability")
        if self.languages and said is not None and sure is not None:
            wanted = pc.is_in(said, pa.array(self.languages)).to_numpy(zero_copy_only=False)
            yield from objection("languages", sure, ~wanted, np.nan)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"another language than those wanted, with probability {value:.2f}"
