"""Excel and OpenDocument workbooks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from zipfile import BadZipFile, ZipFile

import numpy as np
import pyarrow as pa

from karat.collect.apart import apart
from karat.collect.assumed import Assumption, ReadingOptions
from karat.collect.header import Row, find_header, header_assumption, set_header
from karat.collect.limits import MAX_MEMORY_MB, MAX_RATIO, RATIO_FROM, ratio_error
from karat.collect.reading import Reading, named, quarantined
from karat.collect.records import BATCH
from karat.collect.stored import missing_file
from karat.collect.typed import digest
from karat.core.errors import InputError
from karat.core.unit import Source

LOOK_ROWS = 200  # cost: rows in which the header is looked for


@dataclass(frozen=True)
class Workbook(Source):
    """Reads one sheet of a workbook; titles above the column names are left out. Source: ECMA-376.

    Parameters
    ----------
    query : str
        Name of the sheet; "" takes the first that holds anything.
    sheet : str
        The same, under the name that it has elsewhere.
    header_row : str
        Row or rows of the column names, from 1; "0" for none; "" finds out.
    max_memory_mb : float
        Memory that reading it may take.
    max_ratio : float
        Of the unpacked to the packed size.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
    query: str = ""
    sheet: str = ""
    header_row: str = ""
    max_memory_mb: float = MAX_MEMORY_MB
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one sheet.

        Raises
        ------
        InputError
            The file is broken or holds no records.
        OptionError
            There is no sheet of that name.
        """
        if not path.exists():
            raise missing_file(path)
        _proportionate(path, self.max_ratio)
        wanted = {"sheet": self.sheet or self.query}
        table = apart("karat.collect.sheet:sheet_table", path, self.max_memory_mb, **wanted)
        sheet, others, start = json.loads(table.schema.metadata[b"sheet"])
        full = np.zeros(table.num_rows, bool)
        for column in table.columns:
            full |= np.asarray(column.is_valid())
        places = np.flatnonzero(full)
        lines = ReadingOptions(header_row=self.header_row).checked().header_lines
        if len(places) < 1 + (lines != (0, 0)):
            contents = "a header and nothing below it" if len(places) else "no cell that holds anything"
            raise InputError(f"the sheet of {path} has {contents}", "Name another sheet with --sheet")
        looked = _first_rows(table, places[:LOOK_ROWS], start)
        width = table.num_columns
        header = set_header(looked, width, lines, str(path)) if lines else find_header(looked, width, str(path))
        names = named(list(header.names or [None] * width), str(path))
        entry = digest(path)
        head = range(*header.lines) if header.lines else range(0)
        broken = [
            quarantined(str(path), "above the header", "\t".join(row.cells).encode(), row.line + 1)
            for row in looked
            if row.line < header.data_line and row.line not in head
        ]

        def pull() -> Iterator[pa.RecordBatch]:
            records = table.take(places[places + start >= header.data_line])
            for batch in records.rename_columns(list(names)).replace_schema_metadata(None).to_batches(BATCH):
                entry["records"] += batch.num_rows
                yield batch

        words = f"sheet {sheet!r}" + (f" (not read: {', '.join(map(repr, others))})" if others else "")
        assumed = [
            Assumption("sheet", sheet, others[0] if others else "", 1.0, words),
            header_assumption(header, bool(self.header_row)),
        ]
        return Reading(names, pull, {}, [entry], broken, assumed)


def _proportionate(path: Path, max_ratio: float) -> None:
    """Raise a LimitError where what a packed workbook says of its sizes is out of all proportion."""
    try:
        with ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (BadZipFile, OSError, ValueError):
        return  # no zip file, or a broken one: its reader says so
    if size > max(RATIO_FROM, max_ratio * path.stat().st_size):
        raise ratio_error(path, max_ratio)


def _first_rows(table: pa.Table, places: np.ndarray, start: int) -> list[Row]:
    """The rows at these places, in which the header is looked for; ``start`` is the line of the sheet's first row."""
    cells = zip(*(column.take(places).to_pylist() for column in table.columns), strict=True)
    lines = (places + start).tolist()
    return [Row(line, line + 1, [cell or "" for cell in row]) for line, row in zip(lines, cells, strict=True)]
