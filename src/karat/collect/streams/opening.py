"""The stream that an address names."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from karat.collect.streams.amqp_queue import AmqpQueue
from karat.collect.streams.files import GrowingFiles
from karat.collect.streams.kafka_topic import KafkaTopic
from karat.collect.streams.message import Stream
from karat.collect.streams.mqtt_topic import MqttTopic
from karat.collect.streams.nats_stream import NatsStream
from karat.collect.streams.redis_stream import RedisStream
from karat.collect.streams.standard_input import StandardInput
from karat.core.errors import InputError, OptionError

WAYS = {
    "redis": "redis://HOST[:PORT]/STREAM",
    "rediss": "rediss://HOST[:PORT]/STREAM",
    "nats": "nats://HOST[:PORT]/SUBJECT",
    "kafka": "kafka://HOST[:PORT]/TOPIC",
    "amqp": "amqp://HOST[:PORT]/QUEUE or amqp://HOST[:PORT]/VIRTUAL-HOST/QUEUE",
    "amqps": "amqps://HOST[:PORT]/QUEUE",
    "mqtt": "mqtt://HOST[:PORT]/TOPIC",
}


def stream_of(source: str, columns: Collection[str], name: str) -> Stream:
    """The stream that a source names; it is not opened yet.

    Parameters
    ----------
    source : str
        A file, a folder, ``-``, or an address as in ``WAYS``; ``?group=NAME`` overrules the name of the reader.
    columns : collection of str
        Columns of the run.
    name : str
        By which brokers know the reader, and so where it stopped.

    Raises
    ------
    InputError
        There is no such file.
    OptionError
        An address that names no stream.
    """
    if source == "-":
        return StandardInput(columns)
    if "://" not in source:
        if not Path(source).exists():
            raise InputError(f"there is no file or folder {source}", "Name one, an address, or - for standard input")
        return GrowingFiles(Path(source), columns)
    parts = urlsplit(source)
    if parts.scheme not in WAYS:
        raise OptionError.unknown("kind of stream", parts.scheme, WAYS, "SOURCE")
    subject = unquote(parts.path.strip("/")) if parts.scheme != "mqtt" else unquote(parts.path[1:])
    if parts.scheme == "mqtt" and parts.fragment:
        subject += "#" + parts.fragment
    elif parts.scheme == "mqtt" and source.endswith("#"):
        subject += "#"
    if not subject or not parts.hostname:
        raise OptionError(f"{source} names no stream", f"Write {WAYS[parts.scheme]}")
    reader = (parse_qs(parts.query).get("group") or [name])[0]
    return MAKERS[parts.scheme](_Address(parts, subject, reader, columns))


@dataclass(frozen=True)
class _Address:
    """An address taken apart: what it names there, who reads, and the columns of the run."""

    parts: SplitResult
    subject: str
    reader: str
    columns: Collection[str]

    @property
    def host(self) -> str:
        """``scheme://user:password@host:port`` as it was written."""
        return f"{self.parts.scheme}://{self.parts.netloc}"


def _redis(address: _Address) -> Stream:
    database, slash, name = address.subject.partition("/")
    if not slash or not database.isdigit():
        database, name = "0", address.subject
    return RedisStream(f"{address.host}/{database}", name, address.reader, address.columns)


def _nats(address: _Address) -> Stream:
    return NatsStream(address.host, address.subject, address.reader)


def _kafka(address: _Address) -> Stream:
    place = address.parts.netloc
    return KafkaTopic(place if ":" in place else f"{place}:9092", address.subject, address.reader)


def _amqp(address: _Address) -> Stream:
    virtual, _, queue = address.subject.rpartition("/")
    return AmqpQueue(f"{address.host}/{virtual}", queue) if virtual else AmqpQueue(address.host, queue)


def _mqtt(address: _Address) -> Stream:
    parts = address.parts
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MqttTopic(str(parts.hostname), address.subject, parts.port or 1883, user, password, address.reader)


MAKERS: Mapping[str, Callable[[_Address], Stream]] = {
    "redis": _redis,
    "rediss": _redis,
    "nats": _nats,
    "kafka": _kafka,
    "amqp": _amqp,
    "amqps": _amqp,
    "mqtt": _mqtt,
}
