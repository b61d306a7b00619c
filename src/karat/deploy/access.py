"""Who may ask a server: a token, names it answers to, and pages that may post to it."""

import hmac
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from karat.core.errors import InputError, OptionError

VARIABLE = "KARAT_TOKEN"
LEAST_TOKEN = 16  # definition: characters; fewer can be guessed
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MANY_NAMES = 256  # cost: host names that are remembered as addresses or none
HEALTH = "/v2/health/"
Headers = Iterable[tuple[bytes, bytes]]
Refusal = tuple[int, str]


@dataclass(frozen=True)
class Access:
    """Who may ask.

    A page of a stranger in somebody's browser can reach a server on the same machine, by posting to it, or by giving
    its own name that machine's address. So a post from another origin is refused, and so is a name with a dot that the
    server does not know: addresses, localhost and names without a dot belong to no stranger.

    Parameters
    ----------
    token : str
        What "Authorization: Bearer …" must say; "" lets everybody ask. Health is told without it.
    hosts : frozenset of str
        Names with a dot that this server answers to, lower case, without port; "*" for any.
    origins : frozenset of str
        Origins whose pages may post, such as "https://app.example.org"; "*" for any.
    """

    token: str = ""
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, host: str, token: str = "", hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> "Access":
        """Access to a server that listens on a host; this machine's own names are known."""
        own = {host} if host in LOOPBACK else {host, socket.gethostname(), socket.getfqdn()}
        for origin in origins:
            parts = urlsplit(origin)
            whole = parts.scheme in ("http", "https") and parts.netloc and parts.path in ("", "/")
            if origin != "*" and not whole:
                raise OptionError(
                    f"origin {origin!r} is not an origin (--allowed-origin)", "Write it like https://app.example.org"
                )
        known = frozenset(name.lower() for name in (*own, *hosts) if name)
        return cls(token, known, frozenset(origin.lower().rstrip("/") for origin in origins))

    def refusal(self, method: str, path: str, headers: Headers) -> Refusal | None:
        """Status and reason, or None for a request that may be answered."""
        sent = {name: value for name, value in headers if name in _READ}
        host = sent.get(b"host", b"").decode("latin-1").lower()
        if not self.knows(host):
            return (
                421,
                f"it does not answer to {host[:80]!r}. Start it with --allowed-host, or use its address.",
            )
        origin = sent.get(b"origin")
        if origin is not None and method not in ("GET", "HEAD") and not self.may_post(origin.decode("latin-1"), host):
            return 403, (
                f"a page of {origin.decode('latin-1')[:80]!r} may not post here. "
                "Start the server with --allowed-origin to let it."
            )
        if self.token and not path.startswith(HEALTH) and method != "OPTIONS" and not self._authorized(sent):
            return 401, "the token is missing or wrong. Send it as Authorization: Bearer TOKEN."
        return None

    def _authorized(self, sent: dict[bytes, bytes]) -> bool:
        return hmac.compare_digest(sent.get(b"authorization", b""), b"Bearer " + self.token.encode())

    def knows(self, host: str) -> bool:
        """Does the server answer to a ``Host`` header, lower case?"""
        name = host.rsplit(":", 1)[0] if not host.endswith("]") and host.count(":") != 0 else host
        name = name.strip("[]").rstrip(".")
        if "." not in name and ":" not in name:
            return True
        return "*" in self.hosts or name in self.hosts or name.endswith(".localhost") or _is_address(name)

    def may_post(self, origin: str, host: str) -> bool:
        """May a page of the origin post to the server, asked for as ``host``?"""
        origin = origin.lower()
        return "*" in self.origins or origin in self.origins or origin in (f"http://{host}", f"https://{host}")

    def named(self, origin: bytes) -> bool:
        """Is it an origin that the server was told to let in, so that its pages may read the answers?"""
        return bool(self.origins) and ("*" in self.origins or origin.decode("latin-1").lower() in self.origins)


_READ = frozenset({b"host", b"origin", b"authorization"})


def token_from(file: Path | None) -> str:
    """The token from a file, else from the environment variable ``KARAT_TOKEN``; "" when there is neither.

    Raises
    ------
    InputError
        When the file cannot be read.
    OptionError
        When the token is too short, or is more than one line of plain characters.
    """
    place = str(file) if file else VARIABLE
    try:
        token = file.read_text(encoding="utf-8").strip() if file else os.environ.get(VARIABLE, "").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise InputError(f"token file {file} cannot be read: {reason}", "Check the path and its permissions") from None
    if not token and not file:
        return ""
    if len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise OptionError(
            f"the token in {place} is not {LEAST_TOKEN} or more plain characters on one line",
            "Make one with: openssl rand -hex 32",
        )
    return token


@lru_cache(MANY_NAMES)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
