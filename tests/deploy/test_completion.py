"""Completions answer as their clients expect, draw as they are asked to, and refuse what they do not know."""

import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.deploy.completion import Completer, Wish, application, drawn

LETTERS = "$abcdefgh "  # token 0 ends a document


class Letters:
    """A tokenizer: a token a letter."""

    class Encoded:
        def __init__(self, ids):
            self.ids = ids

    def encode(self, text, add_special_tokens):
        return self.Encoded([LETTERS.index(letter) for letter in text])

    def decode(self, tokens):
        return "".join(LETTERS[at] for at in tokens)


def next_letter(tokens):
    """A model that says the alphabet, and ends after h."""
    said = np.zeros((1, tokens.shape[1], len(LETTERS)), np.float32)
    said[0, np.arange(tokens.shape[1]), (tokens[0] + 1) % 9] = 9
    return said


@pytest.fixture
def completer():
    return Completer(next_letter, Letters(), context=3, end=0, name="abc")


def test_the_likeliest_goes_on_to_the_end(completer):
    made = completer.answer(Wish.of({"prompt": "ab", "temperature": 0, "max_tokens": 20}))
    assert made["choices"][0] == {"index": 0, "text": "cdefgh", "logprobs": None, "finish_reason": "stop"}
    assert made["usage"] == {"prompt_tokens": 2, "completion_tokens": 6, "total_tokens": 8}


def test_length_stop_and_echo(completer):
    body = {"prompt": ["a", "c"], "temperature": 0, "max_tokens": 3}
    assert [c["text"] for c in completer.answer(Wish.of(body))["choices"]] == ["bcd", "def"]
    stopped = completer.answer(Wish.of(body | {"stop": ["cd"], "echo": True}))["choices"][0]
    assert (stopped["text"], stopped["finish_reason"]) == ("ab", "stop")


def test_a_seed_gives_the_same_again(completer):
    wish = Wish.of({"prompt": "a", "temperature": 2, "n": 3, "seed": 5, "max_tokens": 8})
    one, two = (completer.answer(wish)["choices"] for _ in range(2))
    assert one == two
    assert len({choice["text"] for choice in one}) > 1


def test_draws_follow_temperature_and_top_p():
    said, random = np.log(np.array([0.6, 0.3, 0.1])), np.random.default_rng(0)
    many = np.bincount([drawn(said, 1, 1, random) for _ in range(4_000)], minlength=3) / 4_000
    assert many == pytest.approx([0.6, 0.3, 0.1], abs=0.03)
    assert {drawn(said, 1, 0.5, random) for _ in range(50)} == {0}
    assert {drawn(said, 1, 0.7, random) for _ in range(200)} == {0, 1}
    assert drawn(said, 0, 1, random) == 0


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ({"prompt": "a", "max_token": 3}, OptionError, "Did you mean 'max_tokens'"),
        ({"prompt": "a", "temperature": 9}, OptionError, "temperature .* from 0 to 2"),
        ({"prompt": "a", "stream": True}, OptionError, "stream"),
        ({"prompt": 3}, InputError, "prompt .*[Ss]end a text"),
        ({}, InputError, "prompt .*[Ss]end a text"),
        ([], InputError, "JSON object"),
    ],
)
def test_what_is_wrong_is_told(body, error, words):
    with pytest.raises(error, match=words):
        Wish.of(body)


def test_over_http(completer):
    testclient = pytest.importorskip("starlette.testclient")
    with testclient.TestClient(application(completer)) as client:
        assert client.get("/v1/models").json()["data"][0]["id"] == "abc"
        made = client.post("/v1/completions", json={"prompt": "d", "temperature": 0}).json()
        assert made["choices"][0]["text"] == "efgh"
        assert client.post("/v1/completions", content=b"{").status_code == 400
        refused = client.post("/v1/completions", json={"prompt": "d", "n": 99})
        assert refused.status_code == 400
        assert "n in the request is 99. Send a number from 1 to 16" in refused.json()["error"]["message"]
