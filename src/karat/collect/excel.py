"""Excel and OpenDocument workbooks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.assumed import Assumption, ReadingOptions
from karat.collect.header import Row, find_header, header_assumption, set_header
from karat.collect.reading import Reading, named, quarantined
from karat.collect.records import to_batches
from karat.collect.stored import missing_file
from karat.collect.typed import digest, to_text, whole_file_wanted
from karat.core.errors import InputError, OptionError
from karat.core.unit import Source

LOOK_ROWS = 200


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
    """

    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
    query: str = ""
    sheet: str = ""
    header_row: str = ""

    def read(self, path: Path) -> Reading:
        """The records of one sheet.

        Raises
        ------
        InputError
            The file is broken or holds no records.
        OptionError
            There is no sheet of that name.
        """
        sheet, others, start, rows = self._sheet(path)
        full = [(at, row) for at, row in enumerate(rows, start) if any(cell != "" for cell in row)]
        lines = ReadingOptions(header_row=self.header_row).checked().header_lines
        if len(full) < 1 + (lines != (0, 0)):
            contents = "a header and nothing below it" if full else "no cell that holds anything"
            raise InputError(f"the sheet of {path} has {contents}", "Name another sheet with --sheet")
        looked = [Row(at, at + 1, [to_text(cell) or "" for cell in row]) for at, row in full[:LOOK_ROWS]]
        width = len(full[0][1])
        header = set_header(looked, width, lines, str(path)) if lines else find_header(looked, width, str(path))
        names = named(list(header.names or [None] * width), str(path))
        entry = digest(path)
        head = range(*header.lines) if header.lines else range(0)
        broken = [
            quarantined(str(path), "above the header", "\t".join(row.cells).encode(), row.line + 1)
            for row in looked
            if row.line < header.data_line and row.line not in head
        ]

        def records() -> Iterator[dict[str, Any]]:
            for at, row in full:
                if at >= header.data_line:
                    yield dict(zip(names, row, strict=True))

        def pull() -> Iterator[pa.RecordBatch]:
            yield from to_batches(records(), names, names, entry)

        words = f"sheet {sheet!r}" + (f" (not read: {', '.join(map(repr, others))})" if others else "")
        assumed = [
            Assumption("sheet", sheet, others[0] if others else "", 1.0, words),
            header_assumption(header, bool(self.header_row)),
        ]
        return Reading(names, pull, {}, [entry], broken, assumed)

    def _sheet(self, path: Path) -> tuple[str, list[str], int, list[list[Any]]]:
        """Name of the sheet, names of the others, its first row, and its rows."""
        import python_calamine as calamine

        if not path.exists():
            raise missing_file(path)
        try:
            book = calamine.CalamineWorkbook.from_path(str(path))
            wanted = self.sheet or self.query
            if wanted and wanted not in book.sheet_names:
                raise OptionError.unknown("sheet", wanted, book.sheet_names, str(path))
            kinds = {entry.name: entry.typ for entry in book.sheets_metadata}
            names = [name for name in book.sheet_names if kinds.get(name) in (None, calamine.SheetTypeEnum.WorkSheet)]
            for chosen in [wanted] if wanted else names or book.sheet_names:
                sheet = book.get_sheet_by_name(chosen)
                rows = sheet.to_python(skip_empty_area=True)
                if rows:
                    break
        except (calamine.CalamineError, OSError) as error:
            raise whole_file_wanted("workbook", path, error) from error
        return chosen, [name for name in names if name != chosen], (sheet.start or (0, 0))[0], rows
