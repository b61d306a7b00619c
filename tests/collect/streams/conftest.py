"""Brokers on this machine, and brokers of a test's own; a test skips where there is neither client nor broker."""

import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from brokers import answers


@pytest.fixture
def name():
    """A name that no other test has."""
    return f"karat-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def own_broker():
    """Starts a broker of the test's own and ends it afterwards."""
    running = []

    def start(program, *arguments, port):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}")
        broker = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append(broker)
        until = time.monotonic() + 10
        while not answers(port) and time.monotonic() < until:
            time.sleep(0.02)
        return broker

    yield start
    for broker in running:
        broker.kill()
        broker.wait()
