"""``karat.read``: a data set as every command reads it, and how it was read."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, Unpack

import pyarrow as pa

from karat.cli.frames import Library, as_frame, library_of
from karat.cli.options import Options, as_settings, named_options
from karat.flow.looking import Look

Frame = TypeVar("Frame")
SIZE = 80  # display: cells of a line of the repr


@dataclass(frozen=True, repr=False)
class Read(Generic[Frame]):
    """A data set, and how it was read; its repr is what ``karat look`` prints.

    Parameters
    ----------
    look : karat.flow.looking.Look
        What was assumed, with the runner-up of each; the columns; what could not be read.
    """

    look: Look
    _table: pa.Table
    _library: Library = field(default="arrow")

    @property
    def data(self) -> Frame:
        """The records (n rows) in their inferred types; text where a cell would be lost by its column's type."""
        frame: Frame = as_frame(self._table, self._library)
        return frame

    @property
    def assumed(self) -> dict[str, Any]:
        """What was assumed in order to read it: ``value``, ``runner_up`` and ``clear`` in [0, 1], by setting."""
        return dict(self.look.to_json()["reading"])

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Name, role, type, meanings, three values and notes of each column, in order."""
        return list(self.look.to_json()["columns"])

    @property
    def notes(self) -> list[str]:
        """Rows of totals, lines that could not be read, files of a folder that were skipped."""
        return list(self.look.notes)

    def __repr__(self) -> str:
        from karat.show.preview import preview

        return "\n".join(preview(self.look, SIZE))


@named_options
def read(data: Any, target: str = "", **options: Unpack[Options]) -> Read[Any]:
    """Read a data set as every command reads it, and say how; nothing is checked or changed.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or table
        A table is anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB).
    target : str, default ''
        The column to predict; '' for none.
    **options

    Returns
    -------
    Read
        ``.data``, ``.assumed``, ``.columns``, ``.notes``; shows itself as a preview.

    Raises
    ------
    karat.InputError
        The data cannot be read.
    karat.OptionError
        An option is unknown or out of its range.
    """
    from karat.core.block import ROW
    from karat.flow.dataset import Dataset
    from karat.flow.loading import load
    from karat.flow.looking import look
    from karat.flow.settings import made_settings
    from karat.flow.typed import typed, typed_schema

    settings = made_settings(as_settings(options, target), "the options")
    seen = look(data, settings)
    block = load(data, settings)
    table = typed(block.table, block.rows, typed_schema(Dataset.of(block)))
    return Read(seen, table.drop_columns([ROW]), library_of(data))
