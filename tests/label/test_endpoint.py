"""A line to a language model, with a local server at its other end."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from karat.core.errors import MachineError, OptionError
from karat.label import endpoint
from karat.label.endpoint import Endpoint
from karat.label.spending import Budget


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers, json.loads(body)))
        content, status, headers = self.server.replies[min(len(self.server.asked), len(self.server.replies)) - 1]
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def reply(text="yes", status=200, headers=(), **more):
    body = {"choices": [{"message": {"content": text}}]} | more
    return json.dumps(body).encode(), status, headers


@pytest.fixture
def line(monkeypatch):
    """A function from the server's replies, of which the last is repeated, to a line to it."""
    for name in (*endpoint.URLS, *endpoint.KEYS):
        monkeypatch.delenv(name, raising=False)
    servers = []

    def start(*replies, timeout_seconds=5.0, attempts=2, per_minute=0.0, pause_seconds=0.01, path="/v1/"):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.replies, server.asked = replies, []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        url = f"http://127.0.0.1:{server.server_address[1]}{path}"
        return Endpoint(url, timeout_seconds, attempts, per_minute, pause_seconds), server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_question_is_posted_and_its_answer_counted(line, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    monkeypatch.setenv("KARAT_LLM_KEY", "first")
    asking, server = line(reply("yes", usage={"prompt_tokens": 30, "completion_tokens": 2}))
    assert asking.ask({"model": "m", "question": "好?"}).text == "yes"
    path, headers, body = server.asked[0]
    assert (path, body) == ("/v1/chat/completions", {"model": "m", "question": "好?"})
    assert headers["Authorization"] == "Bearer first"
    assert headers["Content-Type"] == "application/json"
    cost = asking.cost
    assert (cost.asked, cost.retried, cost.unanswered, cost.tokens_in, cost.tokens_out) == (1, 0, 0, 30, 2)
    assert cost.seconds > 0
    asking.ask({})
    assert (cost.asked, cost.tokens_in, cost.tokens_out) == (2, 60, 4)


def test_without_a_key_none_is_sent(line):
    asking, server = line(reply())
    asking.ask({})
    assert server.asked[0][1]["Authorization"] is None


@pytest.mark.parametrize("count", [0, -5, True, "many", 10**9, 1.5, None])
def test_a_count_a_server_cannot_have_made_is_not_counted(line, count):
    asking, _ = line(reply("yes", usage={"prompt_tokens": count, "completion_tokens": 10**9 - 1}))
    assert asking.ask({}).text == "yes"
    assert (asking.cost.tokens_in, asking.cost.tokens_out) == (0, 10**9 - 1)


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b'{"choices": [{"message": null}]}',
        json.dumps({"choices": [{"message": {"content": "x" * (1 << 20)}}]}).encode(),
    ],
)
def test_a_broken_answer_is_asked_again(line, content):
    asking, server = line((content, 200, ()), reply("yes"))
    assert asking.ask({}).text == "yes"
    assert (asking.cost.asked, asking.cost.retried) == (2, 1)
    assert len(server.asked) == 2


def test_an_answer_may_be_as_long_as_the_limit(line):
    frame = len(reply("")[0])
    asking, _ = line(reply("x" * (endpoint.MOST_BYTES - frame)), attempts=1)
    assert len(asking.ask({}).text) == endpoint.MOST_BYTES - frame
    asking, _ = line(reply("x" * (endpoint.MOST_BYTES - frame + 1)), attempts=1)
    assert asking.ask({}) is None


@pytest.mark.parametrize("status", endpoint.NOT_US)
def test_a_refusal_is_not_tried_again(line, status):
    asking, server = line(reply("no such key", status))
    with pytest.raises(OptionError, match=rf"127.0.0.1:\d+ refused the question with status {status}: .*no such key"):
        asking.ask({})
    assert len(server.asked) == 1
    assert asking.cost.seconds > 0


def test_waits_double_and_the_servers_wish_is_kept_up_to_a_limit(line, monkeypatch):
    waits = []
    asking, _ = line(
        reply(status=500), reply(status=500), reply(status=429, headers=[("Retry-After", "7.5")]),
        reply(status=429, headers=[("Retry-After", "soon")]), reply(status=429, headers=[("Retry-After", "999")]),
        reply(status=429, headers=[("Retry-After", "-3")]), reply("yes"),
        attempts=7, pause_seconds=0.5,
    )  # fmt: skip
    monkeypatch.setattr(endpoint.time, "sleep", waits.append)
    monkeypatch.setattr(endpoint.time, "monotonic", lambda: sum(waits))
    assert asking.ask({}).text == "yes"
    assert [wait for wait in waits if wait] == pytest.approx([0.5, 1.0, 7.5, 2.0, 60.0, 4.0], abs=0.1)
    assert asking.cost.retried == 6


