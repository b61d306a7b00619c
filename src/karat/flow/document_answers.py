"""What people have said of the documents of a corpus: answers from a file, records they checked, and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.document_columns import types_of
from karat.core.schema import Schema
from karat.flow import document_checks
from karat.flow.decisions_applied import Settled, all_answers, settled
from karat.flow.document_verdicts import Verdicts
from karat.flow.job import Job
from karat.flow.review import read_answers
from karat.quality.documents import DocumentCheck

ANSWER = "Answer"


@dataclass(frozen=True)
class DocumentAnswers:
    """Their word stands: what they have checked is neither dropped nor changed by anybody else.

    Parameters
    ----------
    answers : pyarrow.Table or None
        row, column, value, who: a row that occurs was checked whole.
    decided : Settled or None
        What they decided case by case.
    removing, likeness : frozenset of str
        Codes of the checks that remove documents for what stands in them, and for being like others.
    """

    answers: pa.Table | None = None
    decided: Settled | None = None
    removing: frozenset[str] = frozenset()
    likeness: frozenset[str] = frozenset()

    @classmethod
    def of(cls, job: Job, schema: Schema, documents: int, checks: list[DocumentCheck]) -> "DocumentAnswers":
        """Answers of the settings and decisions of the run folder.

        Raises
        ------
        InputError, OptionError
            What is wrong with the file of answers, and where.
        """
        path = job.settings.label.answers
        read = read_answers(Path(path), schema, documents) if path else None
        alike = frozenset(check.code() for check in document_checks.by_likeness(checks))
        removing = frozenset(check.code() for check in document_checks.by_content(checks))
        return cls(all_answers(read, job.out, schema), settled(job.out, schema), removing, alike)

    def __bool__(self) -> bool:
        return self.answers is not None or self.decided is not None

    def types(self, text: str) -> dict[str, str]:
        """The narrowest type of what people wrote into each column."""
        cells = (
            []
            if self.answers is None
            else zip(*(self.answers[n].to_pylist() for n in ("column", "value")), strict=True)
        )
        said = [(column, value) for column, value in cells if column is not None]
        said += [
            (column, outcome.decision.answer)
            for (_, column), outcome in (self.decided.cells if self.decided else {}).items()
        ]
        by_column: dict[str, list[str | None]] = {}
        for column, value in said:
            by_column.setdefault(column, []).append(value or None)
        table = pa.table({name: pa.array(values, pa.string()) for name, values in by_column.items()})
        return types_of(table, text)

    @cached_property
    def checked(self) -> np.ndarray:
        """Documents that were checked whole, rising."""
        return np.unique(self.answers["row"].to_numpy()) if self.answers is not None else np.zeros(0, np.int64)

    @cached_property
    def kept(self) -> np.ndarray:
        """Documents that were looked at and stay, rising: not those of which only a likeness to another was judged."""
        decided = self.decided.kept if self.decided else {}
        return np.array(sorted(row for row, checks in decided.items() if checks - self.likeness), np.int64)

    @cached_property
    def spared(self) -> Mapping[str, np.ndarray]:
        """By check the documents that are not like the one it compares them with."""
        decided = self.decided.kept if self.decided else {}
        by_check = {check: sorted(row for row, checks in decided.items() if check in checks) for check in self.likeness}
        return {check: np.array(rows, np.int64) for check, rows in by_check.items() if rows}

    def begin(self, verdicts: Verdicts) -> Verdicts:
        """The verdicts with what people want dropped, before any check is asked; what they keep is out of its reach."""
        for row, (_, keeper) in sorted((self.decided.dropped if self.decided else {}).items()):
            if row < len(verdicts.step):
                verdicts.drop((ANSWER, ""), np.array([row]), keeper=np.array([-1 if keeper is None else keeper]))
        dropped = np.array(sorted(self.decided.dropped if self.decided else ()), np.int64)
        verdicts.settled, verdicts.spared = np.union1d(np.union1d(self.checked, self.kept), dropped), self.spared
        return verdicts

    def judged(self, findings: pa.Table) -> pa.Table:
        """Findings without those about checked documents; what a person has decided against is not sure at all."""
        if not self:
            return findings
        findings = findings.filter(pc.invert(pc.is_in(findings["row"], pa.array(self.checked, pa.int64()))))
        removing = np.asarray(pc.is_in(findings["check"], pa.array(sorted(self.removing))))
        wrong = np.isin(findings["row"].to_numpy(), self.kept) & removing
        for check, rows in self.spared.items():
            wrong |= np.isin(findings["row"].to_numpy(), rows) & np.asarray(pc.equal(findings["check"], check))
        sure = np.where(wrong, 0.0, findings["confidence"].to_numpy())
        return findings.set_column(findings.schema.get_field_index("confidence"), "confidence", pa.array(sure))
