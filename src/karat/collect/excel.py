"""Excel and OpenDocument workbooks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.reading import Reading, named
from karat.collect.records import to_batches
from karat.collect.stored import missing_file
from karat.collect.typed import digest, whole_file_wanted
from karat.core.errors import InputError, OptionError
from karat.core.unit import Source


@dataclass(frozen=True)
class Workbook(Source):
    """Reads one sheet of a workbook; its first row that is not blank names the columns. Source: ECMA-376.

    Parameters
    ----------
    query : str
        Name of the sheet; "" takes the first that holds anything.
    sheet : str
        The same, under the name that it has elsewhere.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
    query: str = ""
    sheet: str = ""

    def read(self, path: Path) -> Reading:
        """The records of one sheet.

        Raises
        ------
        InputError
            The file is broken or holds no records.
        OptionError
            There is no sheet of that name.
        """
        import python_calamine as calamine

        if not path.exists():
            raise missing_file(path)
        try:
            book = calamine.CalamineWorkbook.from_path(str(path))
            wanted = self.sheet or self.query
            if wanted and wanted not in book.sheet_names:
                raise OptionError.unknown("sheet", wanted, book.sheet_names, str(path))
            sheets = [wanted] if wanted else list(book.sheet_names)
            rows: list[list[Any]] = []
            for sheet in sheets:
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
                if rows:
                    break
        except (calamine.CalamineError, OSError) as error:
            raise whole_file_wanted("workbook", path, error) from error
        rows = [row for row in rows if any(cell != "" for cell in row)]
        if len(rows) < 2:
            found = "a header and nothing below it" if rows else "no cell that holds anything"
            raise InputError("a sheet with records wanted", found, str(path), "name another sheet as query")
        names = named([str(cell) for cell in rows[0]], str(path))
        entry = digest(path)

        def records() -> Iterator[dict[str, Any]]:
            for row in rows[1:]:
                yield dict(zip(names, row, strict=True))

        def pull() -> Iterator[pa.RecordBatch]:
            yield from to_batches(records(), names, names, entry)

        return Reading(names, pull, {}, [entry])
