"""A source behind an address is fetched once, named as it is there, and gone with its last holder."""

import gc
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

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


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


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
