"""A Redis stream, read by a consumer group."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from karat.collect.streams.message import Message, Stream, StreamLost, needs, order, turn_of
from karat.core.errors import InputError

CONSUMER = "karat"  # definition: one reader a folder of results, so one name is enough


@dataclass
class RedisStream(Stream):
    """Reads entries with XREADGROUP and acknowledges them with XACK; what was not acknowledged is read first.

    An entry with one field that is no column of the run is JSON; else its fields are the columns.

    Parameters
    ----------
    address : str
        ``redis://[user:password@]host[:port][/database]``; ``rediss`` for TLS.
    name : str
        The stream.
    group : str
        The consumer group; made where there is none, from the beginning of the stream.
    columns : collection of str
        Columns of the run.
    """

    address: str
    name: str
    group: str = "karat"
    columns: Collection[str] = ()
    _client: Any = field(default=None, init=False)
    _partition: str = field(default="", init=False)
    _pending: str | None = field(default=None, init=False)  # the place behind which unacknowledged ones are read

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        try:
            import redis
        except ImportError as error:
            raise needs("redis", error) from error
        self.close()
        self._client = redis.Redis.from_url(self.address, socket_timeout=30, socket_connect_timeout=5)
        try:
            self._prepare(places)
        except redis.ResponseError as error:
            raise InputError(f"{self.name} on {self.address} cannot be read: {error}", "Name a stream") from error
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise StreamLost(str(error)) from error
        self._pending = "0"

    def _prepare(self, places: Mapping[str, str]) -> None:
        import redis

        there = self._client.exists(self.name)
        last = _text(self._client.xinfo_stream(self.name)["last-generated-id"]) if there else "0-0"
        self._partition = turn_of(self.name, last, places)
        if self._partition != self.name:
            self.notes.append(f"{self.name} was made anew: it is read from its beginning, as {self._partition}")
        try:
            self._client.xgroup_create(self.name, self.group, id=places.get(self._partition, "0"), mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def take(self, most: int, seconds: float) -> list[Message]:
        import redis

        try:
            if self._pending is not None:
                out = self._read(self._pending, most, None)
                self._pending = out[-1].offset if out else None
                if out:
                    return out
            return self._read(">", most, max(1, round(seconds * 1000)))
        except redis.ResponseError as error:
            raise StreamLost(str(error)) from error  # the group is gone: the server has lost what it knew
        except (redis.ConnectionError, redis.TimeoutError) as error:
            raise StreamLost(str(error)) from error

    def _read(self, behind: str, most: int, milliseconds: int | None) -> list[Message]:
        answer = self._client.xreadgroup(self.group, CONSUMER, {self.name: behind}, most, milliseconds)
        pairs = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer or []]
        entries = [entry for part in pairs for entry in _flat(part)]
        return sorted((self._message(*entry) for entry in entries), key=lambda message: order(message.offset))

    def _message(self, place: bytes, fields: Mapping[bytes, bytes] | None) -> Message:
        offset = place.decode()
        if not fields:
            return Message(self._partition, offset, b"", error="an entry that was deleted before it was read")
        if len(fields) == 1:
            (name, value), *_ = fields.items()
            if name.decode("utf-8", "replace") not in self.columns:
                return Message(self._partition, offset, value)
        try:
            cells = {name.decode(): value.decode() for name, value in fields.items()}
        except UnicodeDecodeError:
            body = json.dumps({name.hex(): value.hex() for name, value in fields.items()}).encode()
            return Message(
                self._partition, offset, body, error="bytes that are not utf-8 (fields in hexadecimal digits)"
            )
        return Message(self._partition, offset, json.dumps(cells, ensure_ascii=False).encode(), cells)

    def acknowledge(self, messages: Sequence[Message]) -> None:
        import redis

        try:
            self._client.xack(self.name, self.group, *(message.offset for message in messages))
        except redis.RedisError as error:
            raise StreamLost(str(error)) from error

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def _flat(entries: Any) -> list[Any]:
    """Entries, which newer protocols wrap once more."""
    return [entry for part in entries for entry in (part if part and isinstance(part[0], (list, tuple)) else [part])]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
