"""What the workers of one server have counted, told by whichever of them is asked."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 1.0  # cost: a worker that does not answer by then is left out
Plain = dict[str, Any]


@dataclass(eq=False)
class Siblings:
    """The workers of a server, which ask each other over sockets in a folder that is theirs alone.

    Parameters
    ----------
    number : int
        Of this worker.
    """

    folder: Path
    number: int

    def _place(self, number: int | str) -> Path:
        return self.folder / f"{number}.socket"

    @contextlib.asynccontextmanager
    async def telling(self, tell: Callable[[], Plain]) -> Any:
        """While it lasts, others are told what ``tell`` says."""

        async def told(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(json.dumps(tell()).encode())
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

        own = self._place(self.number)
        own.unlink(missing_ok=True)  # of a worker before this one that died
        server = await asyncio.start_unix_server(told, own)
        try:
            yield
        finally:
            server.close()
            own.unlink(missing_ok=True)

    async def others(self) -> list[Plain]:
        """What the others say; one that does not answer in time is left out."""
        places = [place for place in sorted(self.folder.glob("*.socket")) if place != self._place(self.number)]
        said = await asyncio.gather(*(_asked(place) for place in places))
        return [plain for plain in said if plain is not None]


async def _asked(place: Path) -> Plain | None:
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_unix_connection(place)
            try:
                plain: Plain = json.loads(await reader.read())
            finally:
                writer.close()
            return plain
    except (OSError, TimeoutError, ValueError):
        return None
