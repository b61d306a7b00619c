"""A language model's judgement distilled: agreement with a judge of known rubric, and the lift of what it keeps.

    KARAT_DATA=FOLDER python benchmarks/distilled_quality.py

Newsgroup posts are good; as many planted texts are bad: adverts and menus of pages, and posts with their words in
random order. A server on this machine stands in for the language model: it knows which text is which, gives good ones 3
to 5 and bad ones 0 to 2, and is wrong about one in twenty. Lift is in bits per byte on posts that stand in neither.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow.parquet as pq

from karat.flow.quality_distillation import Distillation, distil

SIZE, WRONG = int(os.environ.get("SIZE", "2000")), 0.05
THINGS = [
    "shoes",
    "phones",
    "watches",
    "lamps",
    "tickets",
    "loans",
    "pills",
    "bags",
    "games",
    "flights",
    "hotels",
    "tyres",
]
LINES = (
    "Buy {a} and {b} online now, best price {n}!",
    "{a} | {b} | Login | Register | Cart ({n}) | Help",
    "Free shipping on all {a}, only {n} left in stock.",
    "Click here for {a}, {b} and more. Subscribe to our newsletter.",
    "{n} reviews of {a}. Share on Facebook. Share on Twitter.",
)


def corpus(seed: int) -> tuple[list[str], list[bool], list[str]]:
    """Texts, whether each is good, and good texts to judge by."""
    chance = np.random.default_rng(seed)
    posts = pq.read_table(Path(os.environ["KARAT_DATA"]) / "newsgroups" / "newsgroups.parquet")["text"].to_pylist()
    posts = list(dict.fromkeys(post.strip() for post in posts if post and len(post) > 400))
    posts = [posts[at] for at in chance.permutation(len(posts))]
    good, shuffled, judging = posts[:SIZE], posts[SIZE : SIZE + SIZE // 2], posts[2 * SIZE : 3 * SIZE]
    bad = [" ".join(chance.permutation(post.split())) for post in shuffled]
    for _ in range(SIZE - len(bad)):
        lines = chance.choice(LINES, chance.integers(8, 40))
        bad.append(
            "\n".join(
                x.format(a=chance.choice(THINGS), b=chance.choice(THINGS), n=chance.integers(9999)) for x in lines
            )
        )
    order = chance.permutation(2 * SIZE)
    return [(good + bad)[at] for at in order], [bool(at < SIZE) for at in order], judging


class Judge(BaseHTTPRequestHandler):
    known: ClassVar[dict[str, bool]] = {}

    def log_message(self, *_):
        """Nothing."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = body["messages"][0]["content"].split("-----\n")[1]
        chance = np.random.default_rng(abs(hash(text)) % 2**32)
        good = self.known[text[:60]] ^ (chance.random() < WRONG)
        answer = json.dumps({"label": str(chance.integers(3, 6) if good else chance.integers(0, 3))})
        said = {
            "choices": [{"message": {"content": answer}}],
            "usage": {"prompt_tokens": len(text) // 4, "completion_tokens": 5},
        }
        content = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def karat(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "karat", *words], capture_output=True, text=True, check=False)
    return done.stdout or done.stderr


def main() -> None:
    from karat.clean.mask_personal_data import mask
    from karat.clean.quality_models import load_quality_model

    texts, good, judging = corpus(0)
    masked = mask(texts).texts.to_pylist()
    Judge.known = {text[:60]: side for text, side in zip(masked, good, strict=True)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["KARAT_LLM_URL"] = f"http://127.0.0.1:{server.server_port}/v1"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        data, test = home / "crawl.jsonl", home / "test.jsonl"
        data.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
        test.write_text("".join(json.dumps({"text": text}) + "\n" for text in judging), encoding="utf-8")
        done = distil(
            Distillation(str(data), "coherent", "judge", count=800, price_in=1.0, price_out=2.0), home / "model"
        )
        print("\n".join(done.in_words()))
        right = (load_quality_model(done.place).score(texts) >= 1 / 2) == np.array(good)
        print(f"planted    {right.mean():.3f} of all {len(texts):,} texts on the right side")
        (home / "q.toml").write_text(
            f'[collect]\ndata = "crawl.jsonl"\n[clean]\nprofile = "none"\nquality = "{done.place}"\n'
        )
        print(karat("clean", str(home / "q.toml"), "--kind", "text", "--out", str(home / "run")))
        print(karat("lift", str(data), str(home / "run"), "--test", str(test)))
    server.shutdown()


if __name__ == "__main__":
    main()
