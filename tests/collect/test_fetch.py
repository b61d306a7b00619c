"""A source behind an address is fetched once, named as it is there, and gone with its last holder."""

import gc
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from karat.collect.fetch import Fetched
from karat.core.errors import InputError

DATA = b"a,b\n1,2\n"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        missing = self.path.startswith("/missing")
        self.send_response(404 if missing else 200)
        self.end_headers()
        self.wfile.write(b"" if missing else DATA + self.headers["User-Agent"].encode())

    def log_message(self, *_: object) -> None:
        pass


RECORDS = b"a,b\n" + b"1,2\n" * 5000


class Cut(BaseHTTPRequestHandler):
    """Serves ``RECORDS`` and breaks off after ``part`` bytes; resumes where the path says so."""

    part = 9000
    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(f"{self.headers['Authorization']} {self.headers['Range']}")
        begin = int((self.headers["Range"] or "bytes=0-")[6:-1]) if "ranges" in self.path else 0
        changed = "changed" in self.path and len(self.seen) == 2
        whole = RECORDS.replace(b"1,2", b"3,4") if "changed" in self.path and len(self.seen) > 1 else RECORDS
        begin = 0 if changed else begin
        self.send_response(206 if begin else 200)
        if "chunked" in self.path:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(whole) - begin))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(whole) - 1}/{len(whole)}")
        if "ranges" in self.path:
            self.send_header("ETag", '"1"')
        self.end_headers()
        part = whole[begin : begin + self.part]
        self.wfile.write(b"%x\r\n%s" % (2 * len(part), part) if "chunked" in self.path else part)

    def log_message(self, *_: object) -> None:
        pass


def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    yield from served(Answer)


@pytest.fixture
def cut() -> Iterator[str]:
    Cut.seen.clear()
    yield from served(Cut)


@pytest.mark.parametrize("path", ["plain.csv", "chunked.csv"])
def test_a_download_that_breaks_off_is_refused(cut: str, path: str) -> None:
    with pytest.raises(InputError, match=r"ended after [\d,]+( of 20,004)? bytes"):
        Fetched(f"{cut}/{path}")


def test_a_download_that_breaks_off_is_resumed_where_the_server_can(cut: str) -> None:
    assert Fetched(f"{cut}/ranges.csv").path.read_bytes() == RECORDS
    assert [entry.split()[-1] for entry in Cut.seen] == ["None", "bytes=9000-", "bytes=18000-"]


def test_a_content_that_changed_meanwhile_is_fetched_anew(cut: str) -> None:
    assert Fetched(f"{cut}/ranges/changed.csv").path.read_bytes() == RECORDS.replace(b"1,2", b"3,4")


def test_user_and_password_are_sent_and_never_told(cut: str) -> None:
    address = cut.replace("//", "//ann:p%40ss@")
    with pytest.raises(InputError) as error:
        Fetched(f"{address}/plain.csv?sig=5ecret")
    assert Cut.seen == ["Basic YW5uOnBAc3M= None"]
    assert "p%40ss" not in str(error.value)
    assert "5ecret" not in str(error.value)


def test_a_file_keeps_the_name_it_has_in_the_address(address: str) -> None:
    fetched = Fetched(f"{address}/sets/my%20loans.csv?token=1")
    assert fetched.path.name == "my loans.csv"
    assert fetched.path.read_bytes() == DATA + b"karat"
    assert Fetched(f"{address}/").path.name == "data"


def test_the_file_goes_when_nobody_holds_it(address: str) -> None:
    fetched = Fetched(f"{address}/x.csv")
    folder = fetched.path.parent
    assert folder.is_dir()
    del fetched
    gc.collect()
    assert not folder.exists()


def test_an_address_that_does_not_answer_is_named_with_the_reason(address: str) -> None:
    with pytest.raises(InputError, match=r"/missing\.csv did not answer: Not Found") as error:
        Fetched(f"{address}/missing.csv")
    assert error.value.do == "Check the address and the network"
    with pytest.raises(InputError, match="did not answer"):
        Fetched("http://127.0.0.1:1/x.csv")
    with pytest.raises(InputError, match="did not answer"):
        Fetched("http://[broken/x.csv")
