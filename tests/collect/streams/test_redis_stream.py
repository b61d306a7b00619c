"""A Redis stream: what was not acknowledged comes again, and a stream that was made anew is told."""

import pytest
from brokers import BODIES, answers, everything, free_port

from karat.collect.streams.message import StreamLost
from karat.collect.streams.redis_stream import RedisStream

redis = pytest.importorskip("redis")
# what a client library leaves to the garbage collector when its broker is gone
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture
def server(own_broker, tmp_path):
    port = free_port()
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    own_broker("redis-server", *arguments, port=port)
    return port


def test_entries_are_read_once_and_again_until_they_are_acknowledged(server):
    client = redis.Redis(port=server)
    for body in BODIES:
        client.xadd("s", {"data": body})
    stream = RedisStream(f"redis://127.0.0.1:{server}", "s", columns=["a"])
    stream.open({}, ())
    first = stream.take(10, 0.1)
    assert [m.body for m in first] == BODIES[:10]
    stream.acknowledge(first[:5])
    stream.open({"s": first[4].offset}, ())  # as after a crash
    assert [m.body for m in everything(stream, 3)] == BODIES[5:]
    stream.close()


def test_fields_that_are_columns_are_the_record(server):
    client = redis.Redis(port=server)
    client.xadd("s", {"a": "1", "b": "x"})
    client.xadd("s", {"a": b"1"})
    client.xadd("s", {"a": b"\xff", "b": "x"})
    stream = RedisStream(f"redis://127.0.0.1:{server}", "s", columns=["a", "b"])
    stream.open({}, ())
    messages = stream.take(10, 0.1)
    assert [m.cells for m in messages[:2]] == [{"a": "1", "b": "x"}, {"a": "1"}]
    assert "not utf-8" in messages[2].error
    stream.close()


def test_a_stream_made_anew_is_read_under_a_name_of_its_own(server):
    client = redis.Redis(port=server)
    client.xadd("s", {"data": b"{}"}, id="5-0")
    stream = RedisStream(f"redis://127.0.0.1:{server}", "s")
    stream.open({"s": "99-0"}, ())
    assert [(m.partition, m.offset) for m in stream.take(9, 0.1)] == [("s~2", "5-0")]
    assert "was made anew" in stream.notes[0]
    stream.close()


def test_a_server_that_is_not_there_is_said(server):
    with pytest.raises(StreamLost):
        RedisStream(f"redis://127.0.0.1:{free_port()}", "s").open({}, ())
    assert answers(server)
