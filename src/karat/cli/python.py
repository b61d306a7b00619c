"""The commands as Python calls: ``karat.assess``, ``karat.clean``, ``karat.run``, ``karat.lift``."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.errors import OptionError
from karat.core.patch import undo
from karat.core.schema import Schema
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json
from karat.flow.job import Job, data_name
from karat.flow.settings import made_settings


class _Home:
    """A temporary folder that goes when nothing holds it any more."""

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix="karat-")
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Assessment:
    """What is wrong with a data set.

    Parameters
    ----------
    path : Path
        The run folder behind it.
    """

    path: Path
    _home: Any = field(default=None, repr=False)

    @property
    def findings(self) -> pa.Table:
        """One row per thing found wrong."""
        return pq.read_table(self.path / "findings.parquet")

    @property
    def scores(self) -> dict[str, Any]:
        """The four dimensions, each with score, interval and measures; before and, where mended, after."""
        return dict(read_json(self.path / "scores.json"))

    @property
    def accounting(self) -> dict[str, Any]:
        """In = kept + removed + quarantined."""
        return dict(read_json(self.path / "accounting.json"))

    @property
    def quarantine(self) -> pa.Table:
        """What could not be read, with its raw bytes."""
        return pq.read_table(self.path / "quarantine.parquet")

    @property
    def schema(self) -> Schema:
        """Roles and types as inferred."""
        return Schema.from_json(read_json(self.path / "schema.json"))

    def save(self, to: str | Path) -> Path:
        """Copy the run folder; returns where it lies now."""
        if Path(to).resolve() != self.path.resolve():
            shutil.copytree(self.path, to, dirs_exist_ok=True)
        return Path(to)

    def _repr_html_(self) -> str:
        from karat.show.report import show_run

        return show_run(self.path)

    def _repr_markdown_(self) -> str:
        return (self.path / "report.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Cleaned(Assessment):
    """A mended data set and its ledger."""

    @property
    def data(self) -> pa.Table:
        """The records kept, in their inferred types, with ``_row``."""
        return pq.read_table(self.path / "data.parquet")

    @property
    def ledger(self) -> pa.Table:
        """One row per change or removal, with before, after, why and how sure."""
        return pq.read_table(self.path / "ledger.parquet")

    @property
    def review(self) -> pa.Table:
        """What needs review."""
        return pq.read_table(self.path / "review.parquet")

    def undo(self, checks: Sequence[str] | None = None) -> pa.Table:
        """The records as text with the changes of some checks (None: all) taken back, masks too while the vault holds
        what stood there.

        Parameters
        ----------
        checks : sequence of str or None
            Codes as in the ledger's ``check``.
        """
        import pyarrow.compute as pc

        from karat.flow.masking import CODE, unmasked

        work = next((self.path / ".work").glob("*/clean/refined.arrow"))
        block = Dataset(self.schema, path=work).whole()
        ledger = self.ledger
        known = set(ledger["check"].to_pylist())
        for code in checks or ():
            if code not in known:
                raise OptionError.unknown("check in the ledger", code, known)
        if checks is not None:
            ledger = ledger.filter(pc.is_in(ledger["check"], pa.array(list(checks))))
        table, rows = undo(block.table, block.rows, ledger)
        return unmasked(table, rows, self.path / "vault") if checks is None or CODE in checks else table


@dataclass(frozen=True)
class Run(Cleaned):
    """The whole path: mended data, a proof, a model."""

    @property
    def lift(self) -> Any:
        """The certificate, or None without a target."""
        from karat.lift.certificate import Certificate

        place = self.path / "lift.json"
        return Certificate.from_json(read_json(place)) if place.exists() else None


def assess(data: Any, target: str = "", *, out: str | Path | None = None, **options: Any) -> Assessment:
    """What is wrong with the data, with evidence; nothing is changed.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB)
    target : str
        The column to predict.
    out : path or None
        The run folder; None keeps it in a temporary one as long as the result lives.
    **options
        ``seed``, ``workers``, ``now``, ``budget``, ``kind``, ``query``, ``answers``, ``allow``, ``columns``, ``costs``,
        ``encoding``, ``delimiter``, ``decimal``, ``date_order``, ``header_row``, ``sheet``
        and the settings of ``[train]``; for a corpus also
        ``text``, ``profile``, ``limits`` and the other settings of ``[clean]``. With ``kind="corpus"`` a list of texts
        is data too.

    Raises
    ------
    karat.core.errors.KaratError
        With what was wanted, found, where and what to do.
    """
    return Assessment(*_walked(data, "assess", target, out, options))


def clean(data: Any, target: str = "", *, out: str | Path | None = None, **options: Any) -> Cleaned:
    """Find what is wrong and mend what can be mended surely; see ``assess`` for the parameters."""
    return Cleaned(*_walked(data, "clean", target, out, options))


def run(data: Any, target: str = "", *, out: str | Path | None = None, **options: Any) -> Run:
    """The whole path, raw data to served model; see ``assess`` for the parameters."""
    return Run(*_walked(data, "run", target, out, options))


ABOVE = ("seed", "workers", "now", "budget")
TABLES = {
    "kind": "collect",
    "query": "collect",
    "columns": "collect",
    **dict.fromkeys(("encoding", "delimiter", "decimal", "date_order", "header_row", "sheet"), "collect"),
    "answers": "label",
    "allow": "clean",
    "ignore": "clean",
    "metric": "evaluate",
    "costs": "evaluate",
    "learner": "train",
    "monotone": "train",
    "horizon": "train",
    "folds": "prepare",
    "repeats": "prepare",
    "text": "collect",
    "versions": "store",
    **dict.fromkeys(
        (
            "shards",
            "tokenizer",
            "vocabulary",
            "sequence_length",
            "held_out",
            "weights",
            "epochs",
            "shard_formats",
        ),
        "prepare",
    ),
    **dict.fromkeys(
        (
            "profile",
            "limits",
            "languages",
            "identify_languages",
            "repair_unicode",
            "personal_data",
            "mask",
            "html",
            "boilerplate",
            "flagged_words",
            "max_flagged",
            "usual",
            "max_bits",
            "max_mixed",
            "exact_duplicates",
            "near_duplicates",
            "index",
            "repeated_lines",
            "repeated_tokens",
            "test_sets",
            "good",
            "bad",
            "min_quality",
        ),
        "clean",
    ),
}


def _walked(data: Any, upto: str, target: str, out: str | Path | None, options: dict[str, Any]) -> tuple[Path, Any]:
    from karat.cli.join import walked

    values: dict[str, Any] = {"collect": {"target": target}}
    for key, value in options.items():
        if key in ABOVE:
            values[key] = value
        elif key in TABLES:
            values.setdefault(TABLES[key], {})[key] = str(value) if key == "answers" else value
        else:
            raise OptionError.unknown("option", key, [*TABLES, *ABOVE])
    texts = isinstance(data, (list, tuple)) and data and all(text is None or isinstance(text, str) for text in data)
    if texts and values["collect"].get("kind") == "corpus":
        data = pa.table({"text": pa.array(data, pa.large_string())})
    home = None if out else _Home()
    place = Path(out) if out else Path(home.path) / data_name(data)  # type: ignore[union-attr]
    job = Job(data, place, upto, made_settings(values, "the options"))
    walked(job)
    return place, home


def lift(
    before: Any,
    after: Any,
    target: str = "",
    *,
    truth: Any = None,
    test: Any = None,
    out: str | Path | None = None,
    **options: Any,
) -> Any:
    """What a change of data was worth to the model: the certificate of the ``versions`` protocol.

    Parameters
    ----------
    before, after : path, ``RUN@N``, or anything with ``__arrow_c_stream__``
        Records are paired by ``_row``, else by ``key``, else by position.
    target : str
        The column to predict.
    truth : like ``before``, or None
        The same records, clean: test records come from it.
    test : like ``before``, or None
        Records that stand in neither.
    out : path or None
        A folder for ``lift.json``; None writes none.
    **options
        ``key``, ``metric``, ``seed``, ``workers``, ``command``, ``reads``.

    Returns
    -------
    karat.lift.certificate.Certificate
    """
    from karat.cli.lifting import compared, measured

    told = {"target": target, "truth": truth, "test": test, **options}
    return compared(before, after, out=Path(out), **told)[0] if out else measured(before, after, **told)
