"""The nine kinds of unit. Each is a frozen dataclass whose fields are its parameters, each with one verb.

Source      read         what stands there, and what could not be read
Annotation  annotate     what is measured once of every record
Check       learn/judge  what is wrong
Fix         propose      how to mend it
Voter       vote         which label
Transform   fit/apply    what a model can learn from
Learner     fit          a model, and its cost
Metric      score        how good an answer is
Exporter    export       the model, for use elsewhere
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FACT, SURE, Dimension, DoesNotApply, findings, no_findings
from karat.core.measure import Measure
from karat.core.patch import unresolved
from karat.core.results import Fitted, Model, SourceReading
from karat.core.schema import Column, Role, Schema
from karat.core.state import State

ISO_5259_2 = "ISO/IEC 5259-2"


@dataclass(frozen=True)
class Unit(ABC):  # noqa: B024  each kind has its own abstract verb
    """What all kinds share: a kind, and a code that never changes."""

    kind: ClassVar[str] = ""

    @classmethod
    def code(cls) -> str:
        """The stable handle: the class name."""
        return cls.__name__


@dataclass(frozen=True)
class Annotation(Unit):
    """Measures every record once. The measurements are stored beside the data and read by whoever needs them.

    A check names the annotations it needs in ``Check.needs`` and reads them with ``block.annotation(code, column)``.

    Class variables
    ---------------
    columns : names and Arrow types of the measurements; each has one value a record.
    reads : roles of the columns it measures, one column at a time; empty for an annotation of whole records.
    kinds : kinds of data it is made for.
    version : to be raised when it measures something else than before, so that stored measurements are made anew.
    """

    kind: ClassVar[str] = "annotation"
    columns: ClassVar[Mapping[str, pa.DataType]] = {}
    reads: ClassVar[frozenset[Role]] = frozenset()
    kinds: ClassVar[frozenset[str]] = frozenset({"table", "text", "chat", "image", "event"})
    version: ClassVar[int] = 1

    def suits(self, column: Column) -> bool:
        """Can this column be measured?"""
        return column.role in self.reads

    @abstractmethod
    def annotate(self, batch: Block, column: str) -> Mapping[str, Any]:
        """The measurements of one column (of the whole records where ``reads`` is empty; ``column`` is then "").

        Returns
        -------
        mapping of str to array
            One Arrow or NumPy array of ``len(batch)`` values for each name in ``columns``. They must follow from each
            record alone, so that they do not depend on its company.
        """


@dataclass(frozen=True)
class Grouping:
    """What a check asks the engine to group: how often each value stands beside each key.

    Parameters
    ----------
    keys : tuple of str
        Columns to group by.
    value : str
        The column counted within each group.
    conflicts_only : bool
        Give back only groups that hold more than one distinct value.

    The engine answers with a table of the key columns as ``key_0``, ``key_1`` …, ``value`` and ``n`` (int64), blanks
    left out, sorted by keys and value, so that it does not depend on blocks or workers.
    """

    keys: tuple[str, ...]
    value: str
    conflicts_only: bool = False


@dataclass(frozen=True)
class Check(Unit):
    """Finds one kind of defect, in two halves: ``learn`` folds blocks into a state, ``judge`` looks at one block.

    Class variables
    ---------------
    dimension : what it measures.
    measure_name, standard, unit : the measure it fills.
    needs : what must be computed first and handed over in ``Block.extra``: codes of annotations, and
        "out_of_fold" (``extra["out_of_fold"]`` (n, k) float64 probabilities, ``extra["classes"]`` list of k texts).
    kinds : kinds of data it is made for. What is true of a table's columns need not be so of documents ("text") or of
        the turns of a chat ("chat").
    writes : "fact" when its findings claim that a value is false, "form" when they only write the same value in
        another way; a finding may overrule it.
    meanings : semantic types of columns on which it makes sense; empty for all. It judges a column only if every type
        the column may have is among them.
    ordered : ``judge`` wants to know what came before; it then gets ``before``, the merged state of the earlier
        blocks (None for the first).
    at_the_door : one record alone can be judged.
    leaks : its findings name columns that would not be known when the model is asked; the model is then also judged
        without them.
    by_order : why the order of the records is evidence; "" where no order changes what is found. The order of the
        columns never does.
    """

    kind: ClassVar[str] = "check"
    dimension: ClassVar[Dimension]
    measure_name: ClassVar[str] = ""
    standard: ClassVar[str] = ISO_5259_2
    unit: ClassVar[str] = "cells"
    needs: ClassVar[frozenset[str]] = frozenset()
    kinds: ClassVar[frozenset[str]] = frozenset({"table", "image", "event"})
    writes: ClassVar[str] = FACT
    meanings: ClassVar[frozenset[str]] = frozenset()
    ordered: ClassVar[bool] = False
    at_the_door: ClassVar[bool] = True
    leaks: ClassVar[bool] = False
    by_order: ClassVar[str] = ""

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """None when the check can run on such columns, else why not."""
        return None

    def suits(self, column: Column) -> bool:
        """Does the check make sense on every semantic type the column may have?"""
        return not self.meanings or self.meanings.issuperset(column.meanings)

    @abstractmethod
    def learn(self, block: Block) -> State:
        """The state of one block; the engine merges the states of all blocks in block order, in a fixed tree."""

    def next_pass(self, state: Any) -> Sequence[Grouping]:
        """Groupings still wanted after the pass, none when done."""
        return ()

    def learn_groups(self, state: Any, groups: Mapping[Grouping, pa.Table]) -> Any:
        """The state enriched by the groupings that ``next_pass`` asked for; asked again until it wants none."""
        return state

    def learn_answers(self, state: Any, checked: Block) -> Any:
        """The state enriched by records that a person has checked whole, written as they should be; else as it is."""
        return state

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        """Findings about the records of one block, as built by ``self.found``; none where all are about columns."""
        return no_findings()

    def conclude(self, state: Any, schema: Schema) -> pa.Table:
        """Findings about whole columns or the data set (``row`` null), once, from the final state."""
        return no_findings()

    def measures(self, state: Any, schema: Schema, findings: pa.Table) -> list[Measure]:
        """What to count. By default: cell or record findings of fact at 0.5 or above, of ``self.total(state)``."""
        total = self.total(state, schema)
        if not self.measure_name or not total:
            return []
        sure = findings.filter(pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])))
        sure = sure.filter(pc.equal(sure["kind"], FACT)) if "kind" in sure.column_names else sure
        bad = sure.select(["row", "column"]).group_by(["row", "column"]).aggregate([]).num_rows
        return [Measure(self.measure_name, self.standard, min(bad, total), total, self.unit)]

    def measures_after(self, state: Any, schema: Schema, findings: pa.Table, ledger: pa.Table) -> list[Measure]:
        """What is left of the measures once a ledger was carried out: findings it dealt with no longer count."""
        return self.measures(state, schema, unresolved(findings, ledger))

    def total(self, state: Any, schema: Schema) -> int:
        """How many cells or records the check could judge; 0 leaves it out of the scores."""
        return 0

    def found(self, size: int, **columns: Any) -> pa.Table:
        """``size`` findings of this check; see ``karat.core.finding.findings``."""
        return findings(self.code(), self.dimension, size, **({"kind": self.writes} | columns))


@dataclass(frozen=True)
class Fix(Unit):
    """Mends what checks have found, reversibly.

    Class variables
    ---------------
    mends : codes of the checks whose findings it uses.
    safe : applied without asking; an unsafe one only goes to review, or where a proof says keep.
    family : name under which its lift is measured.
    row_wise : it can mend one new record alone (cells; not removals, not labels).
    """

    kind: ClassVar[str] = "fix"
    mends: ClassVar[frozenset[str]] = frozenset()
    safe: ClassVar[bool] = True
    family: ClassVar[str] = ""
    row_wise: ClassVar[bool] = True

    @abstractmethod
    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        """Ledger rows (``karat.core.patch.changes``) for the records of the block; ``findings``: all about them."""


@dataclass(frozen=True)
class Source(Unit):
    """Reads one format."""

    kind: ClassVar[str] = "source"
    suffixes: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def read(self, path: Path) -> SourceReading:
        """Batches of text columns, and what could not be read."""


@dataclass(frozen=True)
class Voter(Unit):
    """Gives labels: a person, a rule, a model or a language model.

    Class variables
    ---------------
    costs : its votes cost money: it is asked last.
    """

    kind: ClassVar[str] = "voter"
    costs: ClassVar[bool] = False

    @classmethod
    def asked(cls, options: Mapping[str, Any]) -> "Voter | None":
        """The voter that the options of ``karat label`` ask for; None where they do not.

        Parameters
        ----------
        options : mapping
            ``voters`` (codes), ``rules``, ``model``, ``classes``, and ``cache``, a place for answers. By default a
            voter is asked where its code stands in ``voters``.
        """
        return cls() if cls.code() in options["voters"] else None

    @abstractmethod
    def vote(self, block: Block) -> pa.Table:
        """Votes: item, voter, label; abstentions left out."""


@dataclass(frozen=True)
class Transform(Unit):
    """Turns columns into features; fitted on training records only.

    Class variables
    ---------------
    roles : of the columns it reads, one at a time.
    ways : ways to prepare in which it is used. A learner names its own, ``Learner.features``: "linear" (scaled, without
        gaps), "trees" (plain numbers, NaN for gaps), "evidence", "pixels", "vectors", or one of a package of its own.
    kinds : kinds of data it is made for.
    """

    kind: ClassVar[str] = "transform"
    roles: ClassVar[frozenset[Role]] = frozenset()
    ways: ClassVar[frozenset[str]] = frozenset()
    kinds: ClassVar[frozenset[str]] = frozenset({"table", "text", "chat", "image", "event"})

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> "Transform | None":
        """The transform of a column for a way to prepare; None where it does not suit."""
        fits = way in cls.ways and column.role in cls.roles and schema.suits(cls.kinds)
        return cls(column.name) if fits else None  # type: ignore[call-arg]

    @classmethod
    def of_records(cls, schema: Schema, way: str) -> "Transform | None":
        """The transform of several columns together, behind those of single columns; None where there is none."""
        del schema, way
        return None

    def read(self, block: Block) -> None:
        """Reads what ``fit`` and ``apply`` need of the block, so that folds on several threads share it."""

    @abstractmethod
    def fit(self, train: Block, positions: np.ndarray | None = None) -> Fitted:
        """Learn from the training records at the positions, or from all."""


@dataclass(frozen=True)
class Learner(Unit):
    """Learns a model, on one thread, the same for a seed.

    A learner of classes may have a field ``classes``, their number (0 where it is to be taken from the target), and one
    that can keep to directions a field ``monotone``, pairs of a feature and 1 or -1.

    Class variables
    ---------------
    tasks : "classification" or "regression"; "ranking" for a recommender, whose features are histories (users, items);
        "forecasting" for one whose first features are the last known values of the series, as ``Lags`` gives them.
    kinds : kinds of data it is made for.
    name : what people call it; "" takes its code.
    features : the way in which its features are prepared, one of ``Transform.ways``.
    part : its part in a proof, "fragile", "robust" or "naive"; "" for a learner that is tried beside them.
    tried : fitted unasked; else only where it is ordered, ``[train] learner``.
    slow : a fit takes seconds, so that a proof fits it less often.
    effort : how much there is to it, from 0: of two that cannot be told apart the simpler one ships.
    reads_ages : of a recommender: its target is the age of each entry of the histories, as a share of the log's span.
    """

    kind: ClassVar[str] = "learner"
    tasks: ClassVar[frozenset[str]] = frozenset({"classification", "regression"})
    kinds: ClassVar[frozenset[str]] = frozenset({"table", "text", "chat", "image", "event"})
    name: ClassVar[str] = ""
    features: ClassVar[str] = "linear"
    part: ClassVar[str] = ""
    tried: ClassVar[bool] = True
    slow: ClassVar[bool] = False
    effort: ClassVar[int] = 9
    reads_ages: ClassVar[bool] = False

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Can it learn from such columns? ``classes``: 0 for numbers, None where they are not counted yet."""
        return schema.task in self.tasks and schema.suits(self.kinds)

    def called(self, schema: Schema) -> str:
        """What people call it on such columns."""
        return self.name or self.code()

    def from_file(self, path: str, schema: Schema) -> "tuple[str, str, Learner] | None":
        """Name, way to prepare and learner that go on from a file or folder ordered as the learner; None for others."""

    def competitors(self, items: int, events: int) -> "Sequence[Learner]":
        """For recommenders: the settings that compete on a log of such a size; none where it is too large for it."""
        return (self,)

    def check(self) -> None:
        """Raises MachineError or OptionError where it cannot learn on this machine."""

    @abstractmethod
    def fit(self, features: Any, target: np.ndarray, seed: int) -> Model:
        """Learn from features (n, d) and class codes (n,) int or numbers (n,) float."""

    def drivers(self, model: Any, train: np.ndarray, target: np.ndarray, asked: np.ndarray) -> np.ndarray | None:
        """What each training record (n, d) added to each answer asked for (m, d): (m, n), or None where not known."""
        return None


