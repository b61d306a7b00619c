"""A queue of RabbitMQ: numbered here, and known again by what it says."""

import pytest
from brokers import BODIES, answers, everything, free_port

from karat.collect.streams.amqp_queue import AmqpQueue
from karat.collect.streams.message import StreamLost
from karat.core.errors import InputError

pika = pytest.importorskip("pika")
# what a client library leaves to the garbage collector when its broker is gone
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
ADDRESS = "amqp://127.0.0.1"


@pytest.fixture
def channel(name):
    if not answers(5672):
        pytest.skip("no broker")
    connection = pika.BlockingConnection(pika.URLParameters(ADDRESS))
    channel = connection.channel()
    channel.queue_declare(name)
    yield channel
    channel.queue_delete(name)
    connection.close()


def test_a_batch_that_was_written_and_not_acknowledged_is_not_read_again(channel, name):
    for body in BODIES:
        channel.basic_publish("", name, body)
    stream = AmqpQueue(ADDRESS, name)
    stream.open({}, ())
    first = stream.take(10, 1.0)
    assert [m.body for m in first] == BODIES[: len(first)]
    digests = [m.handle[1] for m in first]
    stream.open({name: first[-1].offset}, digests)
    rest = everything(stream)
    assert [m.body for m in rest] == BODIES[len(first) :]
    assert int(rest[0].offset) == len(first) + 1
    stream.acknowledge(rest)
    stream.open({}, ())
    assert stream.take(10, 0.2) == []
    stream.close()


def test_a_batch_that_was_not_written_comes_again(channel, name):
    for body in BODIES[:3]:
        channel.basic_publish("", name, body)
    stream = AmqpQueue(ADDRESS, name)
    stream.open({}, ())
    assert everything(stream)
    stream.open({}, ())
    assert [m.body for m in everything(stream)] == BODIES[:3]
    stream.close()


def test_no_queue_and_no_broker_are_said(channel, name):
    with pytest.raises(InputError, match="has no queue"):
        AmqpQueue(ADDRESS, f"{name}-none").open({}, ())
    with pytest.raises(StreamLost):
        AmqpQueue(f"amqp://127.0.0.1:{free_port()}", name).open({}, ())
