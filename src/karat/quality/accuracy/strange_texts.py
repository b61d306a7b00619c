"""Documents that a model of usual texts finds strange."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection


@dataclass(frozen=True)
class StrangeTexts(DocumentCheck):
    """Documents that a language model of the user's own usual texts finds strange.

    Asked where a file of usual texts is named. Without a limit of its own each script has the one that 99 in 100 of
    the usual texts stay under.

    Source: Wenzek et al. (2020), CCNet, LREC, section 4.

    Parameters
    ----------
    max_bits : float
        Bits a byte; 0 takes the limit of the usual texts.
    usual : str
        File of usual texts.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents like the usual texts"
    confidence: ClassVar[float] = 0.7

    max_bits: float = 0.0
    usual: str = ""

    @property
    def wanted(self) -> bool:
        return bool(self.usual)

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        bits, usual = facts.numbers("bits_per_byte"), facts.numbers("most_bits_per_byte")
        if bits is not None and usual is not None:
            most = np.full(len(bits), self.max_bits) if self.max_bits else usual
            yield from objection("max_bits", bits, bits > most, most)

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"{value:.2f} bits a byte to a model of the usual texts, the limit is {limit:.2f}"
