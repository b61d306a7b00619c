"""Fetches a user's own source over http(s), before it is read like a file."""

import shutil
import tempfile
import weakref
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import IO, Any

from karat.core.errors import InputError

TIMEOUT_S = 60  # cost: without an answer, an error says so
MAX_RESUMES = 5  # as pip's --retries by default; each must bring something


class Fetched:
    """A file fetched into a temporary folder, which goes when nobody holds it any more.

    A download that breaks off is resumed where it ended, and refused where it stays incomplete. User and password of
    the address are sent to its own host alone.

    Parameters
    ----------
    url : str
        http or https.
    """

    def __init__(self, url: str) -> None:
        from urllib.error import HTTPError
        from urllib.parse import unquote, urlsplit

        folder = Path(tempfile.mkdtemp(prefix="karat-"))
        self.url, self._end = url, weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        try:
            self.path = folder / (PurePosixPath(unquote(urlsplit(url).path)).name or "data")
            with self.path.open("wb") as file:
                _download(url, file)
        except (HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(error, HTTPError):
                error.close()  # it holds the connection
            raise InputError(f"{url} did not answer: {reason}", "Check the address and the network") from error


def _download(url: str, file: IO[bytes]) -> None:
    """The whole content, in as many parts as it takes. Raises InputError where it stays incomplete."""
    size, total, same = 0, None, ""
    for _ in range(1 + MAX_RESUMES):
        before = size
        with _asked(url, size, same) as answer:
            if size and (answer.status != 206 or _begin(answer.headers["Content-Range"]) != size):  # the whole anew
                size = before = 0
                file.seek(0)
                file.truncate()
            if not size:
                total = _number(answer.headers["Content-Length"])
                same = answer.headers["ETag"] or answer.headers["Last-Modified"] or ""
            cut = _copied(answer, file)
        size = file.tell()
        if (total is None and not cut) or size == total:
            return
        if not same or size == before or (total is not None and size > total):
            break
    of = f" of {total:,}" if total is not None else ""
    raise InputError(f"{url} ended after {size:,}{of} bytes", "Fetch it again, or download it and give the file")


def _asked(url: str, begin: int, same: str) -> Any:
    """The answer to a request for the content from a byte on, as long as it is the ``same`` content."""
    import base64
    from urllib.parse import unquote, urlsplit
    from urllib.request import Request, urlopen

    user, _, host = urlsplit(url).netloc.rpartition("@")
    headers = {"User-Agent": "karat", **({"Range": f"bytes={begin}-", "If-Range": same} if begin else {})}
    request = Request(urlsplit(url)._replace(netloc=host).geturl(), headers=headers)  # noqa: S310  the scheme was looked at
    if user:
        login = base64.b64encode(unquote(user).encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {login}")  # another host learns nothing of it
    answer = urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    if not answer.url.startswith(("http://", "https://")):
        raise ValueError(f"it redirects to {answer.url}")
    return answer


def _copied(answer: Any, file: IO[bytes]) -> bool:
    """Writes what comes; was it cut off before its end?"""
    try:
        while part := answer.read1(1 << 20):
            file.write(part)
    except (HTTPException, ConnectionError, TimeoutError):
        return True
    return False


def _begin(content_range: str | None) -> int | None:
    return _number((content_range or "").removeprefix("bytes ").partition("-")[0])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None
