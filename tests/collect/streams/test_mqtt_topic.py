"""A topic of an MQTT broker: kept while nobody listens, and known again by what it says."""

import pytest
from brokers import BODIES, everything, free_port

from karat.collect.streams.message import StreamLost
from karat.collect.streams.mqtt_topic import MqttTopic

mqtt = pytest.importorskip("paho.mqtt.client")
# what a client library leaves to the garbage collector when its broker is gone
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture
def port(own_broker, tmp_path):
    port = free_port()
    (tmp_path / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    own_broker("mosquitto", "-c", str(tmp_path / "conf"), port=port)
    return port


def publish(port, bodies):
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "publisher")
    client.connect("127.0.0.1", port)
    client.loop_start()
    for sent in [client.publish("t/a", body, qos=1) for body in bodies]:
        sent.wait_for_publish(5)
    client.disconnect()
    client.loop_stop()


def test_what_comes_while_nobody_listens_is_read_and_nothing_twice(port):
    stream = MqttTopic("127.0.0.1", "t/#", port)
    stream.open({}, ())
    stream.close()
    publish(port, BODIES[:10])
    stream.open({}, ())
    first = everything(stream)
    assert [m.body for m in first] == BODIES[:10]
    digests = [m.handle[1] for m in first]
    publish(port, BODIES[10:12])
    stream.open({"t/#": "10"}, digests)  # written, and not acknowledged
    rest = everything(stream)
    assert [(m.offset, m.body) for m in rest] == [("11", BODIES[10]), ("12", BODIES[11])]
    stream.acknowledge(rest)
    stream.close()


def test_no_broker_is_said():
    with pytest.raises(StreamLost):
        MqttTopic("127.0.0.1", "t", free_port()).open({}, ())
