"""A scikit-learn transformer that cleans new records with what it learned of training records."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from karat.cli.frames import as_frame, library_of
from karat.collect.arrow import array_of
from karat.core.block import ROW
from karat.core.errors import InputError
from karat.core.parsing import parse_numbers
from karat.core.schema import Role, Schema

# What ``karat apply`` reads of a run folder
LEARNED = ("run.json", "schema.json", "karat.toml", "checks.json", "lessons.json")


class CleanerError(InputError, ValueError):
    """Records that cannot be cleaned; a ValueError, as scikit-learn expects."""


class Cleaner(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Fixes high-confidence errors in new records with what was learned of training records, as ``karat apply`` does.

    No record is added or removed and no column either: what needs a person stays as it is. Nothing of the target is
    used, so that training and new records are treated alike.

    Parameters
    ----------
    ignore : sequence of str, default ()
        Codes of checks and fixes that are left out; ``karat list check`` names them.
    allow : sequence of str, default ()
        Steps the guard may not stop: a check, ``check:column``, or "all".
    min_confidence : float, default 0.0
        In [0, 1]; below this no cell is fixed.
    columns : mapping or None, default None
        Per column what is known of it: role, type, nulls, format, decimal, thousands, as in ``karat.toml``.
    now : str, default ''
        ISO time taken as now where the records have no clock of their own.
    workers : int, default 1
        Cores to use; 0 for all. The answer does not depend on it.
    random_state : int, default 0
        The seed of all chance.

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, shape (n_features_in_,)
        Where columns have names.
    findings_ : pyarrow.Table
        What was found in the training records, one row a finding.
    learned_ : dict of str to bytes
        The files of the run folder that new records are cleaned with.

    Examples
    --------
    >>> import pandas as pd
    >>> towns = pd.DataFrame({"town": ["Rome", "Oslo"] * 30 + [" Rome"], "n": range(61)})
    >>> Cleaner().fit_transform(towns)["town"].iloc[-1]
    'Rome'
    """

    def __init__(
        self,
        *,
        ignore: Sequence[str] = (),
        allow: Sequence[str] = (),
        min_confidence: float = 0.0,
        columns: Mapping[str, Mapping[str, Any]] | None = None,
        now: str = "",
        workers: int = 1,
        random_state: int = 0,
    ) -> None:
        self.ignore = ignore
        self.allow = allow
        self.min_confidence = min_confidence
        self.columns = columns
        self.now = now
        self.workers = workers
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803  scikit-learn's names
        """Learn what is usual in training records.

        Parameters
        ----------
        X : frame or array, shape (n, d)
            pandas, Polars, or NumPy; numbers, words, times.
        y : ignored

        Raises
        ------
        CleanerError
            The records cannot be read, or none of them can.
        karat.OptionError
            A parameter means nothing.
        """
        from karat.flow.job import Job
        from karat.flow.run import walk
        from karat.flow.settings import made_settings

        table = self._table(X, reset=True)
        clean = {
            "ignore": tuple(self.ignore),
            "allow": tuple(self.allow),
            "min_confidence": self.min_confidence,
        }
        collect = {"kind": "table", "columns": {name: dict(own) for name, own in (self.columns or {}).items()}}
        top = {"seed": int(self.random_state), "workers": self.workers, "now": self.now}
        settings = made_settings({**top, "collect": collect, "clean": clean, "store": {"versions": False}}, "Cleaner")
        with tempfile.TemporaryDirectory(prefix="karat-") as scratch:
            run = Path(scratch) / "run"
            self._called(lambda: walk(Job(table, run, "clean", settings)))
            self.learned_ = {name: (run / name).read_bytes() for name in LEARNED if (run / name).is_file()}
            self.findings_ = pq.read_table(run / "findings.parquet")
        return self

    def transform(self, X: Any) -> Any:  # noqa: N803
        """New records with high-confidence errors fixed.

        Parameters
        ----------
        X : frame or array, shape (n, d)
            With the columns of the training records.

        Returns
        -------
        A frame of the same library for a frame, else an array (n, d); blank cells are missing, and so is what is no
        number in a column of numbers.
        """
        from karat.flow.applying import apply_run

        check_is_fitted(self)
        table = self._table(X, reset=False)
        with tempfile.TemporaryDirectory(prefix="karat-") as scratch:
            run, out = Path(scratch) / "run", Path(scratch) / "out"
            run.mkdir()
            for name, content in self.learned_.items():
                (run / name).write_bytes(content)
            self._called(lambda: apply_run(run, table, out))
            cleaned = _numeric(
                pq.read_table(out / "data.parquet").drop_columns([ROW]),
                Schema.from_json(json.loads(self.learned_["schema.json"])),
            )
        library = library_of(X)
        if library == "arrow":
            return _as_array(cleaned)
        frame = as_frame(cleaned, library)
        if library == "pandas":
            frame.index, frame.columns = X.index, X.columns
        return frame

    def _table(self, X: Any, *, reset: bool) -> Any:  # noqa: N803
        """Records as a table that ``karat clean`` takes; checked as scikit-learn wants it."""
        least = 2 if reset else 1
        checked = validate_data(
            self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan", ensure_min_samples=least
        )
        library = library_of(X)
        if library == "polars":
            return X
        if library == "pandas":
            return X.reset_index(drop=True).set_axis(list(map(str, X.columns)), axis=1)
        return pa.table({f"x{at}": array_of(checked[:, at]) for at in range(checked.shape[1])})

    def _called(self, work: Any) -> None:
        try:
            work()
        except InputError as error:
            raise CleanerError(error.problem, error.do) from error

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        tags.transformer_tags.preserves_dtype = ["float64"]
        return tags


def _as_array(table: pa.Table) -> np.ndarray:
    """Columns side by side (n, d): float64 where all hold numbers, else objects with None for a blank."""
    columns = [column.to_numpy() for column in table.columns]
    if all(column.dtype.kind in "fiub" for column in columns):
        return np.column_stack([column.astype(np.float64) for column in columns])
    return np.column_stack([np.asarray(column.to_pylist(), dtype=object) for column in table.columns])


def _numeric(table: pa.Table, schema: Schema) -> pa.Table:
    """A table whose columns of numbers hold numbers alone, as a model wants them."""
    for at, name in enumerate(table.column_names):
        if schema[name].role is Role.NUMBER and pa.types.is_string(table.schema.field(at).type):
            numbers = parse_numbers(table.column(at).combine_chunks(), schema[name])
            table = table.set_column(at, name, pa.array(numbers, from_pandas=True))
    return table