@dataclass(frozen=True)
class Metric(Unit):
    """Compares answers with the truth; ``sign`` is +1 when higher is better.

    Class variables
    ---------------
    name : of a metric of lists what people call it; "" takes its code.
    bounds : the worst and best that it can say, lower first; intervals are cut there.
    tasks : "classification" or "regression", or "ranking". A metric of lists may have ``each(truth, shown)``, the score
        of each person and how many items each took, for an interval; and a field ``k``, the places that count.
        Others may have ``influence(truth, answer)``, (n,) what each record adds to the score beyond the mean of all.
    """

    kind: ClassVar[str] = "metric"
    name: ClassVar[str] = ""
    sign: ClassVar[int] = 1
    bounds: ClassVar[tuple[float, float]] = (float("-inf"), float("inf"))
    tasks: ClassVar[frozenset[str]] = frozenset({"classification"})

    @abstractmethod
    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """The score of an answer: probabilities (n, k) for classes, (n,) for numbers."""


@dataclass(frozen=True)
class Exporter(Unit):
    """Writes a model for use elsewhere."""

    kind: ClassVar[str] = "exporter"

    @abstractmethod
    def takes(self, model: Any) -> bool:
        """Can it write this model? See ``karat.deploy`` for what is exported: ``Prepared``, ``Recommender`` …"""

    @abstractmethod
    def export(self, model: Any, to: Path) -> Path:
        """Write the artifact into a folder that may hold those of others; returns its path."""


KINDS: dict[str, type[Unit]] = {
    k.kind: k for k in (Source, Annotation, Check, Fix, Voter, Transform, Learner, Metric, Exporter)
}
