"""Whether a text file without a telling name is a table."""

from pathlib import Path

from karat.collect.delimited import as_utf8, dialect_of
from karat.collect.dialect import first_rows, spaced_as_tabs
from karat.collect.header import form_of
from karat.collect.stored import foreign, opened
from karat.core.errors import InputError

LOOK_BYTES = 1 << 18  # cost: of the beginning
MIN_RECORDS = 4  # unproven: fewer lines of prose are alike by chance
ALIKE = 0.95  # share of the records with one number of fields; sentences with commas reach .5 on running text


def is_table(path: Path) -> bool:
    """Do the lines of a file fall into the same number of fields, and more than prose with its commas would?

    A text with commas alone also needs a column that is not words: numbers, dates, codes.
    """
    with opened(path) as file:
        head = file.read(LOOK_BYTES)
    if foreign(head) or not head.strip():
        return False
    try:
        sample, whole = as_utf8(path, head, len(head) < LOOK_BYTES)
    except InputError:
        return False
    dialect = dialect_of(sample, whole, "")
    rows = first_rows(spaced_as_tabs(sample) if dialect.spaced else sample, dialect)
    alike = [row.cells for row in rows if len(row.cells) == dialect.width]
    if dialect.width < 2 or len(alike) < MIN_RECORDS or len(alike) < ALIKE * len(rows):
        return False
    formed = any(form_of([row[at] for row in alike[1:] if row[at].strip()] or [""]) for at in range(dialect.width))
    return formed or dialect.delimiter in b"\t|;"
