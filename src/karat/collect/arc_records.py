"""The records of an ARC file, the web archives of before 2009."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from karat.collect.unpacked import Unpacked

HEAD = re.compile(rb"^(\S.*) (\S+) (\d{8,20}) (\S+) (-?\w+)\r?$")
MOST_BODY_BYTES = 64 << 20  # cost: a record said to be longer is taken for a broken one


@dataclass(frozen=True)
class ArcRecord:
    """One record; ``error`` says why it cannot be read, else "".

    Parameters
    ----------
    body : bytes
        Without the HTTP headers; as it stands where there is an error.
    offset : int
        Where it begins in the unpacked file.
    """

    url: str
    date: str
    mime: str
    body: bytes
    offset: int
    error: str = ""


class _Lines:
    """A stream with lines, and a count of what was read."""

    def __init__(self, file: Unpacked) -> None:
        self.file, self.unread, self.at, self.over = file, b"", 0, False

    def _more(self) -> bool:
        data = self.file.read(1 << 20)
        self.unread += data
        return bool(data)

    def line(self) -> bytes:
        while b"\n" not in self.unread and self._more():
            pass
        return self.take(self.unread.find(b"\n") + 1 or len(self.unread))

    def take(self, size: int) -> bytes:
        while len(self.unread) < size and self._more():
            pass
        data, self.unread = self.unread[:size], self.unread[size:]
        self.at += len(data)
        return data


def arc_records(file: Unpacked) -> Iterator[ArcRecord]:
    """Records in their order; one whose header states no length reaches to the next header.

    Source: Burner and Kahle (1996), ARC file format, version 1.
    """
    lines = _Lines(file)
    head = lines.line()
    begin = 0
    while head:
        header = HEAD.match(head.rstrip(b"\n"))
        if not head.strip():
            begin, head = lines.at, lines.line()
            continue
        length = int(header[5]) if header and re.fullmatch(rb"\d{1,12}", header[5]) else -1
        if header and 0 <= length <= MOST_BODY_BYTES:
            body = lines.take(length)
            yield _made(header, body, begin, length)
            begin, head = lines.at, lines.line()
            continue
        start, taken = begin, [head]
        begin, head = lines.at, lines.line()
        while head and not HEAD.match(head.rstrip(b"\n")):
            taken.append(head)
            begin, head = lines.at, lines.line()
        if header and length == -1 and header[5] == b"-1":
            yield _made(header, b"".join(taken[1:]), start, None)
        else:
            what = "a header that is none" if not header else f"the length {header[5].decode('latin-1')!r}"
            yield ArcRecord("", "", "", b"".join(taken), start, f"{what} in an ARC record")


def _made(header: re.Match[bytes], body: bytes, begin: int, length: int | None) -> ArcRecord:
    url, _, date, mime, _ = (part.decode("utf-8", "replace") for part in header.groups())
    if length is not None and len(body) < length:
        what = f"a record that ends after {len(body)} of {length} bytes"
        return ArcRecord(url, date, mime, header[0] + b"\n" + body, begin, what)
    if body.startswith(b"HTTP/"):
        head, _, rest = (
            re.split(rb"(\r?\n\r?\n)", body, maxsplit=1) if re.search(rb"\r?\n\r?\n", body) else (body, b"", b"")
        )
        stated = re.search(rb"(?im)^content-type:\s*(\S+)", head)
        mime = stated[1].decode("latin-1") if stated else mime
        return ArcRecord(url, date, mime, rest, begin)
    return ArcRecord(url, date, mime, body, begin)
