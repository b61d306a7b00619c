"""Fetches a user's own source over http(s), before it is read like a file."""

import shutil
import tempfile
import weakref
from pathlib import Path, PurePosixPath

from karat.core.errors import InputError

TIMEOUT_S = 60


class Fetched:
    """A file fetched into a temporary folder, which goes when nobody holds it any more.

    Parameters
    ----------
    url : str
        http or https.
    """

    def __init__(self, url: str) -> None:
        from urllib.error import HTTPError, URLError
        from urllib.parse import unquote, urlsplit
        from urllib.request import Request, urlopen

        folder = Path(tempfile.mkdtemp(prefix="karat-"))
        self.url, self._end = url, weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        try:
            self.path = folder / (PurePosixPath(unquote(urlsplit(url).path)).name or "data")
            request = Request(url, headers={"User-Agent": "karat"})  # noqa: S310  the scheme was looked at
            with urlopen(request, timeout=TIMEOUT_S) as answer, self.path.open("wb") as file:  # noqa: S310
                shutil.copyfileobj(answer, file, 1 << 20)
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(error, HTTPError):
                error.close()  # it holds the connection
            raise InputError(f"{url} did not answer: {reason}", "Check the address and the network") from error
