"""The progress of a run on stderr: one line a room."""

import sys
from typing import Any

ROOM_WIDTH = 10  # display: characters of a room's name


class Progress:
    """A listener that writes one line per room, with a bar while the room works.

    Parameters
    ----------
    quiet : bool
        Say nothing at all.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: Any = None
        self._task: Any = None

    def enter(self, room: str) -> None:
        """Show a bar for a room's work, on a terminal."""
        if self.quiet or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn(f"{room:<{ROOM_WIDTH}}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(room, total=None)

    def tick(self, done: int, total: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)

    def note(self, room: str, line: str) -> None:
        """Write a line in mid-work; the bar goes on below it."""
        if self._bar is not None:
            self._bar.console.print(f"{room:<{ROOM_WIDTH}} {line}", markup=False, highlight=False)
        elif not self.quiet:
            self._say(f"{room:<{ROOM_WIDTH}} {line}")

    def leave(self, room: str, line: str, fresh: bool) -> None:
        """Write the room's line."""
        self.stop()
        if line and not self.quiet:
            self._say(f"{room:<{ROOM_WIDTH}} {line}{'' if fresh else '  (done before)'}")

    def _say(self, line: str) -> None:
        try:
            print(line, file=sys.stderr, flush=True)
        except BrokenPipeError:
            self.quiet = True  # nobody reads any more: the work goes on

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
