"""A language model behind the completion call that most clients speak: ``/v1/completions`` and ``/v1/models``."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.errors import InputError, OptionError
from karat.deploy.connections import Connections
from karat.deploy.limits import ServeLimits
from karat.deploy.running import ServerPlace, installed, run_server

MOST_TOKENS, MOST_PROMPTS, MOST_ANSWERS = 4_096, 64, 16
BODY_BYTES = 1 << 20  # cost: a larger request is refused
KNOWN = frozenset(
    "model prompt max_tokens temperature top_p n stop seed stream echo user".split()  # noqa: SIM905  as in the call
)

Logits = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Wish:
    """What a client asks for, checked.

    Parameters
    ----------
    max_tokens : int, 0 to 4,096
    temperature : float, 0 (the likeliest token always) to 2
    top_p : float in (0, 1]
        Tokens are drawn from the likeliest that together have this probability.
    n : int
        Answers a prompt.
    stop : tuple of str
        An answer ends before the first of these.
    echo : bool
        Begin the answer with the prompt.
    """

    prompts: tuple[str, ...]
    max_tokens: int = 16
    temperature: float = 1.0
    top_p: float = 1.0
    n: int = 1
    stop: tuple[str, ...] = ()
    seed: int | None = None
    echo: bool = False

    @classmethod
    def of(cls, body: Any) -> "Wish":
        """From the call's JSON. Raises InputError or OptionError with the field that is wrong."""
        if not isinstance(body, dict):
            raise InputError(f"the request is of type {type(body).__name__}", "Send a JSON object")
        for name in sorted(set(body) - KNOWN):
            raise OptionError.unknown("field", name, KNOWN, "the request")
        if body.get("stream"):
            raise OptionError(
                "the request asks for a stream, which is not supported", "Ask for the whole answer with stream: false"
            )
        prompts = _texts(body.get("prompt"), "prompt")
        stop = _texts(body.get("stop") or [], "stop", least=0)
        seed = body.get("seed")
        return cls(
            prompts,
            int(_number(body, "max_tokens", 16, 0, MOST_TOKENS)),
            _number(body, "temperature", 1.0, 0, 2),
            _number(body, "top_p", 1.0, 1e-6, 1),
            int(_number(body, "n", 1, 1, MOST_ANSWERS)),
            stop,
            None if seed is None else int(_number(body, "seed", 0, 0, 2**63 - 1)),
            bool(body.get("echo", False)),
        )


@dataclass(frozen=True)
class Completer:
    """Completes prompts, one call at a time.

    Parameters
    ----------
    logits : callable
        Tokens (1, length) in, (1, length, vocabulary) out.
    tokenizer : Any
        Of Hugging Face ``tokenizers``.
    context : int
        Most tokens the model looks at.
    end : int
        The token that ends a document.
    """

    logits: Logits
    tokenizer: Any
    context: int
    end: int
    name: str = "karat"

    def answer(self, wish: Wish) -> dict[str, Any]:
        """The response body."""
        choices: list[dict[str, Any]] = []
        asked = generated = 0
        for at, prompt in enumerate(wish.prompts):
            tokens = self.tokenizer.encode(prompt, add_special_tokens=False).ids
            asked += len(tokens)
            for number in range(wish.n):
                seed = None if wish.seed is None else [wish.seed, at, number]
                text, count, reason = self._completion(tokens, wish, np.random.default_rng(seed))
                generated += count
                text = prompt + text if wish.echo else text
                choices.append({"index": len(choices), "text": text, "logprobs": None, "finish_reason": reason})
        return {
            "id": f"cmpl-{time.time_ns():x}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": self.name,
            "choices": choices,
            "usage": {"prompt_tokens": asked, "completion_tokens": generated, "total_tokens": asked + generated},
        }

    def _completion(self, prompt: list[int], wish: Wish, random: np.random.Generator) -> tuple[str, int, str]:
        tokens = [self.end, *prompt]
        first = len(tokens)
        for _ in range(wish.max_tokens):
            said = self.logits(np.array([tokens[-self.context :]]))[0, -1]
            chosen = drawn(said, wish.temperature, wish.top_p, random)
            if chosen == self.end:
                return self._text(tokens[first:]), len(tokens) - first, "stop"
            tokens.append(chosen)
            text = self._text(tokens[first:]) if wish.stop else ""
            stops = [at for at in (text.find(mark) for mark in wish.stop) if at >= 0]
            if stops:
                return text[: min(stops)], len(tokens) - first, "stop"
        return self._text(tokens[first:]), len(tokens) - first, "length"

    def _text(self, tokens: list[int]) -> str:
        return str(self.tokenizer.decode(tokens))


