"""A language model that behaves, and a local server that lies, stalls, talks rubbish and limits."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import MachineError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.label.interview import TOKENS_TO_THINK
from karat.label.items import COST
from karat.label.language_model import LanguageModel, filled

CLASSES = ("正面", "负面")
TEXTS = ["很好", "太差了", "还行 {classes}", None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer):
        self.answer, self.asked, self.keys, self.bodies = answer, [], [], []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_):
        """A client that hung up is what the test wants."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body["messages"][0]["content"])
        self.server.keys.append(self.headers.get("Authorization"))
        self.server.bodies.append(body)
        self.server.answer(self, len(self.server.asked), self.server.asked[-1])

    def say(self, text, status=200, headers=()):
        raw = text if isinstance(text, bytes) else json.dumps(text).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def choice(text, usage=None):
    return {
        "choices": [{"message": {"content": text}}],
        "usage": usage or {"prompt_tokens": 30, "completion_tokens": 2},
    }


def honest(handler, _, prompt):
    handler.say(choice("负面" if "差" in prompt.split("Record:")[-1] else "「正面」。"))


@pytest.fixture
def serve():
    held = []

    def start(answer):
        server = Server(answer)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        held.append(server)
        return server

    yield start
    for server in held:
        server.shutdown()
        server.server_close()


def block(texts=TEXTS):
    table = pa.table({"id": [f"t{i}" for i in range(len(texts))], "text": pa.array(texts, pa.string())})
    return Block(np.arange(len(texts)), table, Schema((Column("id", Role.ID), Column("text", Role.TEXT))))


def voter(server, **options):
    return LanguageModel(CLASSES, "m", url=server.url, **({"pause_seconds": 0.01, "timeout_seconds": 5.0} | options))


def cost(votes):
    return json.loads(votes.schema.metadata[COST])


def test_an_honest_model_votes_and_is_paid(serve, monkeypatch):
    monkeypatch.setenv("KARAT_LLM_KEY", "geheim")
    server = serve(honest)
    votes = voter(server, price_in=2.0, price_out=10.0).vote(block())
    assert votes["label"].to_pylist() == ["正面", "负面", "正面", "正面"]
    assert set(votes["voter"].to_pylist()) == {"m"}
    spent = cost(votes)
    assert (spent["asked"], spent["tokens_in"], spent["tokens_out"]) == (4, 120, 8)
    assert spent["money"] == pytest.approx((120 * 2 + 8 * 10) / 1e6)
    assert server.keys == ["Bearer geheim"] * 4


def test_answers_are_kept_on_disk(serve, tmp_path):
    server = serve(honest)
    kept = str(tmp_path / "deep" / "answers.sqlite")
    first = voter(server, cache=kept).vote(block())
    again = voter(server, cache=kept).vote(block())
    assert len(server.asked) == 4
    assert again.equals(first)
    assert (cost(again)["cached"], cost(again)["asked"]) == (4, 0)
    voter(server, cache=kept, prompt="{text}? {classes}").vote(block())
    assert len(server.asked) == 8


def test_rubbish_and_lies_are_abstentions_that_are_counted(serve):
    def rubbish(handler, at, _):
        answers = {
            1: choice("spam"),
            2: choice("这不是正面"),
            3: choice("正面还是负面？"),
            4: choice("正面", {"prompt_tokens": -5, "completion_tokens": "many"}),
        }
        handler.say(answers[at])

    votes = voter(serve(rubbish), attempts=1, parallel=1).vote(block())
    assert votes["item"].to_pylist() == ["t3"]
    assert cost(votes)["outside"] == 3
    assert cost(votes)["tokens_in"] == 90  # what a server cannot have counted is not counted


