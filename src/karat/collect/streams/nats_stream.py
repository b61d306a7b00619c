"""A subject of NATS JetStream, read by a durable consumer."""

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from karat.collect.streams.message import Message, Stream, StreamLost, needs, turn_of
from karat.core.errors import InputError

ANSWER_SECONDS = 10.0  # cost: for a server to answer
ACK_WAIT_SECONDS = 120.0  # cost: after which the server sends again what was not acknowledged
T = TypeVar("T")


@dataclass
class NatsStream(Stream):
    """Pulls messages of a JetStream stream; a durable consumer keeps the place, and so does the folder of results.

    Where the two differ, because the process was killed between writing and acknowledging, the consumer is made anew
    at the place of the folder: messages come in order and at once, not after the server has waited for them.

    Parameters
    ----------
    address : str
        ``nats://[user:password@]host[:port]``.
    subject : str
        Of which a JetStream stream keeps the messages.
    durable : str
        Name of the consumer.
    """

    address: str
    subject: str
    durable: str = "karat"
    _loop: Any = field(default=None, init=False)
    _client: Any = field(default=None, init=False)
    _puller: Any = field(default=None, init=False)
    _stream: str = field(default="", init=False)
    _partition: str = field(default="", init=False)
    _read: int = field(default=0, init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        try:
            import nats
        except ImportError as error:
            raise needs("nats-py", error) from error
        import asyncio  # half a tenth of a second: not where files are read

        self.close()
        self._loop = asyncio.new_event_loop()
        try:
            self._run(self._connected(nats, places))
        except (StreamLost, InputError):
            self.close()
            raise

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        from nats import errors

        try:
            return self._loop.run_until_complete(work)
        except (TimeoutError, errors.Error, OSError) as error:
            raise StreamLost(str(error) or type(error).__name__) from error

    async def _connected(self, nats: Any, places: Mapping[str, str]) -> None:
        from nats.js.errors import NotFoundError

        quiet = {"allow_reconnect": False, "connect_timeout": 5, "error_cb": _unsaid}
        self._client = await nats.connect(self.address, **quiet)
        context = self._client.jetstream(timeout=ANSWER_SECONDS)
        try:
            self._stream = await context.find_stream_name_by_subject(self.subject)
        except NotFoundError as error:
            raise InputError(
                f"no JetStream stream keeps the subject {self.subject} on {self.address}",
                f"Make one: nats stream add --subjects {self.subject}",
            ) from error
        last = (await context.stream_info(self._stream)).state.last_seq
        self._partition = turn_of(self._stream, str(last), places)
        if self._partition != self._stream:
            self.notes.append(f"{self._stream} was made anew: it is read from its beginning, as {self._partition}")
        mine = int(places.get(self._partition, "0"))
        self._read = max(mine, await self._prepared(context, mine))
        self._puller = await context.pull_subscribe_bind(self.durable, self._stream)

    async def _prepared(self, context: Any, mine: int) -> int:
        """The durable consumer at the right place; returns the place behind which it reads."""
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
        from nats.js.errors import NotFoundError

        place = mine
        try:
            info = await context.consumer_info(self._stream, self.durable)
            place = max(mine, int(info.ack_floor.stream_seq))
            if int(info.delivered.stream_seq) == int(info.ack_floor.stream_seq) == place:
                return place
            await context.delete_consumer(self._stream, self.durable)
        except NotFoundError:  # nobody has read so far: the consumer is made below
            pass
        config = ConsumerConfig(
            durable_name=self.durable,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=place + 1,
            ack_policy=AckPolicy.ALL,
            ack_wait=ACK_WAIT_SECONDS,
            filter_subject=self.subject,
        )
        await context.add_consumer(self._stream, config)
        return place

    def take(self, most: int, seconds: float) -> list[Message]:
        messages = self._run(self._fetched(most, seconds))
        out = []
        for message in messages:
            number = message.metadata.sequence.stream
            if number > self._read:  # else the server sends it again because writing took long
                self._read = number
                out.append(Message(self._partition, str(number), message.data, handle=message))
        return out

    async def _fetched(self, most: int, seconds: float) -> list[Any]:
        from nats import errors

        if not self._client.is_connected:
            raise errors.ConnectionClosedError
        try:
            return list(await self._puller.fetch(min(most, 1000), timeout=max(0.05, seconds)))
        except (TimeoutError, errors.TimeoutError):
            if not self._client.is_connected:
                raise errors.ConnectionClosedError from None
            return []

    def acknowledge(self, messages: Sequence[Message]) -> None:
        self._run(messages[-1].handle.ack_sync(timeout=ANSWER_SECONDS))  # all up to this one: AckPolicy.ALL

    def close(self) -> None:
        if self._loop is None:
            return
        try:
            if self._client is not None and not self._client.is_closed:
                self._run(self._client.close())
        except StreamLost:  # the server is gone, and its end of the connection with it
            pass
        self._loop.close()
        self._loop = self._client = None


async def _unsaid(error: Exception) -> None:
    """What breaks a connection is said by whoever uses it."""
