"""What tests of streams share."""

import socket

BODIES = [b'{"a":%d}' % at for at in range(25)]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def everything(stream, most=10):
    """All that is there, in batches."""
    out = []
    while messages := stream.take(most, 0.5):
        out += messages
    return out
