"""Documents part by part, with what was measured of them and what was decided over the whole corpus."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.drop_documents import OPEN, REMOVED
from karat.clean.edit_documents import EDITS
from karat.core.block import Block
from karat.flow import document_checks
from karat.flow.document_answers import DocumentAnswers
from karat.flow.document_verdicts import Verdicts
from karat.flow.refined_documents import RefinedDocuments
from karat.quality.confidentiality.personal_data import PersonalData
from karat.quality.consistency.known_texts import KnownTexts
from karat.quality.documents import FACTS, DocumentCheck, DocumentFacts, Likeness
from karat.quality.text_statistics import TextStatistics


@dataclass(frozen=True, eq=False)
class JudgedDocuments:
    """The parts of a corpus as the blocks that checks judge and fixes mend.

    Parameters
    ----------
    refined : RefinedDocuments
        The parts, and what is cut from them.
    stopped : collection of str
        Checks that the guard has stopped.
    """

    refined: RefinedDocuments
    checks: list[DocumentCheck]
    verdicts: Verdicts
    people: DocumentAnswers
    stopped: Collection[str] = ()

    @property
    def sizes(self) -> list[int]:
        """How many documents each part holds."""
        return self.refined.parts.sizes

    def records(self, at: int) -> pa.Table:
        """The documents of one part as they came."""
        return self.refined.parts.records(at)

    @property
    def annotations(self) -> Path:
        """Where measurements of annotations are stored."""
        return self.refined.parts.annotations

    def beside(self, at: int) -> Mapping[str, Any]:
        """What checks of documents and the fixes that follow them read of a part."""
        first, end = (int(row) for row in self.refined.parts.first_rows[at : at + 2])
        rows, edits = np.arange(first, end), self.refined.edits(at)
        facts = self._facts(at, edits)
        statistics = {self.refined.text: pa.table(dict(facts.statistics))}
        removed = self._removed(rows)
        edits = edits.filter(pc.invert(pc.is_in(edits["row"], removed["row"].combine_chunks())))
        open_rows = {code: self._open(code, rows) for code in self.stopped}
        return {FACTS: facts, TextStatistics.code(): statistics, REMOVED: removed, EDITS: edits, OPEN: open_rows}

    def heard(self, block: Block, findings: pa.Table) -> pa.Table:
        """The findings about a part with those of what was masked as it was read, once people are heard."""
        places, counts = block.extra[FACTS].edited.get(PersonalData.code(), (np.zeros(0, np.int64),) * 2)
        words = [f"personal data in {count:,} place{'s' if count != 1 else ''}" for count in counts.tolist()]
        about = {"row": block.rows[places], "column": self.refined.text, "confidence": 0.9, "message": words}
        both = pa.concat_tables([findings, PersonalData().found(len(places), **about)])
        return self.people.judged(both.sort_by([("row", "ascending"), ("check", "ascending")]))

    def _facts(self, at: int, edits: pa.Table) -> DocumentFacts:
        """All that was measured of the documents of a part, alone and in the company of the others."""
        first, end = (int(row) for row in self.refined.parts.first_rows[at : at + 2])
        alike = {}
        for check in document_checks.by_likeness(self.checks):
            some = self.verdicts.of_check(check.code()).between(first, end)
            alike[check.code()] = Likeness(some.rows - first, some.measure, some.limit, some.keeper)
        counted = edits.group_by(["row", "check"], use_threads=False).aggregate([("check", "count")])
        edited = {}
        for code in counted["check"].unique().to_pylist():
            mine = counted.filter(pc.equal(counted["check"], code)).sort_by("row")
            edited[code] = mine["row"].to_numpy() - first, mine["check_count"].to_numpy()
        return document_checks.facts_of(self.refined.parts.facts(at), alike=alike, edited=edited)

    def _removed(self, rows: np.ndarray) -> pa.Table:
        verdicts = self.verdicts
        gone = rows[~verdicts.kept[rows]]
        codes = verdicts.codes(gone)
        elsewhere = pc.equal(codes, KnownTexts.code()).to_numpy(zero_copy_only=False)  # their keeper is no record here
        keeper = np.where(elsewhere, -1, verdicts.keeper[gone])
        return pa.table(
            {
                "row": gone,
                "check": codes,
                "measure": _numbers(verdicts.measure[gone]),
                "limit": _numbers(verdicts.limit[gone]),
                "keeper": pa.array(keeper, pa.int64(), mask=keeper < 0),
            }
        )

    def _open(self, code: str, rows: np.ndarray) -> np.ndarray:
        """Documents that stay because the guard stopped a check, and that nobody has decided about."""
        return rows[self.verdicts.kept[rows] & self.verdicts.in_reach(code, rows)]


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))
