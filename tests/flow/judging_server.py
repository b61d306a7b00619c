"""A server that judges documents by a known rubric: how many of its words are on a list."""

import contextlib
import json
import random
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEARNED = frozenset(
    ["theorem", "proof", "because", "measured", "explains", "history", "energy", "therefore", "law", "cell"]
)


def true_score(text: str) -> str:
    return str(min(5, sum(word in LEARNED for word in re.findall(r"\w+", text.lower()))))


def lies(_text: str) -> str:
    return str(random.randrange(6))


@contextlib.contextmanager
def judging(score=true_score):
    """Its address, and the questions it was asked."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            question = body["messages"][0]["content"]
            asked.append(question)
            said = score(question.split("-----\n")[1])
            usage = {"prompt_tokens": len(question) // 4, "completion_tokens": 5}
            answer = {"choices": [{"message": {"content": json.dumps({"label": said})}}], "usage": usage}
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def corpus(size=400, seed=0):
    """Documents of which about half hold words of the list."""
    chance = random.Random(seed)
    plain = [
        "the",
        "a",
        "of",
        "in",
        "on",
        "at",
        "water",
        "river",
        "house",
        "people",
        "year",
        "day",
        "small",
        "large",
        "came",
        "went",
        "and",
        "with",
    ]
    out = []
    for at in range(size):
        words = [chance.choice(plain) for _ in range(chance.randrange(20, 60))]
        for _ in range(chance.randrange(4, 8) if at % 2 else chance.randrange(2)):
            words[chance.randrange(len(words))] = chance.choice(sorted(LEARNED))
        out.append(" ".join(words))
    return out
