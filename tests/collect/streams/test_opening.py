"""An address names a stream, or is refused."""

import pytest

from karat.collect.streams.amqp_queue import AmqpQueue
from karat.collect.streams.files import GrowingFiles
from karat.collect.streams.kafka_topic import KafkaTopic
from karat.collect.streams.mqtt_topic import MqttTopic
from karat.collect.streams.nats_stream import NatsStream
from karat.collect.streams.opening import stream_of
from karat.collect.streams.redis_stream import RedisStream
from karat.collect.streams.standard_input import StandardInput
from karat.core.errors import InputError, OptionError


def test_each_kind_of_address(tmp_path):
    assert isinstance(stream_of("-", (), "me"), StandardInput)
    assert stream_of(str(tmp_path), ("a",), "me") == GrowingFiles(tmp_path, ("a",))
    assert stream_of("redis://h:1/events", (), "me") == RedisStream("redis://h:1/0", "events", "me", ())
    assert stream_of("redis://u:p@h/2/events?group=g", (), "me") == RedisStream("redis://u:p@h/2", "events", "g", ())
    assert stream_of("nats://h/orders.eu", (), "me") == NatsStream("nats://h", "orders.eu", "me")
    assert stream_of("kafka://h/topic", (), "me") == KafkaTopic("h:9092", "topic", "me")
    queues = [stream_of(f"amqp://{rest}", (), "me") for rest in ("u:p@h/shop/queue", "h/queue")]
    assert all(isinstance(queue, AmqpQueue) for queue in queues)
    assert [(q.address, q.queue) for q in queues] == [("amqp://u:p@h/shop", "queue"), ("amqp://h", "queue")]
    topic = stream_of("mqtt://u:p%40@h/site/+/temp", (), "me")
    assert isinstance(topic, MqttTopic)
    assert (topic.host, topic.topic, topic.user, topic.password, topic.client) == ("h", "site/+/temp", "u", "p@", "me")
    assert stream_of("mqtt://h/site/#", (), "me").topic == "site/#"


@pytest.mark.parametrize("source", ["redis://h", "nats://h/", "kafka:///topic"])
def test_an_address_without_a_stream_says_how_it_is_written(source):
    with pytest.raises(OptionError, match="names no stream"):
        stream_of(source, (), "me")


def test_an_unknown_kind_and_a_missing_file_are_refused():
    with pytest.raises(OptionError, match="Did you mean 'redis'"):
        stream_of("reids://h/x", (), "me")
    with pytest.raises(InputError, match="there is no file or folder"):
        stream_of("nowhere.jsonl", (), "me")
