"""Documents that two independent signs speak against."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.finding import FINDINGS, SURE, Dimension
from karat.quality.documents import DocumentCheck, DocumentFacts, Objection, objection
from karat.quality.text_signs import SIGNS, Evidence, evidence

FEWEST_GROUPS = 2  # definition: one sign can err; what it speaks against needs review


@dataclass(frozen=True)
class WorthlessTexts(DocumentCheck):
    """Documents in any language that are not worth training on: broken, random, repeated, menus, adverts.

    Signs are measured that fit the language, the script and the kind of a text (code, tables and single lines are not
    judged as prose is), and together give a probability. A document is removed where that is high and signs of two
    independent kinds speak against it; where only one does, or less clearly, it needs review.

    Source: Karat's own; the ideas of Rae et al. (2021), Gopher, arXiv 2112.11446, and of Penedo et al. (2025),
    FineWeb2, arXiv 2506.20920, whose limits follow the language. Limits and weights: ``benchmarks/text_signs.md``.

    Parameters
    ----------
    min_probability : float
        From which a document is removed, in [0, 1].
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "documents worth training on"
    length_bound: ClassVar[bool] = True
    of_profile: ClassVar[bool] = True

    min_probability: float = 0.9

    def removed(self, signs: Evidence) -> np.ndarray:
        """(n,) bool: documents that two independent kinds of signs speak clearly against."""
        gone: np.ndarray = (signs.probability >= self.min_probability) & (signs.groups >= FEWEST_GROUPS)
        return gone

    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        if "form_words" in facts.statistics:
            signs = evidence(facts.statistics)
            yield from objection("min_probability", signs.probability, self.removed(signs), self.min_probability)

    def findings_about(self, facts: DocumentFacts, rows: np.ndarray, text: str) -> pa.Table:
        """One finding a document that is probably worthless, with every sign that speaks against it."""
        if "form_words" not in facts.statistics:
            return FINDINGS.empty_table()
        signs = evidence(facts.statistics)
        places = np.flatnonzero(signs.probability >= SURE)
        about = {"row": rows[places], "column": text, "confidence": signs.probability[places]}
        return self.found(len(places), **about, message=[self._says(signs, place) for place in places.tolist()])

    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        return f"it is not worth training on with a probability of {value:.2f}, the limit is {limit:g}"

    def _says(self, signs: Evidence, place: int) -> str:
        speaking = np.flatnonzero(signs.strength[place] > 0)
        said = [f"{SIGNS[at].says} ({signs.values[place, at]:.3g}, usual up to {SIGNS[at].low:g})" for at in speaking]
        return f"{'; '.join(said)}: probably ({signs.probability[place]:.2f}) not worth training on"
