"""Strangers of a column, told text by text: most texts that a server is asked about come again and again."""

import numpy as np

from karat.core.parsing import PLAIN_NUMBER
from karat.core.record_cells import Doubts, RecordCells
from karat.core.short_texts import LONGEST
from karat.quality.accuracy.column_fit import ColumnValues
from karat.quality.distinct import Distinct

MOST_KNOWN = 4_096  # cost: short texts of a column that a server remembers


class StrangerLook:
    """Tells strangers of one column, text by text."""

    def __init__(self, home: ColumnValues) -> None:
        self.home, self.known = home, dict[str, bool]()
        self._plain = home.column.decimal == "." and not home.column.thousands

    def is_one(self, text: str) -> bool:
        """Is the text a stranger in its column?"""
        known = self.known.get(text)
        if known is None:
            quickly = self._plain and PLAIN_NUMBER(text) and self.home.quickly_home(float(text))
            known = not quickly and bool(self.home.strange(Distinct([text], self.home.column, np.ones(1, np.int64)))[0])
            if len(text) <= LONGEST and len(self.known) < MOST_KNOWN:
                self.known[text] = known
        return known


def strangers_or_blanks(looks: list[StrangerLook], emptied: list[str]) -> Doubts:
    """Finds the records with a stranger, or with a blank in one of some columns."""
    named = [(stranger.home.column.name, stranger.known, stranger) for stranger in looks]

    def look(cells: RecordCells) -> list[int]:
        doubted = {
            at for name in emptied if name in cells.sent for at, text in enumerate(cells.texts(name)) if text is None
        }
        for name, known, stranger in named:
            for at, text in enumerate(cells.texts(name)):
                if text is not None and known.get(text) is not False and stranger.is_one(text):
                    doubted.add(at)
        return sorted(doubted)

    return look
