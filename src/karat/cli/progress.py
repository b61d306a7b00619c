"""The progress of a run on stderr: one line a step, and how long it may still take."""

import sys
import time
from typing import Any

from karat.cli.say import say
from karat.show.language import plain
from karat.show.lines import fitted

NAME_CELLS = 10  # display: characters of a step's name
EVERY_SECONDS = 30.0  # display: between two lines where no terminal shows a bar
SOON = 3.0  # display: seconds; less is not worth a word


def time_left(seconds: float) -> str:
    """Time that is left, as a person says it: "about 2 min left"."""
    if seconds < SOON:
        return plain("nearly done")
    if seconds < 90:
        return plain("about {n} s left", n=max(5, round(seconds / 5) * 5))
    if seconds < 5400:
        return plain("about {n} min left", n=round(seconds / 60))
    return plain("about {n} h left", n=f"{seconds / 3600:.1f}")


class Progress:
    """A listener that writes one line per step, with a bar on a terminal while it works.

    Parameters
    ----------
    quiet : bool
        Say nothing at all.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: Any = None
        self._task: Any = None
        self._room = ""
        self._began = self._said = 0.0
        self._total = 0

    def enter(self, room: str) -> None:
        """Show a bar for a step's work, on a terminal."""
        self.stop()  # one step may begin inside another
        self._room, self._total = room, 0
        if self.quiet or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._bar = Progress(
            TextColumn(fitted(plain(room), NAME_CELLS)),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[said]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(room, total=None, said="")

    def tick(self, done: int, total: int) -> None:
        """Move the bar, or say from time to time how far the work is."""
        now = time.monotonic()
        if total != self._total:  # another loop of the same step
            self._began = self._said = now
            self._total = total
        left = (now - self._began) / max(done, 1) * (total - done)
        words = f"{done / max(total, 1):4.0%}  {time_left(left) if done else ''}"
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total, said=words)
        elif not self.quiet and now - self._said >= EVERY_SECONDS and done < total:
            self._said = now
            self._say(f"{self._room:<{NAME_CELLS}} {words.strip()}")

    def note(self, room: str, line: str) -> None:
        """Write a line in mid-work; the bar goes on below it."""
        if self._bar is not None:
            self._bar.console.print(f"{room:<{NAME_CELLS}} {line}", markup=False, highlight=False)
        elif not self.quiet:
            self._say(f"{room:<{NAME_CELLS}} {line}")

    def leave(self, room: str, line: str, fresh: bool) -> None:
        """Write the step's line."""
        self.stop()
        if line and not self.quiet:
            self._say(f"{room:<{NAME_CELLS}} {line}{'' if fresh else '  (done before)'}")

    def _say(self, line: str) -> None:
        try:
            say(line, error=True)
        except BrokenPipeError:
            self.quiet = True  # nobody reads any more: the work goes on

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