@pytest.mark.parametrize(
    "broken", [b"not json", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": 7}}]}']
)
def test_a_broken_answer_is_asked_again(serve, broken):
    def twice(handler, at, prompt):
        handler.say(broken) if at == 1 else honest(handler, at, prompt)

    votes = voter(serve(twice)).vote(block(["很好"]))
    assert votes["label"].to_pylist() == ["正面"]
    assert cost(votes)["retried"] == 1


def test_a_limit_is_waited_for(serve):
    def limited(handler, at, prompt):
        handler.say({}, 429, [("Retry-After", "0.3")]) if at == 1 else honest(handler, at, prompt)

    start = time.monotonic()
    votes = voter(serve(limited)).vote(block(["很好"]))
    assert time.monotonic() - start >= 0.3
    assert votes.num_rows == 1


def test_a_server_that_stalls_trickles_or_hangs_up_costs_a_timeout_and_no_more(serve):
    def stalls(handler, at, prompt):
        if at == 1:
            time.sleep(1.0)
        elif at == 2:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            for _ in range(20):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        elif at == 3:
            handler.close_connection = True
        else:
            honest(handler, at, prompt)

    start = time.monotonic()
    votes = voter(serve(stalls), timeout_seconds=0.3).vote(block(["很好"]))
    assert time.monotonic() - start < 2.5
    assert votes["label"].to_pylist() == ["正面"]
    assert cost(votes)["retried"] == 3


def test_a_dead_server_and_a_refusal_are_said_plainly(serve, monkeypatch):
    for name in ("KARAT_LLM_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OptionError, match=r"is not set. Set it to"):
        LanguageModel(CLASSES).vote(block())
    with pytest.raises(OptionError, match=r"status 401: .*no such key.*Check KARAT_LLM_URL"):
        voter(serve(lambda handler, *_: handler.say({"error": "no such key"}, 401))).vote(block())
    dead = serve(lambda handler, *_: handler.say({}, 503))
    with pytest.raises(MachineError, match="did not answer 5 questions, with 2 attempts each"):
        voter(dead, attempts=2, parallel=1).vote(block(["a", "b", "c", "d", "e", "f"]))
    assert len(dead.asked) <= 12
    with pytest.raises(OptionError, match="too few for a language model"):
        LanguageModel(("one",), url="http://127.0.0.1:1/v1").vote(block())


def test_questions_keep_to_the_rate(serve):
    start = time.monotonic()
    voter(serve(honest), per_minute=600).vote(block(["a", "b", "c", "d"]))
    assert time.monotonic() - start >= 0.3


def test_a_record_is_never_read_as_a_template():
    record = {"id": "7", "text": "{classes} and {title}", "title": "机密"}
    assert filled("{text} / {nothing}", ("a", "b"), record) == "{classes} and {title} / {nothing}"
    assert filled("{record}", ("a", "b"), record) == "text: {classes} and {title}\ntitle: 机密"


def prose(handler, _, prompt):
    handler.say(choice("Well, <b>this</b> is hard to say." if "prose" in prompt else "<think>负面? no</think>正面"))


def test_parallel_questions_give_the_answers_of_their_records_in_order(serve):
    def slow(handler, at, prompt):
        time.sleep(0.1)
        honest(handler, at, prompt)

    texts = [f"{'太差' if at % 3 == 0 else '很好'} {at}" for at in range(24)]
    start = time.monotonic()
    votes = voter(serve(slow), parallel=12).vote(block(texts))
    assert time.monotonic() - start < 1.5
    assert votes["item"].to_pylist() == [f"t{at}" for at in range(24)]
    assert votes["label"].to_pylist() == ["负面" if at % 3 == 0 else "正面" for at in range(24)]
    assert (cost(votes)["asked"], cost(votes)["tokens_in"]) == (24, 720)


def test_one_refused_record_is_an_abstention_and_prose_too(serve):
    def picky(handler, at, prompt):
        handler.say({"error": "content filter"}, 400) if "bad" in prompt else prose(handler, at, prompt)

    votes = voter(serve(picky), parallel=2).vote(block(["fine", "bad", "prose", "good"]))
    assert votes["item"].to_pylist() == ["t0", "t3"]
    spent = cost(votes)
    assert (spent["refused"], spent["outside"], spent["unanswered"]) == (1, 1, 0)


def test_a_server_without_schemas_is_asked_plainly(serve):
    def old(handler, at, prompt):
        if "response_format" in handler.server.bodies[at - 1]:
            handler.say({"error": "unknown field"}, 400)
        else:
            honest(handler, at, prompt)

    server = serve(old)
    votes = voter(server, parallel=1).vote(block(["很好", "太差", "好"]))
    assert votes["label"].to_pylist() == ["正面", "负面", "正面"]
    assert ["response_format" in body for body in server.bodies] == [True, False, False, False]
    assert cost(votes)["refused"] == 0


def test_a_schema_and_probabilities_are_asked_for_and_kept(serve, tmp_path):
    def modern(handler, _, __):
        handler.say(
            {
                "choices": [
                    {
                        "message": {"content": '{"label": "负面"}'},
                        "logprobs": {"content": [{"token": "负面", "logprob": -0.5}]},
                    }
                ]
            }
        )

    server = serve(modern)
    kept = str(tmp_path / "a.sqlite")
    votes = voter(server, cache=kept).vote(block(["好"]))
    schema = server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["label"]["enum"] == list(CLASSES)
    assert votes["certainty"].to_pylist() == [pytest.approx(0.6065, abs=1e-4)]
    assert voter(server, cache=kept).vote(block(["好"]))["certainty"].to_pylist() == votes["certainty"].to_pylist()


def test_a_model_that_thinks_gets_room_to(serve):
    def thinker(handler, at, _):
        short = handler.server.bodies[at - 1]["max_tokens"] < TOKENS_TO_THINK
        reply = {"message": {"content": "<think>long" if short else "<think>long</think>负面"}}
        handler.say({"choices": [reply | {"finish_reason": "length" if short else "stop"}]})

    server = serve(thinker)
    votes = voter(server, parallel=1).vote(block(["a", "b"]))
    assert votes["label"].to_pylist() == ["负面", "负面"]
    assert len(server.asked) == 3  # the second is asked with room from the start


def test_money_is_never_overspent_and_what_was_not_asked_is_counted(serve):
    server = serve(honest)
    texts = [f"很好 {at}" for at in range(50)]
    votes = voter(server, price_in=10.0, price_out=1.0, max_cost=0.02, parallel=4).vote(block(texts))
    spent = cost(votes)
    assert 0 < spent["money"] <= 0.02
    assert spent["unasked"] == 50 - len(server.asked) > 0
    assert votes.num_rows == len(server.asked)
    with pytest.raises(OptionError, match="--max-cost was given without prices"):
        voter(server, max_cost=1.0).vote(block(texts))


def test_the_cache_knows_the_server_and_the_model(serve, tmp_path):
    kept = str(tmp_path / "a.sqlite")
    first, second = serve(honest), serve(honest)
    voter(first, cache=kept).vote(block(["好"]))
    voter(second, cache=kept).vote(block(["好"]))
    LanguageModel(CLASSES, "other", url=second.url, cache=kept).vote(block(["好"]))
    assert (len(first.asked), len(second.asked)) == (1, 2)


def test_the_same_question_is_sent_once(serve):
    server = serve(honest)
    votes = voter(server, prompt="{text}? {classes}").vote(block(["好", "好", "太差"]))
    assert votes["label"].to_pylist() == ["正面", "正面", "负面"]
    assert len(server.asked) == 2


def test_everybody_waits_where_the_server_limits(serve):
    def limited(handler, at, prompt):
        handler.say({}, 429, [("Retry-After", "0.2")]) if at <= 4 else honest(handler, at, prompt)

    votes = voter(serve(limited), parallel=4, attempts=1).vote(block(["a", "b", "c", "d", "e"]))
    assert votes.num_rows == 5
    assert (cost(votes)["unanswered"], cost(votes)["retried"]) == (0, 4)


def test_limits_without_a_model_are_refused():
    options = {"model": "", "classes": (), "cache": "", "parallel": 8, "max_cost": 0.0}
    assert LanguageModel.asked(options) is None
    with pytest.raises(OptionError, match="--max-cost was given without a language model"):
        LanguageModel.asked(options | {"max_cost": 1.0})
