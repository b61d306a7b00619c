"""JetStream: in order, from the place of the results, also where an acknowledgement was lost."""

import asyncio

import pytest
from brokers import BODIES, everything, free_port

from karat.collect.streams.message import StreamLost
from karat.collect.streams.nats_stream import NatsStream
from karat.core.errors import InputError

nats = pytest.importorskip("nats")
# what a client library leaves to the garbage collector when its broker is gone
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture
def server(own_broker, tmp_path):
    port = free_port()
    own_broker("nats-server", "-p", str(port), "-a", "127.0.0.1", "-js", "-sd", str(tmp_path), port=port)
    return f"nats://127.0.0.1:{port}"


def publish(server, bodies):
    async def work():
        client = await nats.connect(server)
        context = client.jetstream()
        await context.add_stream(name="EVENTS", subjects=["events"])
        for body in bodies:
            await context.publish("events", body)
        await client.close()

    asyncio.run(work())


def test_messages_come_once_and_those_not_acknowledged_again_in_order(server):
    publish(server, BODIES)
    stream = NatsStream(server, "events")
    stream.open({}, ())
    first = stream.take(10, 0.5)
    assert [m.body for m in first] == BODIES[: len(first)]
    stream.acknowledge(first[:5])
    stream.open({"EVENTS": "5"}, ())  # as after a crash before the rest was written
    assert [m.body for m in everything(stream)] == BODIES[5:]
    stream.open({"EVENTS": "20"}, ())  # as after a crash between writing and acknowledging
    assert [m.offset for m in everything(stream)] == ["21", "22", "23", "24", "25"]
    stream.close()


def test_a_stream_made_anew_is_read_under_a_name_of_its_own(server):
    publish(server, BODIES[:2])
    stream = NatsStream(server, "events")
    stream.open({"EVENTS": "9"}, ())
    assert [m.partition for m in everything(stream)] == ["EVENTS~2"] * 2
    stream.close()


def test_a_subject_that_nothing_keeps_and_a_server_that_is_not_there_are_said(server):
    with pytest.raises(InputError, match="no JetStream stream keeps the subject"):
        NatsStream(server, "nothing").open({}, ())
    with pytest.raises(StreamLost):
        NatsStream(f"nats://127.0.0.1:{free_port()}", "events").open({}, ())
