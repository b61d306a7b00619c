"""Kafka, on the mock cluster of its client library."""

import pytest
from brokers import BODIES

from karat.collect.streams.kafka_topic import KafkaTopic

kafka = pytest.importorskip("confluent_kafka")
# what a client library leaves to the garbage collector when its broker is gone
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


def test_partitions_go_on_where_the_results_are(name):
    producer = kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "none", "log_level": 0})
    broker = next(iter(producer.list_topics(timeout=10).brokers.values()))
    for at, body in enumerate(BODIES):
        producer.produce(name, body, partition=at % 2)
    producer.flush()
    stream = KafkaTopic(f"{broker.host}:{broker.port}", name)
    stream.open({f"{name}/0": "3"}, ())
    out = []
    while len(out) < 21:
        out += stream.take(100, 5.0)
    by = {part: [int(m.offset) for m in out if m.partition == f"{name}/{part}"] for part in (0, 1)}
    assert by == {0: list(range(4, 13)), 1: list(range(12))}
    stream.acknowledge(out)
    stream.close()
    again = KafkaTopic(f"{broker.host}:{broker.port}", name)
    again.open({}, ())
    producer.produce(name, b"{}", partition=1)
    producer.flush()
    messages = []
    while not messages:
        messages = again.take(100, 5.0)
    assert [(m.partition, m.offset) for m in messages] == [(f"{name}/1", "12")]
    again.close()
