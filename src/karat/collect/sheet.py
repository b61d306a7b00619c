"""One sheet of a workbook as text, read by calamine."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.typed import to_text, whole_file_wanted
from karat.core.errors import InputError, OptionError

BATCH_ROWS = 8192  # cost: of a batch in memory


def sheet_table(path: Path, sheet: str) -> pa.Table:
    """The cells of a sheet; the metadata of the schema holds its name, the names of the others and its first row.

    Parameters
    ----------
    sheet : str
        Name of the sheet; "" takes the first that holds anything.

    Raises
    ------
    InputError
        The file is broken.
    OptionError
        There is no sheet of that name.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        if sheet and sheet not in book.sheet_names:
            raise OptionError.unknown("sheet", sheet, book.sheet_names, str(path))
        kinds = {entry.name: entry.typ for entry in book.sheets_metadata}
        names = [name for name in book.sheet_names if kinds.get(name) in (None, calamine.SheetTypeEnum.WorkSheet)]
        if not book.sheet_names:
            raise InputError(f"{path} is a workbook without sheets", "Name the right file")
        for chosen in [sheet] if sheet else names or book.sheet_names:
            cells = book.get_sheet_by_name(chosen)
            if cells.height:
                break
    except (calamine.CalamineError, OSError) as error:
        raise whole_file_wanted("workbook", path, error) from error
    start = (cells.start or (0, 0))[0]
    schema = pa.schema([(str(at), pa.string()) for at in range(cells.width)])
    about = json.dumps([chosen, [name for name in names if name != chosen], start])
    return pa.Table.from_batches(list(_batches(cells, start, schema)), schema).replace_schema_metadata({"sheet": about})


def _batches(cells: Any, start: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows = islice(cells.iter_rows(), start, None)  # they are counted from the first of the sheet
    while part := list(islice(rows, BATCH_ROWS)):
        columns = [pa.array([to_text(cell) for cell in column], pa.string()) for column in zip(*part, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