def drawn(said: np.ndarray, temperature: float, top_p: float, random: np.random.Generator) -> int:
    """One token from logits (vocabulary,)."""
    if temperature == 0:
        return int(said.argmax())
    scaled = (said.astype(np.float64) - said.max()) / temperature
    chance = np.exp(scaled) / np.exp(scaled).sum()
    order = np.argsort(-chance, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(chance[order]), top_p)) + 1]
    return int(random.choice(kept, p=chance[kept] / chance[kept].sum()))


def serve(
    completer: Completer,
    host: str,
    port: int,
    ready: Callable[[str], None] = lambda _: None,
    *,
    place: ServerPlace | None = None,
    limits: ServeLimits | None = None,
) -> None:
    """Answer completions until interrupted.

    Parameters
    ----------
    host, port : str, int
        The address to listen on; port 0 takes any free one.
    ready : callable
        Told the address once requests are taken.
    place : ServerPlace, optional
        Address, access and TLS, in place of ``host`` and ``port``.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed.
    MachineError
        When the port cannot be had.
    """
    installed()
    limits = limits or ServeLimits()
    app, connections = application(completer), Connections(limits)
    where = place or ServerPlace(host, port)
    run_server(app, where, limits, connections, lambda address: ready(f"{address}/v1/completions"))


def application(completer: Completer) -> Any:
    """The ASGI application; needs the extra ``serve``."""
    import asyncio

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    lock = threading.Lock()

    def answered(wish: Wish) -> dict[str, Any]:
        with lock:
            return completer.answer(wish)

    async def completions(request: Request) -> JSONResponse:
        try:
            wish = Wish.of(_read(await request.body()))
        except (InputError, OptionError) as error:
            return JSONResponse({"error": {"message": str(error), "type": "invalid_request_error"}}, 400)
        return JSONResponse(await asyncio.to_thread(answered, wish))

    async def models(_: Request) -> JSONResponse:
        return JSONResponse({"object": "list", "data": [{"id": completer.name, "object": "model", "owned_by": "you"}]})

    routes = [Route("/v1/completions", completions, methods=["POST"]), Route("/v1/models", models)]
    return Starlette(routes=routes)


def _read(body: bytes) -> Any:
    """The JSON of a request."""
    import json

    if len(body) > BODY_BYTES:
        raise InputError(f"the request has {len(body)} bytes (limit {BODY_BYTES})", "Send fewer prompts at once")
    try:
        return json.loads(body)
    except ValueError:
        raise InputError("the request is not JSON", "Send a JSON object") from None


def _texts(value: Any, name: str, least: int = 1) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not all(isinstance(text, str) for text in texts):
        raise InputError(f"{name} in the request is of type {type(value).__name__}", "Send a text or a list of texts")
    if not least <= len(texts) <= MOST_PROMPTS:
        raise InputError(f"{name} in the request has {len(texts)} texts", f"Send {least} to {MOST_PROMPTS}")
    return tuple(texts)


def _number(body: dict[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise OptionError(f"{name} in the request is {value!r}", f"Send a number from {least:g} to {most:g}")
    return value
