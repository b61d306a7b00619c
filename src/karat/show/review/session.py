"""All that the review page of one run folder knows, read anew when the folder changes."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from karat.flow.decisions import FILE, Decisions
from karat.flow.settings import read_settings
from karat.show.review.assignment import ReviewDesk
from karat.show.review.items import Items
from karat.show.review.queue import Tick, open_queue, source_mark
from karat.show.review.records import Records
from karat.show.run_files import Facts
from karat.show.spoken import language

MAX_WARMED = 50  # cost: columns read ahead
FOLLOWED = ("run.json", "findings.parquet", "ledger.parquet", "scores.json", "lift.json")


class Board:
    """A run folder on the page.

    Parameters
    ----------
    tick : callable
        Told what is read and how many cases it holds.
    settings : Path or None
        A ``karat.toml`` with a table ``[review]``; None takes the run's own.

    Raises
    ------
    InputError
        The folder holds nothing that Karat made.
    MachineError
        Decisions cannot be written there.
    """

    def __init__(self, run: Path, tick: Tick = lambda _what, _done: None, settings: Path | None = None) -> None:
        self.run, self._tick, self.settings = run, tick, settings
        queue = open_queue(run, tick)
        self.decisions = Decisions(run / FILE)
        self._lock = threading.Lock()
        self._start(queue)

    def _start(self, queue: Any) -> None:
        self.desk = ReviewDesk(queue, self.decisions)
        queue.coded("column")  # read before the first page is asked for
        queue.narrow("alike")
        self.records, self.items, self.facts = Records(self.run), Items(self.run), Facts(self.run)
        self._kept: dict[Any, Any] = {}
        self._seen = self._state()

    def _state(self) -> tuple[Any, ...]:
        paths = [self.run / name for name in FOLLOWED]
        return (source_mark(self.run), *(path.stat().st_mtime_ns if path.exists() else 0 for path in paths))

    def refresh(self) -> None:
        """Read the folder anew where another run has changed it."""
        with self._lock:
            if self._state() != self._seen:
                self._start(open_queue(self.run, self._tick))

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """``make()``, computed once in each language until the folder changes."""
        key = (key, language())
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def warm(self, shape: Callable[["Board", str], Any]) -> None:
        """Open the records and compute the shapes of the columns asked about, before anybody waits for them."""
        self.records.get(0)
        for column in self.desk.queue.coded("column")[1][:MAX_WARMED]:
            if column:
                self.once(("shape", column), lambda column=column: shape(self, column))  # type: ignore[misc]

    @property
    def name(self) -> str:
        """The data set's name."""
        return self.facts.name

    @property
    def instructions(self) -> str:
        """How cases of this project are decided, from ``[review] instructions``; "" where nobody has said it."""
        place = self.settings or self.run / "karat.toml"
        made = self.once("instructions", lambda: read_settings(place).review.instructions if place.is_file() else "")
        return str(made)

    @property
    def cells(self) -> int:
        """Cells in the data set, 0 where nobody knows."""
        kept = self.facts.accounting.get("kept") or 0
        return int(kept) * len(self.facts.schema or ())

    def close(self) -> None:
        """Let go of the file of decisions."""
        self.decisions.close()
