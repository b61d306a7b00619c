"""A queue of RabbitMQ, or of another broker that speaks AMQP 0-9-1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from karat.collect.streams.again import SentAgain, digest_of
from karat.collect.streams.message import Message, Stream, StreamLost, needs
from karat.core.errors import InputError

AHEAD = 10_000  # cost: messages that the broker sends before any is acknowledged


@dataclass
class AmqpQueue(Stream):
    """Consumes a queue with manual acknowledgement of whole batches.

    The broker numbers nothing that outlives a connection: messages are numbered here, and those that it sends again
    because an acknowledgement was lost are known by what they say (and their ``message_id``).

    Parameters
    ----------
    address : str
        ``amqp://[user:password@]host[:port][/virtual host]``.
    queue : str
    """

    numbered: ClassVar[bool] = False

    address: str
    queue: str
    _connection: Any = field(default=None, init=False)
    _channel: Any = field(default=None, init=False)
    _next: int = field(default=1, init=False)
    _again: SentAgain = field(default_factory=lambda: SentAgain(()), init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        try:
            import pika
        except ImportError as error:
            raise needs("pika", error) from error
        self.close()
        self._next, self._again = int(places.get(self.queue, "0")) + 1, SentAgain(last)
        try:
            self._connection = pika.BlockingConnection(pika.URLParameters(self.address))
            self._channel = self._connection.channel()
            self._channel.basic_qos(prefetch_count=AHEAD)
            self._channel.queue_declare(self.queue, passive=True)
        except pika.exceptions.ChannelClosedByBroker as error:
            self.close()
            raise InputError(f"{self.address} has no queue {self.queue!r}", "Declare it, or name another") from error
        except (pika.exceptions.AMQPError, OSError) as error:
            raise StreamLost(str(error) or type(error).__name__) from error

    def take(self, most: int, seconds: float) -> list[Message]:
        import pika

        out: list[Message] = []
        try:
            for method, properties, body in self._channel.consume(self.queue, inactivity_timeout=seconds):
                if method is None:
                    break
                if self._again.has(digest_of(body, properties.message_id or ""), marked=method.redelivered):
                    self._channel.basic_ack(method.delivery_tag)
                    continue
                handle = (method.delivery_tag, digest_of(body, properties.message_id or ""))
                out.append(Message(self.queue, str(self._next), body, handle=handle))
                self._next += 1
                if len(out) >= most or not self._channel.get_waiting_message_count():
                    break
        except (pika.exceptions.AMQPError, OSError) as error:
            raise StreamLost(str(error) or type(error).__name__) from error
        return out

    def acknowledge(self, messages: Sequence[Message]) -> None:
        import pika

        try:
            self._channel.basic_ack(messages[-1].handle[0], multiple=True)
            self._connection.process_data_events(0)
        except (pika.exceptions.AMQPError, OSError) as error:
            raise StreamLost(str(error) or type(error).__name__) from error

    def close(self) -> None:
        import contextlib

        if self._connection is not None:
            with contextlib.suppress(Exception):  # whatever state it is in, it is let go of
                self._connection.close()
            self._connection = None
