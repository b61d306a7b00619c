"""What the user's own filters measure of documents: expressions that match, addresses on a list, tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError, OptionError


def require_expressions(setting: str, expressions: Iterable[str]) -> None:
    """Raise OptionError for an expression that cannot be read."""
    for expression in expressions:
        try:
            pc.match_substring_regex(pa.array([""]), expression)
        except (pa.ArrowInvalid, ValueError) as error:
            reason = str(error).split("\n")[0][:120]
            raise OptionError(
                f"[clean] {setting} has {expression!r}, which is no expression of RE2 ({reason})", "Correct it"
            ) from None


def first_match(texts: pa.Array, expressions: Sequence[str]) -> np.ndarray:
    """(n,) int64: which expression matches a text first, counted from 1; 0 for none."""
    first = np.zeros(len(texts), np.int64)
    for number, expression in enumerate(expressions, 1):
        open_ones = np.flatnonzero(first == 0)
        if len(open_ones):
            some = texts if len(open_ones) == len(texts) else texts.take(pa.array(open_ones))
            first[open_ones[np.asarray(pc.fill_null(pc.match_substring_regex(some, expression), False))]] = number
    return first


def replaced(texts: pa.Array, patterns: Mapping[str, str]) -> pa.Array:
    """The texts with each expression's matches replaced, one expression after the other."""
    for pattern, written in patterns.items():
        try:
            texts = pc.replace_substring_regex(texts, pattern, written)
        except (pa.ArrowInvalid, ValueError) as error:
            reason = str(error).split("\n")[0][:120]
            raise OptionError(f"[clean] replace has {pattern!r} = {written!r} ({reason})", "Correct it") from None
    return texts


@dataclass(frozen=True, eq=False)
class AddressList:
    """Domains and addresses that are not wanted.

    Parameters
    ----------
    domains : frozenset of str
        A domain stands for those below it.
    beginnings : frozenset of str
        Addresses with a path, without scheme and ``www.``; they stand for all that begin so, up to a ``/``, ``?``.
    """

    domains: frozenset[str]
    beginnings: frozenset[str]

    @classmethod
    def read(cls, files: Sequence[str]) -> "AddressList":
        """The lists of some files, one address a line. Raises InputError where a file cannot be read."""
        domains, beginnings = set(), set()
        for file in files:
            try:
                lines = Path(file).read_text(encoding="utf-8").split("\n")
            except (OSError, UnicodeDecodeError) as error:
                reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
                raise InputError(
                    f"{file} is no list of addresses ({reason})", "Write one domain or address a line"
                ) from None
            for line in lines:
                address = _plain(line.partition("#")[0].strip())
                if "/" in address.rstrip("/"):
                    beginnings.add(address.rstrip("/"))
                elif address:
                    domains.add(address.rstrip("/"))
        return cls(frozenset(domains), frozenset(beginnings))

    def holds(self, address: str | None) -> bool:
        """Is an address, or one that it lies below, on the list?"""
        plain = _plain(address or "")
        host, _, path = plain.partition("/")
        parts = host.split(":")[0].split(".")
        if any(".".join(parts[at:]) in self.domains for at in range(len(parts))):
            return True
        if not self.beginnings:
            return False
        steps = path.split("?")[0].split("/")
        return any("/".join([host, *steps[: at + 1]]) in self.beginnings for at in range(len(steps))) or (
            plain in self.beginnings
        )


def _plain(address: str) -> str:
    plain = address.strip()
    plain = plain.partition("://")[2] if "://" in plain else plain
    host, slash, path = plain.partition("/")
    return host.casefold().removeprefix("www.") + slash + path


def listed(addresses: pa.Array, files: Sequence[str]) -> np.ndarray:
    """(n,) bool: addresses on a list."""
    known = AddressList.read(files)
    coded = addresses.cast(pa.string()).dictionary_encode()
    holds = np.array([known.holds(address) for address in coded.dictionary.to_pylist()] or [False], bool)
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(codes >= 0, holds[codes], False)


def host_of(address: str | None) -> str | None:
    """The host of an address, without ``www.``; None where it has none."""
    if not address:
        return None
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def text_order(texts: pa.Array) -> np.ndarray:
    """(n,) uint64: a hash of each text, by which texts are put in an order that is their own."""
    from hashlib import blake2b

    def number(text: Any) -> int:
        return int.from_bytes(blake2b(str(text or "").encode("utf-8", "surrogatepass"), digest_size=8).digest())

    return np.array([number(text) for text in texts.to_pylist()], np.uint64)
