"""The page as a process of its own: it says where it is, keeps what it said, and ends in order."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from urllib.parse import urlencode

import pytest

from karat.flow.decisions import FILE, Decisions
from karat.show.review.serving import hosts

pytest.importorskip("uvicorn")
COMMAND = [sys.executable, "-m", "karat", "review"]


@pytest.fixture
def page(run):
    """A real server, and its port and token."""
    server = subprocess.Popen([*COMMAND, str(run), "--port", "0"], stderr=subprocess.PIPE, text=True)
    port = token = None
    for line in server.stderr:
        if found := re.search(r"127\.0\.0\.1:(\d+)/\?token=(\S+)", line):
            port, token = int(found[1]), found[2]
            break
    yield server, port, token
    server.kill()
    server.wait()
    server.stderr.close()


def asked(port, token, method, path, who="anna", **form):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"cookie": f"karat_review_{port}={token}; karat_who={who}", "hx-request": "true"}
    line.request(method, path, urlencode(form) or None, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def key(text):
    found = re.search(r'name="key" value="(-?\d+)"', text)
    return found and found[1]


def test_two_people_at_once_and_a_kill_lose_nothing(page, run):
    server, port, token = page
    assert asked(port, "wrong", "GET", "/")[0] == 401
    heard = {"anna": [], "bo": []}

    def work(who):
        at = key(asked(port, token, "GET", "/work", who)[1])
        while at is not None:
            _, after = asked(port, token, "POST", "/decide", who, key=at, verdict="accept")
            heard[who].append(int(at))
            at = key(after)

    both = [threading.Thread(target=work, args=(who,)) for who in heard]
    for one in both:
        one.start()
    for one in both:
        one.join()
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    kept = sorted((one.who, one.key) for _, one in Decisions(run / FILE).since(0))
    assert kept == sorted((who, at) for who, keys in heard.items() for at in keys)
    assert len({at for _, at in kept}) == 12  # every case; the first is one in ten, shown to both


def test_ctrl_c_ends_it_in_order(page):
    server, port, token = page
    assert asked(port, token, "GET", "/")[0] == 200
    server.send_signal(signal.SIGINT)
    assert server.wait(20) in (0, 130)
    assert "Traceback" not in server.stderr.read()


def test_what_is_no_run_folder_is_refused_in_one_line(tmp_path):
    told = subprocess.run([*COMMAND, str(tmp_path / "nothing")], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert "karat clean" in told.stderr


def test_the_names_it_answers_to():
    assert "127.0.0.1:80" in hosts("0.0.0.0", 80)
    assert "0.0.0.0:80" not in hosts("0.0.0.0", 80)
    assert "box.local:80" in hosts("Box.local", 80)
