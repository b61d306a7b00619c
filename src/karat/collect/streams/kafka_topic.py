"""A Kafka topic, read by a consumer group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from karat.collect.streams.message import Message, Stream, StreamLost, needs, turn_of
from karat.core.errors import InputError

ANSWER_SECONDS = 10.0  # cost: for a broker to answer
LARGEST_BYTES = 64 << 20  # cost: of one fetched message; what the topic lets through is set aside, not left behind


@dataclass
class KafkaTopic(Stream):
    """Consumes all partitions that the group gives it; places are committed to the broker and kept with the results.

    When the group gives it a partition, it reads on behind what the folder of results holds of it.

    Parameters
    ----------
    address : str
        ``host:port``, several separated by commas.
    topic : str
    group : str
        The consumer group.
    """

    address: str
    topic: str
    group: str = "karat"
    _client: Any = field(default=None, init=False)
    _places: dict[str, str] = field(default_factory=dict, init=False)
    _names: dict[int, str] = field(default_factory=dict, init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        try:
            import confluent_kafka as kafka
        except ImportError as error:
            raise needs("confluent-kafka", error) from error
        self.close()
        self._places = dict(places)
        settings = {
            "bootstrap.servers": self.address,
            "group.id": self.group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "fetch.message.max.bytes": LARGEST_BYTES,
            "log_level": 0,
        }
        self._client = kafka.Consumer(settings)
        try:
            about = self._client.list_topics(self.topic, timeout=ANSWER_SECONDS).topics[self.topic]
        except kafka.KafkaException as error:
            raise StreamLost(_words(error)) from error
        if about.error is not None and about.error.code() == kafka.KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise InputError(f"{self.address} has no topic {self.topic!r}", "Make it, or name another")
        self._client.subscribe([self.topic], on_assign=self._assigned, on_revoke=self._revoked)

    def _assigned(self, client: Any, partitions: list[Any]) -> None:
        import confluent_kafka as kafka

        committed = {part.partition: part.offset for part in client.committed(partitions, timeout=ANSWER_SECONDS)}
        for part in partitions:
            name = f"{self.topic}/{part.partition}"
            end = client.get_watermark_offsets(part, timeout=ANSWER_SECONDS)[1]
            self._names[part.partition] = turn_of(name, str(max(0, end - 1)), self._places)
            if self._names[part.partition] != name:
                self.notes.append(f"{name} was made anew: it is read as {self._names[part.partition]}")
                committed.pop(part.partition, None)
            mine = int(self._places.get(self._names[part.partition], "-1")) + 1
            theirs = committed.get(part.partition, -1)
            start = max(mine, theirs)
            part.offset = start if start > 0 else kafka.OFFSET_BEGINNING
        client.assign(partitions)

    def _revoked(self, client: Any, partitions: list[Any]) -> None:
        if partitions:
            names = ", ".join(str(part.partition) for part in partitions)
            self.notes.append(f"the group has moved partitions {names} of {self.topic} to another consumer")

    def take(self, most: int, seconds: float) -> list[Message]:
        import confluent_kafka as kafka

        try:
            received = self._client.consume(min(most, 10_000), timeout=seconds)
        except (kafka.KafkaException, RuntimeError) as error:
            raise StreamLost(_words(error)) from error
        out = []
        for message in received:
            fault = message.error()
            if fault is None:
                name, place = self._names[message.partition()], message.offset()
                out.append(Message(name, str(place), message.value() or b"", handle=message.partition()))
                self._places[name] = str(place)
            elif fault.code() != kafka.KafkaError._PARTITION_EOF:
                raise StreamLost(fault.str())
        return out

    def acknowledge(self, messages: Sequence[Message]) -> None:
        import confluent_kafka as kafka

        ends = {message.handle: int(message.offset) + 1 for message in messages}
        places = [kafka.TopicPartition(self.topic, partition, place) for partition, place in ends.items()]
        try:
            self._client.commit(offsets=places, asynchronous=False)
        except kafka.KafkaException as error:
            raise StreamLost(_words(error)) from error

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _words(error: Exception) -> str:
    fault = error.args[0] if error.args else error
    return fault.str() if hasattr(fault, "str") else str(fault)
