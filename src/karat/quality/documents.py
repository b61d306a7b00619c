"""What checks of whole documents share: each compares measurements, taken once a document, with limits of its own."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.unit import Check

KIND = "text"
FACTS = "documents"  # under this name a block has the measurements of its documents


@dataclass(frozen=True, eq=False)
class Likeness:
    """Documents of a block that are like an earlier one.

    Parameters
    ----------
    places : ndarray of int64, shape (k,)
        Which documents, rising.
    measure, limit : ndarray of float64, shape (k,)
        How like, and from which likeness on.
    keeper : ndarray of int64, shape (k,)
        The number of the other document; -1 where it is not of this corpus.
    """

    places: np.ndarray
    measure: np.ndarray
    limit: np.ndarray
    keeper: np.ndarray


@dataclass(frozen=True, eq=False)
class DocumentFacts:
    """Measurements of some documents.

    Parameters
    ----------
    statistics : mapping of str to ndarray
        The columns of the annotation ``TextStatistics``.
    measured : mapping of str to Array
        What else was measured, by name; a name that is absent was not.
    alike : mapping of str to Likeness
        By the code of the check what it finds in the company of other documents.
    edited : mapping of str to (places, counts)
        By the code of the check the documents that were changed for it, and in how many places.
    """

    statistics: Mapping[str, np.ndarray] = field(default_factory=dict)
    measured: Mapping[str, pa.Array] = field(default_factory=dict)
    alike: Mapping[str, Likeness] = field(default_factory=dict)
    edited: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def numbers(self, name: str) -> np.ndarray | None:
        """(n,) the measurement of a name; None where it was not taken."""
        measurement = self.measured.get(name)
        return None if measurement is None else np.asarray(measurement.to_numpy(zero_copy_only=False), np.float64)


@dataclass(frozen=True, eq=False)
class Objection:
    """What one limit of a check says against documents.

    Parameters
    ----------
    parameter : str
        The name of the limit among the check's parameters.
    places : ndarray of int64, shape (k,)
        Documents beyond it, counted from 0 within the block, rising.
    measure, limit : ndarray of float64, shape (k,)
    keeper : ndarray of int64, shape (k,), or None
        Documents that they are compared with; None for a rule that looks at one document alone.
    """

    parameter: str
    places: np.ndarray
    measure: np.ndarray
    limit: np.ndarray
    keeper: np.ndarray | None = None


def objection(parameter: str, values: np.ndarray, broken: np.ndarray, limit: float | np.ndarray) -> Iterator[Objection]:
    """The objection against documents where ``broken`` (n,) is true, with their values (n,); none where all pass."""
    places = np.flatnonzero(broken)
    if len(places):
        limits = limit[places] if isinstance(limit, np.ndarray) else np.full(len(places), float(limit))
        yield Objection(parameter, places, values[places], limits)


@dataclass(frozen=True)
class DocumentsSeen:
    """How many documents were judged."""

    documents: int

    def merge(self, other: "DocumentsSeen") -> "DocumentsSeen":
        return DocumentsSeen(self.documents + other.documents)


@dataclass(frozen=True)
class DocumentCheck(Check):
    """One check of whole documents; its parameters are its limits.

    Class variables
    ---------------
    confidence : how sure it is that a document it objects to is not as it should be.
    whole : the finding is about the whole record, not about the column of the text.
    length_bound : short and long documents may differ in what it looks at.
    removes : what it objects to is removed (``DropDocuments``).
    of_profile : it is asked where the profile, or a setting, names it.
    """

    kinds: ClassVar[frozenset[str]] = frozenset({KIND})  # a comment in a table need not be an article
    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset({FACTS})
    confidence: ClassVar[float] = 0.7
    whole: ClassVar[bool] = False
    length_bound: ClassVar[bool] = False
    removes: ClassVar[bool] = True
    of_profile: ClassVar[bool] = False

    @property
    def wanted(self) -> bool:
        """Did the user set it, so that the guard need not ask whether what it removes may go?"""
        return False

    @abstractmethod
    def objections(self, facts: DocumentFacts) -> Iterator[Objection]:
        """What its limits say against documents, the limit that is asked first coming first."""

    @abstractmethod
    def evidence(self, parameter: str, value: float, limit: float, keeper: int) -> str:
        """One objection in words."""

    def source_of(self, parameter: str) -> str:
        """The paper or program that a limit comes from, "" where it is Karat's own."""
        return ""

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Only where there is a column of documents."""
        if not schema.with_role(Role.TEXT):
            return DoesNotApply("it judges the texts of a corpus")
        return None

    def learn(self, block: Block) -> DocumentsSeen:
        texts = block.schema.with_role(Role.TEXT)
        return DocumentsSeen(len(block) - int(block.missing(texts[0].name).sum()))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        """One finding a document, with every limit it breaks."""
        return self.findings_about(block.extra[FACTS], block.rows, block.schema.with_role(Role.TEXT)[0].name)

    def findings_about(self, facts: DocumentFacts, rows: np.ndarray, text: str) -> pa.Table:
        """Findings about documents with the numbers ``rows`` (n,), whose text stands in the column ``text``."""
        said: dict[int, list[str]] = {}
        beside: dict[int, int] = {}
        for objection in self.objections(facts):
            keepers = [-1] * len(objection.places) if objection.keeper is None else objection.keeper.tolist()
            values = zip(
                objection.places.tolist(), objection.measure.tolist(), objection.limit.tolist(), keepers, strict=True
            )
            for place, value, limit, keeper in values:
                said.setdefault(place, []).append(self.evidence(objection.parameter, value, limit, keeper))
                beside.setdefault(place, keeper)
        places = sorted(said)
        keeper = np.array([beside[place] for place in places], np.int64)
        return self.found(
            len(places),
            row=rows[np.array(places, np.int64)],
            column=None if self.whole else text,
            confidence=self.confidence,
            message=["; ".join(said[place]) for place in places],
            keeper=pa.array(keeper, pa.int64(), mask=keeper < 0),
        )

    def total(self, state: Any, schema: Schema) -> int:
        return int(state.documents) if self.removes else 0  # places are looked at where settings ask for it
