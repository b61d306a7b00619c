"""A topic of an MQTT broker, with quality of service 1 and a session that outlives the connection."""

import queue
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from karat.collect.streams.again import SentAgain, digest_of
from karat.collect.streams.message import Message, Stream, StreamLost, needs

ANSWER_SECONDS = 10.0  # cost: for a broker to answer
AT_LEAST_ONCE = 1  # definition: quality of service 1 (MQTT 3.1.1, 4.3)


@dataclass
class MqttTopic(Stream):
    """Subscribes with manual acknowledgement; the broker keeps what comes while nobody listens, as far as it is set to.

    The broker numbers nothing that outlives a connection: messages are numbered here, and those that it sends again
    because an acknowledgement was lost are known by what they say.

    Parameters
    ----------
    host, port, user, password : str, int, str, str
    topic : str
        May hold the wildcards ``+`` and ``#``.
    client : str
        Identifier of the session.
    """

    numbered: ClassVar[bool] = False

    host: str
    topic: str
    port: int = 1883
    user: str = ""
    password: str = ""
    client: str = "karat"
    _client: Any = field(default=None, init=False)
    _arrived: "queue.SimpleQueue[Any]" = field(default_factory=queue.SimpleQueue, init=False)
    _lost: threading.Event = field(default_factory=threading.Event, init=False)
    _next: int = field(default=1, init=False)
    _again: SentAgain = field(default_factory=lambda: SentAgain(()), init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        try:
            from paho.mqtt import client as mqtt
        except ImportError as error:
            raise needs("paho-mqtt", error) from error
        self.close()
        self._next, self._again = int(places.get(self.topic, "0")) + 1, SentAgain(last)
        self._arrived, self._lost = queue.SimpleQueue(), threading.Event()
        subscribed, arrived, lost = threading.Event(), self._arrived, self._lost
        client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            self.client,
            clean_session=False,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if self.user:
            client.username_pw_set(self.user, self.password)
        client.on_connect = lambda sender, *_: sender.subscribe(self.topic, qos=AT_LEAST_ONCE)
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = lambda _client, _data, message: arrived.put(message)
        client.on_disconnect = lambda *_: lost.set()
        self._client = client
        try:
            client.connect(self.host, self.port)
        except (OSError, ValueError) as error:
            raise StreamLost(str(error)) from error
        client.loop_start()
        if not subscribed.wait(ANSWER_SECONDS):
            raise StreamLost(f"{self.host}:{self.port} does not let {self.client} subscribe to {self.topic}")

    def take(self, most: int, seconds: float) -> list[Message]:
        out: list[Message] = []
        until = time.monotonic() + seconds
        while len(out) < most:
            if self._lost.is_set():
                raise StreamLost("the connection is closed")
            left = until - time.monotonic()
            try:
                message = self._arrived.get(timeout=max(0.0, left)) if not out else self._arrived.get_nowait()
            except queue.Empty:
                break
            digest = digest_of(message.payload, message.topic)
            if self._again.has(digest, marked=message.dup):
                self._client.ack(message.mid, message.qos)
                continue
            out.append(Message(self.topic, str(self._next), message.payload, handle=(message, digest)))
            self._next += 1
        return out

    def acknowledge(self, messages: Sequence[Message]) -> None:
        if self._lost.is_set():
            raise StreamLost("the connection is closed")
        for message in messages:
            received = message.handle[0]
            self._client.ack(received.mid, received.qos)

    def close(self) -> None:
        if self._client is not None:
            self._client.on_disconnect = None
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None