def test_after_the_last_attempt_nothing_is_waited_for(line, monkeypatch):
    waits = []
    asking, _ = line(reply(status=503))
    monkeypatch.setattr(endpoint.time, "sleep", waits.append)
    assert asking.ask({}) is None
    assert [wait for wait in waits if wait] == [0.01]
    assert (asking.cost.asked, asking.cost.unanswered) == (2, 1)


def test_five_questions_in_a_row_without_an_answer_are_enough(line):
    asking, server = line(*[reply(status=503)] * 4, reply("yes"), reply(status=503), attempts=1)
    replies = [asking.ask({}) for _ in range(9)]
    assert [reply and reply.text for reply in replies] == [None] * 4 + ["yes"] + [
        None
    ] * 4  # an answer starts the count anew
    with pytest.raises(MachineError, match="did not answer 5 questions, with 1 attempts each"):
        asking.ask({})
    assert len(server.asked) == 10


def test_questions_keep_to_the_rate(line):
    asking, _ = line(reply(), per_minute=600)
    start = time.monotonic()
    for _ in range(3):
        asking.ask({})
    assert 0.2 <= time.monotonic() - start < 3.0


def test_a_server_that_trickles_costs_its_timeout(line, monkeypatch):
    def trickle(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    monkeypatch.setattr(Handler, "do_POST", trickle)
    asking, server = line(timeout_seconds=0.2, attempts=1)
    server.handle_error = lambda *_: None
    start = time.monotonic()
    assert asking.ask({}) is None
    assert time.monotonic() - start < 1.7  # to its last byte it would be two seconds


def test_nobody_at_the_other_end_is_no_answer(line):
    asking, server = line(attempts=1)
    server.shutdown()
    server.server_close()
    assert asking.ask({}) is None


def test_the_address_comes_from_the_environment_and_is_checked(line, monkeypatch):
    with pytest.raises(OptionError, match="is not set"):
        Endpoint("", 1.0, 1, 0.0, 0.0)
    _, server = line(reply("from the environment"))
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/other")
    assert Endpoint("", 1.0, 1, 0.0, 0.0).ask({}).text == "from the environment"
    assert server.asked[0][0] == "/other/chat/completions"
    for address in ("ftp://host/v1", "http://", "host:8000/v1"):
        with pytest.raises(OptionError, match="KARAT_LLM_URL is"):
            Endpoint(address, 1.0, 1, 0.0, 0.0)


def test_one_refused_question_is_told_and_five_at_the_start_are_enough(line):
    asking, server = line(reply("too long", 400), reply("yes"), reply("filtered", 403))
    assert asking.ask({}).refused.startswith("400: ")
    assert asking.ask({}).text == "yes"
    assert asking.ask({}).refused.startswith("403: ")  # it has answered: the record is at fault
    assert len(server.asked) == 3
    asking, _ = line(reply("no such model", 400))
    assert [asking.ask({}).refused[:3] for _ in range(4)] == ["400"] * 4
    with pytest.raises(OptionError, match="refused the question with status 400"):
        asking.ask({})


def test_probabilities_are_those_of_the_answer_and_not_of_thinking(line):
    tokens = [("<think>", -1.0), ("hm", -2.0), ("</think>", -3.0), ("y", -0.1), ("es", -0.2)]
    choice = {
        "message": {"content": "<think>hm</think>yes"},
        "logprobs": {"content": [{"token": token, "logprob": value} for token, value in tokens]},
    }
    asking, _ = line((json.dumps({"choices": [choice]}).encode(), 200, ()))
    assert asking.ask({}).certainty == pytest.approx(0.7408, abs=1e-4)
    asking, _ = line(reply("yes"))
    assert asking.ask({}).certainty is None


def test_an_answer_that_is_cut_says_so_even_without_words(line):
    choice = {"message": {"content": None, "reasoning_content": "hm"}, "finish_reason": "length"}
    asking, _ = line((json.dumps({"choices": [choice]}).encode(), 200, ()))
    assert (asking.ask({}).text, asking.ask({}).cut) == ("", True)


def test_a_date_to_wait_for_is_understood(line, monkeypatch):
    waits = []
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 30))
    asking, _ = line(reply(status=429, headers=[("Retry-After", date)]), reply("yes"), attempts=1)
    monkeypatch.setattr(endpoint.time, "sleep", waits.append)
    assert asking.ask({}).text == "yes"  # a wait that was asked for is no attempt
    assert waits[-1] == pytest.approx(30, abs=2)


def test_tokens_are_paid_as_they_are_counted(line):
    _, server = line(reply("yes", usage={"prompt_tokens": 1000, "completion_tokens": 10}))
    budget = Budget(1.0, 2.0, 30.0)
    Endpoint(f"http://127.0.0.1:{server.server_address[1]}/v1", 5.0, 1, 0.0, 0.0, budget).ask({})
    assert budget.spent == pytest.approx((1000 * 2 + 10 * 30) / 1e6)
