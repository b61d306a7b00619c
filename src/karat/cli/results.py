"""What the Python calls give back: a view of a run folder, in the caller's kind of frame."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.dataset import dataset
from pyarrow.dataset import field as field_of

from karat.cli.frames import Library, as_frame
from karat.core.errors import OptionError
from karat.core.finding import SURE
from karat.core.schema import Schema
from karat.flow.folder import read_json

if TYPE_CHECKING:
    from karat.lift.certificate import Certificate

Frame = TypeVar("Frame")


class TemporaryHome:
    """A temporary folder that goes when no result refers to it any more."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="karat-")
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, repr=False)
class Assessment(Generic[Frame]):
    """What is wrong with a data set.

    Tables come as frames of the library the data came in (pandas, Polars; else Arrow); ``.arrow`` is the same result
    with Arrow tables.

    Parameters
    ----------
    path : Path
        The run folder behind it.
    """

    path: Path
    _home: TemporaryHome | None = None
    _library: Library = "arrow"

    @property
    def arrow(self) -> "Self":
        """The same result, every table as ``pyarrow.Table``."""
        return replace(self, _library="arrow")

    @property
    def findings(self) -> Frame:
        """One row per problem: ``row`` (null: the whole column), ``column``, ``check``, ``confidence`` in [0, 1],
        ``message`` and more.
        """
        return self._table("findings.parquet")

    @property
    def scores(self) -> dict[str, Any]:
        """Scores in [0, 1] with 95 % intervals, by dimension, before and (after ``clean``) after."""
        return dict(read_json(self.path / "scores.json"))

    @property
    def accounting(self) -> dict[str, Any]:
        """Record counts: in = kept + removed + quarantined."""
        return dict(read_json(self.path / "accounting.json"))

    @property
    def quarantine(self) -> Frame:
        """What could not be read, with its line (from 1), its error and its raw bytes."""
        return self._table("quarantine.parquet")

    @property
    def schema(self) -> Schema:
        """Roles and types of the columns, as inferred."""
        return Schema.from_json(read_json(self.path / "schema.json"))

    def save(self, to: str | Path) -> Path:
        """Copy the run folder; returns where it lies now."""
        if Path(to).resolve() != self.path.resolve():
            shutil.copytree(self.path, to, dirs_exist_ok=True)
        return Path(to)

    def _table(self, name: str) -> Frame:
        return self._as_frame(pq.read_table(self.path / name))

    def _as_frame(self, table: pa.Table) -> Frame:
        frame: Frame = as_frame(table, self._library)
        return frame

    def _count(self, name: str) -> int:
        """Rows of a table that may be one file or a folder of parts."""
        return int(dataset(self.path / name, format="parquet").count_rows())

    def _facts(self) -> list[str]:
        """What the repr says: counts, and the scores."""
        books = self.accounting
        counts = dataset(self.path / "findings.parquet", format="parquet").count_rows(
            filter=field_of("confidence") >= SURE
        )
        scores = self.scores.get("after") or self.scores.get("before") or self.scores
        parts = [
            f"{name} {score['score']:.2f}" for name, score in scores["dimensions"].items() if score["score"] is not None
        ]
        return [_counted(books["in"], "record"), _counted(counts, "finding"), *([" ".join(parts)] if parts else [])]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.path.name}: {' · '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        from karat.show.report import show_run

        return show_run(self.path)

    def _repr_markdown_(self) -> str:
        return (self.path / "report.md").read_text(encoding="utf-8")


@dataclass(frozen=True, repr=False)
class Cleaned(Assessment[Frame]):
    """A cleaned data set and its ledger."""

    @property
    def data(self) -> Frame:
        """The records kept, in their inferred types, with ``_row``, their number in the input from 0."""
        return self._table("data.parquet")

    @property
    def ledger(self) -> Frame:
        """One row per change or removal: ``before``, ``after``, the ``check`` behind it, ``confidence`` in [0, 1]."""
        return self._table("ledger.parquet")

    @property
    def review(self) -> Frame:
        """The cases that need review by a person."""
        return self._table("review.parquet")

    def undo(self, checks: Sequence[str] | None = None) -> Frame:
        """The records as text with the changes of some checks taken back, masks too while the vault has the originals.

        Parameters
        ----------
        checks : sequence of str or None
            Codes as in the ledger's ``check``; None for all.

        Raises
        ------
        OptionError
            A code that is not in the ledger; of documents, one whose edits cannot be taken back alone.
        """
        from karat.flow.undoing import undone

        ledger = pq.read_table(self.path / "ledger.parquet")
        known = set(ledger["check"].to_pylist())
        for code in checks or ():
            if code not in known:
                raise OptionError.unknown("check in the ledger", code, known)
        return self._as_frame(undone(self.path, self.schema, ledger, checks))

    def _facts(self) -> list[str]:
        changes = self._count("ledger.parquet")
        return [*super()._facts()[:2], _counted(changes, "change"), *super()._facts()[2:]]


@dataclass(frozen=True, repr=False)
class Run(Cleaned[Frame]):
    """The whole path: cleaned data, a proof, a model."""

    @property
    def lift(self) -> "Certificate | None":
        """The certificate, or None where nothing was there to predict."""
        from karat.lift.certificate import Certificate

        place = self.path / "lift.json"
        return Certificate.from_json(read_json(place)) if place.exists() else None

    def _facts(self) -> list[str]:
        proof = self.lift
        return [*super()._facts(), *([proof.verdict] if proof else [])]


@dataclass(frozen=True, repr=False)
class Labels(Generic[Frame]):
    """The labels behind votes.

    Parameters
    ----------
    labels, voters : frame
        See ``karat.label.aggregated.AggregatedLabels``.
    """

    arrow: Any
    _library: Library = field(default="arrow")

    @property
    def labels(self) -> Frame:
        """``item``, ``label``, ``confidence`` in [0, 1], ``votes``; one row an item."""
        frame: Frame = as_frame(self.arrow.labels, self._library)
        return frame

    @property
    def voters(self) -> Frame:
        """``voter``, ``quality`` in [0, 1], ``votes``, ``confusion``; one row a voter."""
        frame: Frame = as_frame(self.arrow.voters, self._library)
        return frame

    @property
    def suspects(self) -> Frame:
        """``item``, ``voter``, ``label``, ``expected``, ``doubt`` in [0, 1]; votes that are probably wrong."""
        frame: Frame = as_frame(self.arrow.suspects, self._library)
        return frame

    @property
    def soft(self) -> Frame | None:
        """``item`` and a column of probabilities a class; None where answers are no classes."""
        return None if self.arrow.soft is None else as_frame(self.arrow.soft, self._library)

    def __getattr__(self, name: str) -> Any:
        """``classes``, ``agreement``, ``answers``, ``verified`` and the rest of the Arrow result."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.arrow, name)

    def __repr__(self) -> str:
        return (
            f"<Labels of {self.arrow.labels.num_rows:,} items by {self.arrow.voters.num_rows:,} voters: "
            f"{self.arrow.chosen.method}>"
        )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
